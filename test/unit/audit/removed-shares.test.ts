// Removed shares in the chain of reports: they stay in the inventory until their window is over.
import { createFixture, hour, now, type AuditFixture } from "./fixture";
import { ReportChain, shareIn } from "./report-chain";

let fixture: AuditFixture;
let chain: ReportChain;
beforeEach(async () => {
  fixture = await createFixture();
  chain = new ReportChain(fixture);
});

test.each(["flagged", "hidden"] as const)(
  "a removed share leaves the chain when its window is over (removed shares are %s)",
  async (removedShares) => {
    fixture.emulator.behaviour.removedShares = "flagged";
    const share = fixture.share();
    await chain.audit([fixture.resourceFor(share)]);
    fixture.emulator.revoke(share.key);
    expect(shareIn(await chain.audit(undefined), share)?.status).toBe("removed");
    fixture.emulator.behaviour.removedShares = removedShares;
    fixture.emulator.clock.skew = 6 * hour;
    expect(shareIn(await chain.audit(undefined, { time: now + 6 * hour }), share)?.status).toBe("removed");
    fixture.emulator.clock.skew = 8 * hour;
    await chain.audit(undefined, { time: now + 8 * hour });
    const report = await chain.audit(undefined, { time: now + 8 * hour });
    expect([report.shares, report.sessions]).toEqual([[], []]);
  },
);

test("a removed share without an end stays in the chain", async () => {
  fixture.emulator.behaviour.removedShares = "flagged";
  const share = fixture.share(-1, 8, { validTo: "infinity" });
  await chain.audit(undefined, { args: ["--session", share.sessionId] });
  fixture.emulator.revoke(share.key);
  for (const round of [1, 2, 3]) {
    const report = await chain.audit(undefined);
    expect([round, shareIn(report, share)?.status]).toEqual([round, "removed"]);
  }
});
