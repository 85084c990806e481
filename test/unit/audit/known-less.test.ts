// The law "known less is never better": an answer that proves nothing leaves the earlier finding, and a valid list without
// the share says so once.
import type { FaultEffect } from "../../../provider/emulator";
import { createFixture, hour, minute, now, type AuditFixture } from "./fixture";
import { kindsOf, ReportChain, shareIn } from "./report-chain";

let fixture: AuditFixture;
let chain: ReportChain;
beforeEach(async () => {
  fixture = await createFixture({ behaviour: { removedShares: "hidden" } });
  chain = new ReportChain(fixture);
});

const everyList = (effect: FaultEffect) => fixture.emulator.fault({ path: "/share", times: Infinity, ...effect });
type Change = (session: string) => unknown;

const answersThatProveNothing: [string, Change][] = [
  ["the appliance's own 404", (session) => fixture.emulator.removeSession(session)],
  ["a 404 of a proxy", () => everyList({ kind: "html", status: 404 })],
  ["a 403", (session) => fixture.emulator.denyAccess(session)],
  ["a 400", () => everyList({ kind: "failure", status: 400 })],
  ["a list without its attribute", () => everyList({ kind: "list", as: "absent" })],
  ["a list that is an empty object", () => everyList({ kind: "list", value: {} })],
  ["a list with an entry that has no key", () => everyList({ kind: "list", value: [{}] })],
  ["an old response from a cache", () => everyList({ kind: "headers", headers: { Age: "600" } })],
  ["a body that is not JSON", () => everyList({ kind: "html", status: 200 })],
];

describe("an answer that proves nothing", () => {
  test.each(answersThatProveNothing)("after %s, a share of a destroyed stack stays orphaned", async (_, change) => {
    const share = fixture.share();
    await chain.audit([fixture.resourceFor(share)]);
    await chain.audit(undefined);
    change(share.sessionId);
    for (const round of [1, 2]) {
      const report = await chain.audit(undefined);
      expect([round, report.code > 0, kindsOf(report, share)]).toEqual([round, true, ["orphaned"]]);
      expect(shareIn(report, share)).toMatchObject({ status: "active" });
    }
  });

  test.each(answersThatProveNothing)("after %s, an unmanaged share stays unmanaged", async (_, change) => {
    const share = fixture.share();
    await chain.audit(undefined, { args: ["--session", share.sessionId] });
    change(share.sessionId);
    const report = await chain.audit([]);
    expect([report.code > 0, kindsOf(report, share)]).toEqual([true, ["unmanaged"]]);
  });

  test.each(answersThatProveNothing)("after %s, a reactivated share stays reactivated", async (_, change) => {
    const share = fixture.share();
    const resources = [fixture.resourceFor(share, { outputs: { missing: true } })];
    await chain.audit(resources);
    change(share.sessionId);
    // A refresh has recorded that the share works again.
    const report = await chain.audit([fixture.resourceFor(share)]);
    expect([report.code > 0, kindsOf(report, share)]).toEqual([true, expect.arrayContaining(["reactivated"])]);
  });

  test.each(answersThatProveNothing)("after %s, a declared share stays missing", async (_, change) => {
    const share = fixture.share();
    const resources = [fixture.resourceFor(share)];
    fixture.emulator.denyAccess(share.key);
    expect(kindsOf(await chain.audit(resources), share)).toEqual(["missing"]);
    change(share.sessionId);
    const report = await chain.audit(resources);
    expect([report.code > 0, kindsOf(report, share)]).toEqual([true, ["missing"]]);
    expect(shareIn(report, share)).toMatchObject({ status: "missing" });
  });

  test("after a failed request, a share that the appliance removed stays removed", async () => {
    fixture.emulator.behaviour.removedShares = "flagged";
    const share = fixture.share();
    fixture.emulator.revoke(share.key);
    const resources = [fixture.resourceFor(share)];
    expect(kindsOf(await chain.audit(resources), share)).toEqual(["removed"]);
    fixture.emulator.denyAccess(share.sessionId);
    const report = await chain.audit(resources);
    expect(kindsOf(report, share)).toEqual(["removed"]);
    expect(report.findings[0]!.message).toContain("The previous report has it as removed");
  });

  test("the session of a live share without a key stays in scope, and its 404 makes the audit incomplete", async () => {
    const share = fixture.share();
    everyList({ kind: "masked" });
    await chain.audit(undefined, { args: ["--session", share.sessionId] });
    fixture.emulator.removeSession(share.sessionId);
    const report = await chain.audit([]);
    expect(report).toMatchObject({ code: 3, findings: [{ kind: "unidentified" }] });
    fixture.emulator.restoreSession(share.sessionId);
    fixture.emulator.clearFaults();
    expect((await chain.audit([])).findings).toMatchObject([{ kind: "unmanaged" }]);
  });
});

