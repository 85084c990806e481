// Two real engines create on one session in the same moment, and answers are lost on both sides: no key has two owners,
// and whatever nobody owns was announced. (200 rounds without the engine: test/contract/two-processes.test.ts.)
import { join } from "node:path";
import type { Fault } from "../../provider/emulator";
import { newStack, type Stack } from "../support/engine";
import { fingerprintOf, startEngineSuite, program, share, sharesIn, type EngineSuite } from "../support/engine-share";

jest.setTimeout(300_000);

const factor = 20;
const start = Date.now();
const clock = () => start + (Date.now() - start) * factor;
const env = {
  NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, "..", "support", "clock-hurried.cjs"))}`,
  CLOCK_HURRY: String(factor),
  CLOCK_START: String(start),
};

/** Of the POST that comes first and of the one that comes second. */
const rounds: Record<string, { faults: Fault[]; made: number; owned: number }> = {
  "one answer is lost": { faults: [{ kind: "reset", on: "POST", when: "after", skip: 1 }], made: 2, owned: 2 },
  "both answers are lost": {
    faults: [
      { kind: "reset", on: "POST", when: "after" },
      { kind: "html", on: "POST", when: "after" },
    ],
    made: 2,
    owned: 2,
  },
  "one POST dies before it is carried out": { faults: [{ kind: "reset", on: "POST" }], made: 1, owned: 1 },
  "one POST dies, and the other's answer is lost": {
    faults: [
      { kind: "reset", on: "POST" },
      { kind: "reset", on: "POST", when: "after" },
    ],
    made: 1,
    owned: 1,
  },
};

let suite: EngineSuite;
let stacks: readonly Stack[];

beforeAll(async () => {
  // The two need not be equally fast: who is first waits for the other, in hurried time.
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
  const { faults, made, owned } = rounds[name]!;
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
  expect(links).toHaveLength(made);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toHaveLength(owned);
  expect(ids.every((id) => links.includes(id))).toBe(true);
  expect(outcomes.filter(({ all }) => all.includes("fudo[uncertain]"))).toHaveLength(2 - owned);
});
