// Old links of replaced shares, and shares that work again: what a routine `up` or refresh must not end.
import { createFixture, hour, now, type AuditFixture } from "./fixture";
import { kindsOf, ReportChain } from "./report-chain";

let fixture: AuditFixture;
let chain: ReportChain;
beforeEach(async () => {
  fixture = await createFixture();
  chain = new ReportChain(fixture);
});

describe("replaced", () => {
  test("the old link of a replaced share is a medium finding that names the new share and its state", async () => {
    const [old, next] = [fixture.share(-2, 8), fixture.share(-1, 12)];
    await chain.audit([fixture.resourceFor(old, { name: "p-week" })]);
    const report = await chain.audit([fixture.resourceFor(next, { name: "p-week" })]);
    expect(report.findings).toMatchObject([
      {
        kind: "replaced",
        severity: "medium",
        message: expect.stringMatching(
          /^The link works until .*It is the old link of urn:.*p-week, and the replacement did not revoke it\. p-week \(shop\/dev\) manages share [0-9a-f]{16} now, which is live until 2026-03-02 23:00 UTC \(in 11 h\)\.$/,
        ),
        nextSteps: ["To revoke it: Management > Sessions > the session's menu > sharing > deactivate."],
        onceDeclaredBy: [{ stack: "shop/dev" }],
      },
    ]);
    expect(kindsOf(await chain.audit([fixture.resourceFor(next, { name: "p-week" })]), old)).toEqual(["replaced"]);
  });

  test.each<[string, number, number, RegExp]>([
    ["scheduled", 2, 4, /which is live from 2026-03-02 14:00 UTC until 2026-03-02 18:00 UTC/],
    ["expired", -9, 8, /which expired at 2026-03-02 11:00 UTC\.$/],
  ])("the message says that the new share is %s", async (_, since, hours, text) => {
    const [old, next] = [fixture.share(-2, 8), fixture.share(since, hours)];
    await chain.audit([fixture.resourceFor(old)]);
    const { findings } = await chain.audit([fixture.resourceFor(next)]);
    expect(findings).toMatchObject([{ kind: "replaced", message: expect.stringMatching(text) }]);
  });

  test("a share that the state still has to delete is replaced, without an earlier report", async () => {
    const [old, next] = [fixture.share(-2, 8), fixture.share()];
    const resources = [fixture.resourceFor(next), { ...fixture.resourceFor(old), delete: true }];
    const { findings } = await fixture.report(resources);
    expect(findings).toMatchObject([{ kind: "replaced", onceDeclaredBy: [{ stack: "shop/dev" }] }]);
  });

  test("a share that the state still has to delete is orphaned when no other share has its name", async () => {
    const share = fixture.share();
    const { findings } = await fixture.report([{ ...fixture.resourceFor(share), delete: true }]);
    expect(findings).toMatchObject([{ kind: "orphaned" }]);
  });

  test.each<[string, object]>([
    ["another name", { name: "other" }],
    ["another stack", { stack: "prod" }],
  ])("a resource of %s does not replace a share", async (_, options) => {
    const [old, next] = [fixture.share(-2, 8), fixture.share()];
    await chain.audit([fixture.resourceFor(old)]);
    const report = await chain.audit([fixture.resourceFor(next, options)]);
    expect(kindsOf(report, old)).toEqual(["orphaned"]);
  });

  test("a replaced share stays replaced when this audit does not include its stack", async () => {
    const [old, next] = [fixture.share(-2, 8), fixture.share()];
    await chain.audit([fixture.resourceFor(old)]);
    await chain.audit([fixture.resourceFor(next)]);
    const report = await chain.audit(undefined);
    expect([kindsOf(report, old), kindsOf(report, next)]).toEqual([["replaced"], ["orphaned"]]);
  });

  test.each<[string, Record<string, unknown>]>([
    ["the resource", { name: "other" }],
    ["the stack", { stack: "prod" }],
    ["the resource and the stack", { name: "other", stack: "prod" }],
  ])(
    "a replaced share stays replaced after a new name of %s, and is orphaned when that is destroyed",
    async (_, name) => {
      const [old, next] = [fixture.share(-2, 8), fixture.share()];
      await chain.audit([fixture.resourceFor(old)]);
      await chain.audit([fixture.resourceFor(next)]);
      for (const round of [1, 2]) {
        const report = await chain.audit([fixture.resourceFor(next, name)]);
        expect([round, kindsOf(report, old), kindsOf(report, next)]).toEqual([round, ["replaced"], []]);
      }
      const report = await chain.audit([fixture.resourceFor(fixture.share(), { name: "third" })]);
      expect(kindsOf(report, old)).toEqual(["orphaned"]);
    },
  );

  test("a replaced share stays replaced when its resource was renamed while no audit included the stack", async () => {
    const [old, next] = [fixture.share(-2, 8), fixture.share()];
    await chain.audit([fixture.resourceFor(old)]);
    await chain.audit([fixture.resourceFor(next)]);
    await chain.audit(undefined);
    const report = await chain.audit([fixture.resourceFor(next, { name: "other" })]);
    expect([kindsOf(report, old), kindsOf(report, next)]).toEqual([["replaced"], []]);
  });

  test("an orphaned share stays orphaned when another resource adopts the share that came after it", async () => {
    const [old, next] = [fixture.share(-2, 8), fixture.share()];
    const report = async (resources: readonly object[]) => kindsOf(await chain.audit(resources), old);
    await report([fixture.resourceFor(old)]);
    await report([fixture.resourceFor(next)]);
    const third = fixture.resourceFor(fixture.share(), { name: "third" });
    expect(await report([third])).toEqual(["orphaned"]);
    expect(await report([third, fixture.resourceFor(next, { name: "other" })])).toEqual(["orphaned"]);
  });

  test("both links are orphaned when the stack is destroyed", async () => {
    const [old, next] = [fixture.share(-2, 8), fixture.share()];
    const other = fixture.share();
    await chain.audit([fixture.resourceFor(old)]);
    await chain.audit([fixture.resourceFor(next)]);
    const report = await chain.audit([fixture.resourceFor(other, { name: "other" })]);
    expect([kindsOf(report, old), kindsOf(report, next)]).toEqual([["orphaned"], ["orphaned"]]);
  });
});