describe("a valid list that does not contain an undeclared share any more", () => {
  test("is a low finding once, then a line of the inventory until the end of the share", async () => {
    const share = fixture.share();
    await chain.audit([fixture.resourceFor(share)]);
    fixture.emulator.revoke(share.key);
    expect(await chain.audit(undefined)).toMatchObject({
      code: 1,
      findings: [
        {
          kind: "no-longer-listed",
          severity: "low",
          message: expect.stringMatching(/it was revoked, or this API user cannot see it\. A report last found it/),
        },
      ],
    });
    const inventoryOnly = { code: 0, findings: [], shares: [{ status: "not-listed", seen: "absent" }] };
    expect(await chain.audit(undefined)).toMatchObject(inventoryOnly);
    expect(await chain.audit(undefined)).toMatchObject(inventoryOnly);
    fixture.emulator.clock.skew = 8 * hour;
    expect(await chain.audit(undefined, { time: now + 8 * hour })).toMatchObject({ code: 0, shares: [] });
  });

  test("is said once, also when reports in between could not read the list", async () => {
    const share = fixture.share();
    await chain.audit(undefined, { args: ["--session", share.sessionId] });
    fixture.emulator.revoke(share.key);
    expect(kindsOf(await chain.audit([]), share)).toEqual(["no-longer-listed"]);
    fixture.emulator.denyAccess(share.sessionId);
    const failed = await chain.audit([]);
    expect(failed).toMatchObject({ code: 3, findings: [], shares: [{ status: "not-listed", seen: "not-looked" }] });
    fixture.emulator.allowAccess(share.sessionId);
    expect(await chain.audit([])).toMatchObject({ code: 0, findings: [] });
  });

  test("a share that is listed again is unmanaged again, and the memory of its absence ends", async () => {
    const share = fixture.share();
    await chain.audit(undefined, { args: ["--session", share.sessionId] });
    fixture.emulator.denyAccess(share.key);
    await chain.audit([]);
    fixture.emulator.allowAccess(share.key);
    const report = await chain.audit([]);
    expect(kindsOf(report, share)).toEqual(["unmanaged"]);
    expect(shareIn(report, share)).not.toHaveProperty("notListedSince");
    fixture.emulator.denyAccess(share.key);
    expect(kindsOf(await chain.audit([]), share)).toEqual(["no-longer-listed"]);
  });

  test.each<[string, number, number]>([
    ["scheduled", 3, 8],
    ["four minutes old", -4 / 60, 8],
    ["over in four minutes", -8, 8 + 4 / 60],
  ])("a share that is %s stays orphaned: its absence says nothing", async (_, since, hours) => {
    const share = fixture.share(since, hours, { createdAt: now + Math.min(since, 0) * hour - minute / 2 });
    await chain.audit([fixture.resourceFor(share)]);
    fixture.emulator.denyAccess(share.key);
    const report = await chain.audit(undefined);
    expect([report.code, kindsOf(report, share)]).toEqual([1, ["orphaned"]]);
  });

  test("a share that was not listed while a stack declared it is a finding when the stack drops it", async () => {
    const share = fixture.share(-1, 8, { createdAt: now - 2 * minute });
    fixture.emulator.denyAccess(share.key);
    const declared = await chain.audit([fixture.resourceFor(share)]);
    expect(shareIn(declared, share)).toMatchObject({ status: "not-listed", findings: [] });
    fixture.emulator.clock.skew = hour;
    const report = await chain.audit(undefined, { time: now + hour });
    expect([report.code, kindsOf(report, share)]).toEqual([1, ["no-longer-listed"]]);
  });

  test("a share that no list has shown stays orphaned when the stack drops it", async () => {
    const share = fixture.share();
    fixture.emulator.denyAccess(share.key);
    await chain.audit([fixture.resourceFor(share, { outputs: { createdAt: undefined } })]);
    expect(kindsOf(await chain.audit(undefined), share)).toEqual(["orphaned"]);
  });
});

