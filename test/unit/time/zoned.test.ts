// Instants in a time zone (RFC 9557): gaps and repetitions of local time, offsets, annotations, and recorded texts.
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { formatMilliseconds, parseInstant } from "../../../provider/time/instants";
import { localTimeIn, parseDeclaredInstant, withoutExistingZone, withoutZone } from "../../../provider/time/zoned";

/** Text, instant in UTC, and the local time with the offset in the canonical text. */
const valid: readonly (readonly [text: string, utc: string, canonical: string])[] = [
  ["2026-12-05T20:00[Europe/Warsaw]", "2026-12-05T19:00:00.000Z", "2026-12-05T20:00:00.000+01:00[Europe/Warsaw]"],
  ["2026-07-05T20:00:30.5[Europe/Warsaw]", "2026-07-05T18:00:30.500Z", "2026-07-05T20:00:30.500+02:00[Europe/Warsaw]"],
  ["2026-12-05 20:00[europe/WARSAW]", "2026-12-05T19:00:00.000Z", "2026-12-05T20:00:00.000+01:00[europe/WARSAW]"],
  ["2026-12-05t20:00[!Europe/Warsaw]", "2026-12-05T19:00:00.000Z", "2026-12-05T20:00:00.000+01:00[Europe/Warsaw]"],
  ["2026-12-05T20:00+01[Europe/Warsaw]", "2026-12-05T19:00:00.000Z", "2026-12-05T20:00:00.000+01:00[Europe/Warsaw]"],
  ["2026-10-25T02:30+02:00[Europe/Warsaw]", "2026-10-25T00:30:00.000Z", "2026-10-25T02:30:00.000+02:00[Europe/Warsaw]"],
  ["2026-10-25T02:30+0100[Europe/Warsaw]", "2026-10-25T01:30:00.000Z", "2026-10-25T02:30:00.000+01:00[Europe/Warsaw]"],
  ["2026-12-05T20:00[Asia/Kolkata]", "2026-12-05T14:30:00.000Z", "2026-12-05T20:00:00.000+05:30[Asia/Kolkata]"],
  ["2026-12-05T20:00[Asia/Kathmandu]", "2026-12-05T14:15:00.000Z", "2026-12-05T20:00:00.000+05:45[Asia/Kathmandu]"],
  ["2026-12-05T20:00[UTC]", "2026-12-05T20:00:00.000Z", "2026-12-05T20:00:00.000+00:00[UTC]"],
  ["2026-12-05T20:00-00:00[Etc/UTC]", "2026-12-05T20:00:00.000Z", "2026-12-05T20:00:00.000+00:00[Etc/UTC]"],
  ["2026-12-05T20:00[+02:00]", "2026-12-05T18:00:00.000Z", "2026-12-05T20:00:00.000+02:00[+02:00]"],
  ["2026-12-05T20:00[Etc/GMT+2]", "2026-12-05T22:00:00.000Z", "2026-12-05T20:00:00.000-02:00[Etc/GMT+2]"],
  ["2026-12-05T20:00[UTC][u-ca=hebrew][_x=1-b]", "2026-12-05T20:00:00.000Z", "2026-12-05T20:00:00.000+00:00[UTC]"],
  ["1900-01-01T00:00[Europe/Warsaw]", "1899-12-31T22:36:00.000Z", "1900-01-01T00:00:00.000+01:24[Europe/Warsaw]"],
  [
    "1883-11-18T12:00-04:56:02[America/New_York]",
    "1883-11-18T16:56:02.000Z",
    "1883-11-18T12:00:00.000-04:56:02[America/New_York]",
  ],
  ["9999-12-31T23:59[Asia/Tokyo]", "9999-12-31T14:59:00.000Z", "9999-12-31T23:59:00.000+09:00[Asia/Tokyo]"],
  // RFC 9557: Z is the instant, and says nothing of the local time.
  ["2026-12-05T19:00Z[Europe/Warsaw]", "2026-12-05T19:00:00.000Z", "2026-12-05T19:00:00.000Z"],
  ["2026-12-05T20:00+01:00[u-ca=gregory]", "2026-12-05T19:00:00.000Z", "2026-12-05T19:00:00.000Z"],
  ["2026-12-05T20:00+01:00", "2026-12-05T19:00:00.000Z", "2026-12-05T19:00:00.000Z"],
];

