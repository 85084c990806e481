// A session that the appliance does not find: it was deleted, or a right was lost. The response is the same.
import { createFixture } from "./fixture";

test.each<[string, number, number, boolean]>([
  ["a share is live", -1, 8, false],
  ["a share begins later", 5, 8, false],
  ["a share was over an hour ago", -9, 8, false],
  ["a share was over 29 days ago", -29 * 24 - 8, 8, false],
  ["every share was over 31 days ago", -31 * 24 - 8, 8, true],
])("%s: whether the audit is complete without its session", async (_, since, hours, complete) => {
  const fixture = await createFixture();
  const share = fixture.share(since, hours);
  fixture.emulator.removeSession(share.sessionId);
  const { completeness, code } = await fixture.report([fixture.resourceFor(share)]);
  expect(completeness).toMatchObject({ complete, sessions: { unknown: 1 } });
  expect(code).toBe(complete ? 0 : 3);
  const named = (texts: readonly string[]) =>
    texts.filter((text) => text.includes("not found on the appliance")).length;
  // Once: as a problem, or as a note.
  expect([named(completeness.problems), named(completeness.notes)]).toEqual(complete ? [0, 1] : [1, 0]);
});

test("an unmanaged share on the session of an expired share does not disappear with a lost right", async () => {
  const fixture = await createFixture();
  const expired = fixture.share(-9, 8);
  fixture.share();
  const resources = [fixture.resourceFor(expired)];
  expect(await fixture.report(resources)).toMatchObject({ code: 1, findings: [{ kind: "unmanaged" }] });
  fixture.emulator.behaviour.unseenSession = "404";
  fixture.emulator.denyAccess(expired.sessionId);
  const { code, completeness } = await fixture.report(resources);
  expect([code, completeness.problems]).toEqual([
    3,
    [expect.stringContaining(`session ${expired.sessionId}: not found`)],
  ]);
});
