// A session that the appliance does not find: it was deleted, or a right was lost. The response is the same.
import { createFixture } from "./fixture";
import { kindsOf, ReportChain, shareIn } from "./report-chain";

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

describe("a right that was lost for a while", () => {
  const world = async () => {
    const fixture = await createFixture({ behaviour: { unseenSession: "404" } });
    const share = fixture.share();
    const chain = new ReportChain(fixture);
    const audit = () => chain.audit([fixture.resourceFor(share)]);
    await audit();
    fixture.emulator.denyAccess(share.sessionId);
    const lost = await audit();
    expect([lost.code, kindsOf(lost, share)]).toEqual([3, ["missing"]]);
    fixture.emulator.allowAccess(share.sessionId);
    return { ...fixture, emulator: fixture.emulator, share, audit };
  };

  test("the share worked all the time, so nothing was reactivated when the right comes back", async () => {
    const { share, audit } = await world();
    const regained = await audit();
    expect([regained.code, kindsOf(regained, share)]).toEqual([0, []]);
    expect(shareIn(regained, share)).toMatchObject({ status: "active" });
  });

  test.each(["flagged", "hidden"] as const)(
    "a share that was revoked afterwards (lists: %s) and restored is reactivated",
    async (removedShares) => {
      const { emulator, share, audit } = await world();
      emulator.behaviour.removedShares = removedShares;
      emulator.revoke(share.key);
      await audit();
      emulator.restore(share.key);
      expect(kindsOf(await audit(), share)).toEqual(["reactivated"]);
    },
  );
});
