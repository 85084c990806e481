// The law "the appliance's clock decides": no share leaves the chain of reports by the clock of the machine that audits.
import { createFixture, encrypted, hour, minute, now, type AuditFixture } from "./fixture";
import { kindsOf, ReportChain, shareIn } from "./report-chain";

let fixture: AuditFixture;
let chain: ReportChain;
beforeEach(async () => {
  fixture = await createFixture();
  chain = new ReportChain(fixture);
});

const day = 24 * hour;
const withoutDate = () =>
  fixture.emulator.fault({ path: "/share", times: Infinity, kind: "headers", headers: { Date: "unknown" } });

describe("the clock of the machine that audits", () => {
  test.each([
    ["ten minutes ahead", 10 * minute],
    ["nine hours ahead", 9 * hour],
    ["two days ahead", 2 * day],
    ["two days behind", -2 * day],
  ])("%s: the live share of a destroyed stack stays orphaned, run after run", async (_, shift) => {
    const share = fixture.share(-1, 1 + 5 / 60);
    await chain.audit([fixture.resourceFor(share)]);
    for (const round of [1, 2, 3]) {
      const report = await chain.audit(undefined, { time: now + shift });
      expect([round, report.code, kindsOf(report, share)]).toEqual([round, 3, ["orphaned"]]);
    }
  });

  test("an appliance that is seven minutes behind: a share is asked for three minutes after its end here", async () => {
    fixture.emulator.clock.skew = -7 * minute;
    const share = fixture.share(-1, 1 + 5 / 60);
    await chain.audit([fixture.resourceFor(share)]);
    const report = await chain.audit(undefined, { time: now + 8 * minute });
    expect(kindsOf(report, share)).toEqual(["orphaned"]);
    expect(report.completeness.sessions).toMatchObject({ inScope: 1, answered: 1 });
  });

  test("changes no finding of a declared share", async () => {
    const share = fixture.share(-1, 8, { readonly: false });
    const kinds = async (time: number) => kindsOf(await chain.audit([fixture.resourceFor(share)], { time }), share);
    for (const shift of [0, -2 * day, 2 * day, hour]) expect(await kinds(now + shift)).toEqual(["interactive"]);
  });
});

describe("a response of another session", () => {
  const clocks = async (unreadable: "denied" | "unknown" | "without a date") => {
    const [share, other] = [fixture.share(), fixture.share(-1, 8, { sessionId: fixture.emulator.sessions[1]! })];
    await chain.audit([fixture.resourceFor(share), fixture.resourceFor(other, { name: "other" })]);
    if (unreadable === "denied") fixture.emulator.denyAccess(share.sessionId);
    if (unreadable === "unknown") fixture.emulator.removeSession(share.sessionId);
    if (unreadable === "without a date")
      fixture.emulator.fault({
        path: `/session/${share.sessionId}/share`,
        times: Infinity,
        kind: "headers",
        headers: { Date: "-" },
      });
    return share;
  };

  test.each(["denied", "unknown", "without a date"] as const)(
    "gives the clock of a share whose session is %s",
    async (unreadable) => {
      const share = await clocks(unreadable);
      fixture.emulator.clock.skew = 6 * hour;
      const live = await chain.audit(undefined, { time: now + 9 * hour });
      expect(shareIn(live, share)).toMatchObject({ status: "active", remainingSeconds: 3600 });
      expect(live.completeness.clock).toBe("appliance");
      fixture.emulator.clock.skew = 8 * hour;
      const over = await chain.audit(undefined, { time: now + 9 * hour });
      expect(kindsOf(over, share)).toEqual([]);
    },
  );
});

describe("no response with the appliance's time", () => {
  test("makes the audit incomplete, and the report says why", async () => {
    const share = fixture.share();
    withoutDate();
    const report = await chain.audit([fixture.resourceFor(share)]);
    expect(report).toMatchObject({ code: 3, completeness: { clock: "local" } });
    expect(report.completeness.problems).toEqual([
      "no response has the appliance's time (`Date` header), so the clock of this machine decided what is over",
    ]);
  });

  test.each([
    ["that is listed", () => withoutDate()],
    [
      "whose request fails",
      () =>
        fixture.emulator.fault({ path: "/share", times: Infinity, kind: "bare", status: 403, headers: { Date: "-" } }),
    ],
    [
      "whose session is unknown",
      () => {
        withoutDate();
        fixture.emulator.removeSession(fixture.emulator.sessions[0]!);
      },
    ],
  ])("ends no known finding: a share %s stays orphaned", async (_, change) => {
    const share = fixture.share();
    await chain.audit([fixture.resourceFor(share)]);
    change();
    for (const shift of [0, 9 * hour, 2 * day]) {
      const report = await chain.audit(undefined, { time: now + shift });
      expect([shift, report.code, kindsOf(report, share)]).toEqual([shift, 3, ["orphaned"]]);
    }
    fixture.emulator.clearFaults();
    const report = await chain.audit(undefined);
    expect(kindsOf(report, share)).toEqual(["orphaned"]);
  });

  test.each<[string, () => void]>([
    ["no list has a date", withoutDate],
    ["every request fails", () => fixture.emulator.fault({ path: "/share", times: Infinity, kind: "reset" })],
  ])("a share that was over in the earlier report stays over when %s", async (_, change) => {
    fixture.emulator.behaviour.expiredShares = "hidden";
    const share = fixture.share(-8, 7, { readonly: false });
    const resources = [fixture.resourceFor(share)];
    expect(shareIn(await chain.audit(resources), share)).toMatchObject({ status: "expired", seen: "absent" });
    change();
    for (const round of [1, 2]) {
      const report = await chain.audit(resources);
      expect([round, report.code, shareIn(report, share)?.status, kindsOf(report, share)]).toEqual([
        round,
        3,
        "expired",
        [],
      ]);
    }
  });

  test("a live share whose end is over by this machine's clock stays, and the finding says so", async () => {
    const resources = [fixture.resourceFor(fixture.share(-1, 8, { readonly: false }))];
    await chain.audit(resources);
    withoutDate();
    const orphaned = await chain.audit(undefined, { time: now + day });
    expect(orphaned.findings.map(({ kind }) => kind)).toEqual(["orphaned", "interactive"]);
    const declared = await chain.audit(resources, { time: now + day, args: ["--ends-within", "PT1H"] });
    expect(declared.findings.map(({ kind }) => kind)).toEqual(["interactive", "expires-soon"]);
    for (const { message } of [...orphaned.findings, ...declared.findings]) {
      expect(message).toContain("(over by this machine's clock; the appliance's time is not known)");
    }
  });

  test("an empty stack needs no clock", async () => {
    expect(await chain.audit([])).toMatchObject({ code: 0, completeness: { complete: true } });
  });
});

