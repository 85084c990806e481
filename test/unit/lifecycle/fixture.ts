// The lifecycle against a small scripted appliance: for what no fault of the emulator can produce exactly, such as a list that
// shows a share only after 90 seconds.
import type { Client, Share, ShareRequest } from "../../../provider/client/api";
import { FudoError } from "../../../provider/client/errors";
import type { CallContext, RunFlags, SessionShareInputs } from "../../../provider/lifecycle";
import { createShare } from "../../../provider/lifecycle/operations/create";
import type { Created } from "../../../provider/lifecycle/operations/results";
import { KnownShares } from "../../../provider/lifecycle/run/known-shares";
import { createRunContext, type RunContext } from "../../../provider/lifecycle/run/run-context";
import { sessionId, settings } from "../../support/states";
import { VirtualClock } from "../../support/virtual-clock";

/** What happens to the next POST: its response is lost before or after the share was created, or it arrives. */
export type PostOutcome = "created" | "lostAfter" | "lostBefore";

export const lost = () => new FudoError("unreachable", "POST: closed the connection", { executed: "unknown" });

export class Appliance implements Pick<Client, "listShares" | "createShare"> {
  readonly shares: Share[] = [];
  readonly posts: ShareRequest[] = [];
  lists = 0;
  outcomes: PostOutcome[] = [];
  /** The appliance's clock minus this machine's. */
  skew = 0;
  /** Whether responses have a `Date` header. */
  dated = true;
  /** The shares that a list shows. May throw. */
  shown: (shares: readonly Share[]) => readonly Share[] = (shares) => shares;
  /** How the appliance changes a stored window. */
  stored: (request: ShareRequest) => Partial<Share> = () => ({});
  /** Called while a POST is in flight, before the appliance executes it. */
  meanwhile: () => void = () => undefined;
  private count = 0;

  constructor(readonly clock: VirtualClock) {}

  get time(): number {
    return this.clock.now() + this.skew;
  }

  /** Adds a share that was created now. */
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
      provesAbsence: true,
      problems: [],
      ...(this.dated && { applianceTime: Math.floor(this.time / 1000) * 1000 }),
    }));
  };

  createShare: Client["createShare"] = async (_sessionId, request, options) => {
    options?.beforeSend?.();
    this.posts.push(request);
    this.meanwhile();
    const outcome = this.outcomes.shift() ?? "created";
    await Promise.resolve();
    const share = outcome === "lostBefore" ? undefined : this.add({ ...request, ...this.stored(request) });
    if (share === undefined || outcome !== "created") throw lost();
    return { share: { key: share.key, removed: false } };
  };
}

export interface LifecycleFixture {
  readonly appliance: Appliance;
  readonly clock: VirtualClock;
  readonly run: RunContext;
  readonly call: CallContext;
  /** Cancels the run. */
  readonly cancel: () => void;
  readonly warnings: string[];
  create(inputs?: Partial<SessionShareInputs> & { declarationTag?: number }): Promise<Created>;
}

export function lifecycleFixture(more: Partial<RunFlags> = {}): LifecycleFixture {
  const clock = new VirtualClock();
  const appliance = new Appliance(clock);
  const warnings: string[] = [];
  const cancellation = new AbortController();
  const flags: RunFlags = { abandonLive: false, recover: "off", ...more };
  const options = { settings: settings(), clock, createClient: () => appliance as unknown as Client, flags };
  const run = createRunContext(options, new KnownShares());
  const warn = (text: string) => void warnings.push(text);
  const call: CallContext = { signal: cancellation.signal, warn, info: warn, assertEngineAlive: () => undefined };
  const create = (inputs: Partial<SessionShareInputs> & { declarationTag?: number } = {}) => {
    const length = "validTo" in inputs ? {} : { duration: "PT8H" };
    return createShare({ sessionId, ...length, ...inputs }, run, call);
  };
  return { appliance, clock, run, call, cancel: () => cancellation.abort(), warnings, create };
}

/** The error that a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<FudoError> {
  return promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: unknown) => error as FudoError,
  );
}