const invalid: readonly (readonly [what: string, text: string, reason: string])[] = [
  [
    "a local time that the clocks skip",
    "2026-03-29T02:30[Europe/Warsaw]",
    "does not exist in Europe/Warsaw: the clocks change there from +01:00 to +02:00; write 2026-03-29T01:30+01:00[Europe/Warsaw] or 2026-03-29T03:30+02:00[Europe/Warsaw]",
  ],
  [
    "a skipped local time with an offset",
    "2026-03-29T02:30+01:00[Europe/Warsaw]",
    "does not exist in Europe/Warsaw: the clocks change there from +01:00 to +02:00; write 2026-03-29T01:30+01:00[Europe/Warsaw] or 2026-03-29T03:30+02:00[Europe/Warsaw]",
  ],
  [
    "a local time that exists twice",
    "2026-10-25T02:30[Europe/Warsaw]",
    "exists twice in Europe/Warsaw: with the offsets +02:00 and +01:00; write 2026-10-25T02:30+02:00[Europe/Warsaw] or 2026-10-25T02:30+01:00[Europe/Warsaw]",
  ],
  [
    "a change of half an hour",
    "2026-04-05T01:45[Australia/Lord_Howe]",
    "exists twice in Australia/Lord_Howe: with the offsets +11:00 and +10:30; write 2026-04-05T01:45+11:00[Australia/Lord_Howe] or 2026-04-05T01:45+10:30[Australia/Lord_Howe]",
  ],
  [
    "a gap of half an hour",
    "2026-10-04T02:15:01[Australia/Lord_Howe]",
    "does not exist in Australia/Lord_Howe: the clocks change there from +10:30 to +11:00; write 2026-10-04T01:45:01+10:30[Australia/Lord_Howe] or 2026-10-04T02:45:01+11:00[Australia/Lord_Howe]",
  ],
  [
    "a day that a country skipped",
    "2011-12-30T12:00[Pacific/Apia]",
    "does not exist in Pacific/Apia: the clocks change there from -10:00 to +14:00; write 2011-12-29T12:00-10:00[Pacific/Apia] or 2011-12-31T12:00+14:00[Pacific/Apia]",
  ],
  [
    "an offset that the zone has in summer only",
    "2026-12-05T20:00+02:00[Europe/Warsaw]",
    "has the offset +02:00, but Europe/Warsaw has +01:00 at that time; write 2026-12-05T20:00+01:00[Europe/Warsaw]",
  ],
  [
    "a third offset for a local time that exists twice",
    "2026-10-25T02:30+03:00[Europe/Warsaw]",
    "has the offset +03:00, but Europe/Warsaw has +02:00 or +01:00 at that time; write 2026-10-25T02:30+02:00[Europe/Warsaw] or 2026-10-25T02:30+01:00[Europe/Warsaw]",
  ],
  ["another offset than the zone is", "2026-12-05T20:00+01:00[+02:00]", "has the offset +01:00, but +02:00 has +02:00"],
  [
    "an unknown zone",
    "2026-12-05T20:00[Europe/Nowhere]",
    "names an unknown time zone; use a name such as Europe/Warsaw",
  ],
  [
    "an unknown zone after Z",
    "2026-12-05T20:00Z[Europe/Nowhere]",
    "names an unknown time zone; use a name such as Europe/Warsaw",
  ],
  ["Z as a zone", "2026-12-05T20:00[Z]", "names an unknown time zone; use a name such as Europe/Warsaw"],
  [
    "an abbreviation that is no zone",
    "2026-12-05T20:00[CEST]",
    "names an unknown time zone; use a name such as Europe/Warsaw",
  ],
  ["an empty zone", "2026-12-05T20:00[]", "is not an ISO 8601 instant"],
  ["an offset without a colon as zone", "2026-12-05T20:00[+0200]", "is not an ISO 8601 instant"],
  ["a space before the zone", "2026-12-05T20:00 [UTC]", "is not an ISO 8601 instant"],
  ["a space in the brackets", "2026-12-05T20:00[ UTC]", "is not an ISO 8601 instant"],
  ["no closing bracket", "2026-12-05T20:00[UTC", "is not an ISO 8601 instant"],
  ["text after the bracket", "2026-12-05T20:00[UTC]Z", "is not an ISO 8601 instant"],
  ["two zones", "2026-12-05T20:00[UTC][UTC]", "is not an ISO 8601 instant"],
  ["an annotation before the zone", "2026-12-05T20:00[u-ca=hebrew][UTC]", "is not an ISO 8601 instant"],
  ["no time", "2026-12-05[UTC]", "is not an ISO 8601 instant"],
  ["no minutes", "2026-12-05T20[UTC]", "is not an ISO 8601 instant"],
  ["no separators", "20261205T2000[UTC]", "is not an ISO 8601 instant"],
  ["a year of six digits", "+012026-12-05T20:00[UTC]", "is not an ISO 8601 instant"],
  ["a critical annotation", "2026-12-05T20:00[UTC][!u-ca=hebrew]", "has a critical annotation"],
  ["a critical annotation without a zone", "2026-12-05T20:00Z[!x=y]", "has a critical annotation"],
  ["a day that no calendar has", "2026-02-30T20:00[UTC]", "is a date or time that does not exist"],
  ["a time before the year 0 in UTC", "0000-01-01T00:00[Europe/Warsaw]", "is a date or time that does not exist"],
  ["a time after the year 9999 in UTC", "9999-12-31T20:00[Etc/GMT+5]", "is a date or time that does not exist"],
  ["microseconds", "2026-12-05T20:00:00.000001[UTC]", "is more precise than a millisecond"],
  ["neither an offset nor a zone", "2026-12-05T20:00", "has no offset from UTC"],
];

