// Accepting a finding until a date: it stays in every report and does not fail the command. An entry that accepts nothing is
// named. Also the lists of work that follow from the findings.
import { uselessAcceptances } from "../../../provider/audit/report/work-lists";
import { createFixture, encrypted, fingerprintOf, hour, minute, now, type AuditFixture } from "./fixture";
import { kindsOf, ReportChain } from "./report-chain";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

const iso = (ms: number) => new Date(ms).toISOString();
const id = ({ key }: { key: string }) => fingerprintOf(key);
const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/fudo:SessionShare::acme";

interface Entry {
  readonly fingerprint?: string;
  readonly urn?: string;
  readonly finding?: string;
  readonly until?: number;
}

function acceptFile(...entries: readonly Entry[]): string[] {
  const accept = entries.map(({ finding = "unmanaged", until = now + hour, ...entry }) => ({
    ...entry,
    finding,
    reason: "CHG-1042",
    until: iso(until),
  }));
  return ["--accept", fixture.file("accept.json", JSON.stringify({ accept }))];
}

const unmanaged = async (entry: Entry) => {
  const share = fixture.share();
  const args = [...acceptFile({ fingerprint: id(share), ...entry }), "--session", share.sessionId];
  return fixture.report([], args);
};

describe("a finding that a person accepted", () => {
  test("stays in the report with reason and date, does not count, and is no work", async () => {
    const report = await unmanaged({});
    const accepted = { reason: "CHG-1042", until: iso(now + hour) };
    expect(report).toMatchObject({
      code: 0,
      findings: [{ kind: "unmanaged", severity: "high", accepted }],
      summary: { findings: { high: 0, accepted: 1 } },
      acceptances: [{ finding: "unmanaged", state: "applied", ...accepted }],
      shares: [{ findings: ["unmanaged"] }],
      linksToRevoke: [],
    });
    expect(report.shares[0]).not.toHaveProperty("severity");
  });

  test("by fingerprint: not of a resource whose URN reads like that fingerprint", async () => {
    const [share, other] = [fixture.share(-1, 8, { readonly: false }), fixture.share(-1, 8, { readonly: false })];
    const resource = { ...fixture.resourceFor(share), urn: id(other) };
    const { findings } = await fixture.report(
      [resource],
      acceptFile({ fingerprint: id(other), finding: "interactive" }),
    );
    const accepted = findings.filter((finding) => finding.accepted !== undefined);
    expect(accepted.map(({ fingerprint }) => fingerprint)).toEqual([id(other)]);
    expect(findings.filter(({ kind }) => kind === "interactive")).toHaveLength(2);
  });

  test("does not accept another kind of finding on the same share", async () => {
    const share = fixture.share(-1, 8, { readonly: false });
    const args = [...acceptFile({ fingerprint: id(share) }), "--session", share.sessionId];
    expect(await fixture.report([], args)).toMatchObject({
      code: 1,
      findings: [{ kind: "interactive" }, { kind: "unmanaged", accepted: {} }],
      shares: [{ severity: "low" }],
    });
  });

  test("by URN: of the share that the resource manages, and of its old links", async () => {
    const chain = new ReportChain(fixture);
    const [old, next] = [fixture.share(-2, 8), fixture.share(-1, 8, { readonly: false })];
    await chain.audit([fixture.resourceFor(old)]);
    const args = acceptFile({ urn, finding: "replaced" }, { urn, finding: "interactive" });
    expect(await chain.audit([fixture.resourceFor(next)], { args })).toMatchObject({
      code: 0,
      findings: [{ accepted: {} }, { accepted: {} }],
      acceptances: [
        { urn, state: "applied" },
        { urn, state: "applied" },
      ],
    });
  });

  test("a reactivated share stays accepted from report to report", async () => {
    const chain = new ReportChain(fixture);
    const share = fixture.share();
    const args = acceptFile({ fingerprint: id(share), finding: "reactivated" });
    const outputs = { missing: true };
    expect(await chain.audit([fixture.resourceFor(share, { outputs })], { args })).toMatchObject({ code: 0 });
    expect(await chain.audit([fixture.resourceFor(share)], { args })).toMatchObject({
      code: 0,
      findings: [{ kind: "reactivated", accepted: {} }],
    });
  });
});

