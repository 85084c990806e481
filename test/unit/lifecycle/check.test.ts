// check: canonical inputs, failures that name their input, windows by the given clock.
import fc from "fast-check";
import { check } from "../../../provider/lifecycle/operations/check";
import { unknown } from "../../../provider/lifecycle";
import { hour, now, sessionId, settings } from "../../support/states";

const context = { settings: settings(), now };
const good = { sessionId, duration: "PT8H" };
const reasons = (olds: object, news: object, more = context) =>
  check({ ...olds }, { ...news }, more).failures.map(({ reason }) => reason);

describe("canonical inputs", () => {
  test("the defaults are view-only and no labels; no value is generated", () => {
    expect(check({}, good, context)).toEqual({
      inputs: { sessionId, duration: "PT8H", readonly: true, labels: {} },
      failures: [],
    });
  });

  test.each([
    ["2025-05-15T23:07:00.000Z"],
    ["2025-05-15 16:07:00-07"],
    ["2025-05-16T01:07:00+02:00"],
    ["2025-05-16T04:37:00.0+05:30"],
  ])("%s is the same instant", (validTo) => {
    expect(check({}, { sessionId, validTo }, context).inputs["validTo"]).toBe("2025-05-15T23:07:00.000Z");
  });

  test("PT48H and P2D are the same length", () => {
    const canonical = (duration: string) => check({}, { sessionId, duration }, context).inputs["duration"];
    expect(canonical("P2D")).toBe(canonical("PT48H"));
  });

  test("an absent input stays absent: the result is JSON-clean", () => {
    const { inputs } = check({}, { ...good, validSince: undefined, adopt: null }, context);
    expect(Object.values(inputs)).not.toContain(undefined);
    expect(inputs).not.toHaveProperty("adopt");
  });
});

