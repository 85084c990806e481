// The rules for windows: the effective window decides, before the share exists and afterwards, and the clock alone makes no
// existing share violate a rule.
import fc from "fast-check";
import { curfew } from "../../../policy/curfew";
import { windowPolicy } from "../../../policy/window-policy";
import { earliestStart, longestWindow } from "../../../policy/window-rules";
import { judgeInputs, judgeStack, unknownValue } from "../../support/policy-judge";

const now = Date.parse("2026-11-26T12:00:00Z");
const hour = 3_600_000;
const inHours = (hours: number) => new Date(now + hours * hour).toISOString();
const zone = "Europe/Warsaw";
const rules = { "longest-window": longestWindow, "earliest-start": earliestStart, curfew };
const settings = {
  "longest-window": { length: "P7D" },
  "earliest-start": { notBefore: "2026-11-26T14:00[Europe/Warsaw]" },
  curfew: { timeZone: zone, periods: [{ from: "22:00", to: "06:00" }] },
};
type Name = keyof typeof rules;

/** One process of the pack at that moment: what it says about the inputs of a share, and at the end about its outputs. */
function pack(name: Name, at = now, config: object = settings[name]) {
  const policy = windowPolicy(rules[name], () => at);
  return {
    before: (inputs: object) => judgeInputs(policy, inputs, { config }),
    after: (outputs: object) => judgeStack(policy, { urn: outputs }, { config }),
  };
}
const judge = (name: Name, inputs: object, config?: object) => pack(name, now, config).before(inputs);
const violation = [expect.any(String)];

describe("longest-window", () => {
  test.each<[object, boolean]>([
    [{ duration: "P7D" }, true],
    [{ duration: "PT168H" }, true],
    [{ duration: "PT168H0.001S" }, false],
    [{ validTo: inHours(168) }, true],
    [{ validTo: inHours(168.001) }, false],
    [{ validSince: inHours(100), validTo: inHours(268) }, true],
    [{ validSince: inHours(100), validTo: inHours(269) }, false],
    [{ validSince: inHours(-100), validTo: inHours(68) }, true],
    [{ validSince: inHours(-100), validTo: inHours(69) }, false],
    [{ validSince: inHours(100), duration: "P7D" }, true],
    [{ validSince: inHours(100), duration: "P8D" }, false],
    // Seven days on the calendar, over the end of daylight saving time.
    [{ validSince: "2027-10-28T12:00:00.000+02:00[Europe/Warsaw]", duration: "P7D" }, true],
    [
      {
        validSince: "2027-10-28T12:00:00.000+02:00[Europe/Warsaw]",
        validTo: "2027-11-04T12:00:00.000+01:00[Europe/Warsaw]",
      },
      false,
    ],
    // Over: the link opens nothing.
    [{ validSince: inHours(-500), validTo: inHours(0) }, true],
    [{ validSince: inHours(-500), validTo: inHours(0.001) }, false],
  ])("%j: accepted is %s", (inputs, accepted) => {
    expect(judge("longest-window", inputs)).toEqual(accepted ? [] : violation);
  });

  test("says how long the window is, and the limit", () => {
    expect(judge("longest-window", { duration: "P8DT3H" })).toEqual([
      "The window has 8 d 3 h, and the limit is 7 d. Declare a shorter one.",
    ]);
  });
});

describe("earliest-start", () => {
  test.each<[object, boolean]>([
    [{ validSince: "2026-11-26T13:00:00.000Z", duration: "PT1H" }, true],
    [{ validSince: "2026-11-26T14:00:00.000+01:00[Europe/Warsaw]", duration: "PT1H" }, true],
    [{ validSince: "2026-11-26T12:59:59.999Z", duration: "PT1H" }, false],
    [{ duration: "PT8H" }, false],
    [{ validTo: inHours(8) }, false],
    [{ validSince: inHours(-8), validTo: inHours(0) }, true],
  ])("%j: accepted is %s", (inputs, accepted) => {
    expect(judge("earliest-start", inputs)).toEqual(accepted ? [] : violation);
  });

  test("a share without a start is accepted from that instant on", () => {
    const limit = Date.parse("2026-11-26T13:00:00Z");
    expect(pack("earliest-start", limit - 1).before({ duration: "PT8H" })).toEqual(violation);
    expect(pack("earliest-start", limit).before({ duration: "PT8H" })).toEqual([]);
  });

  test("says both instants", () => {
    expect(judge("earliest-start", { duration: "PT8H" })).toEqual([
      "The window starts at 2026-11-26 12:00 UTC, and the earliest start is 2026-11-26 13:00 UTC. Declare a later validSince.",
    ]);
  });
});