describe("an instant in a time zone", () => {
  test.each(valid)("%s is %s, canonically %s", (text, utc, canonical) => {
    expect(parseDeclaredInstant(text)).toEqual({ ms: Date.parse(utc), text: canonical });
    expect(parseDeclaredInstant(canonical)).toEqual({ ms: Date.parse(utc), text: canonical });
    expect(parseInstant(withoutZone(canonical))?.epochMs).toBe(Date.parse(utc));
  });

  test.each(invalid)("%s (%s) is rejected with a reason", (_, text, reason) => {
    expect(parseDeclaredInstant(text)).toMatchObject({ reason: expect.stringContaining(reason) });
  });

  test("a leap second equals the second before it", () => {
    expect(parseDeclaredInstant("2016-12-31T23:59:60[UTC]")).toMatchObject({ ms: Date.parse("2016-12-31T23:59:59Z") });
  });
});

const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"), "+05:30", "-03:00");
const instants = fc.integer({ min: Date.UTC(1970), max: Date.UTC(2100) });

describe("for any zone and instant", () => {
  test("the local time with its offset is that instant, in any case, and its canonical text is stable", () => {
    fc.assert(
      fc.property(zones, instants, fc.boolean(), (zone, ms, lower) => {
        const text = `${localText(zone, ms)}[${lower ? zone.toLowerCase() : zone}]`;
        const parsed = parseDeclaredInstant(text);
        expect(parsed).toEqual({ ms, text: expect.stringMatching(/[+-]\d\d:\d\d(:\d\d)?\[[^\]]+\]$/) });
        if ("text" in parsed) expect(parseDeclaredInstant(parsed.text)).toEqual(parsed);
      }),
      { numRuns: 300 },
    );
  });

  test("a local time without an offset is that instant, or a reason that names it", () => {
    fc.assert(
      fc.property(zones, instants, (zone, ms) => {
        const text = localText(zone, ms);
        const parsed = parseDeclaredInstant(`${text.slice(0, 23)}[${zone}]`);
        const asWritten = text.replace(/(?::00)?\.000(?=[+-])/, "");
        if ("ms" in parsed) expect(parsed.ms).toBe(ms);
        else expect(parsed.reason).toContain(asWritten);
      }),
      { numRuns: 300 },
    );
  });

  test("no text makes the parser throw", () => {
    const part = fc.constantFrom("2026-03-29T02:30", "+01:00", "Z", "[", "]", "!", "UTC", "=", "u-ca", "a/../b", "");
    const similar = fc.array(part, { maxLength: 9 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), similar), similar, (text, recorded) => {
        const parsed = parseDeclaredInstant(text, recorded);
        if ("ms" in parsed) expect(formatMilliseconds(parsed.ms)).toMatch(/Z$/);
        withoutZone(text);
        withoutExistingZone(text);
      }),
      { numRuns: 2000 },
    );
  });
});

