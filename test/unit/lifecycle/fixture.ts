// A run of the lifecycle against an appliance of a few lines, whose every answer a test decides: for what no fault of
// the emulator can produce exactly, such as a share that shows up after 90 seconds.
import type { Client, Share, ShareRequest } from "../../../provider/client/api";
import { FudoError } from "../../../provider/client/errors";
import { createShare, type Created } from "../../../provider/lifecycle/operations/create";
import { Grain } from "../../../provider/lifecycle/run/window-precision";
import type { Run } from "../../../provider/lifecycle/run/run-context";
import { SessionLists } from "../../../provider/lifecycle/run/share-lists";
import type { SessionShareInputs } from "../../../provider/lifecycle";
import { Turns } from "../../../provider/lifecycle/run/create-queue";
import { sessionId, settings } from "../../support/states";
import { VirtualClock } from "../../support/virtual-clock";

/** What becomes of the next POST; "made" and "unmade" lose the answer. */
export type Fate = "answered" | "made" | "unmade";

export const lost = () => new FudoError("unreachable", "POST: closed the connection", { executed: "unknown" });

export class Appliance implements Pick<Client, "listShares" | "createShare"> {
  readonly shares: Share[] = [];
  readonly posts: ShareRequest[] = [];
  lists = 0;
  fates: Fate[] = [];
  /** The appliance's clock minus ours. */
  skew = 0;
  /** Whether answers carry `Date`. */
  dated = true;
  /** What a list shows of what is there; may throw. */
  shown: (shares: readonly Share[]) => readonly Share[] = (shares) => shares;
  /** How a window is kept. */
  kept: (request: ShareRequest) => Partial<Share> = () => ({});
  /** Happens while a POST is under way, before it is carried out. */
  meanwhile: () => void = () => undefined;
  private count = 0;

  constructor(readonly clock: VirtualClock) {}

  get time(): number {
    return this.clock.now() + this.skew;
  }

  /** Adds a share as made now. */
  add(share: Partial<Share> = {}): Share & { key: string } {
    const made = {
      key: `${"k".repeat(60)}${++this.count + 1000}`,
      readonly: true,
      removed: false,
      createdAt: new Date(this.time).toISOString(),
      ...share,
    };
    this.shares.push(made);
    return made;
  }

  readonly listShares: Client["listShares"] = () => {
    this.lists += 1;
    return Promise.resolve().then(() => ({
      shares: this.shown([...this.shares]),
      ...(this.dated && { applianceTime: Math.floor(this.time / 1000) * 1000 }),
    }));
  };

  createShare: Client["createShare"] = async (_sessionId, request, options) => {
    options?.beforeSend?.();
    this.posts.push(request);
    this.meanwhile();
    const fate = this.fates.shift() ?? "answered";
    await Promise.resolve();
    const share = fate === "unmade" ? undefined : this.add({ ...request, ...this.kept(request) });
    if (share === undefined || fate !== "answered") throw lost();
    return { share: { key: share.key, removed: false } };
  };
}

export interface Stage {
  readonly appliance: Appliance;
  readonly clock: VirtualClock;
  readonly run: Run;
  readonly said: string[];
  create(inputs?: Partial<SessionShareInputs>): Promise<Created>;
}

export function stage(): Stage {
  const clock = new VirtualClock();
  const appliance = new Appliance(clock);
  const said: string[] = [];
  const run: Run = {
    client: appliance as unknown as Client,
    clock,
    settings: settings(),
    lists: new SessionLists(appliance, clock),
    turns: new Turns(clock),
    grain: new Grain(),
    demandEngine: () => undefined,
    owned: new Set(),
    notify: (text) => said.push(text),
  };
  const create = (inputs: Partial<SessionShareInputs> = {}) => {
    const length = "validTo" in inputs ? {} : { duration: "PT8H" };
    return createShare({ sessionId, readonly: true, labels: {}, ...length, ...inputs }, run);
  };
  return { appliance, clock, run, said, create };
}

/** The failure that a promise ends with. */
export async function failure(promise: Promise<unknown>): Promise<FudoError> {
  return promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: unknown) => error as FudoError,
  );
}