const from = (validSince: string, validTo: string) => ({ validSince, validTo });

describe("curfew", () => {
  test.each<[string, object, boolean]>([
    ["ends when it begins", from("2026-12-05T20:00:00+01:00", "2026-12-05T22:00:00+01:00"), true],
    ["ends a moment later", from("2026-12-05T20:00:00+01:00", "2026-12-05T22:00:00.001+01:00"), false],
    ["starts when it ends", from("2026-12-06T06:00:00+01:00", "2026-12-06T21:00:00+01:00"), true],
    ["starts a moment earlier", from("2026-12-06T05:59:59.999+01:00", "2026-12-06T21:00:00+01:00"), false],
    ["is longer than a day", from("2026-12-05T10:00:00+01:00", "2026-12-20T10:00:00+01:00"), false],
    ["the night before", from("2026-12-06T00:00:00+01:00", "2026-12-06T00:01:00+01:00"), false],
    ["the same instant in another zone", from("2026-12-05T12:00:00-09:00", "2026-12-05T13:00:00-09:00"), false],
    ["is over", from("2026-11-24T10:00:00Z", "2026-11-26T12:00:00Z"), true],
    ["has only an end", { validTo: "2026-11-26T21:00:00Z" }, true],
    ["has only an end, and it is too late", { validTo: "2026-11-26T21:00:01Z" }, false],
  ])("a window that %s", (_name, inputs, accepted) => {
    expect(judge("curfew", inputs)).toEqual(accepted ? [] : violation);
  });

  const periods = (...list: object[]) => ({ timeZone: zone, periods: list });
  const weekend = periods({ from: "00:00", to: "00:00", days: ["saturday", "sunday"] });
  const friday = periods({ from: "22:00", to: "06:00", days: ["friday"] });
  test.each<[string, object, string, string, boolean]>([
    ["Friday until midnight", weekend, "2026-12-04T08:00+01:00", "2026-12-05T00:00+01:00", true],
    ["into Saturday", weekend, "2026-12-04T08:00+01:00", "2026-12-05T00:01+01:00", false],
    ["late on Sunday", weekend, "2026-12-06T23:59+01:00", "2026-12-07T08:00+01:00", false],
    ["from Monday on", weekend, "2026-12-07T00:00+01:00", "2026-12-12T00:00+01:00", true],
    ["Saturday morning, in the night of Friday", friday, "2026-12-05T05:00+01:00", "2026-12-05T05:30+01:00", false],
    ["Friday morning", friday, "2026-12-04T05:00+01:00", "2026-12-04T05:30+01:00", true],
    ["Saturday night", friday, "2026-12-05T23:00+01:00", "2026-12-05T23:30+01:00", true],
  ])("days: %s", (_name, config, start, end, accepted) => {
    expect(judge("curfew", from(`${start}`, `${end}`), config)).toEqual(accepted ? [] : violation);
  });

  test("several periods: nights and weekends", () => {
    const both = periods({ from: "22:00", to: "06:00" }, { from: "00:00", to: "00:00", days: ["sunday"] });
    expect(judge("curfew", from("2026-12-05T08:00+01:00", "2026-12-05T20:00+01:00"), both)).toEqual([]);
    expect(judge("curfew", from("2026-12-06T08:00+01:00", "2026-12-06T20:00+01:00"), both)).toEqual(violation);
    expect(judge("curfew", from("2026-12-05T20:00+01:00", "2026-12-05T23:00+01:00"), both)).toEqual(violation);
  });

  const early = periods({ from: "02:15", to: "02:45" });
  test.each<[string, object, string, string, boolean]>([
    ["the hour that is skipped has no curfew", early, "2027-03-28T00:30Z", "2027-03-28T04:00Z", true],
    ["it is there the night before", early, "2027-03-27T00:30Z", "2027-03-27T04:00Z", false],
    ["the first of two hours", early, "2026-10-25T00:15Z", "2026-10-25T00:20Z", false],
    ["the second of two hours", early, "2026-10-25T01:15Z", "2026-10-25T01:20Z", false],
    ["between the two", early, "2026-10-25T00:45Z", "2026-10-25T01:15Z", true],
    ["from between the two into the second", early, "2026-10-25T00:45Z", "2026-10-25T01:16Z", false],
    [
      "a curfew on one day a week, which is skipped in the first week",
      periods({ from: "02:15", to: "02:45", days: ["sunday"] }),
      "2027-03-22T08:00Z",
      "2027-04-10T08:00Z",
      false,
    ],
    [
      "a curfew that ends in the skipped hour",
      periods({ from: "01:00", to: "02:30" }),
      "2027-03-28T01:00Z",
      "2027-03-28T02:00Z",
      true,
    ],
    [
      "a curfew that starts in the skipped hour",
      periods({ from: "02:30", to: "04:00" }),
      "2027-03-28T00:00Z",
      "2027-03-28T01:01Z",
      false,
    ],
  ])("clock changes: %s", (_name, config, start, end, accepted) => {
    const policy = windowPolicy(curfew, () => Date.parse("2026-10-01T00:00Z"));
    expect(judgeInputs(policy, from(start, end), { config })).toEqual(accepted ? [] : violation);
  });

  test("says where the window reaches into the curfew, in the zone", () => {
    expect(judge("curfew", from("2026-12-05T18:00Z", "2026-12-06T10:00Z"))).toEqual([
      "The window from 2026-12-05 18:00 UTC to 2026-12-06 10:00 UTC reaches into the curfew at 2026-12-05 22:00 Europe/Warsaw. Declare another window.",
    ]);
  });

  test("agrees with a search of each minute by another library", () => {
    const minutes = fc.integer({ min: 0, max: 1439 });
    const inZone = fc.constantFrom("Europe/Warsaw", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns");
    // Around changes of the clocks in each zone.
    const start = fc.constantFrom("2027-03-27", "2027-03-13", "2027-04-02", "2027-10-30", "2027-10-02", "2027-11-06");
    fc.assert(
      fc.property(inZone, start, minutes, fc.integer({ min: 1, max: 2000 }), minutes, minutes, (...given) => {
        const [timeZone, date, offset, length, begin, end] = given;
        const since = Date.parse(`${date}T00:00Z`) + offset * 60_000;
        const window = { since, to: since + length * 60_000 };
        const config = { timeZone, periods: [{ from: timeText(begin), to: timeText(end) }] };
        expect(curfew.read(config)(window) !== undefined).toBe(isInsideSomewhere(window, timeZone, begin, end));
      }),
      { numRuns: 60 },
    );
  });
});

const timeText = (minutes: number) => new Date(minutes * 60_000).toISOString().slice(11, 16);

function isInsideSomewhere(
  window: { since: number; to: number },
  timeZone: string,
  begin: number,
  end: number,
): boolean {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  for (let instant = window.since; instant < window.to; instant += 60_000) {
    const [hours = 0, minutes = 0] = format.format(instant).split(":").map(Number);
    const time = hours * 60 + minutes;
    if (begin < end ? time >= begin && time < end : time >= begin || time < end) return true;
  }
  return false;
}

describe("a share that exists", () => {
  const recorded = { fingerprint: "0123456789abcdef", validSince: inHours(-2), validTo: inHours(6) };

  /** The run at that moment judges the inputs, and then the outputs of the same share. */
  function run(name: Name, at: number, inputs: object, outputs: object, config?: object): string[] {
    const { before, after } = pack(name, at, config);
    return [...before(inputs), ...after(outputs)];
  }

  test("whose window is legal stays legal, however late it is", () => {
    // 14:00 to 18:00 in Warsaw. From 18:00 on, a share of four hours would reach into the curfew.
    const outputs = { ...recorded, validSince: inHours(1), validTo: inHours(5) };
    for (let hours = 0; hours < 400; hours += 1)
      for (const name of ["curfew", "earliest-start", "longest-window"] as const)
        expect([hours, run(name, now + (1 + hours) * hour, { duration: "PT4H" }, outputs)]).toEqual([hours, []]);
  });

  test("is judged by the window that the state holds, not by one from now on", () => {
    // The state: 11:00 to 23:00 in Warsaw. From now on it would be 13:00 to 21:00 of the next day.
    const outputs = { ...recorded, validTo: inHours(10) };
    expect(run("curfew", now, { duration: "PT12H" }, outputs)).toEqual([
      expect.stringMatching(/to 2026-11-26 22:00 UTC reaches into the curfew.* The share exists already\. To revoke/),
    ]);
  });

  test("with a declared end is not shorter because time has passed", () => {
    const inputs = { validTo: inHours(100) };
    const outputs = { ...recorded, validSince: inHours(-100), validTo: inHours(100) };
    expect(run("longest-window", now, inputs, outputs)).toEqual([expect.stringContaining("The window has 8 d 7 h")]);
  });

  test.each(["2026-12-04T12:00:00.000Z", "infinity"])("with the granted end %s", (grantedTo) => {
    const outputs = { ...recorded, grantedTo };
    expect(run("longest-window", now, { duration: "PT8H" }, outputs)).toEqual(violation);
    expect(run("curfew", now, { duration: "PT8H" }, outputs)).toEqual(violation);
  });

  test("is not judged after its end, or after it was revoked", () => {
    const outputs = { ...recorded, validTo: inHours(10) };
    expect(run("curfew", now + 11 * hour, { duration: "PT12H" }, outputs)).toEqual([]);
    expect(run("curfew", now, { duration: "PT12H" }, { ...outputs, removed: true })).toEqual([]);
    expect(run("curfew", now, { duration: "PT12H" }, { ...outputs, missing: true })).toEqual(violation);
  });

  // The provider generates a start that lies up to a minute before the creation.
  test("without a declared start is as long as it was declared, and starts when it was created", () => {
    const outputs = { ...recorded, validSince: inHours(1 - 0.016), validTo: inHours(169) };
    const limits = { "longest-window": { length: "P7D" }, "earliest-start": { notBefore: inHours(1) } };
    for (const name of ["longest-window", "earliest-start"] as const) {
      const later = now + 2 * hour;
      expect([name, run(name, later, { duration: "P7D" }, outputs, limits[name])]).toEqual([name, []]);
      const declared = { validSince: outputs.validSince, validTo: outputs.validTo };
      expect([name, run(name, later, declared, outputs, limits[name])]).toEqual([name, violation]);
      const earlier = { ...outputs, validSince: inHours(1 - 0.017) };
      expect([name, run(name, later, { duration: "P7D" }, earlier, limits[name])]).toEqual([name, violation]);
      // The recorded start, declared: the pack advises it.
      const kept = { validSince: outputs.validSince, duration: "P7D" };
      expect([name, run("longest-window", later, kept, outputs)]).toEqual([name, []]);
    }
  });

  test("is reported once", () => {
    const window = { validSince: inHours(-2), validTo: inHours(200) };
    expect(run("longest-window", now, window, { ...recorded, ...window })).toHaveLength(1);
  });

  test("that the program does not declare is not judged: `get` only reads it", () => {
    expect(pack("curfew").after({ ...recorded, validTo: inHours(10) })).toEqual([]);
  });
});

describe("a share that does not exist yet", () => {
  test.each<[string, object]>([
    ["a dynamic share: the outputs are the inputs", {}],
    [
      "the plugin: the outputs are not known",
      { fingerprint: unknownValue, validSince: unknownValue, validTo: unknownValue },
    ],
  ])("%s: the window from now on is judged", (_name, outputs) => {
    const { before, after } = pack("curfew");
    expect(before({ duration: "PT12H" })).toEqual([]);
    expect(after({ duration: "PT12H", ...outputs })).toEqual([expect.stringContaining("If the share exists already")]);
    const other = pack("curfew");
    expect(other.before({ duration: "PT8H" })).toEqual([]);
    expect(other.after({ duration: "PT8H", ...outputs })).toEqual([]);
  });

  test("`adopt` without a start takes a window that only the state tells", () => {
    const adopted = { adopt: "0123456789abcdef", duration: "P8D" };
    const window = { fingerprint: "0123456789abcdef", validSince: inHours(-100), validTo: inHours(92) };
    for (const name of ["curfew", "earliest-start", "longest-window"] as const) {
      const { before, after } = pack(name);
      expect([name, before(adopted), after({})]).toEqual([name, [], []]);
      expect([name, after(window)]).toEqual([name, violation]);
    }
  });
});

describe("a value that is not known yet", () => {
  const names = Object.keys(rules) as Name[];
  test.each(
    names.flatMap((name) => ["validSince", "validTo", "duration", "adopt"].map((input) => [name, input] as const)),
  )("%s: %s", (name, input) => {
    const { before, after } = pack(name);
    const inputs = input === "adopt" ? { duration: "PT1H" } : { validSince: inHours(1), validTo: inHours(2) };
    expect(() => before({ ...inputs, [input]: unknownValue })).toThrow(
      `${input} is not known yet. \`pulumi up\` judges`,
    );
    expect(after({ ...inputs, [input]: unknownValue })).toEqual([]);
  });

  test("of another share hides no violation", () => {
    const policy = windowPolicy(curfew, () => now);
    const config = settings.curfew;
    expect(() => judgeInputs(policy, { validTo: unknownValue }, { config }, "first")).toThrow("is not known yet");
    judgeInputs(policy, { duration: "PT12H" }, { config }, "second");
    expect(judgeStack(policy, { first: { validTo: unknownValue }, second: {} }, { config })).toHaveLength(1);
  });
});
