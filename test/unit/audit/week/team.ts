// A team that lives with the appliance for a week: its stacks, every share that exists, and what happened so far: the causes of
// what the audit then finds. What it does is in programmers.ts and administrators.ts.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../../../provider/emulator";
import { Random } from "../../../../provider/emulator/random";
import { startLifecycle } from "../../../support/drivers/lifecycle-driver";
import type { Driver, Values } from "../../../support/drivers/driver";
import { encrypted, hour, minute } from "../fixture";

export interface TrackedShare {
  readonly id: string;
  readonly sessionId: string;
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly end: number;
}

export interface Resource {
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
}

/** Something that can change what the audit finds: about one share, one session, or everything. */
export interface Cause {
  readonly at: number;
  readonly what: string;
  readonly about: string;
}

/** How often it happens compared with the others, and what it does. */
export type Event = readonly [weight: number, happen: (team: Team) => Promise<void> | void];

const startOfWeek = Date.parse("2026-03-02T00:00:00.000Z");

export class Team {
  now = startOfWeek;
  readonly folder = mkdtempSync(join(tmpdir(), "fudo-week-"));
  /** Every share that was ever created, by `<session>/<fingerprint>`. */
  readonly shares = new Map<string, TrackedShare>();
  readonly causes: Cause[] = [];
  /** Stack, resource name, resource. */
  readonly stacks = new Map<string, Map<string, Resource>>();
  /** Keys and sessions that this API user may not see. */
  readonly hidden = new Set<string>();
  readonly removedSessions = new Set<string>();
  origin = "";
  count = 0;

  private constructor(
    readonly random: Random,
    readonly emulator: Emulator,
  ) {
    this.origin = emulator.url;
  }

  static async start(seed: number): Promise<Team> {
    const random = new Random(seed);
    let team: Team | undefined;
    const emulator = await startEmulator({
      seed,
      sessions: 4,
      clock: () => team?.now ?? startOfWeek,
      behaviour: {
        removedShares: random.pick(["hidden", "flagged", "flagged", "unflagged"]),
        expiredShares: random.pick(["shown", "hidden"]),
        storedWindows: random.pick(["microseconds", "seconds"]),
        unseenSession: random.pick(["403", "404", "empty"]),
      },
    });
    return (team = new Team(random, emulator));
  }

  async close(): Promise<void> {
    await this.emulator.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The appliance lets somebody in with this link, now or later. */
  isHonoured({ id, sessionId, key, end }: TrackedShare): boolean {
    const isRevoked = this.emulator.shares(sessionId).some((share) => share.key === key && share.removed);
    return !isRevoked && this.now < end && !this.removedSessions.has(sessionId) && this.shares.has(id);
  }

  /** A list shows the share to this API user now. */
  isVisible({ sessionId, key }: TrackedShare): boolean {
    return !this.hidden.has(sessionId) && !this.hidden.has(key) && !this.removedSessions.has(sessionId);
  }

  declaredIds(): Set<string> {
    return new Set([...this.stacks.values()].flatMap((stack) => [...stack.values()].map(({ id }) => id)));
  }

  /** Writes the state of each stack; returns the arguments of the audit. */
  stateArguments(): string[] {
    return [...this.stacks].flatMap(([stack, resources]) => {
      const file = join(this.folder, `${stack}.json`);
      const manifest = { time: new Date(this.now - minute).toISOString() };
      const exported = [...resources].map(([name, resource]) => toState(stack, name, resource));
      writeFileSync(file, JSON.stringify({ version: 3, deployment: { manifest, resources: exported } }));
      return ["--state", file];
    });
  }

  /** Each share is over, no stack is left, and the API user may see everything. */
  endAll(): void {
    this.now = Math.max(...[...this.shares.values()].map(({ end }) => end)) + hour;
    this.stacks.clear();
    for (const id of this.hidden) this.emulator.allowAccess(id);
    for (const id of this.removedSessions) this.emulator.restoreSession(id);
    this.emulator.behaviour.lagMilliseconds = 0;
  }

  note(what: string, about: string): void {
    this.causes.push({ at: this.now, what, about });
  }

  async process<T>(work: (driver: Driver) => Promise<T>): Promise<T> {
    const config = { "fudo:url": this.origin, "fudo:apiKey": this.emulator.apiKey };
    const clock = { now: () => this.now, sleep: () => Promise.resolve(), random: () => this.random.next() };
    const driver = await startLifecycle({ config }, clock);
    try {
      return await work(driver);
    } finally {
      await driver.close();
    }
  }

  visibleSession(): string | undefined {
    const sessions = this.emulator.sessions.filter((id) => !this.hidden.has(id));
    return sessions.length === 0 ? undefined : this.random.pick(sessions);
  }

  async created(inputs: Values): Promise<Resource> {
    const { inputs: checked, failures } = await this.process((driver) => driver.check({}, inputs));
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    const { id, outputs } = await this.process((driver) => driver.create(checked));
    this.track(id, String(outputs["key"]));
    return { id, inputs: checked, outputs };
  }

  track(id: string, key: string): void {
    const record = this.emulator.shares().find((share) => share.key === key)!;
    this.shares.set(id, { id, sessionId: record.sessionId, key, end: Date.parse(record.validTo) });
    this.note("created", id);
  }

  newInputs(sessionId: string): Values {
    const labels = this.random.below(2) === 0 ? {} : { ticket: `CHG-${this.count}` };
    return { sessionId, duration: `PT${1 + this.random.below(60)}H`, readonly: this.random.below(3) > 0, labels };
  }

  pickShare(wanted: (share: TrackedShare) => boolean): TrackedShare | undefined {
    const found = [...this.shares.values()].filter(wanted);
    return found.length === 0 ? undefined : this.random.pick(found);
  }

  pickResource(
    wanted: (resource: Resource) => boolean,
  ): [resources: Map<string, Resource>, name: string, resource: Resource] | undefined {
    const all = [...this.stacks.values()].flatMap((resources) =>
      [...resources].flatMap(([name, resource]) => (wanted(resource) ? [[resources, name, resource] as const] : [])),
    );
    return all.length === 0 ? undefined : [...this.random.pick(all)];
  }
}

function toState(stack: string, name: string, { id, inputs, outputs }: Resource): object {
  const type = "pulumi-nodejs:dynamic/fudo:SessionShare";
  const secret = { key: encrypted, link: encrypted, url: encrypted };
  return {
    urn: `urn:pulumi:${stack}::shop::${type}::${name}`,
    custom: true,
    id,
    type,
    inputs,
    outputs: { ...outputs, ...secret },
  };
}
