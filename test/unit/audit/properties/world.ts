// Worlds for the audit's properties: sessions and shares on an emulator, the states of two stacks, and the report of an audit six
// hours earlier.
import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { run } from "../../../../provider/audit/run";
import type { Report } from "../../../../provider/audit/model/report-schema";
import { startEmulator, type ShareRecord } from "../../../../provider/emulator";
import { AuditFixture, encrypted, fingerprintOf, hour, minute, now } from "../fixture";
import { windows, type ShareSpec, type WorldSpec } from "./world-spec";

export interface Audited {
  readonly code: number;
  readonly stderr: string;
  /** Absent where the audit wrote none. */
  readonly report?: Report;
}

export interface AuditOptions {
  /** The auditor's clock minus the appliance's, milliseconds. */
  readonly skew?: number;
  /** More or other arguments than the world's. */
  readonly args?: readonly string[];
}

export class World {
  readonly states: { readonly app: string; readonly net: string };
  readonly previous: string | undefined;

  private constructor(
    readonly spec: WorldSpec,
    readonly fixture: AuditFixture,
    readonly records: ReadonlyMap<ShareSpec, ShareRecord>,
    states: { readonly app: string; readonly net: string },
    previous: string | undefined,
  ) {
    this.states = states;
    this.previous = previous;
  }

  static async create(spec: WorldSpec): Promise<World> {
    // Lists show a share from its creation on.
    const time = { now: now - 8 * hour };
    const { sessions, removedShares, expiredShares } = spec;
    const behaviour = { removedShares, expiredShares, sessionLimit: 2 };
    const emulator = await startEmulator({ seed: 1, clock: () => time.now, sessions, behaviour });
    const fixture = new AuditFixture(emulator);
    const add = (share: ShareSpec) => addShare(fixture, spec, share);
    const isEarlier = (share: ShareSpec) => windows[share.window][0] <= -6;
    const records = new Map(spec.shares.filter(isEarlier).map((share) => [share, add(share)]));
    let previous: string | undefined;
    if (spec.previous) {
      time.now = now - 6 * hour;
      const earlier = spec.shares.flatMap((share) => {
        const record = records.get(share);
        return record === undefined
          ? []
          : [{ share: { ...share, stack: share.earlierStack, recorded: "live" as const }, record }];
      });
      previous = fixture.path("previous.json");
      const args = [
        ...stateArgs(stateFiles(fixture, earlier)),
        ...sessionArgs(spec, fixture),
        "-o",
        `json=${previous}`,
      ];
      await audit(fixture, args, time.now);
    }
    time.now = now;
    for (const share of spec.shares) if (!isEarlier(share)) records.set(share, add(share));
    for (const [{ revoked }, { key }] of records) if (revoked) emulator.revoke(key);
    const files = stateFiles(
      fixture,
      spec.shares.map((share) => ({ share, record: records.get(share)! })),
    );
    return new World(spec, fixture, records, files, previous);
  }

  /** The arguments of this world's audit. */
  args({
    previous = this.previous,
    states = [this.states.app, this.states.net],
  }: { previous?: string | undefined; states?: readonly string[] } = {}): string[] {
    return [
      ...states.flatMap((file) => ["--state", file]),
      ...sessionArgs(this.spec, this.fixture),
      ...(previous === undefined ? [] : ["--previous", previous]),
      ...this.spec.options,
      "-o",
      "json",
    ];
  }

  audit({ skew = 0, args = this.args() }: AuditOptions = {}): Promise<Audited> {
    return audit(this.fixture, args, now + skew);
  }

  /** An audit that must write a report: nothing has been taken away from it. */
  async wholeAudit(options: AuditOptions = {}): Promise<Audited> {
    const audited = await this.audit(options);
    if (audited.report === undefined) throw new Error(`no report: exit ${audited.code}, ${audited.stderr}`);
    return audited;
  }