describe("status not-listed", () => {
  test.each<[string, { createdAt?: number }, Record<string, unknown>]>([
    ["that was just created and revoked", { createdAt: now - minute }, {}],
    ["that no list has shown yet", {}, { createdAt: undefined }],
    ["with an encrypted window", {}, { validSince: { "4dabf18193072939515e22adb298388d": "x", ciphertext: "y" } }],
  ])("a declared share %s and that a valid list does not contain is not-listed", async (_, created, outputs) => {
    const share = fixture.share(-1, 8, created);
    fixture.emulator.revoke(share.key);
    const report = await chain.audit([fixture.resourceFor(share, { outputs })]);
    expect(shareIn(report, share)).toMatchObject({ status: "not-listed", seen: "absent" });
    expect(report.summary.shares).toMatchObject({ active: 0, "not-listed": 1 });
  });

  test("a failed request leaves the status active", async () => {
    const share = fixture.share(-1, 8, { createdAt: now - minute });
    fixture.emulator.denyAccess(share.sessionId);
    const report = await chain.audit([fixture.resourceFor(share)]);
    expect(shareIn(report, share)).toMatchObject({ status: "active", seen: "not-looked" });
    expect(report.code).toBe(3);
  });

  test("the declaration of a share that is not listed yet is judged as usual", async () => {
    const share = fixture.share(-1, 8, { createdAt: now - minute, readonly: false });
    fixture.emulator.denyAccess(share.key);
    const report = await chain.audit([fixture.resourceFor(share)], { args: ["--max-duration", "PT1H"] });
    expect(kindsOf(report, share)).toEqual(["too-long", "interactive"]);
  });

  test("the appliance's own 404 makes the audit incomplete for a share whose absence does not count", async () => {
    const share = fixture.share(-1, 8, { createdAt: now - minute });
    fixture.emulator.removeSession(share.sessionId);
    const report = await chain.audit([fixture.resourceFor(share)]);
    expect(report).toMatchObject({ code: 3, shares: [{ status: "not-listed" }] });
    expect(report.completeness.problems).toEqual([expect.stringContaining("not found on the appliance")]);
  });
});

describe("a share that was missing while a stack declared it", () => {
  const missing = async () => {
    const share = fixture.share();
    await chain.audit([fixture.resourceFor(share)]);
    fixture.emulator.denyAccess(share.key);
    await chain.audit([fixture.resourceFor(share)]);
    return share;
  };

  test("stays missing until its end when the stack drops it", async () => {
    const share = await missing();
    for (const hours of [0, 1, 6]) {
      fixture.emulator.clock.skew = hours * hour;
      const report = await chain.audit([], { time: now + hours * hour });
      expect([hours, report.code, kindsOf(report, share)]).toEqual([hours, 1, ["missing"]]);
      expect(report.findings[0]).toMatchObject({
        severity: "medium",
        message: expect.stringContaining("may still work"),
      });
    }
    fixture.emulator.clock.skew = 8 * hour;
    expect(await chain.audit([], { time: now + 8 * hour })).toMatchObject({ code: 0, findings: [], shares: [] });
  });

  test("stays missing when another share replaces it, and the message names that share", async () => {
    const share = await missing();
    const next = fixture.share(-1, 12);
    const report = await chain.audit([fixture.resourceFor(next)]);
    expect(kindsOf(report, share)).toEqual(["missing"]);
    expect(report.findings[0]!.message).toMatch(
      /acme \(shop\/dev\) manages share [0-9a-f]{16} now, which is live until [^.]*\.$/,
    );
  });

  test("is orphaned and reactivated when the list shows it again", async () => {
    const share = await missing();
    await chain.audit([]);
    fixture.emulator.allowAccess(share.key);
    expect(kindsOf(await chain.audit([]), share)).toEqual(["orphaned", "reactivated"]);
  });
});
