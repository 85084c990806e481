// The time axis of the HTML report: it fits its range, and its labels are few, round and narrow.
import { axisOf, percent, ticksOf } from "../../../provider/audit/report/formats/html/axis";
import type { ReportedShare } from "../../../provider/audit/model/report-schema";
import { now, sampleShares } from "../../support/audit-shares";

const hour = 3_600_000;
const ending = (hours: number): ReportedShare => ({
  ...sampleShares.plain,
  findings: [],
  validTo: hours === Infinity ? "infinity" : new Date(now + hours * hour).toISOString(),
});

test.each([0.1, 1, 8, 9, 13, 25, 49, 100, 200, 400, 800, 2000, 9000, 100_000, Infinity])(
  "a window that ends in %f hours: three to eight round labels within the axis",
  (hours) => {
    const axis = axisOf([ending(hours)], now);
    const ticks = ticksOf(axis);
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    expect(ticks.length).toBeLessThanOrEqual(8);
    for (const { at, text } of ticks) {
      expect(at).toBeGreaterThanOrEqual(axis.from);
      expect(at).toBeLessThanOrEqual(axis.to);
      expect(at % (hour / 4)).toBe(0);
      expect(text).toMatch(/^(\d\d:(00|15|30|45)|\d{1,2} [A-Z][a-z]{2}|\d{4})$/);
    }
    for (const [index, { text }] of ticks.entries()) expect(text).not.toBe(ticks[index + 1]?.text);
  },
);

test("one window of 29 days does not squeeze windows of some hours: the axis covers two thirds of the windows", () => {
  const { from, to } = axisOf([...Array.from({ length: 8 }, () => ending(6)), ending(29 * 24)], now);
  expect(to - from).toBeLessThanOrEqual(10 * hour);
});

test("the time of the report is always on the axis", () => {
  for (const hours of [0.1, 100, Infinity]) {
    const axis = axisOf([ending(hours)], now);
    expect(percent(axis, now)).toBeGreaterThan(5);
    expect(percent(axis, now)).toBeLessThan(20);
  }
});

test("an instant before or after the axis stays at its edge", () => {
  const axis = axisOf([ending(6)], now);
  expect(percent(axis, axis.from - 1)).toBe(0);
  expect(percent(axis, axis.to + 1)).toBe(100);
});