/** `2026-12-05T20:00:00.000+01:00`, as the platform's calendar (not Temporal) has it. */
function localText(zone: string, ms: number): string {
  const format = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    calendar: "iso8601",
    hourCycle: "h23",
    timeZoneName: "longOffset",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute, second, timeZoneName = "" } = part;
  const fraction = String(ms % 1000).padStart(3, "0");
  const offset = timeZoneName === "GMT" ? "+00:00" : timeZoneName.replace("GMT", "").replace("\u2212", "-");
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}${offset}`;
}

describe("a recorded text", () => {
  // As if Poland had summer time all year in the time-zone database that resolved it.
  const recorded = "2026-12-05T20:00:00.000+02:00[Europe/Warsaw]";
  const kept = { ms: Date.parse("2026-12-05T18:00:00Z"), text: recorded };

  test.each([
    ["2026-12-05T20:00[Europe/Warsaw]"],
    ["2026-12-05 20:00:00.000[europe/warsaw]"],
    ["2026-12-05T20:00+02[!Europe/Warsaw]"],
    [recorded],
  ])("stays where %s declares the same local time in the same zone", (text) => {
    expect(parseDeclaredInstant(text, recorded)).toEqual(kept);
  });

  test.each([
    ["another offset", "2026-12-05T20:00+01:00[Europe/Warsaw]", "2026-12-05T19:00:00Z"],
    ["another local time", "2026-12-05T20:00:00.001[Europe/Warsaw]", "2026-12-05T19:00:00.001Z"],
    ["another zone", "2026-12-05T20:00[Europe/Berlin]", "2026-12-05T19:00:00Z"],
    ["an offset and no zone", "2026-12-05T20:00+01:00", "2026-12-05T19:00:00Z"],
  ])("is replaced where %s is declared", (_, text, utc) => {
    expect(parseDeclaredInstant(text, recorded)).toMatchObject({ ms: Date.parse(utc) });
  });

  test.each([
    ["a zone that the database no longer has", "2026-12-05T20:00:00.000+02:00[Europe/Atlantis]"],
    ["a local time that it now skips", "2026-03-29T02:30:00.000+01:00[Europe/Warsaw]"],
    ["a local time that now exists twice", "2026-10-25T02:30:00.000+02:00[Europe/Warsaw]"],
    ["an offset with seconds", "1883-11-18T12:00:00.000-04:56:02[America/New_York]"],
  ])("stays with %s", (_, text) => {
    const written = text.replace(/[+-][\d:]+\[/, "[");
    expect(parseDeclaredInstant(written, text)).toMatchObject({ text });
  });

  test.each([["2026-12-05T18:00:00.000Z"], ["Europe/Warsaw"], [undefined], [7], ["x+02:00[Europe/Warsaw]"]])(
    "%j has no zone: the declared text is resolved anew",
    (other) => {
      expect(parseDeclaredInstant("2026-12-05T20:00[Europe/Warsaw]", other)).toMatchObject({
        ms: Date.parse("2026-12-05T19:00:00Z"),
      });
    },
  );

  test("does not hide that the declared date does not exist", () => {
    expect(parseDeclaredInstant("2026-02-30T20:00[UTC]", "2026-03-02T20:00:00.000+00:00[UTC]")).toHaveProperty(
      "reason",
    );
  });
});

test.each([
  ["2026-12-05T20:00[Europe/Warsaw]", "2026-12-05T20:00"],
  ["anything[!utc]", "anything"],
  ["2026-12-05T20:00[Europe/Nowhere]", "2026-12-05T20:00[Europe/Nowhere]"],
  ["2026-12-05T20:00[UTC][key=a1b2]", "2026-12-05T20:00[UTC][key=a1b2]"],
  ["2026-12-05T20:00Z", "2026-12-05T20:00Z"],
])("%s without an existing zone is %s", (text, rest) => {
  expect(withoutExistingZone(text)).toBe(rest);
});

test("the local time of an instant in a zone", () => {
  const noon = Date.parse("2026-12-05T19:40:59.999Z");
  expect(localTimeIn("Europe/Warsaw", noon)).toEqual({ date: "2026-12-05", dayOfWeek: 6, hour: 20, minute: 40 });
  expect(localTimeIn("Asia/Kolkata", noon)).toEqual({ date: "2026-12-06", dayOfWeek: 7, hour: 1, minute: 10 });
  expect(localTimeIn("Europe/Nowhere", noon)).toBeUndefined();
});

test("Temporal of Node.js gives the same results and reasons as the library", () => {
  const texts = [...valid, ...invalid.map(([, text]) => [text])].map(([text = ""]) => text);
  const program = `
    const { parseDeclaredInstant } = require("./provider/time/zoned.ts");
    const isNative = typeof Temporal === "object" && require.cache[require.resolve("@js-temporal/polyfill")] === undefined;
    console.log(JSON.stringify({ isNative, results: ${JSON.stringify(texts)}.map((text) => parseDeclaredInstant(text)) }));
  `;
  const args = ["--harmony-temporal", "-r", "ts-node/register/transpile-only", "-e", program];
  const env = { ...process.env, TS_NODE_PROJECT: "tsconfig.json" };
  const printed = JSON.parse(execFileSync("node", args, { encoding: "utf8", env })) as unknown;
  expect(printed).toEqual({ isNative: true, results: texts.map((text) => parseDeclaredInstant(text)) });
});
