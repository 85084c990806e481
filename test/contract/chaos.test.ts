// Chaos without the engine, on a clock that skips every pause. Where the appliance shows too little to recover a share,
// each unmanaged link must have been announced as `uncertain`.
import { Ledger, type Tally } from "../../scripts/chaos/tally";
import { startEmulator, type Emulator, type EmulatorOptions } from "../../provider/emulator";
import type { Values } from "../support/drivers/driver";
import { startLifecycle } from "../support/drivers/lifecycle-driver";
import { shareType } from "../support/engine-share";
import { VirtualClock } from "../support/virtual-clock";

jest.setTimeout(120_000);

const shares = 120;
const parallel = 8;
const hour = 3_600_000;

/** `skew`: milliseconds by which the appliance's clock is ahead. */
type Case = EmulatorOptions & { readonly skew?: number };

interface Run {
  readonly emulator: Emulator;
  readonly clock: VirtualClock;
  readonly declared: Values;
}

/** One run of the engine: creates what is not managed yet, eight at a time. Returns what the engine would print. */
async function up({ emulator, clock, declared }: Run, managed: Map<string, Values>): Promise<string> {
  const driver = await startLifecycle({ config: { "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey } }, clock);
  const failures: string[] = [];
  const waiting = Array.from({ length: shares }, (_, index) => index).filter((index) => !managed.has(String(index)));
  const work = async () => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      const sessionId = emulator.sessions[index % emulator.sessions.length];
      const { inputs } = await driver.check({}, { sessionId, ...declared });
      const outcome = await driver.create(inputs).catch((error: Error) => error);
      if (outcome instanceof Error) failures.push(`  share (${index}):\n    error: ${outcome.message}\n`);
      else managed.set(String(index), outcome.outputs);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  await driver.close();
  return `${driver.warnings().join("\n")}\nDiagnostics:\n${failures.join("")}`;
}

/** Runs until nothing fails. The ledger gets the output and the state as the engine formats them. */
async function runUntilSuccess({ skew = 0, ...options }: Case, window: (now: number) => Values): Promise<Tally> {
  const clock = new VirtualClock();
  const emulator = await startEmulator({ seed: 7, sessions: 6, clock: clock.now, ...options });
  emulator.clock.skew = skew;
  const ledger = new Ledger();
  const managed = new Map<string, Values>();
  const declared = window(clock.now());
  for (let attempt = 1; managed.size < shares && attempt <= 50; attempt += 1) {
    emulator.randomFaults({ seed: `chaos ${attempt}`, lostPostResponses: 0.15, otherFaults: 0.1 });
    const output = await up({ emulator, clock, declared }, managed);
    const resources = [...managed].map(([name, outputs]) => ({ urn: `urn::${name}`, type: shareType, outputs }));
    ledger.record(output, { resources, pending_operations: [] }, { readonly: true });
  }
  const tally = ledger.tally(emulator.shares());
  await emulator.close();
  expect(managed.size).toBe(shares);
  return tally;
}

const generated = () => ({ duration: "PT8H" });
const at = (begin: number) => (now: number) => ({
  validSince: new Date(now + begin).toISOString(),
  validTo: new Date(now + begin + 8 * hour).toISOString(),
});
const nothingLost = { duplicated: 0, lost: 0, unannounced: 0 };

test.each<[string, Case, (now: number) => Values]>([
  ["generated windows", {}, generated],
  ["identical declared windows", {}, at(-hour)],
  ["generated windows, capped by the appliance", { behaviour: { longestWindow: 4 * 3600 } }, generated],
  ["generated windows, replicas that lag by three lists", { behaviour: { lagRequests: 3 } }, generated],
  ["generated windows, replicas that lag by a minute", { behaviour: { lagMilliseconds: 60_000 } }, generated],
  [
    "generated windows, entries with the ID of another session, in any order",
    { behaviour: { shownSessionId: "other", listOrder: "shuffled" } },
    generated,
  ],
  [
    "declared windows on whole minutes, stored in minutes",
    { behaviour: { storedWindows: "minutes" } },
    (now) => at(-hour)(Math.floor(now / 60_000) * 60_000),
  ],
  ["generated windows, a clock ten minutes ahead, half-hour zone", { zone: "Asia/Kolkata", skew: 600_000 }, generated],
])("%s: every link is managed", async (_, options, window) => {
  const tally = await runUntilSuccess(options, window);
  expect(tally).toMatchObject({ ...nothingLost, created: shares, managed: shares, unmanaged: 0 });
  expect(tally.recovered).toBeGreaterThan(0);
});

test.each<[string, Case, (now: number) => Values]>([
  [
    "scheduled shares are hidden, declared windows that start later",
    { behaviour: { scheduledShares: "hidden" } },
    at(hour),
  ],
  ["declared windows, stored in minutes", { behaviour: { storedWindows: "minutes" } }, at(-hour)],
  ["generated windows, stored in minutes", { behaviour: { storedWindows: "minutes" } }, generated],
  ["generated windows, stored in seconds", { behaviour: { storedWindows: "seconds" } }, generated],
  ["replicas that lag for longer than two minutes", { behaviour: { lagMilliseconds: 200_000 } }, generated],
  ["lists that end after ten shares", { behaviour: { shareLimit: 10 } }, generated],
])("%s: each unmanaged link was announced as uncertain", async (what, options, window) => {
  const tally = await runUntilSuccess(options, window);
  process.stdout.write(`${what}: ${tally.unmanaged} unmanaged, all announced; ${tally.recovered} recovered\n`);
  expect(tally).toMatchObject({ ...nothingLost, created: shares + tally.unmanaged, managed: shares });
});
