// Runs the contract suite with each value of each behaviour flag of the emulator, and in several time zones. Only the
// lifecycle driver runs it, because the lifecycle makes all decisions.
import { startEmulator } from "../../provider/emulator";
import {
  behaviourFlagList,
  type BehaviourFlagName,
  type BehaviourFlags,
} from "../../provider/emulator/appliance/behaviour-flags";
import type { DriverOptions } from "../support/drivers/driver";
import { startLifecycle } from "../support/drivers/lifecycle-driver";
import { VirtualClock } from "../support/virtual-clock";
import { inWorld, type WorldOptions } from "../support/contract-suite";
import { tellOfCreation } from "./stories/create";
import { tellOfLaterRuns } from "./stories/later-runs";

/** For a flag without a list of values, or one that needs another to matter. */
const chosen: Partial<Record<BehaviourFlagName, readonly Partial<BehaviourFlags>[]>> = {
  shareLimit: [{ shareLimit: 5 }],
  lagRequests: [{ lagRequests: 2 }],
  lagMilliseconds: [{ lagMilliseconds: 60_000 }],
  longestWindow: [{ longestWindow: 4 * 3600 }],
  overlongWindow: [{ overlongWindow: "refused", longestWindow: 10 * 3600 }],
  sessionLimit: [{ sessionLimit: 1 }],
  // Every start that is not declared is past: told below.
  pastValidSince: [],
};

const cases = behaviourFlagList.flatMap(
  ({ name, defaultValue, values }) =>
    chosen[name] ??
    values.filter((value) => value !== defaultValue).map((value): Partial<BehaviourFlags> => ({ [name]: value })),
);

function tell(more: WorldOptions): void {
  const virtual = new VirtualClock(Date.now);
  const options = { ...more, virtual };
  const start = (given: DriverOptions) => startLifecycle(given, virtual);
  describe("creation", () => tellOfCreation(start, options));
  describe("later runs", () => tellOfLaterRuns(start, options));
}

describe.each(cases.map((behaviour) => ({ text: JSON.stringify(behaviour), behaviour })))(
  "with $text",
  ({ behaviour }) => tell({ behaviour }),
);

describe.each(["Asia/Kolkata", "Europe/London", "America/St_Johns", "Pacific/Apia"])("in the zone %s", (zone) =>
  tell({ zone }),
);

describe("where no start may be past", () => {
  const world = inWorld(startLifecycle, { behaviour: { pastValidSince: "refused" } });

  test("a start that was drawn is refused, and the error says what to declare", async () => {
    const { declare, emulator } = world();
    await expect(declare()).rejects.toMatchObject({
      code: "rejected",
      message: expect.stringMatching(/valid_since: in the past.*declare `validSince`/),
    });
    expect(emulator.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
    expect(emulator.shares()).toEqual([]);
  });

  test("a declared start to come is granted", async () => {
    const { declare, emulator } = world();
    const { outputs } = await declare({ validSince: new Date(Date.now() + 60_000).toISOString(), duration: "PT8H" });
    expect(emulator.shares()[0]).toMatchObject({ key: outputs["key"], validSince: outputs["validSince"] });
  });
});

describe("where the zone changes its offset inside the window", () => {
  test.each([
    ["Europe/London", "2025-10-26T00:30:00.123Z", "2025-10-26T01:30:00.456Z"],
    ["America/St_Johns", "2025-03-09T05:00:00.123Z", "2025-03-09T06:00:00.456Z"],
    ["Australia/Lord_Howe", "2025-04-05T14:30:00.123Z", "2025-04-05T15:30:00.456Z"],
  ])("%s: the window is what was asked, after a refresh too", async (zone, validSince, validTo) => {
    const clock = new VirtualClock(Date.parse(validSince) - 60_000);
    const emulator = await startEmulator({ zone, clock: clock.now });
    const driver = await startLifecycle(
      { config: { "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey } },
      clock,
    );
    const { inputs } = await driver.check({}, { sessionId: emulator.sessions[0], validSince, validTo });
    emulator.fault({ on: "POST", when: "after", kind: "reset" });
    const { id, outputs } = await driver.create(inputs);
    expect(outputs).toMatchObject({ validSince, validTo, key: emulator.shares()[0]!.key });
    expect(outputs).not.toHaveProperty("grantedSince");
    expect(await driver.read(id, outputs)).toEqual(outputs);
    expect(await driver.diff(id, outputs, inputs)).toEqual({ changes: false, replaces: [] });
    await driver.close();
    await emulator.close();
  });
});
