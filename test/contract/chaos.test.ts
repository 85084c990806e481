// Chaos without the engine, on a clock that skips every pause: also where not every link can be told, and then each one
// that nobody owns was announced as `uncertain`.
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

/** One run of the engine: what is not owned yet is created, eight at a time. Answers what the engine would have printed. */
async function up({ emulator, clock, declared }: Run, owned: Map<string, Values>): Promise<string> {
  const driver = await startLifecycle({ config: { "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey } }, clock);
  const failures: string[] = [];
  const waiting = Array.from({ length: shares }, (_, index) => index).filter((index) => !owned.has(String(index)));
  const work = async () => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      const sessionId = emulator.sessions[index % emulator.sessions.length];
      const { inputs } = await driver.check({}, { sessionId, ...declared });
      const outcome = await driver.create(inputs).catch((error: Error) => error);
      if (outcome instanceof Error) failures.push(`  share (${index}):\n    error: ${outcome.message}\n`);
      else owned.set(String(index), outcome.outputs);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  await driver.close();
  return `${driver.notices().join("\n")}\nDiagnostics:\n${failures.join("")}`;
}

/** Runs until nothing fails; what the ledger reads is in the engine's shape. */
async function play({ skew = 0, ...options }: Case, window: (now: number) => Values): Promise<Tally> {
  const clock = new VirtualClock();
  const emulator = await startEmulator({ seed: 7, sessions: 6, clock: clock.now, ...options });
  emulator.clock.skew = skew;
  const ledger = new Ledger();
  const owned = new Map<string, Values>();
  const declared = window(clock.now());
  for (let attempt = 1; owned.size < shares && attempt <= 50; attempt += 1) {
    emulator.randomFaults({ seed: `chaos ${attempt}`, lostPostAnswers: 0.15, otherFaults: 0.1 });
    const output = await up({ emulator, clock, declared }, owned);
    const resources = [...owned].map(([name, outputs]) => ({ urn: `urn::${name}`, type: shareType, outputs }));
    ledger.record(output, { resources, pending_operations: [] }, { readonly: true });
  }
  const tally = ledger.tally(emulator.shares());
  await emulator.close();
  expect(owned.size).toBe(shares);
  return tally;
}

const drawn = () => ({ duration: "PT8H" });
const at = (begin: number) => (now: number) => ({
  validSince: new Date(now + begin).toISOString(),
  validTo: new Date(now + begin + 8 * hour).toISOString(),
});
const whole = { duplicated: 0, lost: 0, unannounced: 0 };

test.each<[string, Case, (now: number) => Values]>([
  ["drawn windows", {}, drawn],
  ["identical declared windows", {}, at(-hour)],
  ["drawn windows, capped by the appliance", { switches: { longestWindow: 4 * 3600 } }, drawn],
  ["drawn windows, replicas that lag by three lists", { switches: { lagRequests: 3 } }, drawn],
  ["drawn windows, replicas that lag by a minute", { switches: { lagMilliseconds: 60_000 } }, drawn],
  [
    "drawn windows, entries with another session's ID, in any order",
    { switches: { shownSessionId: "other", listOrder: "shuffled" } },
    drawn,
  ],
  [
    "declared windows on whole minutes, kept in minutes",
    { switches: { storedWindows: "minutes" } },
    (now) => at(-hour)(Math.floor(now / 60_000) * 60_000),
  ],
  ["drawn windows, a clock ten minutes ahead, half-hour zone", { zone: "Asia/Kolkata", skew: 600_000 }, drawn],
])("%s: every link has its owner", async (_, options, window) => {
  const tally = await play(options, window);
  expect(tally).toMatchObject({ ...whole, created: shares, owned: shares, unknown: 0 });
  expect(tally.adopted).toBeGreaterThan(0);
});

test.each<[string, Case, (now: number) => Values]>([
  ["scheduled shares are hidden, declared windows to come", { switches: { scheduledShares: "hidden" } }, at(hour)],
  ["windows kept in minutes, declared ones", { switches: { storedWindows: "minutes" } }, at(-hour)],
  ["windows kept in minutes, drawn ones", { switches: { storedWindows: "minutes" } }, drawn],
  ["windows kept in seconds, drawn ones", { switches: { storedWindows: "seconds" } }, drawn],
  ["replicas that lag for longer than two minutes", { switches: { lagMilliseconds: 200_000 } }, drawn],
  ["lists cut off after ten", { switches: { shareLimit: 10 } }, drawn],
])("%s: each link without an owner was announced as uncertain", async (what, options, window) => {
  const tally = await play(options, window);
  process.stdout.write(`${what}: ${tally.unknown} unknown, all announced; ${tally.adopted} adopted\n`);
  expect(tally).toMatchObject({ ...whole, created: shares + tally.unknown, owned: shares });
});