describe("wrong inputs", () => {
  test.each<[string, object, RegExp]>([
    ["no session", { duration: "PT8H" }, /^sessionId: is required/],
    ["a session ID as number", { sessionId: 4665729213955834000, duration: "PT8H" }, /^sessionId: must be text/],
    [
      "a session ID with a path",
      { sessionId: "1/../2", duration: "PT8H" },
      /^sessionId: must be the session's decimal ID/,
    ],
    ["a session ID past 64 bits", { sessionId: "9223372036854775808", duration: "PT8H" }, /^sessionId: must be/],
    ["leading zeros", { sessionId: "007", duration: "PT8H" }, /^sessionId: must be/],
    ["no end", { sessionId }, /^validTo: set exactly one of validTo and duration/],
    ["two ends", { ...good, validTo: "2025-05-15T21:07:00Z" }, /^validTo: set exactly one/],
    ["an instant without offset", { sessionId, validTo: "2025-05-15T21:07:00" }, /^validTo: has no offset/],
    ["a day that does not exist", { sessionId, validTo: "2025-02-30T21:07:00Z" }, /^validTo: /],
    [
      "microseconds",
      { sessionId, validTo: "2025-05-15T21:07:00.000001Z" },
      /^validTo: is more precise than a millisecond/,
    ],
    ["infinity", { sessionId, validTo: "infinity" }, /^validTo: /],
    ["months", { sessionId, duration: "P1M" }, /^duration: uses months/],
    ["a duration of nothing", { sessionId, duration: "PT0S" }, /^duration: /],
    ["readonly as text", { ...good, readonly: "false" }, /^readonly: must be true or false/],
    ["labels as list", { ...good, labels: ["a"] }, /^labels: must be a plain object/],
    ["labels as text", { ...good, labels: "a Map" }, /^labels: must be a plain object/],
    [
      "a label that is a number",
      { ...good, labels: { ticket: 7 } },
      /^labels: must have names and values that are text/,
    ],
    ["a control character in a label's name", { ...good, labels: { "\u001b[2J": "v" } }, /^labels: /],
    ["a C1 control character", { ...good, labels: { a: "\u009b2J" } }, /^labels: /],
    ["a lone surrogate in a label's name", { ...good, labels: { "\ud800": "v" } }, /^labels: /],
    [
      "an end after the year 9999",
      { sessionId, validSince: "9999-12-31T00:00:00Z", duration: "P2D" },
      /^duration: ends after the year 9999/,
    ],
    ["a control character in a label", { ...good, labels: { a: "\u001b[31m" } }, /^labels: /],
    ["a key as adopt", { ...good, adopt: "k".repeat(64) }, /^adopt: must be a fingerprint/],
    [
      "an unknown policy",
      { ...good, deletionPolicy: "retain" },
      /^deletionPolicy: must be "abandon" or "refuseWhileLive"/,
    ],
    [
      "a misspelled input",
      { ...good, readOnly: false },
      /^an input named "readOnly": is not an input of SessionShare\. Did you mean readonly\?$/,
    ],
    [
      "another misspelled input",
      { ...good, duraton: "PT8H" },
      /^an input named "duraton": .*\. Did you mean duration\?$/,
    ],
    ["letters that are swapped", { ...good, lables: {} }, /^an input named "lables": .*\. Did you mean labels\?$/],
    [
      "an input in snake case",
      { ...good, session_id: "5" },
      /^an input named "session_id": .*\. Did you mean sessionId\?$/,
    ],
    [
      "an input that is like no other",
      { ...good, vendor: "acme" },
      /^an input named "vendor": is not an input of SessionShare$/,
    ],
    [
      "a Date that Pulumi lost",
      { sessionId, validTo: {} },
      /^validTo: is an empty object\. Pulumi turns a Date into one/,
    ],
    ["a start that Pulumi lost", { ...good, validSince: {} }, /^validSince: is an empty object\. Pulumi turns a Date/],
    [
      "another object as end",
      { sessionId, validTo: { iso: "2025-05-15T13:07:00Z" } },
      /^validTo: must be an ISO 8601 instant/,
    ],
    ...["2026-12-01 08:00:00 +0000 UTC", "2026-12-01 08:00:00.5 +0200 CEST", "2026-12-01 00:00:00 +0530 +0530"].map(
      (validTo): [string, object, RegExp] => [
        `an end without quotes in YAML (${validTo})`,
        { sessionId, validTo },
        /^validTo: looks like .* without quotes in a YAML file/,
      ],
    ),
  ])("%s: the failure names the input", (_, news, reason) => {
    expect(reasons({}, news)).toContainEqual(expect.stringMatching(reason));
  });

  test("all failures of one check come together", () => {
    expect(reasons({}, { sessionId: "x", duration: "P1Y", readonly: 1, adopt: "?" })).toHaveLength(4);
  });

  test("no failure repeats a value or lets the engine print one that could be a credential", () => {
    const credential = "gHJNP5SWFx08lvecW82uotFfxZVYJzOqhIbusRR9q1HmFLF1C7rd5xv7BywSmeOQ";
    const names = ["sessionId", "validSince", "validTo", "duration", "readonly", "labels", "adopt", "deletionPolicy"];
    for (const name of names) {
      const { failures } = check({}, { ...good, [name]: credential }, context);
      expect(failures.length).toBeGreaterThan(0);
      expect(JSON.stringify(failures)).not.toContain(credential);
      expect(failures.map(({ property }) => property).filter((property) => property === name)).toEqual([]);
    }
  });

  test("a failure names its property where the value cannot be a credential", () => {
    expect(check({}, { sessionId, duration: "P1M" }, context).failures[0]?.property).toBe("duration");
  });

  test("no input makes check throw or changes the prototype of the checked inputs", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything(), { maxKeys: 6 }), fc.object(), (news, olds) => {
        const result = check(olds, news, context);
        expect(Object.getPrototypeOf(result.inputs)).toBe(Object.prototype);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe("the limits on a window apply to a new share", () => {
  const over = { sessionId, validSince: "2025-05-14T05:11:00Z", validTo: "2025-05-14T13:11:00Z" };

  test("a window in the past fails for a new share", () => {
    expect(reasons({}, over)).toEqual([expect.stringMatching(/^validTo: the window ended at 2025-05-14 13:11 UTC/)]);
  });

  test("an existing share whose window is over has no failure", () => {
    expect(reasons({ ...over, readonly: true }, over)).toEqual([]);
  });

  test("the labels of such a share may change", () => {
    expect(reasons({ ...over, readonly: true, labels: {} }, { ...over, labels: { a: "b" } })).toEqual([]);
  });

  test("a changed readonly of a share whose declared window is over fails with that reason", () => {
    expect(reasons({ ...over, readonly: true }, { ...over, readonly: false })).toEqual([
      expect.stringMatching(/the window ended at .*The changed readonly replaces the share/),
    ]);
  });

  test("the same instant in another notation is no change", () => {
    expect(reasons({ ...over, readonly: true }, { ...over, validTo: "2025-05-14 06:11:00-07" })).toEqual([]);
  });

  test("validTo must come after validSince", () => {
    expect(reasons({}, { sessionId, validSince: "2025-05-16T00:00:00Z", validTo: "2025-05-15T23:00:00Z" })).toEqual([
      expect.stringMatching(/^validTo: must be after validSince/),
    ]);
  });

  test("maxDuration limits a window, by default to thirty days, but not with adopt", () => {
    expect(reasons({}, { sessionId, duration: "P31D" })).toEqual([
      expect.stringMatching(/^duration: the window is longer than 30 d \(fudo:maxDuration\)/),
    ]);
    expect(reasons({}, { sessionId, duration: "P30D" })).toEqual([]);
    expect(reasons({}, { sessionId, duration: "P30DT0.001S" })).toEqual([
      expect.stringContaining(": it has 30 d 1 ms."),
    ]);
    expect(reasons({}, { sessionId, duration: "P31D", adopt: "0123456789abcdef" })).toEqual([]);
    expect(reasons({}, { sessionId, validTo: new Date(now + 31 * 24 * hour).toISOString() })).toHaveLength(1);
    expect(
      reasons({}, { sessionId, duration: "PT2H" }, { now, settings: settings({ "fudo:maxDuration": "PT1H" }) }),
    ).toHaveLength(1);
  });

  test("adopt accepts a window that is over", () => {
    expect(reasons({}, { ...over, adopt: "0123456789abcdef" })).toEqual([]);
  });

  test("a malformed setting fails for an existing share too: it is never treated as a missing one", () => {
    const malformed = { now, settings: settings({ "fudo:publicUrl": "share.example.com" }) };
    expect(reasons({ ...good, readonly: true }, good, malformed)).toEqual([
      expect.stringMatching(/^fudo:publicUrl .* must be https/),
    ]);
  });

  test("missing settings fail the preview of a new share with both names, and not an existing share", () => {
    const bare = { now, settings: settings({ "fudo:url": "", "fudo:apiKey": "" }) };
    expect(reasons({}, good, bare)).toEqual([
      expect.stringMatching(/^fudo:url \(or FUDO_URL\) is not set/),
      expect.stringMatching(/^fudo:apiKey \(or FUDO_API_KEY\) is not set/),
    ]);
    expect(reasons({ ...good, readonly: true }, good, bare)).toEqual([]);
  });
});

describe("unknown values at preview", () => {
  test.each([
    [{ sessionId: unknown, duration: "PT8H" }],
    [{ sessionId, duration: unknown }],
    [{ sessionId, validTo: unknown, validSince: "2025-05-14T05:11:00.000Z" }],
    [{ ...good, labels: { ticket: unknown } }],
    [{ ...good, labels: unknown, readonly: unknown }],
    [{ sessionId: unknown, validTo: "2025-05-14T05:11:00.000Z" }],
    [{ sessionId: unknown, duration: "PT720H" }],
    [{ sessionId, validTo: unknown, duration: unknown }],
    [{ sessionId, validTo: unknown, duration: "PT8H" }],
    [{ sessionId, readonly: unknown, validTo: "2025-05-14T05:11:00.000Z" }],
  ])("are accepted unchanged (%#)", (news) => {
    const { inputs, failures } = check({}, news, context);
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject(news);
  });
});

test.each([
  [
    "30 calendar days over the end of daylight saving time",
    "2025-10-01T08:00:00+02:00",
    "2025-10-31T08:00:00+01:00",
    "it has 30 d 1 h. The API cannot revoke a link. One hour may be a clock change between the two dates",
  ],
  [
    "30 days and two hours",
    "2025-10-01T08:00:00Z",
    "2025-10-31T10:00:00Z",
    "it has 30 d 2 h. The API cannot revoke a link",
  ],
  [
    "30 days and a second",
    "2025-10-01T08:00:00Z",
    "2025-10-31T08:00:01Z",
    "it has 30 d 1 s. The API cannot revoke a link",
  ],
])("a window of %s is longer than 30 d, and the error has its exact length", (_, validSince, validTo, text) => {
  expect(reasons({}, { sessionId, validSince, validTo })).toEqual([
    `validTo: the window is longer than 30 d (fudo:maxDuration): ${text}`,
  ]);
});

test("a replacement with a declared window that is over is rejected before diff", () => {
  const olds = { sessionId, validTo: "2025-05-14T13:07:00.000Z", readonly: true, labels: {} };
  expect(reasons(olds, { ...olds, readonly: false })).toEqual([
    expect.stringMatching(
      /^validTo: the window ended at 2025-05-14 13:07 UTC.*The changed readonly replaces the share/,
    ),
  ]);
  expect(reasons(olds, olds)).toEqual([]);
});

describe("a replacement that fails because of a recorded end names `ignoreChanges`, and lets the CLI print no other end", () => {
  const olds = { sessionId, validTo: "2025-05-14T13:07:00.000Z", readonly: true, labels: {} };
  const kept = /This is the recorded validTo\. If the program declares another one, the option ignoreChanges keeps/;

  test.each<[string, object, RegExp]>([
    ["another session", { sessionId: "5" }, /The changed sessionId replaces/],
    ["another mode", { readonly: false }, /The changed readonly replaces/],
    ["another start", { validSince: "2025-05-14T05:07:00Z" }, /The changed validSince replaces/],
    ["the same end in another form", { sessionId: "5", validTo: "2025-05-14T15:07:00+02:00" }, /2025-05-14 13:07 UTC/],
  ])("%s", (_, news, cause) => {
    const withStart = "validSince" in news ? { ...olds, validSince: "2025-05-14T04:07:00.000Z" } : olds;
    const { failures } = check(withStart, { ...withStart, ...news }, context);
    expect(failures).toEqual([{ property: "", reason: expect.stringMatching(kept) }]);
    expect(failures[0]!.reason).toMatch(cause);
  });

  test("but not where the program changed the end itself", () => {
    const { failures } = check(olds, { ...olds, validTo: "2025-05-14T14:07:00.000Z" }, context);
    expect(failures).toEqual([{ property: "validTo", reason: expect.not.stringMatching(kept) }]);
  });
});