describe("an entry that accepts nothing", () => {
  const end = now + 7 * hour;
  test.each<[string, Entry, string, RegExp]>([
    ["is over", { until: now }, "expired", /unmanaged, .*: It is over\. Remove the entry, or decide again/],
    ["is long over", { until: now - 1000 * hour }, "expired", /: It is over/],
    ["ends after the share", { until: end + 1 }, "too-late", /: It ends after the share\. Choose a date/],
    ["is about another finding", { finding: "orphaned" }, "unmatched", /: This report has no such finding/],
    [
      "is about another share",
      { fingerprint: "0123456789abcdef" },
      "unmatched",
      /share 0123456789abcdef, .*: This report has no such finding/,
    ],
  ])("an entry that %s leaves the finding and is named once", async (_, entry, state, text) => {
    const report = await unmanaged(entry);
    expect(report).toMatchObject({
      code: 1,
      acceptances: [{ state }],
      summary: { findings: { high: 1, accepted: 0 } },
      linksToRevoke: [{}],
    });
    expect(uselessAcceptances(report)).toEqual([expect.stringMatching(text)]);
    expect(report.completeness.notes.filter((note) => note.includes("accept"))).toEqual([]);
  });

  test.each([now, now + hour])("an entry without a finding is not said to bring one back, until %s", async (until) => {
    const report = await unmanaged({ fingerprint: "0123456789abcdef", until });
    expect(report.acceptances).toMatchObject([{ state: "unmatched" }]);
  });

  test("an entry that is over beside one that applies does not say that the finding counts", async () => {
    const share = fixture.share();
    const fingerprint = id(share);
    const entries = acceptFile({ fingerprint, until: now }, { fingerprint }, { fingerprint, until: end + 1 });
    const report = await fixture.report([], [...entries, "--session", share.sessionId]);
    expect(report).toMatchObject({
      code: 0,
      acceptances: [{ state: "expired" }, { state: "applied" }, { state: "too-late" }],
    });
    expect(uselessAcceptances(report).join(" ")).not.toMatch(/finding counts/);
  });

  test("an entry by URN that accepts one of two findings is no useless entry", async () => {
    const chain = new ReportChain(fixture);
    const [long, short, next] = [fixture.share(-1, 9), fixture.share(-1, 4), fixture.share()];
    for (const share of [long, short]) await chain.audit([fixture.resourceFor(share)]);
    const args = acceptFile({ urn, finding: "replaced", until: now + 4 * hour });
    const report = await chain.audit([fixture.resourceFor(next)], { args });
    expect(report.acceptances).toMatchObject([{ state: "applied" }]);
    const kinds = report.findings.map(({ kind, fingerprint, accepted }) => [kind, fingerprint, accepted !== undefined]);
    expect(kinds).toEqual([
      ["replaced", id(short), false],
      ["replaced", id(long), true],
    ]);
  });

  test("an entry may end with the share", async () => {
    expect(await unmanaged({ until: end })).toMatchObject({ code: 0, acceptances: [{ state: "applied" }] });
  });

  test("the appliance's clock decides whether an entry is over", async () => {
    fixture.emulator.clock.skew = 2 * minute;
    expect(await unmanaged({ until: now + minute })).toMatchObject({ code: 1, acceptances: [{ state: "expired" }] });
  });
});

test("an incomplete audit cannot be accepted", async () => {
  const share = fixture.share();
  const resources = [fixture.resourceFor(share, { outputs: { validTo: encrypted } })];
  const report = await fixture.report(resources, acceptFile({ urn, finding: "unreadable" }));
  expect(report).toMatchObject({ code: 3, findings: [{ kind: "unreadable", accepted: {} }] });
});

describe("the links to revoke by hand", () => {
  test("contain every link that a revocation makes right, with what identifies it in the admin panel", async () => {
    const chain = new ReportChain(fixture);
    const [orphaned, old, next, long] = [fixture.share(), fixture.share(), fixture.share(), fixture.share(-1, 20)];
    const back = fixture.share();
    const resources = (acme: typeof old) => [
      fixture.resourceFor(acme),
      fixture.resourceFor(long, { name: "long" }),
      fixture.resourceFor(back, { name: "back", outputs: { missing: true } }),
    ];
    const args = ["--max-duration", "PT10H"];
    await chain.audit([...resources(old), fixture.resourceFor(orphaned, { name: "dropped" })], { args });
    const unknown = fixture.share(-3, 8);
    const report = await chain.audit(resources(next), { args });
    const found = report.linksToRevoke.map(({ fingerprint, findings }) => [fingerprint, findings]);
    const expected = [
      [id(orphaned), ["orphaned"]],
      [id(unknown), ["unmanaged"]],
      [id(back), ["reactivated"]],
      [id(old), ["replaced"]],
      [id(long), ["too-long"]],
    ];
    expect(new Map(found as [string, string[]][])).toEqual(new Map(expected as [string, string[]][]));
    expect(report.linksToRevoke.find(({ fingerprint }) => fingerprint === id(unknown))).toMatchObject({
      sessionId: unknown.sessionId,
      validSince: unknown.validSince,
      validTo: unknown.validTo,
      readonly: true,
      createdAt: expect.stringMatching(/^2026-03-02T09:00:00/),
    });
  });

  test("contain a link without a readable key", async () => {
    const { sessionId, validTo } = fixture.share();
    fixture.emulator.fault({ path: "/share", times: Infinity, kind: "without", attribute: "key" });
    const { linksToRevoke } = await fixture.report([], ["--session", sessionId]);
    expect(linksToRevoke).toMatchObject([{ sessionId, validTo, findings: ["unidentified"] }]);
    expect(linksToRevoke[0]).not.toHaveProperty("fingerprint");
  });

  test("do not contain a link that an earlier limit allowed, and one that is declared and in order", async () => {
    const chain = new ReportChain(fixture);
    const resources = [fixture.resourceFor(fixture.share())];
    expect((await chain.audit(resources)).linksToRevoke).toEqual([]);
    const report = await chain.audit(resources, { args: ["--max-duration", "PT1H"] });
    expect([report.findings.length, report.linksToRevoke]).toEqual([1, []]);
  });
});

test("expired declarations are the declared shares that are over by the appliance's clock", async () => {
  const [over, live, foreign] = [fixture.share(-9, 8), fixture.share(), fixture.share(-9, 8)];
  const resources = [
    fixture.resourceFor(over),
    fixture.resourceFor(live, { name: "live" }),
    fixture.resourceFor(foreign, { name: "get", external: true }),
  ];
  const report = await fixture.report(resources);
  expect(report.expiredDeclarations).toEqual([
    { stack: "shop/dev", urn, sessionId: over.sessionId, fingerprint: id(over), validTo: over.validTo },
  ]);
  expect(kindsOf(report, over)).toEqual([]);
  fixture.emulator.clock.skew = 7 * hour;
  expect((await fixture.report(resources)).expiredDeclarations).toHaveLength(2);
});
