// A team that lives with the appliance for a week: it creates, replaces, refreshes and drops shares with the real lifecycle, and
// administrators revoke, restore and hide them. Everything that happens is recorded as a cause of what the audit then finds.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../../../provider/emulator";
import { Random } from "../../../../provider/emulator/random";
import { startLifecycle } from "../../../support/drivers/lifecycle-driver";
import type { Driver, Values } from "../../../support/drivers/driver";
import { encrypted, fingerprintOf, hour, minute } from "../fixture";

export interface TrackedShare {
  readonly id: string;
  readonly sessionId: string;
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly end: number;
}

interface Resource {
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
  private count = 0;

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

  /** One random event. */
  async live(): Promise<void> {
    const { random } = this;
    const events: readonly (readonly [number, () => Promise<void> | void])[] = [
      [26, () => this.create()],
      [8, () => this.createInPanel()],
      [10, () => this.revoke()],
      [8, () => this.restore()],
      [14, () => this.refresh()],
      [8, () => this.replace()],
      [5, () => this.drop()],
      [2, () => this.destroy()],
      [5, () => this.accept()],
      [10, () => this.changeRights()],
      [2, () => this.changeSession()],
      [2, () => this.lag()],
    ];
    let value = random.below(events.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, event] of events) {
      value -= weight;
      if (value < 0) return event();
    }
  }

  private note(what: string, about: string): void {
    this.causes.push({ at: this.now, what, about });
  }

  private async process<T>(work: (driver: Driver) => Promise<T>): Promise<T> {
    const config = { "fudo:url": this.origin, "fudo:apiKey": this.emulator.apiKey };
    const clock = { now: () => this.now, sleep: () => Promise.resolve(), random: () => this.random.next() };
    const driver = await startLifecycle({ config }, clock);
    try {
      return await work(driver);
    } finally {
      await driver.close();
    }
  }

  private visibleSession(): string | undefined {
    const sessions = this.emulator.sessions.filter((id) => !this.hidden.has(id));
    return sessions.length === 0 ? undefined : this.random.pick(sessions);
  }

  private async created(inputs: Values): Promise<Resource> {
    const { inputs: checked, failures } = await this.process((driver) => driver.check({}, inputs));
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    const { id, outputs } = await this.process((driver) => driver.create(checked));
    this.track(id, String(outputs["key"]));
    return { id, inputs: checked, outputs };
  }

  private track(id: string, key: string): void {
    const record = this.emulator.shares().find((share) => share.key === key)!;
    this.shares.set(id, { id, sessionId: record.sessionId, key, end: Date.parse(record.validTo) });
    this.note("created", id);
  }

  private newInputs(sessionId: string): Values {
    const labels = this.random.below(2) === 0 ? {} : { ticket: `CHG-${this.count}` };
    return { sessionId, duration: `PT${1 + this.random.below(60)}H`, readonly: this.random.below(3) > 0, labels };
  }

  private async create(): Promise<void> {
    const sessionId = this.visibleSession();
    if (sessionId === undefined) return;
    const stack = this.random.pick(["app", "net", "ops"]);
    const resource = await this.created(this.newInputs(sessionId));
    const resources = this.stacks.get(stack) ?? new Map<string, Resource>();
    this.stacks.set(stack, resources.set(`vendor-${(this.count += 1)}`, resource));
  }

  private createInPanel(): void {
    const sessionId = this.visibleSession();
    if (sessionId === undefined) return;
    const share = this.emulator.addShare(sessionId, { validTo: this.now + (1 + this.random.below(40)) * hour });
    this.track(`${sessionId}/${fingerprintOf(share.key)}`, share.key);
  }

  private pickShare(wanted: (share: TrackedShare) => boolean): TrackedShare | undefined {
    const found = [...this.shares.values()].filter(wanted);
    return found.length === 0 ? undefined : this.random.pick(found);
  }

  private revoke(): void {
    const share = this.pickShare((one) => this.isHonoured(one));
    if (share === undefined) return;
    this.emulator.revoke(share.key);
    this.note("revoked", share.id);
  }

  private restore(): void {
    const share = this.pickShare((one) => this.now < one.end && !this.isHonoured(one));
    if (share === undefined) return;
    this.emulator.restore(share.key);
    this.note("restored", share.id);
  }

  private pickResource(
    wanted: (resource: Resource) => boolean,
  ): [resources: Map<string, Resource>, name: string, resource: Resource] | undefined {
    const all = [...this.stacks.values()].flatMap((resources) =>
      [...resources].flatMap(([name, resource]) => (wanted(resource) ? [[resources, name, resource] as const] : [])),
    );
    return all.length === 0 ? undefined : [...this.random.pick(all)];
  }

  /** Refreshes one whole stack: a share whose list fails stays as it is. */
  private async refresh(): Promise<void> {
    if (this.stacks.size === 0) return;
    const resources = this.random.pick([...this.stacks.values()]);
    await this.process(async (driver) => {
      for (const [name, resource] of resources) {
        const read = await driver.read(resource.id, resource.outputs).catch(() => undefined);
        if (read === undefined) continue;
        resources.set(name, { ...resource, outputs: read });
        this.note("refreshed", resource.id);
      }
    });
  }

  private async replace(): Promise<void> {
    const found = this.pickResource(
      ({ inputs }) =>
        !this.hidden.has(String(inputs["sessionId"])) && !this.removedSessions.has(String(inputs["sessionId"])),
    );
    if (found === undefined) return;
    const [resources, name, { id, inputs }] = found;
    resources.set(name, await this.created(this.newInputs(String(inputs["sessionId"]))));
    this.note("replaced", id);
  }

  private drop(): void {
    const found = this.pickResource(() => true);
    if (found === undefined) return;
    const [resources, name, { id }] = found;
    resources.delete(name);
    this.note("dropped", id);
  }

  private destroy(): void {
    if (this.stacks.size === 0) return;
    const stack = this.random.pick([...this.stacks.keys()]);
    for (const { id } of this.stacks.get(stack)?.values() ?? []) this.note("destroyed", id);
    this.stacks.delete(stack);
  }

  /** A person accepts that a share works again. */
  private async accept(): Promise<void> {
    const found = this.pickResource(({ outputs }) => outputs["reactivated"] === true);
    if (found === undefined) return;
    const [resources, name, resource] = found;
    const inputs = { ...resource.inputs, adopt: resource.outputs["fingerprint"] };
    const outputs = await this.process((driver) => driver.update(resource.id, resource.outputs, inputs));
    resources.set(name, { ...resource, inputs, outputs });
    this.note("accepted", resource.id);
  }

  private changeRights(): void {
    const { emulator, hidden, random } = this;
    if (hidden.size > 0 && random.below(3) > 0) {
      const id = random.pick([...hidden]);
      hidden.delete(id);
      emulator.allowAccess(id);
      this.note("shown", id);
      return;
    }
    const share = this.pickShare((one) => this.isHonoured(one));
    const id = random.below(2) === 0 ? share?.key : share?.sessionId;
    if (id === undefined) return;
    hidden.add(id);
    emulator.denyAccess(id);
    this.note("hidden", id);
  }

  private changeSession(): void {
    const [removed] = this.removedSessions;
    if (removed !== undefined) {
      this.removedSessions.delete(removed);
      this.emulator.restoreSession(removed);
      this.note("session restored", removed);
    } else if (this.random.below(2) === 0) {
      this.emulator.addSession();
    } else {
      const sessionId = this.random.pick(this.emulator.sessions);
      this.removedSessions.add(sessionId);
      this.emulator.removeSession(sessionId);
      this.note("session removed", sessionId);
    }
  }

  private lag(): void {
    const { behaviour } = this.emulator;
    behaviour.lagMilliseconds = behaviour.lagMilliseconds === 0 ? 20 * minute : 0;
    this.note("lag", "everything");
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
