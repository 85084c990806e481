// Two real engines create on one session at the same time, and responses of both are lost: no key is managed twice, and each
// link that nothing manages was named in an error. (200 rounds without the engine: test/contract/two-processes.test.ts.)
import { join } from "node:path";
import type { Fault } from "../../provider/emulator";
import { newStack, type Stack } from "../support/engine";
import { fingerprintOf, startEngineSuite, program, share, sharesIn, type EngineSuite } from "../support/engine-share";

jest.setTimeout(300_000);

const factor = 20;
const start = Date.now();
const clock = () => start + (Date.now() - start) * factor;
const env = {
  NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, "..", "support", "clock-accelerated.cjs"))}`,
  CLOCK_FACTOR: String(factor),
  CLOCK_START: String(start),
};

/** The faults of the first and the second POST, the links that exist then, and the links that a stack manages. */
const rounds: Record<string, { faults: Fault[]; created: number; managed: number }> = {
  "one response is lost": { faults: [{ kind: "reset", on: "POST", when: "after", skip: 1 }], created: 2, managed: 2 },
  "both responses are lost": {
    faults: [
      { kind: "reset", on: "POST", when: "after" },
      { kind: "html", on: "POST", when: "after" },
    ],
    created: 2,
    managed: 2,
  },
  "one POST is lost before it is executed": { faults: [{ kind: "reset", on: "POST" }], created: 1, managed: 1 },
  "one POST is lost, and so is the other's response": {
    faults: [
      { kind: "reset", on: "POST" },
      { kind: "reset", on: "POST", when: "after" },
    ],
    created: 1,
    managed: 1,
  },
};

let suite: EngineSuite;
let stacks: readonly Stack[];

beforeAll(async () => {
  // The two engines may differ in speed: the first POST waits for the second one, in accelerated time.
  const config = { "fudo:timeout": "PT20M" };
  suite = await startEngineSuite({
    env,
    config,
    emulator: { clock, sessions: 4, behaviour: { storedWindows: "milliseconds" } },
  });
  const { emulator } = suite;
  const settings = {
    config: { ...config, "fudo:url": emulator.url },
    secretConfig: { "fudo:apiKey": emulator.apiKey },
  };
  stacks = [
    suite.stack,
    await newStack({ program: "", env, ...settings, canaries: () => emulator.shares().map(({ key }) => key) }),
  ];
});
afterAll(() => suite.emulator.close());

test.each(Object.keys(rounds))("%s", async (name) => {
  const { emulator } = suite;
  const { faults, created, managed } = rounds[name]!;
  const sessionId = emulator.sessions[Object.keys(rounds).indexOf(name)]!;
  for (const stack of stacks) stack.writeProgram(program(share("vendor", { sessionId, duration: "PT8H" })));
  for (const fault of faults) emulator.fault({ ...fault, path: sessionId });
  const gate = emulator.hold({ on: "POST", path: sessionId });
  const ups = stacks.map((stack) => stack.up());
  await gate.arrived(2);
  gate.release();
  const outcomes = await Promise.all(ups);
  const states = await Promise.all(stacks.map((stack) => stack.export()));
  const ids = states
    .flatMap((state) => sharesIn(state).map(({ id }) => id!))
    .filter((id) => id.startsWith(`${sessionId}/`));
  const links = emulator.shares(sessionId).map(({ key }) => `${sessionId}/${fingerprintOf(key)}`);
  expect(links).toHaveLength(created);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toHaveLength(managed);
  expect(ids.every((id) => links.includes(id))).toBe(true);
  expect(outcomes.filter(({ all }) => all.includes("fudo[uncertain]"))).toHaveLength(2 - managed);
});
