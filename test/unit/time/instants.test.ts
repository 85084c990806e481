// Instants in the formats of the appliance and of the inputs, as tables and as properties.
import fc from "fast-check";
import {
  formatMicroseconds,
  formatMilliseconds,
  isInstant,
  parseInputInstant,
  parseInstant,
} from "../../../provider/time/instants";

const second = 1000;
const firstDay = Date.parse("0000-01-02T00:00:00Z");
const lastDay = Date.parse("9999-12-30T00:00:00Z");
const epochMs = fc.integer({ min: firstDay, max: lastDay });
const offsetSeconds = fc.integer({ min: -(24 * 3600 - 1), max: 24 * 3600 - 1 });

/** One instant at one offset, in a format of the appliance or of ISO 8601. */
function format(ms: number, micros: number, offset: number, separator: string, colons: boolean): string {
  const local = new Date(ms + offset * second).toISOString();
  const fraction = `${local.slice(20, 23)}${String(micros).padStart(3, "0")}`.replace(/0+$/, "");
  const [h, m, s] = [Math.abs(offset) / 3600, (Math.abs(offset) / 60) % 60, Math.abs(offset) % 60].map((n) =>
    String(Math.floor(n)).padStart(2, "0"),
  );
  const parts = s !== "00" ? [h, m, s] : m !== "00" ? [h, m] : [h];
  return `${local.slice(0, 10)}${separator}${local.slice(11, 19)}${fraction && `.${fraction}`}${offset < 0 ? "-" : "+"}${parts.join(colons ? ":" : "")}`;
}

describe("formats of the appliance", () => {
  test.each([
    ["2025-05-15T13:07:00.000Z", "2025-05-15T13:07:00.000000Z"],
    ["2025-05-14 05:11:00-07", "2025-05-14T12:11:00.000000Z"],
    ["2025-05-14 05:11:20.443267-07", "2025-05-14T12:11:20.443267Z"],
    ["2022-12-13 02:53:32.427697-08", "2022-12-13T10:53:32.427697Z"],
    ["2025-05-14 05:11:20.4-07", "2025-05-14T12:11:20.400000Z"],
    ["2025-05-14 17:41:20.44+05:30", "2025-05-14T12:11:20.440000Z"],
    ["2025-05-14 17:41:35+05:30:15", "2025-05-14T12:11:20.000000Z"],
    ["2025-05-14 12:11:20.443267891+00", "2025-05-14T12:11:20.443267Z"],
    ["2025-05-14T12:11Z", "2025-05-14T12:11:00.000000Z"],
    ["1969-12-31 23:59:59.999999+00", "1969-12-31T23:59:59.999999Z"],
    ["infinity", "infinity"],
    ["-infinity", "-infinity"],
  ])("%s is %s", (text, canonical) => {
    const instant = parseInstant(text);
    expect(instant && formatMicroseconds(instant)).toBe(canonical);
  });

  test("every offset and format results in the same instant", () => {
    const micros = fc.integer({ min: 0, max: 999 });
    fc.assert(
      fc.property(
        epochMs,
        micros,
        offsetSeconds,
        fc.constantFrom(" ", "T"),
        fc.boolean(),
        (ms, rest, offset, separator, colons) => {
          expect(parseInstant(format(ms, rest, offset, separator, colons))).toEqual({ epochMs: ms, micros: rest });
        },
      ),
    );
  });

  test("an instant formatted with microseconds is parsed to the same value", () => {
    fc.assert(
      fc.property(epochMs, fc.integer({ min: 0, max: 999 }), (ms, micros) => {
        const instant = { epochMs: ms, micros };
        expect(parseInstant(formatMicroseconds(instant))).toEqual(instant);
      }),
    );
  });
});

