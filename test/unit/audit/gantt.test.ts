// The Mermaid chart: its axis fits its range, its names are short, and foreign text never becomes a command.
import fc from "fast-check";
import { gantt } from "../../../provider/audit/report/formats/gantt";
import type { ReportedShare } from "../../../provider/audit/model/report-schema";
import { report } from "../../support/audit-report";
import { day, hour, instant, now, sampleShares } from "../../support/audit-shares";

const share = (from: number, to: number, more: Partial<ReportedShare> = {}): ReportedShare => ({
  ...sampleShares.plain,
  findings: [],
  validSince: instant(now + from),
  validTo: instant(now + to),
  ...more,
});

function chartOf(shares: readonly ReportedShare[]): { head: string[]; bars: string[]; sections: string[] } {
  const lines = (gantt(report({ shares: [...shares] })) ?? "").split("\n");
  const start = lines.indexOf("  section Report");
  const rest = lines.slice(start + 2);
  return {
    head: lines.slice(0, start + 2),
    bars: rest.filter((line) => !line.startsWith("  section ")),
    sections: rest.filter((line) => line.startsWith("  section ")),
  };
}

test("the chart has one section for each session and one bar for each share that may give access", () => {
  const { head, bars, sections } = chartOf(report().shares);
  expect(head).toEqual([
    '%%{init: {"gantt": {"leftPadding": 165}}}%%',
    "gantt",
    "  title Who has access, and until when (UTC)",
    "  dateFormat YYYY-MM-DD HH:mm",
    "  axisFormat %d %b",
    "  tickInterval 1week",
    "  todayMarker off",
    "  section Report",
    "  now :milestone, 2026-03-02 12:00, 0d",
  ]);
  expect(sections).toEqual([
    "  section 4665729213955833857",
    "  section 4665729213955833858",
    "  section 9223372036854775807",
  ]);
  expect(bars).toHaveLength(12);
  expect(bars).toContain("  · ACME b Support /b / acme-db :active, 2026-03-02 10:00, 2026-03-02 18:00");
  expect(bars).toContain("  · no stack, no end :crit, 2026-03-02 11:00, 2026-04-01 12:00");
});

/** Tick lengths in milliseconds, and columns that a label needs at most on a chart of 100 columns. */
const units = { hour, day, week: 7 * day, month: 28 * day } as const;
const labelWidths: Readonly<Record<string, number>> = { "%H:%M": 6, "%d %b": 7, "%b %Y": 9, "%d %b %H:%M": 13 };

test("the labels of the axis fit between the ticks, for any range", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 9, noNaN: true }), fc.boolean(), (power, isPast) => {
      // From a minute to hundreds of years.
      const length = 60_000 * 10 ** power;
      const { head } = chartOf([isPast ? share(-length, hour) : share(-hour, length)]);
      const [, format = ""] = /axisFormat (.*)/.exec(head.join("\n")) ?? [];
      const [, count = "", unit = ""] = /tickInterval (\d+)(\w+)/.exec(head.join("\n")) ?? [];
      const range = Math.min(length, 365 * day) + hour;
      const ticks = 1 + range / (Number(count) * units[unit as keyof typeof units]);
      expect([format, ticks * (labelWidths[format] ?? NaN) < 100]).toEqual([format, true]);
    }),
    { seed: 15, numRuns: 1000 },
  );
});

test.each([
  ["29 days", 29 * day, "%d %b", "1week"],
  ["8 hours", 8 * hour - hour, "%H:%M", "1hour"],
  ["a day", 23 * hour, "%H:%M", "3hour"],
  ["3 days", 71 * hour, "%d %b %H:%M", "12hour"],
  ["a week", 7 * day, "%d %b", "1day"],
  ["half a year", 180 * day, "%b %Y", "1month"],
  ["a year", 360 * day, "%b %Y", "3month"],
])("a share of %s has an axis of its own", (_, length, format, interval) => {
  const { head } = chartOf([share(-hour, length)]);
  expect(head.slice(4, 6)).toEqual([`  axisFormat ${format}`, `  tickInterval ${interval}`]);
});

test.each([
  ["that ends in 2038", share(-hour, 12 * 365 * day), ", until 2038-02-27 :active, 2026-03-02 11:00, 2027-03-02 12:00"],
  ["without an end", share(-hour, Infinity), ", no end :active, 2026-03-02 11:00, 2026-04-01 12:00"],
  ["that began in 1999", share(-27 * 365 * day, hour), " :active, 2025-03-02 12:00, 2026-03-02 13:00"],
  [
    "that starts in two years",
    share(730 * day, 731 * day),
    ", until 2028-03-02 :active, 2027-03-02 12:00, 2027-03-02 12:01",
  ],
  ["without a start", share(-hour, hour, { validSince: "-infinity" }), " :active, 2026-03-02 12:00, 2026-03-02 13:00"],
])("a window %s stays in the chart", (_, one, line) => {
  expect(chartOf([one]).bars).toEqual([`  · ACME b Support /b / acme-db${line}`]);
});

test("a window whose end is unknown says so", () => {
  const { validTo: _, ...unknown } = share(-hour, hour);
  expect(chartOf([unknown]).bars[0]).toContain("acme-db, unknown end :active, ");
});

test("the chart has at most 50 bars: first the shares with the most severe findings", () => {
  const shares = Array.from({ length: 300 }, (_, index) =>
    share(-hour, hour, index % 10 === 9 ? { severity: index > 250 ? "high" : "low" } : {}),
  );
  const { head, bars } = chartOf(shares);
  expect(head[2]).toBe("  title 50 of 300 windows (UTC)");
  expect(bars).toHaveLength(50);
  expect(bars.filter((bar) => bar.includes(":crit, "))).toHaveLength(5);
});

test("a name has at most 40 letters, and no letter is cut", () => {
  const { bars } = chartOf([share(-hour, hour, { labels: { vendor: "e\u0301".repeat(60) } })]);
  expect(bars[0]).toContain(`  · ${"e\u0301".repeat(40)} :`);
});

test.each([
  "title x",
  "Section 1",
  "click a",
  "2026-03-02",
  "gantt",
  "accTitle",
  "%%{init: {}}%%",
  "a\nsection b",
  "x :crit, 1;#y",
])("a vendor named %p is a name", (vendor) => {
  expect(chartOf([share(-hour, hour, { labels: { vendor } })]).bars).toEqual([
    expect.stringMatching(/^ {2}· [\w ./-]+ :active, 2026-03-02 11:00, 2026-03-02 13:00$/),
  ]);
});
