// All visible sessions: the vendor does not document the list, so it is complete only when each page continues the page before.
import { fingerprintOf, createFixture, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

test("the audit finds shares on sessions that no stack names", async () => {
  const share = fixture.share(-1, 8, { sessionId: fixture.emulator.sessions[2]! });
  const { findings, completeness, scope } = await fixture.report([], ["--all-sessions"]);
  expect(findings).toMatchObject([{ kind: "unmanaged", fingerprint: fingerprintOf(share.key) }]);
  expect(scope.sessions).toBe("all-visible");
  expect(completeness).toMatchObject({ complete: true, sessions: { inScope: 3, answered: 3 } });
  expect(completeness.notes).toContainEqual(
    expect.stringContaining("assumes that the appliance honours `offset` and `limit`"),
  );
});

test("the audit reads pages until one has no new session, also when a page is short", async () => {
  fixture.emulator.behaviour.sessionLimit = 2;
  const { completeness } = await fixture.report([], ["--all-sessions"]);
  expect(completeness).toMatchObject({ complete: true, sessions: { inScope: 3 } });
  const pages = fixture.emulator.requests.filter(({ path }) => path.startsWith("/api/v2/session?"));
  expect(pages.map(({ path }) => new URLSearchParams(path.split("?")[1]).get("offset"))).toEqual(["0", "1", "2"]);
});

test("a repeated page makes the audit incomplete, and the audit reads every listed session", async () => {
  fixture.emulator.behaviour.sessionPaging = "ignored";
  const { code, completeness } = await fixture.report([], ["--all-sessions"]);
  expect(code).toBe(3);
  expect(completeness).toMatchObject({ complete: false, sessions: { inScope: 3, answered: 3 } });
  expect(completeness.problems).toEqual([
    expect.stringContaining("the appliance does not support pagination: it returned the same page again"),
  ]);
});

test("a list that fails midway makes the audit incomplete, and the audit reads the sessions listed before", async () => {
  fixture.emulator.behaviour.sessionLimit = 2;
  fixture.emulator.fault({ kind: "failure", status: 400, path: "offset=1", times: Infinity });
  const { code, completeness } = await fixture.report([], ["--all-sessions"]);
  expect(code).toBe(3);
  expect(completeness).toMatchObject({
    sessions: { inScope: 2, answered: 2 },
    problems: [expect.stringContaining("the list of sessions is incomplete because a request failed")],
  });
});

test("an appliance that lists no session makes the audit incomplete", async () => {
  for (const session of fixture.emulator.sessions) fixture.emulator.denyAccess(session);
  const { code, completeness } = await fixture.report([], ["--all-sessions"]);
  expect(code).toBe(3);
  expect(completeness.problems).toEqual([expect.stringContaining("lists no session to this API user")]);
});

test("an empty page of the list makes the audit incomplete", async () => {
  fixture.emulator.behaviour.sessionLimit = 2;
  fixture.emulator.fault({ kind: "list", value: [], path: "offset=1" });
  const { code, completeness } = await fixture.report([], ["--all-sessions"]);
  expect(code).toBe(3);
  expect(completeness.problems).toEqual([expect.stringContaining("a page does not continue the page before")]);
});

test("without --all-sessions the report says that it does not contain other sessions", async () => {
  const { completeness } = await fixture.report([fixture.resourceFor(fixture.share())]);
  expect(completeness.notes).toEqual([
    "The appliance lists only what the API user may see: other sessions and shares are not in this report.",
    "The audit read only the sessions of the stacks, of --session and of the previous report. Shares on other sessions are not in this report; --all-sessions includes them.",
  ]);
});
