// The appliance's times: it formats instants as PostgreSQL does in any time zone, and parses ISO 8601.
import {
  truncateTo,
  instantOf,
  parseDocumented,
  parseIso,
  requireInstant,
  utcText,
  Zone,
} from "../../../provider/emulator/appliance/times";

const at = (text: string) => parseIso(text) ?? fail(text);
const fail = (text: string): never => {
  throw new Error(`cannot read ${text}`);
};

describe("formatting in a time zone", () => {
  test.each([
    ["America/Los_Angeles", "2025-05-14T12:11:00Z", "2025-05-14 05:11:00-07"],
    ["America/Los_Angeles", "2025-05-14T12:11:20.443267Z", "2025-05-14 05:11:20.443267-07"],
    ["America/Los_Angeles", "2022-12-13T10:53:32.427697Z", "2022-12-13 02:53:32.427697-08"],
    ["America/Los_Angeles", "2025-05-14T12:11:20.400000Z", "2025-05-14 05:11:20.4-07"],
    ["America/Los_Angeles", "2025-05-14T12:11:20.000007Z", "2025-05-14 05:11:20.000007-07"],
    ["UTC", "2025-12-31T23:59:59.999Z", "2025-12-31 23:59:59.999+00"],
    ["Asia/Kolkata", "2025-12-31T20:00:00Z", "2026-01-01 01:30:00+05:30"],
    ["Asia/Kathmandu", "2025-06-01T00:00:00Z", "2025-06-01 05:45:00+05:45"],
    ["America/St_Johns", "2025-07-01T02:00:00Z", "2025-06-30 23:30:00-02:30"],
    ["Australia/Lord_Howe", "2025-01-01T00:00:00Z", "2025-01-01 11:00:00+11"],
    ["Australia/Lord_Howe", "2025-07-01T00:00:00Z", "2025-07-01 10:30:00+10:30"],
    ["America/Los_Angeles", "1850-01-01T00:00:00Z", "1849-12-31 16:07:02-07:52:58"],
  ])("in %s, %s is %s", (zone, instant, text) => {
    expect(new Zone(zone).format(at(instant))).toBe(text);
  });

  test("the offset distinguishes the two hours at the end of daylight saving time", () => {
    const zone = new Zone("America/New_York");
    expect(zone.format(at("2025-11-02T05:59:59Z"))).toBe("2025-11-02 01:59:59-04");
    expect(zone.format(at("2025-11-02T06:00:00Z"))).toBe("2025-11-02 01:00:00-05");
    expect(zone.format(at("2025-03-09T06:59:59Z"))).toBe("2025-03-09 01:59:59-05");
    expect(zone.format(at("2025-03-09T07:00:00Z"))).toBe("2025-03-09 03:00:00-04");
  });

  test("infinite instants are `infinity` and `-infinity`", () => {
    expect([Infinity, -Infinity].map((ms) => new Zone("UTC").format(instantOf(ms)))).toEqual(["infinity", "-infinity"]);
    expect(utcText(instantOf(Infinity))).toBe("infinity");
  });

  test("an unknown time zone is rejected", () => {
    expect(() => new Zone("Mars/Olympus")).toThrow(RangeError);
  });
});

describe("parsing", () => {
  test.each([
    ["2025-05-15T13:07:00.000Z", true],
    ["2024-02-29T00:00:00.999Z", true],
    ["2025-05-15T13:07:00Z", false],
    ["2025-05-15T13:07:00.0000Z", false],
    ["2025-05-15T13:07:00.000+00:00", false],
    ["2025-05-15 13:07:00.000Z", false],
    ["2025-02-29T00:00:00.000Z", false],
    ["2025-02-30T00:00:00.000Z", false],
    ["2025-13-01T00:00:00.000Z", false],
    ["2025-05-15T25:07:00.000Z", false],
    ["2025-05-15T13:07:00.000Z\n", false],
    ["", false],
  ])("the documented form: %j is accepted: %s", (text, accepted) => {
    expect(parseDocumented(text) !== undefined).toBe(accepted);
  });

  test.each([
    ["2025-05-15T15:07+02:00", "2025-05-15T13:07:00.000Z"],
    ["2025-05-15T15:07:00.1-05:30", "2025-05-15T20:37:00.100Z"],
    ["2025-05-15T13:07:00.000001Z", "2025-05-15T13:07:00.000001Z"],
  ])("any ISO 8601 time with an offset: %s is %s", (text, utc) => {
    expect(utcText(at(text))).toBe(utc);
  });

  test.each<[unknown, string | undefined]>([
    ["2025-05-15T15:07:00+02:00", "2025-05-15T13:07:00.000Z"],
    ["infinity", "infinity"],
    [0, "1970-01-01T00:00:00.000Z"],
    [NaN, undefined],
    ["", undefined],
    ["Infinity", undefined],
    ["2025-05-15T13:07:00", undefined],
    ["2025-05-15 06:07:00-07", undefined],
    [new Date(0), undefined],
  ])("a time from a caller: %p is stored as %s, or it is a RangeError that names the parameter", (value, utc) => {
    if (utc === undefined) expect(() => requireInstant("validTo", value)).toThrow(/^validTo must be milliseconds/);
    else expect(utcText(requireInstant("validTo", value))).toBe(utc);
  });

  test("fractions of milliseconds are microseconds", () => {
    expect(utcText(instantOf(Date.parse("2025-05-14T12:11:20.443Z") + 0.267))).toBe("2025-05-14T12:11:20.443267Z");
    expect(utcText(instantOf(Date.parse("2025-05-14T12:11:20.443Z") + 0.9996))).toBe("2025-05-14T12:11:20.444Z");
  });
});

test.each([
  ["microseconds", "2025-05-14T12:11:20.443267Z"],
  ["milliseconds", "2025-05-14T12:11:20.443Z"],
  ["seconds", "2025-05-14T12:11:20.000Z"],
  ["minutes", "2025-05-14T12:11:00.000Z"],
] as const)("stored in %s, 12:11:20.443267 is %s", (precision, stored) => {
  expect(utcText(truncateTo(at("2025-05-14T12:11:20.443267Z"), precision))).toBe(stored);
});
