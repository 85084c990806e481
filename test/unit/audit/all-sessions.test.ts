// All visible sessions: a list whose answers nobody documented is complete only when it was seen to end.
import { fingerprintOf, makeScene, type Scene } from "./fixture";

let scene: Scene;
beforeEach(async () => {
  scene = await makeScene();
});

test("shares on sessions that no stack names are found", async () => {
  const share = scene.share(-1, 8, { sessionId: scene.emulator.sessions[2]! });
  const { findings, completeness, scope } = await scene.report([], ["--all-sessions"]);
  expect(findings).toMatchObject([{ kind: "unmanaged", fingerprint: fingerprintOf(share.key) }]);
  expect(scope.sessions).toBe("all-visible");
  expect(completeness).toMatchObject({ complete: true, sessions: { inScope: 3, answered: 3 } });
  expect(completeness.notes).toContainEqual(expect.stringContaining("`offset` and `limit` are taken as honoured"));
});

test("pages are read to the empty one, however short they are", async () => {
  scene.emulator.behaviour.sessionLimit = 2;
  const { completeness } = await scene.report([], ["--all-sessions"]);
  expect(completeness).toMatchObject({ complete: true, sessions: { inScope: 3 } });
  const pages = scene.emulator.requests.filter(({ path }) => path.startsWith("/api/v2/session?"));
  expect(pages.map(({ path }) => new URLSearchParams(path.split("?")[1]).get("offset"))).toEqual(["0", "2", "3"]);
});

test("a page that repeats the last one: incomplete, though every session that was shown is asked", async () => {
  scene.emulator.behaviour.sessionPaging = "ignored";
  const { code, completeness } = await scene.report([], ["--all-sessions"]);
  expect(code).toBe(3);
  expect(completeness).toMatchObject({ complete: false, sessions: { inScope: 3, answered: 3 } });
  expect(completeness.problems).toEqual([
    expect.stringContaining("the appliance does not support pagination: it returned the same page again"),
  ]);
});

test("a list that fails midway: incomplete, with what was read until then", async () => {
  scene.emulator.behaviour.sessionLimit = 2;
  scene.emulator.fault({ kind: "failure", status: 400, path: "offset=2", times: Infinity });
  const { code, completeness } = await scene.report([], ["--all-sessions"]);
  expect(code).toBe(3);
  expect(completeness).toMatchObject({
    sessions: { inScope: 2, answered: 2 },
    problems: [expect.stringContaining("the list of sessions is incomplete because a request failed")],
  });
});

test("without --all-sessions the report says that others were not asked", async () => {
  const { completeness } = await scene.report([scene.declared(scene.share())]);
  expect(completeness.notes).toEqual([
    "The rights of the API user filter what the appliance lists: a share or session that it may not see is not in this report.",
    "Only the sessions named above were asked: shares on other sessions are not in this report (--all-sessions asks all that are visible).",
  ]);
});
