// The file of `--accept`: each entry is checked, and each mistake is named with the number of its entry.
import { writeFileSync } from "node:fs";
import { readAcceptances } from "../../../provider/audit/collect/acceptances";
import { createFixture, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

const entry = {
  fingerprint: "0123456789abcdef",
  finding: "interactive",
  reason: "CHG-1042",
  until: "2026-12-31T18:00:00+01:00",
};
const read = (json: unknown) => readAcceptances(fixture.file("accept.json", JSON.stringify(json)));

test("an entry names a share by its fingerprint or a resource by its URN", () => {
  const { fingerprint, ...rest } = entry;
  const urn = "urn:pulumi:dev::shop::fudo:index:SessionShare::acme";
  const until = Date.parse("2026-12-31T17:00:00Z");
  expect(read({ accept: [entry, { ...rest, urn }] })).toEqual([
    { ...rest, fingerprint, until },
    { ...rest, urn, until },
  ]);
  expect(read({ accept: [] })).toEqual([]);
});

test("the end can be in a time zone", () => {
  const inZone = { ...entry, until: "2026-12-31T18:00[Europe/Warsaw]" };
  expect(read({ accept: [inZone] })).toEqual([{ ...entry, until: Date.parse("2026-12-31T17:00:00Z") }]);
});

test("a file in UTF-16 with a byte order mark is read", () => {
  const path = fixture.file("accept.json", "");
  const text = Buffer.from(`\uFEFF${JSON.stringify({ accept: [entry] })}`, "utf16le");
  writeFileSync(path, text);
  expect(readAcceptances(path)).toHaveLength(1);
});

describe("a mistake is named with the number of its entry", () => {
  test.each<[string, object, RegExp]>([
    ["a finding with a letter too few", { finding: "interactiv" }, /"interactiv"; did you mean interactive\?$/],
    ["a finding with a space", { finding: "Too Long" }, /did you mean too-long\?$/],
    [
      "a finding of format 1 of the report",
      { finding: "abandoned" },
      /unknown finding "abandoned"; use one of unmanaged, orphaned/,
    ],
    ["no finding", { finding: undefined }, /unknown finding; use one of/],
    ["an empty reason", { reason: "  " }, /needs a `reason`/],
    ["no reason", { reason: undefined }, /needs a `reason`/],
    ["a date without a time", { until: "2026-12-31" }, /has an `until` that has no offset from UTC/],
    ["a time without an offset", { until: "2026-12-31T18:00:00" }, /has no offset from UTC/],
    ["a date that does not exist", { until: "2026-02-30T18:00:00Z" }, /does not exist/],
    [
      "a time that exists twice",
      { until: "2026-10-25T02:30[Europe/Warsaw]" },
      /has an `until` that exists twice in Eur/,
    ],
    [
      "an unknown time zone",
      { until: "2026-12-31T18:00[Warsaw]" },
      /`until` that names an unknown time zone; use a name/,
    ],
    ["an end that never comes", { until: "infinity" }, /is not an ISO 8601 instant/],
    ["no end", { until: undefined }, /needs `until`/],
    ["a number as the end", { until: 7 }, /needs `until`/],
    ["a fingerprint with colons", { fingerprint: "01:23" }, /not 16 hex digits/],
    ["a name instead of a URN", { fingerprint: undefined, urn: "acme" }, /does not start with urn:pulumi:/],
    ["fingerprint and URN", { urn: "urn:pulumi:dev::a::b::c" }, /needs either `fingerprint` or `urn`/],
    ["neither", { fingerprint: undefined }, /needs either `fingerprint` or `urn`/],
    ["an unknown property", { untill: "x" }, /has an unknown property: untill/],
  ])("%s", (_, changes, message) => {
    expect(() => read({ accept: [entry, { ...entry, ...changes }] })).toThrow(message);
    expect(() => read({ accept: [entry, { ...entry, ...changes }] })).toThrow(/^--accept: .*accept.json: entry 2 /);
  });

  test("all mistakes are named at once", () => {
    expect(() => read({ accept: [7, { ...entry, reason: "", finding: "x" }, entry] })).toThrow(
      /entry 1 is not an object.*entry 2 has an unknown finding "x".*entry 2 needs a `reason`/,
    );
  });
});

test.each(["[]", "{}", "{", '{"accept":{}}', '{"accept":[],"more":1}', ""])(
  "%s is no file of --accept",
  async (text) => {
    const { code, stderr } = await fixture.run(["--session", "1", "--accept", fixture.file("accept.json", text)]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('must be JSON of the form { "accept": [ … ] }')]);
    expect(fixture.emulator.requests).toEqual([]);
  },
);