  /** `<session>/<fingerprint>` of each share that the earlier report or a state of these arguments names. */
  namedShares(args: readonly string[]): Set<string> {
    const earlier = this.previous === undefined ? [] : this.readPrevious().shares;
    const { app, net } = this.states;
    const isRead = { app: args.includes(app), net: args.includes(net), none: false };
    const declared = [...this.records].filter(([{ stack }]) => isRead[stack]);
    return new Set([
      ...earlier.map(({ sessionId, fingerprint = "?" }) => `${sessionId}/${fingerprint}`),
      ...declared.map(([, { sessionId, key }]) => `${sessionId}/${fingerprintOf(key)}`),
    ]);
  }

  readPrevious(): Report {
    return JSON.parse(readFileSync(this.previous ?? "", "utf8")) as Report;
  }

  close(): Promise<void> {
    return this.fixture.close();
  }
}

/** Builds the world, runs the check, and closes the world in each case. */
export async function inWorld(spec: WorldSpec, check: (world: World) => Promise<void>): Promise<void> {
  const world = await World.create(spec);
  try {
    await check(world);
  } finally {
    await world.close();
  }
}

/** `high unmanaged 4665729213955833857/0123456789abcdef`, for each finding. */
export function findingsOf({ report }: Audited): string[] {
  return (report?.findings ?? [])
    .map(({ kind, severity, sessionId, fingerprint = "?" }) => `${severity} ${kind} ${sessionId}/${fingerprint}`)
    .sort();
}

/** Exit codes in the order of what they hide: 0, 1, then those of an audit that failed or is incomplete. */
export function rank(code: number): number {
  return [0, 1].includes(code) ? code : 2;
}

function addShare(
  { emulator }: AuditFixture,
  { sessions }: WorldSpec,
  { session, window, readonly }: ShareSpec,
): ShareRecord {
  const [start, end] = windows[window];
  const created = window === "young" ? now - minute : now + Math.min(start, -7) * hour;
  return emulator.addShare(emulator.sessions[session % sessions]!, {
    validSince: now + start * hour,
    validTo: now + end * hour,
    createdAt: created,
    readonly,
  });
}

interface Declared {
  readonly share: ShareSpec;
  readonly record: ShareRecord;
}

function stateFiles(fixture: AuditFixture, declared: readonly Declared[]): { app: string; net: string } {
  const file = (stack: "app" | "net") =>
    fixture.stateFile(
      declared.flatMap(({ share, record }, at) =>
        share.stack === stack ? [resource(fixture, stack, at, share, record)] : [],
      ),
      { manifest: { time: new Date(now - hour).toISOString() } },
    );
  return { app: file("app"), net: file("net") };
}

function resource(
  fixture: AuditFixture,
  stack: string,
  at: number,
  { labels, recorded, hiddenEnd }: ShareSpec,
  record: ShareRecord,
): object {
  return fixture.resourceFor(record, {
    stack,
    name: `share-${at}`,
    outputs: {
      fingerprint: fingerprintOf(record.key),
      ...(labels && { labels: { ticket: "CHG-1042" } }),
      ...(recorded !== "live" && { [recorded]: true }),
      ...(hiddenEnd && { validTo: encrypted }),
    },
  });
}

function stateArgs({ app, net }: { app: string; net: string }): string[] {
  return ["--state", app, "--state", net];
}

function sessionArgs({ allSessions }: WorldSpec, { emulator }: AuditFixture): string[] {
  return allSessions ? ["--all-sessions"] : ["--session", emulator.sessions[0]!];
}

async function audit(
  { environment, emulator }: AuditFixture,
  args: readonly string[],
  localTime: number,
): Promise<Audited> {
  const out = { stdout: "", stderr: "" };
  // Retries end by this clock, so its pauses take time on it.
  let slept = 0;
  const clock = {
    now: () => localTime + slept,
    sleep: (ms: number) => Promise.resolve(void (slept += ms)),
    random: () => 0.99,
  };
  const stream = (name: "stdout" | "stderr") => ({ write: (text: string) => (out[name] += text) });
  const code = await run(args, {
    environment,
    stdin: Readable.from([]),
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    clock,
  });
  const { stdout, stderr } = out;
  if (emulator.shares().some(({ key }) => stdout.includes(key) || stderr.includes(key)))
    throw new Error("a key leaked");
  return { code, stderr, ...(stdout.startsWith("{") && { report: JSON.parse(stdout) as Report }) };
}
