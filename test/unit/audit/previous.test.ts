// What a previous report adds: the live links of a destroyed stack stay in the inventory, and reactivated shares are found.
import type { Report } from "../../../provider/audit/model/report-schema";
import { fingerprintOf, hour, createFixture, now, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

const id = ({ key }: { key: string }) => fingerprintOf(key);

/** Audits these resources, and returns the file of the report for the next audit. */
async function previousReport(resources: readonly object[], args: readonly string[] = []): Promise<string> {
  const report = await fixture.report(resources, args);
  return fixture.file("previous.json", JSON.stringify(report));
}

/** The report after the stack was destroyed: only the previous report names its shares. */
async function afterDestroy(previous: string, args: readonly string[] = []) {
  return fixture.report([], ["--previous", previous, ...args]);
}

test("the live share of a destroyed stack is orphaned, and the audit reads its session although no stack names it", async () => {
  const share = fixture.share();
  const previous = await previousReport([fixture.resourceFor(share, { outputs: { labels: { vendor: "ACME" } } })]);
  const { code, findings, shares } = await afterDestroy(previous);
  expect(code).toBe(1);
  expect(findings).toMatchObject([
    {
      kind: "orphaned",
      severity: "high",
      fingerprint: id(share),
      labels: { vendor: "ACME" },
      declaredBy: [],
      onceDeclaredBy: [{ stack: "shop/dev" }],
      message: expect.stringMatching(/^The link works until .*It was previously declared by urn:pulumi:dev::shop::/),
    },
  ]);
  expect(shares).toHaveLength(1);
});

test("the finding names a stack that this audit did not include: the stack may still declare the share", async () => {
  const share = fixture.share();
  const previous = await previousReport([fixture.resourceFor(share)]);
  const { findings } = await afterDestroy(previous, [
    "--state",
    fixture.stateFile([fixture.resourceFor(fixture.share(), { stack: "prod" })]),
  ]);
  expect(findings[0]!.message).toMatch(
    /No audited stack declares it now\. This audit did not include shop\/dev: add it if it still exists\.$/,
  );
  const given = await afterDestroy(previous, [
    "--state",
    fixture.stateFile([fixture.resourceFor(fixture.share(), { name: "another" })]),
  ]);
  expect(given.findings.find(({ kind }) => kind === "orphaned")!.message).toMatch(
    /No audited stack declares it now\.$/,
  );
});

test("a share stays orphaned from report to report until it expires", async () => {
  const share = fixture.share(-1, 8);
  const first = await previousReport([fixture.resourceFor(share)]);
  const second = await previousReport([], ["--previous", first]);
  expect((await afterDestroy(second)).findings.map(({ kind }) => kind)).toEqual(["orphaned"]);
  fixture.emulator.clock.skew = 8 * hour;
  const late = await fixture.run(["--previous", second, "-o", "json"], { time: now + 8 * hour });
  expect(late.code).toBe(0);
  expect(JSON.parse(late.stdout)).toMatchObject({ findings: [], shares: [{ status: "expired" }] });
  const third = fixture.file("third.json", late.stdout);
  const last = await fixture.run(["--previous", third, "-o", "json"], { time: now + 8 * hour });
  expect(JSON.parse(last.stdout)).toMatchObject({ findings: [], shares: [], sessions: [] });
});

test("an orphaned share that was revoked in the admin panel is no longer listed, and stays in the inventory", async () => {
  fixture.emulator.behaviour.removedShares = "hidden";
  const share = fixture.share();
  const previous = await previousReport([fixture.resourceFor(share)]);
  fixture.emulator.revoke(share.key);
  expect(await afterDestroy(previous)).toMatchObject({
    code: 1,
    findings: [{ kind: "no-longer-listed", severity: "low" }],
    shares: [{ status: "not-listed", onceDeclaredBy: [{ stack: "shop/dev" }] }],
  });
});

test("a share that is restored after that is reactivated", async () => {
  const share = fixture.share();
  const declared = await previousReport([fixture.resourceFor(share)]);
  fixture.emulator.revoke(share.key);
  const revoked = await previousReport([], ["--previous", declared]);
  fixture.emulator.restore(share.key);
  const { findings } = await afterDestroy(revoked);
  expect(findings.map(({ kind }) => kind)).toEqual(["orphaned", "reactivated"]);
});

test("an unmanaged share stays unmanaged and is not orphaned", async () => {
  const share = fixture.share();
  const previous = await previousReport([], ["--session", share.sessionId]);
  expect((await afterDestroy(previous)).findings.map(({ kind }) => kind)).toEqual(["unmanaged"]);
});

test("a share that a stack adopted has no finding", async () => {
  const share = fixture.share();
  const previous = await previousReport([], ["--session", share.sessionId]);
  expect(await fixture.report([fixture.resourceFor(share)], ["--previous", previous])).toMatchObject({
    code: 0,
    findings: [],
  });
});

test("a share that cannot be read now is reported as in the previous report, and stays for the next one", async () => {
  const share = fixture.share();
  const previous = await previousReport([fixture.resourceFor(share)]);
  fixture.emulator.denyAccess(share.sessionId);
  const report = await afterDestroy(previous);
  expect(report).toMatchObject({ code: 3, findings: [{ kind: "orphaned" }], shares: [{ seen: "not-looked" }] });
  expect(report.findings[0]!.message).toContain(
    "according to the previous report (the audit could not read the whole list of the session)",
  );
  fixture.emulator.allowAccess(share.sessionId);
  expect(
    (await afterDestroy(fixture.file("again.json", JSON.stringify(report)))).findings.map(({ kind }) => kind),
  ).toEqual(["orphaned"]);
});

test("a scheduled share of a destroyed stack that the list hides stays scheduled", async () => {
  fixture.emulator.behaviour.scheduledShares = "hidden";
  const previous = await previousReport([fixture.resourceFor(fixture.share(3))]);
  expect((await afterDestroy(previous)).findings).toMatchObject([
    {
      kind: "orphaned",
      status: "scheduled",
      message: expect.stringContaining("(the session's list does not contain the share now)"),
    },
  ]);
});

describe("a report of format 1", () => {
  type Names = Record<"format" | "expired" | "orphaned" | "reactivated" | "windowDiffers" | "missingLabels", string>;
  const formatOne: Names = {
    format: "fudo-audit-report/1",
    expired: "ended",
    orphaned: "abandoned",
    reactivated: "revived",
    windowDiffers: "granted-otherwise",
    missingLabels: "unlabelled",
  };
  const formatTwo: Names = {
    format: "fudo-audit-report/2",
    expired: "expired",
    orphaned: "orphaned",
    reactivated: "reactivated",
    windowDiffers: "window-differs",
    missingLabels: "missing-labels",
  };

  /** A report on four shares that together have every renamed status and kind. */
  function reportWith(names: Names, shares: readonly { key: string; validSince: string; validTo: string }[]): string {
    const resource = { stack: "shop/dev", urn: "urn:pulumi:dev::shop::fudo:index:SessionShare::acme" };
    const share = (index: number, status: string, findings: readonly string[]) => ({
      sessionId: fixture.emulator.sessions[0]!,
      fingerprint: id(shares[index]!),
      status,
      seen: "listed",
      validSince: shares[index]!.validSince,
      validTo: shares[index]!.validTo,
      remainingSeconds: 25_200,
      readonly: true,
      labels: { vendor: "ACME" },
      declaredBy: findings.includes(names.orphaned) ? [] : [resource],
      onceDeclaredBy: findings.includes(names.orphaned) ? [resource] : [],
      findings,
    });
    const reported = [
      share(0, "active", [names.windowDiffers, names.missingLabels]),
      share(1, "active", [names.orphaned, names.reactivated]),
      share(2, "removed", ["removed"]),
      share(3, names.expired, []),
    ];
    const findings = reported.flatMap(({ findings: kinds, ...facts }) =>
      kinds.map((kind) => ({ ...facts, kind, severity: "high", message: "…", nextSteps: [] })),
    );
    return JSON.stringify({
      format: names.format,
      version: "0.2.0",
      generatedAt: "2026-03-02T11:00:00.000Z",
      appliance: fixture.emulator.url,
      scope: { stacks: [], everyStack: false, sessions: "named", maxDurationSeconds: 2_592_000, requiredLabels: [] },
      completeness: {
        complete: true,
        sessions: { inScope: 1, answered: 1, unknown: 0, failed: 0, notAsked: 0 },
        problems: [],
        notes: [],
      },
      summary: {
        findings: { high: 5, medium: 0, low: 0 },
        shares: { scheduled: 0, active: 2, [names.expired]: 1, removed: 1, missing: 0 },
      },
      findings,
      shares: reported,
      sessions: [],
    });
  }

  test("each old name has the meaning that the new name has in a report of format 2", async () => {
    const shares = [1, 2, 3, 4].map((hours) => fixture.share(-1, 8 + hours));
    const [one, two] = [formatOne, formatTwo].map((names) =>
      fixture.file("previous.json", reportWith(names, shares)),
    ) as [string, string];
    const { code, stdout } = await fixture.run(["--previous", one, "-o", "json"]);
    expect(await fixture.run(["--previous", two, "-o", "json"])).toMatchObject({ code, stdout });
    const report = JSON.parse(stdout) as Report;
    expect(report.shares.map(({ fingerprint, findings }) => [fingerprint, findings])).toEqual([
      [id(shares[0]!), ["orphaned"]],
      [id(shares[1]!), ["orphaned"]],
      [id(shares[2]!), ["orphaned", "reactivated"]],
      [id(shares[3]!), ["orphaned"]],
    ]);
    expect(report.shares[0]).toMatchObject({ labels: { vendor: "ACME" }, onceDeclaredBy: [{ stack: "shop/dev" }] });
  });

  test.each(Object.keys(formatOne) as (keyof Names)[])(
    "a report that has only the old name for %s is wrong usage",
    async (name) => {
      const shares = [1, 2, 3, 4].map(() => fixture.share());
      const text = reportWith(
        { ...formatTwo, [name]: name === "format" ? "fudo-audit-report/0" : formatOne[name] },
        shares,
      );
      expect(await fixture.run(["--previous", fixture.file("previous.json", text)])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("is not a JSON report of fudo-audit (fudo-audit-report/2 or older)"),
      });
    },
  );
});
