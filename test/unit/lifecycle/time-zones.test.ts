// Windows in a time zone: what check returns, what diff compares, and that another time-zone database moves no share.
import { previewShare } from "../../../provider/lifecycle/operations/preview";
import { check } from "../../../provider/lifecycle/operations/check";
import { diff } from "../../../provider/lifecycle/operations/diff";
import { narrowInputs } from "../../../provider/lifecycle/share/inputs";
import { millisecondsOf, resolveWindow } from "../../../provider/lifecycle/share/window";
import { id, now, recorded, sessionId, settings } from "../../support/states";

const context = { settings: settings(), now };
const options = { settings: settings(), now, abandonLive: false };
const call = {
  signal: new AbortController().signal,
  warn: () => undefined,
  info: () => undefined,
  assertEngineAlive: () => undefined,
};
const declared = { sessionId, validTo: "2025-05-15T23:07[Europe/Warsaw]" };
const canonical = "2025-05-15T23:07:00.000+02:00[Europe/Warsaw]";
const utc = "2025-05-15T21:07:00.000Z";
/** As a time-zone database wrote it in which Poland has no summer time. */
const written = { sessionId, readonly: true, labels: {}, validTo: "2025-05-15T23:07:00.000+01:00[Europe/Warsaw]" };
const writtenOutputs = recorded({ validTo: "2025-05-15T22:07:00.000Z" });

function replacedBy(olds: object, news: object): string[] {
  const checked = check({ ...olds }, { ...news }, context);
  expect(checked.failures).toEqual([]);
  const { duration: _, ...outputs } = writtenOutputs;
  return Object.keys(diff(id, outputs, checked.inputs, options, call).properties);
}

describe("check", () => {
  test("keeps the zone and adds the offset; an offset alone becomes UTC", () => {
    expect(check({}, declared, context)).toEqual({
      inputs: { sessionId, readonly: true, labels: {}, validTo: canonical },
      failures: [],
    });
    expect(check({}, { ...declared, validTo: "2025-05-15T23:07+02:00" }, context).inputs["validTo"]).toBe(utc);
  });

  test("judges the window by the instant", () => {
    const over = check({}, { sessionId, validTo: "2025-05-15T15:07[Europe/Warsaw]" }, context);
    expect(over.failures).toEqual([
      { property: "validTo", reason: expect.stringMatching(/^validTo: the window ended at 2025-05-15 13:07 UTC/) },
    ]);
    const backwards = { ...declared, validSince: "2025-05-15T17:07[America/New_York]" };
    expect(check({}, backwards, context).failures).toEqual([
      { property: "validTo", reason: expect.stringMatching(/^validTo: must be after validSince/) },
    ]);
  });

  test.each([
    [
      "2025-05-15T23:07[Europe/Warsow]",
      "names an unknown time zone; use a name such as Europe/Warsaw. Did you mean Europe/Warsaw?",
    ],
    ["2025-05-15T23:07[Mars/Olympus]", "names an unknown time zone; use a name such as Europe/Warsaw"],
  ])("%s: the reason names the zone that was probably meant", (validSince, reason) => {
    expect(check({}, { ...declared, validSince }, context).failures).toEqual([
      { property: "", reason: `validSince: ${reason}` },
    ]);
  });

  test("the CLI may print a wrong value only with a zone that exists and no other annotation", () => {
    const property = (validSince: string) =>
      check({}, { ...declared, validSince }, context).failures.map((failure) => failure.property);
    expect(property("2025-03-30T02:30[Europe/Warsaw]")).toEqual(["validSince"]);
    expect(property("2025-05-15T23:07+01:00[!europe/warsaw]")).toEqual(["validSince"]);
    for (const hidden of ["[gHJNP5SWFx08lvecW82]", "[UTC][x=gHJNP5SWFx08lvecW82]", "[UTC][!x=gHJNP5SWFx08lvecW82]"])
      expect(property(`2025-02-30T23:07${hidden}`)).toEqual([""]);
    expect(property("gHJNP5SWFx08lvecW82[UTC]")).toEqual([""]);
  });
});

describe("another spelling of the same instant", () => {
  test.each([
    ["2025-05-15T23:07[Europe/Warsaw]"],
    ["2025-05-15 23:07:00.000+02:00[europe/warsaw]"],
    ["2025-05-15T17:07[America/New_York]"],
    ["2025-05-16T02:37[Asia/Kolkata]"],
    ["2025-05-15T21:07Z[Europe/Warsaw]"],
    ["2025-05-15T23:07+02:00"],
    [utc],
  ])("%s is no difference, whichever the program had before", (validTo) => {
    const outputs = recorded({ validTo: utc });
    for (const before of [canonical, utc, "2025-05-15T17:07:00.000-04:00[America/New_York]"]) {
      const { inputs, failures } = check({ ...written, validTo: before }, { sessionId, validTo }, context);
      expect(failures).toEqual([]);
      expect(diff(id, outputs, inputs, options, call)).toEqual({ changes: false, properties: {} });
    }
  });

  test("another local time is one", () => {
    expect(replacedBy(written, { ...declared, validTo: "2025-05-15T23:08[Europe/Warsaw]" })).toEqual(["validTo"]);
  });
});

describe("another time-zone database", () => {
  test("moves no existing share, not even with other labels or another spelling of the local time", () => {
    expect(check(written, declared, context).inputs).toEqual(written);
    expect(replacedBy(written, declared)).toEqual([]);
    expect(replacedBy(written, written)).toEqual([]);
    expect(replacedBy(written, { ...declared, validTo: "2025-05-15 23:07:00+01:00[europe/warsaw]" })).toEqual([]);
    expect(replacedBy(written, { ...declared, labels: { ticket: "OPS-2" } })).toEqual(["labels"]);
  });

  test("is not asked about a share that exists: its zone may be gone, its local time skipped", () => {
    for (const [local, rest] of [
      ["2025-05-15T23:07", ":00.000+01:00[Europe/Atlantis]"],
      ["2025-03-30T02:30", ":00.000+01:00[Europe/Warsaw]"],
    ] as const) {
      const zone = rest.slice(rest.indexOf("["));
      const olds = { ...written, validTo: `${local}${rest}` };
      expect(check(olds, { ...declared, validTo: `${local}${zone}` }, context)).toEqual({ inputs: olds, failures: [] });
    }
  });

  test("resolves a new share, also one that replaces another because of another input", () => {
    expect(replacedBy(written, { ...declared, readonly: false })).toEqual(["readonly"]);
    // Engine: it checks a replacement a second time, without the old inputs.
    expect(check({}, { ...declared, readonly: false }, context).inputs["validTo"]).toBe(canonical);
  });

  test("does not hide an offset that the program itself changes", () => {
    const news = { ...declared, validTo: "2025-05-15T23:07+02:00[Europe/Warsaw]" };
    expect(replacedBy(written, news)).toEqual(["validTo"]);
  });
});

test("create and preview take the instant from the recorded offset, and their outputs are in UTC", () => {
  const { inputs } = narrowInputs(written);
  expect(inputs.validTo).toBe(written.validTo);
  expect(resolveWindow(inputs, undefined, { now: () => now, random: () => 0 }).to).toBe(
    millisecondsOf("2025-05-15T22:07:00.000Z"),
  );
  expect(previewShare({ ...written, validSince: canonical })).toMatchObject({
    validSince: utc,
    validTo: "2025-05-15T22:07:00.000Z",
  });
});
