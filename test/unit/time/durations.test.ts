// Durations: parsing and formatting ISO 8601, and rejecting months and years.
import fc from "fast-check";
import { formatDuration, parseDuration } from "../../../provider/time/durations";

const hour = 3_600_000;

test.each([
  ["PT8H", 8 * hour, "PT8H"],
  ["P2D", 48 * hour, "PT48H"],
  ["PT48H", 48 * hour, "PT48H"],
  ["P1W", 168 * hour, "PT168H"],
  ["P1W2DT3H4M5.006S", 219 * hour + 4 * 60_000 + 5006, "PT219H4M5.006S"],
  ["PT1.5H", 1.5 * hour, "PT1H30M"],
  ["PT90M", 1.5 * hour, "PT1H30M"],
  ["PT0.001S", 1, "PT0.001S"],
  ["P30DT0S", 720 * hour, "PT720H"],
])("%s is %d ms, canonically %s", (text, ms, canonical) => {
  expect(parseDuration(text)).toEqual({ ms });
  expect(formatDuration(ms)).toBe(canonical);
});

test.each([
  ["P1M", /months or years/],
  ["P1Y", /months or years/],
  ["P1Y2DT3H", /months or years/],
  ["PT0S", /longer than zero/],
  ["-PT1H", /longer than zero/],
  ["PT0.0001S", /more precise than a millisecond/],
  ["PT9007199254741S", /too long/],
  ["P9999999999999D", /too long|not an ISO 8601/],
  ["8h", /not an ISO 8601 duration/],
  ["", /not an ISO 8601 duration/],
  ["PT", /not an ISO 8601 duration/],
  ["P1.5D", /not an ISO 8601 duration/],
])("%s is rejected with a reason", (text, reason) => {
  expect(parseDuration(text)).toEqual({ reason: expect.stringMatching(reason) });
});

test("a formatted duration is parsed to the same value", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e13 }), (ms) => expect(parseDuration(formatDuration(ms))).toEqual({ ms })),
  );
});

test("no string makes parseDuration throw", () => {
  const similar = fc.stringMatching(/^-?P(\d{1,20}[YMWD]){0,3}(T(\d{1,20}(\.\d{1,9})?[HMS]){0,3})?$/);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), similar), (text) => {
      const result = parseDuration(text);
      expect("ms" in result ? Number.isSafeInteger(result.ms) && result.ms > 0 : result.reason).toBeTruthy();
    }),
    { numRuns: 2000 },
  );
});