test("one response with a wrong time does not end the chain", async () => {
  const share = fixture.share();
  await chain.audit([fixture.resourceFor(share)]);
  fixture.emulator.fault({
    path: "/share",
    times: 1,
    kind: "headers",
    headers: { Date: "Fri, 31 Dec 9999 23:59:59 GMT" },
  });
  expect(await chain.audit(undefined)).toMatchObject({ code: 3, shares: [{ status: "expired" }] });
  expect(kindsOf(await chain.audit(undefined), share)).toEqual(["orphaned"]);
});

test.each([404, 403, 400])("a wrong time in an error response (%d) is no silent end of a finding", async (status) => {
  const share = fixture.share();
  await chain.audit([fixture.resourceFor(share)]);
  const headers = { Date: "Fri, 31 Dec 9999 23:59:59 GMT" };
  fixture.emulator.fault({ path: "/share", times: 1, kind: "failure", status, headers });
  expect((await chain.audit(undefined)).code).toBe(3);
  expect(kindsOf(await chain.audit(undefined), share)).toEqual(["orphaned"]);
});

describe("the end of a share", () => {
  test.each<[string, Record<string, unknown>]>([
    ["encrypted in the state", { validTo: encrypted }],
    ["encrypted with the start", { validTo: encrypted, validSince: encrypted }],
  ])("%s stays unknown in the chain, and leaves it after the longest window", async (_, outputs) => {
    const share = fixture.share();
    fixture.emulator.denyAccess(share.sessionId);
    await chain.audit([fixture.resourceFor(share, { outputs })]);
    for (const days of [0, 10, 29]) {
      fixture.emulator.clock.skew = days * day;
      const report = await chain.audit(undefined, { time: now + days * day, args: ["--max-duration", "PT1H"] });
      expect([days, kindsOf(report, share)]).toEqual([days, ["orphaned"]]);
      expect(shareIn(report, share)).toMatchObject({ remainingSeconds: null });
      expect(shareIn(report, share)).not.toHaveProperty("validTo");
    }
    fixture.emulator.clock.skew = 31 * day;
    expect(await chain.audit(undefined, { time: now + 31 * day })).toMatchObject({ shares: [] });
  });

  test("that no list shows stays unknown when the list fails", async () => {
    const share = fixture.share();
    fixture.emulator.fault({ path: "/share", times: 1, kind: "without", attribute: "valid_to" });
    await chain.audit(undefined, { args: ["--session", share.sessionId] });
    fixture.emulator.denyAccess(share.sessionId);
    const report = await chain.audit(undefined);
    expect(shareIn(report, share)).not.toHaveProperty("validTo");
    expect(report.findings[0]!.nextSteps).toContain("A stack cannot declare a share whose end is not known.");
  });

  test("that is infinite never leaves the chain", async () => {
    const share = fixture.emulator.addShare(fixture.emulator.sessions[0]!, { validSince: now, validTo: Infinity });
    await chain.audit(undefined, { args: ["--session", share.sessionId] });
    fixture.emulator.removeSession(share.sessionId);
    fixture.emulator.clock.skew = 4000 * day;
    const report = await chain.audit(undefined, { time: now + 4000 * day });
    expect(kindsOf(report, share)).toEqual(["unmanaged", "too-long"]);
    expect(shareIn(report, share)).toMatchObject({ validTo: "infinity" });
  });

  test("that a list showed counts when a later state declares an earlier one and the list fails", async () => {
    const share = fixture.share(-1, 8);
    const resources = [fixture.resourceFor(share, { outputs: { validTo: new Date(now + hour).toISOString() } })];
    await chain.audit(resources);
    fixture.emulator.removeSession(share.sessionId);
    fixture.emulator.clock.skew = 2 * hour;
    const report = await chain.audit(resources, { time: now + 2 * hour });
    expect(report.code).toBe(3);
    expect(shareIn(report, share)).toMatchObject({ status: "not-listed", validTo: share.validTo });
  });
});

test("a share remembers when a report first contained it", async () => {
  const share = fixture.share();
  await chain.audit([fixture.resourceFor(share)]);
  fixture.emulator.clock.skew = 2 * hour;
  const report = await chain.audit([fixture.resourceFor(share)], { time: now + 2 * hour });
  expect(shareIn(report, share)).toMatchObject({
    firstReportedAt: new Date(now).toISOString(),
    lastListedAt: new Date(now + 2 * hour).toISOString(),
  });
  expect(report.scope.previousReportAt).toBe(new Date(now).toISOString());
});
