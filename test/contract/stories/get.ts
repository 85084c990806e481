// Stories of get: it looks up a share that the program does not create.
import type { StartDriver } from "../../support/drivers/driver";
import { contractSuite, hour, type SuiteOptions } from "../../support/contract-suite";
import { fingerprintOf } from "../../support/contract-expected";

export function getStories(start: StartDriver, options?: SuiteOptions): void {
  const suite = contractSuite(start, options);

  test("a listed share is returned", async () => {
    const { emulator, declare, driver } = suite();
    const { id, outputs } = await declare();
    const { validTo } = emulator.shares()[0]!;
    expect(await driver.read(id, {})).toMatchObject({
      key: outputs["key"],
      url: outputs["url"],
      validTo,
      readonly: true,
    });
  });

  test("an expired share is returned while the list shows it", async () => {
    const { emulator, driver, sessionId, replicated, expected } = suite();
    const now = Date.now();
    const { key } = emulator.addShare(sessionId, { validSince: now - 9 * hour, validTo: now - hour });
    await replicated();
    const outcomes = await Promise.allSettled([driver.read(`${sessionId}/${fingerprintOf(key)}`, {})]);
    expect(outcomes).toEqual([expected.getExpired(key)]);
  });

  test("a share that is not listed is an error", async () => {
    const { driver, sessionId } = suite();
    await expect(driver.read(`${sessionId}/${"0".repeat(16)}`, {})).rejects.toMatchObject({ code: "not-found" });
    await expect(driver.read(`7/${"0".repeat(16)}`, {})).rejects.toMatchObject({ code: "not-found" });
  });

  test("a malformed ID fails before any request, and the error has the expected form but not the value", async () => {
    const { emulator, driver } = suite();
    const link = "/sessions/7/?key=gHJNP5SWFx08lvecW82uotFfxZVYJzOqhIbusRR9q1HmFLF1C7rd5xv7BywSmeOQ";
    const failure: unknown = await driver.read(link, {}).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "rejected", message: expect.stringContaining("<sessionId>/<fingerprint>") });
    expect(String((failure as Error).message)).not.toContain("gHJNP5");
    expect(emulator.requests).toEqual([]);
  });
}
