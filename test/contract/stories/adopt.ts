// Stories of adopt: a create takes over exactly the share that the program names.
import type { StartDriver } from "../../support/drivers/driver";
import { contractSuite, hour, inHours, requestsOf, type SuiteOptions } from "../../support/contract-suite";
import { fingerprintOf } from "../../support/contract-expected";

export function adoptStories(start: StartDriver, options?: SuiteOptions): void {
  const suite = contractSuite(start, options);
  const adoptable = async () => {
    const { emulator, sessionId, replicated } = suite();
    const now = Date.now();
    const share = emulator.addShare(sessionId, { validSince: now - hour, validTo: now + 7 * hour });
    await replicated();
    emulator.resetRequests();
    return share;
  };

  test("takes over exactly the named share without a POST, and the next run changes nothing", async () => {
    const { declare, driver } = suite();
    const share = await adoptable();
    const { id, inputs, outputs, requests } = await declare({ duration: "PT8H", adopt: fingerprintOf(share.key) });
    expect(outputs).toMatchObject({ key: share.key, validSince: share.validSince, validTo: share.validTo });
    expect(requests).toEqual(["GET 200"]);
    expect(await driver.diff(id, outputs, inputs)).toMatchObject({ changes: false });
  });

  test("a window that differs by seconds matches, and is not replaced afterwards", async () => {
    const { declare, driver } = suite();
    const share = await adoptable();
    const validTo = new Date(Date.parse(share.validTo) + 20_000).toISOString();
    const { id, inputs, outputs } = await declare({ validTo, adopt: fingerprintOf(share.key) });
    expect(await driver.diff(id, outputs, inputs)).toMatchObject({ changes: false });
    const { adopt: _, ...without } = inputs;
    expect(await driver.diff(id, outputs, without)).toEqual({ changes: true, replaces: [] });
  });

  test.each<[string, object, RegExp]>([
    ["another mode", { duration: "PT8H", readonly: false }, /it is readonly, the program declares readonly: false/],
    ["another length", { duration: "PT9H" }, /its window is 8 h long/],
    ["another end", { validTo: inHours(3) }, /it ends at/],
  ])("%s does not match: refused, and never a POST", async (_, inputs, why) => {
    const { emulator, declare } = suite();
    const share = await adoptable();
    await expect(declare({ ...inputs, adopt: fingerprintOf(share.key) })).rejects.toMatchObject({
      code: "refused",
      message: expect.stringMatching(
        new RegExp(`${why.source}.*Remove \`adopt\` .*, or declare the window and the mode of this share`),
      ),
    });
    expect(requestsOf(emulator)).toEqual(["GET 200"]);
  });

  test("a share that is not listed, or removed, is refused", async () => {
    const { emulator, declare, replicated } = suite();
    const share = await adoptable();
    await expect(declare({ duration: "PT8H", adopt: "0".repeat(16) })).rejects.toMatchObject({ code: "refused" });
    emulator.behaviour.removedShares = "flagged";
    emulator.revoke(share.key);
    await replicated();
    await expect(declare({ duration: "PT8H", adopt: fingerprintOf(share.key) })).rejects.toThrow(
      /it was removed on the appliance/,
    );
  });

  test("two resources cannot adopt one share", async () => {
    const { declare } = suite();
    const share = await adoptable();
    const adopt = { duration: "PT8H", adopt: fingerprintOf(share.key) };
    const [first, second] = await Promise.allSettled([declare(adopt), declare(adopt)]);
    expect([first.status, second.status].sort()).toEqual(["fulfilled", "rejected"]);
  });
}
