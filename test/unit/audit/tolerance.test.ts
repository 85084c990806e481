// What the audit cannot read or cannot believe: it is reported, makes the audit incomplete, and never hides the rest.
import fc from "fast-check";
import type { FaultEffect } from "../../../provider/emulator";
import type { Report } from "../../../provider/audit/model/report-schema";
import { createFixture, fingerprintOf, hour, minute, now, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

const id = ({ key }: { key: string }) => fingerprintOf(key);
const session = () => fixture.emulator.sessions[0]!;
const everyList = (effect: FaultEffect) => fixture.emulator.fault({ path: "/share", times: Infinity, ...effect });
const shareOf = (report: Report, share: { key: string }) =>
  report.shares.find(({ fingerprint }) => fingerprint === id(share));

describe("a `removed` that is no known word and no past instant", () => {
  test.each<[unknown]>([
    ["no"],
    ["off"],
    ["n"],
    ["null"],
    [" "],
    ["infinity"],
    ["9999-12-31 00:00:00+00"],
    ["yes"],
    [2],
    [{}],
    [["t"]],
  ])("%j counts as live", async (value) => {
    const [hidden, other] = [fixture.share(), fixture.share()];
    everyList({ kind: "attribute", attribute: "removed", value, index: 0 });
    const report = await fixture.report([fixture.resourceFor(other)]);
    expect(report.code).toBe(3);
    expect(report.findings).toMatchObject([{ kind: "unmanaged", fingerprint: id(hidden), unreadable: ["removed"] }]);
    expect(shareOf(report, other)).toMatchObject({ status: "active", seen: "listed", findings: [] });
    expect(report.completeness.problems).toEqual([
      `session ${session()}: the list has 1 of 2 entries with a \`removed\` that cannot be read`,
    ]);
    expect(report.sessions).toMatchObject([{ problems: [expect.stringContaining("`removed`")] }]);
  });

  test.each<[unknown]>([["t"], ["TRUE"], [1], ["1"], ["2026-03-02 11:00:00+00"]])(
    "%j is readable: the share is removed, and the audit is complete",
    async (value) => {
      const share = fixture.share();
      everyList({ kind: "attribute", attribute: "removed", value });
      const report = await fixture.report([fixture.resourceFor(share)]);
      expect(report.completeness).toMatchObject({ complete: true, problems: [] });
      expect(report.shares).toMatchObject([{ status: "removed" }]);
    },
  );
});

describe("an end that cannot be read or has no date", () => {
  test.each<[unknown]>([["tomorrow"], [7], [""], ["2026-02-30 00:00:00+00"], [{ at: "2026-03-02" }]])(
    "%j: a declared share keeps the requested end, another share counts as live",
    async (value) => {
      const [declared, other] = [fixture.share(), fixture.share(-9, 8)];
      everyList({ kind: "attribute", attribute: "valid_to", value });
      const report = await fixture.report([fixture.resourceFor(declared)]);
      expect(report.code).toBe(3);
      expect(shareOf(report, declared)).toMatchObject({ status: "active", validTo: declared.validTo, findings: [] });
      expect(shareOf(report, other)).toMatchObject({
        status: "active",
        remainingSeconds: null,
        unreadable: ["valid_to"],
        findings: ["unmanaged"],
      });
      expect(shareOf(report, other)).not.toHaveProperty("validTo");
      expect(report.findings[0]?.message).toMatch(/^The link works until an end that the appliance does not show\. /);
      const table = await fixture.run(["--session", session()]);
      expect(table.stdout).toContain("unknown");
    },
  );

  test.each([["infinity"], ["10000-01-01 00:00:00+00"], ["+012345-06-07T08:09:10Z"], ["294276-12-31 23:59:59+00"]])(
    "%s never expires, and the other shares are judged",
    async (value) => {
      const [endless, other] = [fixture.share(), fixture.share()];
      everyList({ kind: "attribute", attribute: "valid_to", value, index: 0 });
      for (const format of ["table", "json", "csv", "sarif", "markdown", "html"]) {
        const { code, stdout, stderr } = await fixture.run(["--session", session(), "-o", format]);
        expect([format, code, stderr, stdout === ""]).toEqual([format, 3, "", false]);
      }
      const report = await fixture.report([fixture.resourceFor(other)]);
      expect(shareOf(report, endless)).toMatchObject({ validTo: "infinity", findings: ["unmanaged", "too-long"] });
      expect(shareOf(report, other)).toMatchObject({ status: "active", findings: [] });
    },
  );
});

test.each([["infinity"], ["-infinity"], ["10000-01-01 00:00:00+00"], ["0044-03-15 00:00:00+00 BC"], ["soon"], [0]])(
  "a start of %j has begun, and the audit writes a report",
  async (value) => {
    const [strange, other] = [fixture.share(), fixture.share()];
    everyList({ kind: "attribute", attribute: "valid_since", value, index: 0 });
    const report = await fixture.report([fixture.resourceFor(other)]);
    expect(report.code).toBe(3);
    expect(shareOf(report, strange)).toMatchObject({ status: "active" });
    expect(shareOf(report, other)).toMatchObject({ status: "active", findings: [] });
  },
);

test("a state with an infinite start does not end the audit", async () => {
  const share = fixture.share();
  fixture.emulator.removeSession(share.sessionId);
  const outputs = { validSince: "infinity", validTo: "infinity" };
  const { code, stderr } = await fixture.run(["--state", fixture.stateFile([fixture.resourceFor(share, { outputs })])]);
  // The appliance does not have the session, and the share can be live: the audit is incomplete.
  expect([code, stderr]).toEqual([3, ""]);
});

describe("entries without a readable key", () => {
  const masks: FaultEffect[] = [
    { kind: "masked" },
    { kind: "masked", mask: "xxxxxxxx" },
    { kind: "masked", mask: "[hidden]" },
    { kind: "attribute", attribute: "key", value: 7 },
    { kind: "attribute", attribute: "key", value: "\ud800" },
    { kind: "entry", value: "text" },
    { kind: "entry", value: null },
    { kind: "entry", value: [] },
    { kind: "without", attribute: "key" },
  ];
  test.each(masks)("%j: a share that is not found is not missing, and the audit is incomplete", async (effect) => {
    const [declared, other] = [fixture.share(), fixture.share()];
    everyList({ ...effect, index: 0 } as FaultEffect);
    const report = await fixture.report([fixture.resourceFor(declared), fixture.resourceFor(other, { name: "b" })]);
    expect(report.code).toBe(3);
    expect(shareOf(report, declared)).toMatchObject({ status: "active", seen: "not-looked" });
    expect(shareOf(report, other)).toMatchObject({ status: "active", seen: "listed", findings: [] });
    expect(report.findings.map(({ kind }) => kind)).toEqual(["unidentified"]);
    expect(report.completeness.problems[0]).toMatch(/the list has 1 of 2 entries without a readable key$/);
  });
});

describe("a list that does not prove absence", () => {
  const doubtful: FaultEffect[] = [
    { kind: "list", as: "absent" },
    { kind: "list", value: {} },
    { kind: "headers", headers: { Age: "100" } },
    { kind: "headers", headers: { Age: "6" } },
  ];
  test.each(doubtful)("%j: the share is not missing, and the audit is incomplete", async (effect) => {
    const share = fixture.share();
    fixture.emulator.denyAccess(share.key);
    everyList(effect);
    const report = await fixture.report([fixture.resourceFor(share)]);
    expect(report).toMatchObject({ code: 3, findings: [], shares: [{ status: "active", seen: "not-looked" }] });
    expect(report.completeness.problems).toEqual([expect.stringContaining(`session ${session()}: the response`)]);
  });

  const valid: FaultEffect[] = [
    { kind: "list", value: null },
    { kind: "list", value: [] },
    { kind: "byteOrderMark" },
    { kind: "headers", headers: { Age: "5" } },
    { kind: "headers", headers: { Age: "0" } },
  ];
  test.each(valid)("%j is a valid list: the share is missing", async (effect) => {
    const share = fixture.share();
    fixture.emulator.denyAccess(share.key);
    everyList(effect);
    const report = await fixture.report([fixture.resourceFor(share)]);
    expect(report).toMatchObject({ code: 1, shares: [{ status: "missing", seen: "absent" }] });
  });

  test.each<FaultEffect>([{ kind: "list", as: "single" }, { kind: "byteOrderMark" }])(
    "%j: a list of one share is read",
    async (effect) => {
      const share = fixture.share();
      everyList(effect);
      expect(await fixture.report([fixture.resourceFor(share)])).toMatchObject({ code: 0, findings: [] });
    },
  );
});

describe("a declared share that is not listed", () => {
  test.each<[string, Record<string, unknown>, string]>([
    ["that no list has shown yet", { createdAt: undefined }, "not-listed"],
    ["created less than five minutes ago", { createdAt: new Date(now - 4 * minute).toISOString() }, "not-listed"],
    ["created five minutes ago", { createdAt: new Date(now - 5 * minute).toISOString() }, "missing"],
  ])("%s is %j", async (_, outputs, status) => {
    const share = fixture.share();
    fixture.emulator.denyAccess(share.key);
    expect(await fixture.report([fixture.resourceFor(share, { outputs })])).toMatchObject({ shares: [{ status }] });
  });
});

describe("the clock of the appliance", () => {
  test.each([
    ["Fri, 31 Dec 9999 23:59:59 GMT"],
    ["Mon, 02 Mar 2026 12:06:00 GMT"],
    ["Mon, 02 Mar 2026 11:54:00 GMT"],
    ["Thu, 01 Jan 1970 00:00:00 GMT"],
  ])("%s makes the audit incomplete", async (date) => {
    everyList({ kind: "headers", headers: { Date: date } });
    const report = await fixture.report([fixture.resourceFor(fixture.share())]);
    expect(report.code).toBe(3);
    expect(report.completeness.problems).toEqual([
      expect.stringMatching(/^session \d+: the appliance's clock is .* (ahead of|behind) this machine's clock$/),
    ]);
  });

  test.each([["Mon, 02 Mar 2026 12:04:59 GMT"], ["Mon, 02 Mar 2026 11:55:01 GMT"]])(
    "%s is close enough",
    async (date) => {
      everyList({ kind: "headers", headers: { Date: date } });
      expect(await fixture.report([fixture.resourceFor(fixture.share())])).toMatchObject({ code: 0 });
    },
  );
});

test("a problem of many sessions is one line", async () => {
  for (let count = 0; count < 6; count++) fixture.emulator.addSession();
  everyList({ kind: "list" });
  const { completeness } = await fixture.report([], ["--all-sessions"]);
  expect(completeness.problems).toHaveLength(1);
  expect(completeness.problems[0]).toMatch(/^9 sessions \((\d+, ){4}\d+ and 4 more\): the response has no attribute/);
});

describe("session IDs that are not decimal", () => {
  test.each([
    ["\u001b[2J\r\n::error::x key=abc"],
    ["##vso[task.setvariable]x"],
    ["-1"],
    ["1e9"],
    ["12345678901234567890"],
    [null],
    [1.5],
    [true],
  ])("%j reaches no report", async (value) => {
    fixture.emulator.addSession({ attributes: { id: value } });
    const last = fixture.emulator.addSession();
    const file = fixture.path("report.json");
    const { code, stdout, stderr } = await fixture.run(["--all-sessions", "-o", `json=${file}`, "-o", "table"]);
    expect([code, stderr]).toEqual([3, ""]);
    const report = JSON.parse(fixture.read("report.json")) as Report;
    const decimal = [...fixture.emulator.sessions.slice(0, 3), last];
    expect(report.sessions.map(({ sessionId }) => sessionId)).toEqual(decimal);
    expect(report.completeness.problems).toEqual([expect.stringContaining("without a decimal ID")]);
    expect(stdout).not.toMatch(/::error|##vso|\u001b/);
    expect((await fixture.run(["--previous", file, "--session", session()])).code).toBe(0);
  });
});

test("a report that does not match its schema is not written", async () => {
  const file = fixture.path("report.json");
  const args = ["--session", session(), "-o", `json=${file}`, "-o", "table"];
  const { code, stdout, stderr } = await fixture.run(args, { time: Date.UTC(10_000, 0, 1) });
  expect([code, stdout]).toEqual([3, expect.stringContaining("INCOMPLETE")]);
  expect(stderr).toMatch(
    /^fudo-audit: the json report could not be made: it does not match the schema at generatedAt\. Please report/,
  );
  expect(() => fixture.read("report.json")).toThrow(/ENOENT/);
});

test("an entry replaced by any JSON leaves the judgement of the other shares unchanged", async () => {
  const shares = [fixture.share(), fixture.share(-9, 8), fixture.share(3, 8, { readonly: false }), fixture.share()];
  fixture.emulator.revoke(shares[1]!.key);
  const resources = shares.slice(1).map((share, index) => fixture.resourceFor(share, { name: `r${index}` }));
  const state = fixture.stateFile(resources);
  const attributes = ["removed", "valid_to", "valid_since", "readonly", "created_at", "link", "session_id", "id"];
  const judged = async (): Promise<unknown[]> => {
    const { code, stdout, stderr } = await fixture.run(["--state", state, "-o", "json"]);
    expect([[0, 1, 3].includes(code), stderr]).toEqual([true, ""]);
    const report = JSON.parse(stdout) as Report;
    return shares.slice(1).map((share) => shareOf(report, share));
  };
  const before = await judged();
  const value = fc.jsonValue({ maxDepth: 2 });
  const effect = fc.oneof(
    value.map((json): FaultEffect => ({ kind: "entry", value: json })),
    fc
      .dictionary(fc.constantFrom(...attributes, "key"), value)
      .map((json): FaultEffect => ({ kind: "entry", value: json })),
    fc
      .tuple(fc.constantFrom(...attributes), value)
      .map(([attribute, json]): FaultEffect => ({ kind: "attribute", attribute, value: json, index: 0 })),
  );
  await fc.assert(
    fc.asyncProperty(effect, async (fault) => {
      fixture.emulator.clearFaults();
      everyList(fault);
      expect(await judged()).toEqual(before);
    }),
    { seed: 14, numRuns: 300 },
  );
});

test("the clock, the masks and the labels of a state are judged by the same rule in every zone", async () => {
  fixture.emulator.zone = "Asia/Kolkata";
  const share = fixture.share(-1, 2);
  expect(await fixture.report([fixture.resourceFor(share)])).toMatchObject({
    code: 0,
    shares: [{ validTo: new Date(now + hour).toISOString() }],
  });
});