describe("text that is not an instant", () => {
  const invalid = [
    "",
    "now",
    "2025",
    "2025-05-15",
    "2025-05-15T13:07:00",
    "2025-13-01T00:00:00Z",
    "2025-00-01T00:00:00Z",
    "2025-02-30T00:00:00Z",
    "2025-04-31 00:00:00-07",
    "2023-02-29T00:00:00Z",
    "2025-05-15T24:00:00Z",
    "2025-05-15T13:60:00Z",
    "2025-05-15T13:07:61Z",
    "12025-05-15T13:07:00Z",
    "+012025-05-15T13:07:00Z",
    "-000001-05-15T13:07:00Z",
    "0000-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-01",
    "2025-05-15T13:07:00+24:00",
    "2025-05-15T13:07:00[Europe/Warsaw]",
    "2025-05-15T13:07:00Z[UTC]",
    "2025-05-15T13:07:00 Z",
    "2025-05-15  13:07:00Z",
    " 2025-05-15T13:07:00Z",
    "2025-05-15T13:07:00Z\n",
    "٢٠٢٥-05-15T13:07:00Z",
    "Infinity",
    "+infinity",
    "2025-05-14 05:11:20.-07",
    "2025-05-14 05:11:20.1234567890-07",
    "0044-03-15 12:00:00+00 BC",
  ];

  test.each(invalid)("%j is rejected", (text) => {
    expect(parseInstant(text)).toBeUndefined();
    expect(isInstant(text)).toBe(false);
    expect(parseInputInstant(text)).toHaveProperty("reason");
  });

  test("no string makes a parser throw, and isInstant agrees with parseInstant", () => {
    const digits = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, "0"));
    const year = fc.oneof(
      digits.map((d) => `20${d}`),
      fc.constantFrom("0000", "0001", "9998", "9999"),
    );
    const zone = fc.oneof(
      fc.constantFrom("Z", "", "+00", "-07", "+05:30", "+05:30:15", "+0530", "+053015", "+05:3015"),
      digits.map((d) => `-${d}`),
    );
    const similar = fc
      .tuple(
        year,
        digits,
        digits,
        fc.constantFrom("T", " ", "t", "_"),
        digits,
        digits,
        digits,
        fc.constantFrom("", ".0", ".123456", ".1234567"),
        zone,
      )
      .map(([y, mo, d, t, h, mi, s, f, z]) => `${y}-${mo}-${d}${t}${h}:${mi}:${s}${f}${z}`);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), similar), (text) => {
        expect(isInstant(text)).toBe(parseInstant(text) !== undefined);
        parseInputInstant(text);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("formats of the inputs", () => {
  test.each([
    "2025-05-15T13:07:00.000Z",
    "2025-05-15 06:07:00-07",
    "2025-05-15T15:07:00+02:00",
    "2025-05-15T13:07:00.000000Z",
    "2025-05-15t13:07z",
  ])("%s is the same instant", (text) =>
    expect(parseInputInstant(text)).toEqual({ ms: Date.parse("2025-05-15T13:07:00Z") }),
  );

  test.each([
    ["2025-05-15T13:07:00", /no offset/],
    ["2025-05-15", /no offset/],
    ["2025-05-15T13:07:00.0001Z", /more precise than a millisecond/],
    ["2025-02-30T13:07:00Z", /does not exist/],
    ["infinity", /not an ISO 8601 instant/],
    ["tomorrow", /not an ISO 8601 instant/],
  ])("%s is rejected with a reason", (text, reason) => {
    expect(parseInputInstant(text)).toEqual({ reason: expect.stringMatching(reason) });
  });

  test("a leap second equals the second before it, as in Temporal", () => {
    expect(parseInputInstant("2016-12-31T23:59:60Z")).toEqual({ ms: Date.parse("2016-12-31T23:59:59Z") });
  });

  test("an instant formatted for a request is parsed to the same value", () => {
    fc.assert(fc.property(epochMs, (ms) => expect(parseInputInstant(formatMilliseconds(ms))).toEqual({ ms })));
    expect(formatMilliseconds(Date.parse("2025-05-15T13:07:00Z"))).toBe("2025-05-15T13:07:00.000Z");
  });
});
