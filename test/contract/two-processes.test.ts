// Two processes create on one session in the same moment, and both meet faults: whose share is whose.
import { startEmulator, type Emulator, type RandomFaults } from "../../provider/emulator";
import type { Driver, Values } from "../support/drivers/driver";
import { startLifecycle } from "../support/drivers/lifecycle-driver";
import { VirtualClock } from "../support/virtual-clock";

jest.setTimeout(120_000);

const rounds = 200;
const faults: RandomFaults = { seed: "two processes", lostPostResponses: 0.3, lostPosts: 0.3, otherFaults: 0.1 };
const hour = 3_600_000;

const clock = new VirtualClock();
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ seed: 1, clock: clock.now, behaviour: { storedWindows: "milliseconds" } });
});
afterAll(() => emulator.close());

interface Round {
  /** The keys that the two own. */
  readonly owned: readonly string[];
  /** Made on the appliance. */
  readonly made: readonly string[];
  readonly uncertain: number;
  /** POSTs that were sent, and those that were carried out. */
  readonly sent: number;
  readonly executed: number;
}

/** Both POSTs are under way before either is carried out; where a baseline fails there is only one. */
async function round(number: number, inputs: Values): Promise<Round> {
  const sessionId = emulator.addSession();
  emulator.resetRequests();
  emulator.randomFaults({ ...faults, seed: `${faults.seed} ${number}` });
  const gate = emulator.hold({ on: "POST", path: sessionId });
  const processes = await Promise.all([0, 1].map((one) => process(clock.shared(`${number} ${one}`))));
  const creations = processes.map(async (driver) =>
    driver.create((await driver.check({}, { sessionId, ...inputs })).inputs),
  );
  const settled = Promise.allSettled(creations);
  await Promise.race([gate.arrived(2), ...creations]).catch(() => undefined);
  gate.release();
  const outcomes = await settled;
  await Promise.all(processes.map((driver) => driver.close()));
  const posts = emulator.requests.filter(({ method }) => method === "POST");
  return {
    owned: outcomes.flatMap((outcome) =>
      outcome.status === "fulfilled" ? [String(outcome.value.outputs["key"])] : [],
    ),
    made: emulator.shares(sessionId).map(({ key }) => key),
    uncertain: outcomes.filter(
      (outcome) => outcome.status === "rejected" && (outcome.reason as { code?: string }).code === "uncertain",
    ).length,
    sent: posts.length,
    executed: posts.filter(({ executed }) => executed).length,
  };
}

function process(own: ReturnType<VirtualClock["shared"]>): Promise<Driver> {
  return startLifecycle({ config: { "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey } }, own);
}

async function play(inputs: () => Values): Promise<Round[]> {
  const played: Round[] = [];
  for (let number = 0; number < rounds; number += 1) played.push(await round(number, inputs()));
  return played;
}

const isDouble = ({ owned }: Round) => new Set(owned).size < owned.length;
const unknown = ({ made, owned }: Round) => made.filter((key) => !owned.includes(key)).length;
const sum = (all: readonly Round[], of: (round: Round) => number) => all.reduce((total, one) => total + of(one), 0);

test(`with drawn windows no key is owned twice, and no link is unknown, in ${rounds} rounds`, async () => {
  const played = await play(() => ({ duration: "PT8H" }));
  expect(played.filter(isDouble)).toEqual([]);
  expect(played.filter((one) => unknown(one) > 0)).toEqual([]);
  // That it was worth counting: answers were lost on both sides, and most shares were made and owned.
  expect(sum(played, ({ sent }) => sent)).toBeGreaterThan(1.8 * rounds);
  expect(sum(played, ({ uncertain }) => uncertain)).toBe(sum(played, ({ sent, executed }) => sent - executed));
  expect(sum(played, ({ owned }) => owned.length)).toBeGreaterThan(rounds);
});

test(`with identical declared windows a key is owned twice exactly where the one POST died before it was executed, in ${rounds} rounds`, async () => {
  const played = await play(() => ({
    validSince: new Date(clock.now() - hour).toISOString(),
    validTo: new Date(clock.now() + 8 * hour).toISOString(),
  }));
  const residual = played.filter(({ sent, executed }) => sent === 2 && executed === 1);
  const doubles = played.filter(isDouble);
  globalThis.process.stdout.write(
    `identical declared windows, ${rounds} rounds: ${doubles.length} keys owned twice, residual ${residual.length}\n`,
  );
  expect(doubles).toEqual(residual);
  expect(residual.length).toBeGreaterThan(0);
  // Whatever else nobody owns was announced: two that fit are taken by neither.
  for (const one of played.filter((each) => !isDouble(each))) expect(unknown(one)).toBeLessThanOrEqual(one.uncertain);
});