describe("stacks of the same name", () => {
  const inProject = (resource: object, project: string) =>
    JSON.parse(JSON.stringify(resource).replaceAll("::shop::", `::${project}::`)) as object;

  test("a resource of another project does not replace a share, and the finding names the stack to add", async () => {
    const [old, next] = [fixture.share(-2, 8), fixture.share()];
    await chain.audit([fixture.resourceFor(old)]);
    const report = await chain.audit([inProject(fixture.resourceFor(next), "games")]);
    expect(kindsOf(report, old)).toEqual(["orphaned"]);
    expect(report.findings[0]!.message).toContain("This audit did not include shop/dev: add it if it still exists.");
  });

  test("a share that two projects declare under one stack name is a duplicate", async () => {
    const share = fixture.share();
    const resource = fixture.resourceFor(share);
    const other = fixture.stateFile([inProject(resource, "games")]);
    const { findings } = await fixture.report([resource], ["--state", other]);
    expect(findings).toMatchObject([
      { kind: "duplicate", declaredBy: [{ stack: "shop/dev" }, { stack: "games/dev" }] },
    ]);
  });
});

describe("reactivated", () => {
  test.each(["removed", "missing"])(
    "a share that the state recorded as %s stays reactivated after the refresh that records it as live",
    async (before) => {
      const share = fixture.share();
      await chain.audit([fixture.resourceFor(share, { outputs: { [before]: true } })]);
      for (const hours of [1, 2, 6]) {
        fixture.emulator.clock.skew = hours * hour;
        const report = await chain.audit([fixture.resourceFor(share)], { time: now + hours * hour });
        expect([report.code, kindsOf(report, share)]).toEqual([1, ["reactivated"]]);
        expect(report.findings[0]).toMatchObject({
          reactivatedAt: new Date(now).toISOString(),
          message: expect.stringContaining("works again (first reported at 2026-03-02 12:00 UTC)"),
        });
      }
      fixture.emulator.clock.skew = 8 * hour;
      const report = await chain.audit([fixture.resourceFor(share)], { time: now + 8 * hour });
      expect(report).toMatchObject({ code: 0, findings: [] });
    },
  );

  test("a share whose state says `reactivated` is reactivated, without an earlier report", async () => {
    const share = fixture.share();
    const resources = [fixture.resourceFor(share, { outputs: { reactivated: true } })];
    expect(await fixture.findings(resources)).toHaveLength(1);
    expect(kindsOf(await chain.audit(resources), share)).toEqual(["reactivated"]);
    expect(kindsOf(await chain.audit([fixture.resourceFor(share)]), share)).toEqual(["reactivated"]);
  });

  test("a revocation that only the audit saw is enough", async () => {
    const share = fixture.share();
    const resources = [fixture.resourceFor(share)];
    fixture.emulator.revoke(share.key);
    expect(kindsOf(await chain.audit(resources), share)).toEqual(["removed"]);
    fixture.emulator.restore(share.key);
    expect(kindsOf(await chain.audit(resources), share)).toEqual(["reactivated"]);
    fixture.emulator.revoke(share.key);
    expect(kindsOf(await chain.audit(resources), share)).toEqual(["removed"]);
    fixture.emulator.restore(share.key);
    expect(kindsOf(await chain.audit(resources), share)).toEqual(["reactivated"]);
  });

  test("a share that is declared, listed and was never gone is not reactivated", async () => {
    const share = fixture.share();
    for (const _round of [1, 2]) {
      expect(kindsOf(await chain.audit([fixture.resourceFor(share)]), share)).toEqual([]);
    }
  });
});

describe("repeated entries of one key", () => {
  const listed = { valid_since: "2026-03-02 11:00:00+00", valid_to: "2026-03-02 19:00:00+00", readonly: true };
  const entry = (key: string, removed: unknown) => ({ key, ...listed, created_at: "2026-03-02 11:00:00+00", removed });

  test.each<[string, unknown[]]>([
    ["the first entry", [true, false]],
    ["the last entry", [false, true]],
    ["an entry in the middle", [false, "t", false]],
    ["an entry next to one that cannot be read", ["maybe", true]],
  ])("when %s says removed, the audit says removed, as a refresh does", async (_, values) => {
    const share = fixture.share();
    const value = values.map((removed) => entry(share.key, removed));
    fixture.emulator.fault({ path: "/share", times: Infinity, kind: "list", value });
    const report = await chain.audit([fixture.resourceFor(share)]);
    expect(report.shares).toMatchObject([{ status: "removed" }]);
    expect(kindsOf(report, share)).toEqual(["removed"]);
  });
});
