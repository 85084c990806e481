// Stories of delete: the API cannot revoke, so a deletion says until when the link works, or refuses.
import type { StartDriver } from "../../support/drivers/driver";
import { contractSuite, openWindow, type SuiteOptions } from "../../support/contract-suite";

export function deleteStories(start: StartDriver, options?: SuiteOptions): void {
  const suite = contractSuite(start, options);

  test("warns until when the link works and where to revoke it, and sends no request", async () => {
    const { emulator, declare, driver, expected } = suite();
    const { id, outputs } = await declare(openWindow());
    emulator.resetRequests();
    await driver.delete(id, outputs);
    expect(driver.warnings()).toEqual([
      ...expected.createWarnings,
      expect.stringMatching(
        /is removed from the state but NOT revoked: the Fudo API has no revoke operation\. .*until .* \(in (8 h|7 h 5\d min)\).*Management > Sessions/,
      ),
    ]);
    expect(emulator.requests).toEqual([]);
  });

  test("refuseWhileLive refuses while the link may work; FUDO_ABANDON_LIVE=true overrides it", async () => {
    const { declare, driver, restart } = suite();
    const { id, outputs } = await declare({ ...openWindow(), deletionPolicy: "refuseWhileLive" });
    await expect(driver.delete(id, outputs)).rejects.toMatchObject({
      code: "refused",
      message: expect.stringContaining("FUDO_ABANDON_LIVE=true"),
    });
    await expect(driver.delete(id, { ...outputs, missing: true })).rejects.toMatchObject({ code: "refused" });
    await driver.delete(id, { ...outputs, removed: true });
    const abandoning = await restart({ environment: { FUDO_ABANDON_LIVE: "true" } });
    await abandoning.delete(id, outputs);
    expect(abandoning.warnings()).toEqual([expect.stringContaining("is removed from the state but NOT revoked")]);
  });
}
