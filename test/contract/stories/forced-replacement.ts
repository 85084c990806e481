// Stories of a replacement that diff does not decide: the engine turns an update into one (`replaceOnChanges`). It checks the
// inputs again without the old ones, creates, and deletes the old share.
import type { Driver, StartDriver, Values } from "../../support/drivers/driver";
import { contractSuite, openWindow, requestsOf, type Created, type SuiteOptions } from "../../support/contract-suite";

/** What the engine does for a changed label with `replaceOnChanges: ["labels"]`, up to the create. */
async function replace(driver: Driver, { id, inputs, outputs }: Created): Promise<void> {
  const changed = { ...inputs, labels: { ticket: "OPS-2" } };
  const { inputs: news } = await driver.check(inputs, changed);
  expect(await driver.diff(id, outputs, news)).toEqual({ changes: true, replaces: [] });
  const { inputs: again } = await driver.check({}, changed);
  await driver.create(again);
}

export function forcedReplacementStories(start: StartDriver, options?: SuiteOptions): void {
  const suite = contractSuite(start, options);
  const declare = (inputs: Values) => suite().declare({ ...inputs, ...suite().driver.addedInputs });
  const posts = () => requestsOf(suite().emulator).filter((request) => request.startsWith("POST")).length;

  /** Another run refuses the replacement. */
  async function isRefused(created: Created, reason: string): Promise<void> {
    const refused = { code: "refused", message: expect.stringContaining(reason) };
    await expect(replace(await suite().restart(), created)).rejects.toMatchObject(refused);
    expect(posts()).toBe(1);
  }

  test("a share that was revoked meanwhile is refused before the POST", async () => {
    const { emulator, replicated } = suite();
    emulator.behaviour.removedShares = "flagged";
    const created = await declare(openWindow());
    emulator.revoke(String(created.outputs["key"]));
    await replicated();
    await isRefused(created, "this replacement would grant access again");
  });

  test("refuseWhileLive refuses before the POST, while the old link may work", async () => {
    await isRefused(await declare({ ...openWindow(), deletionPolicy: "refuseWhileLive" }), "refused to replace");
  });

  test("the warning names the old link and the new window, once; the deletion adds nothing", async () => {
    const { restart } = suite();
    // No declared window: an appliance may refuse a second share with an identical one.
    const created = await declare({ duration: "PT8H" });
    const driver = await restart();
    await replace(driver, created);
    await driver.delete(created.id, created.outputs);
    const about = driver.warnings().filter((text) => text.includes(created.id.split("/")[1]!));
    expect(about).toEqual([
      expect.stringContaining("will be replaced by a new share, and the old link is NOT revoked"),
    ]);
    expect(posts()).toBe(2);
  });

  test("a new share with the same window is no replacement", async () => {
    const { restart, sessionId } = suite();
    const created = await declare({ ...openWindow(), deletionPolicy: "refuseWhileLive" });
    const driver = await restart();
    const { inputs: news } = await driver.check(created.inputs, { ...created.inputs, labels: { ticket: "OPS-2" } });
    expect(await driver.diff(created.id, created.outputs, news)).toEqual({ changes: true, replaces: [] });
    const other = await driver.check(
      {},
      { sessionId, ...openWindow(), ...driver.addedInputs, labels: { ticket: "OPS-3" } },
    );
    await driver.create(other.inputs);
    expect(posts()).toBe(2);
  });
}
