// Stories of a share that was revoked or missing and works again: no routine command silences the warning, only a person's
// decision does. Engine: the class logs the recurring warning, from the recorded outputs alone.
import { recurringWarning } from "../../../provider/lifecycle";
import type { Driver, StartDriver, Values } from "../../support/drivers/driver";
import {
  anHourOld,
  contractSuite,
  openWindow,
  requestsOf,
  type Suite,
  type SuiteOptions,
} from "../../support/contract-suite";
import { noChanges } from "../../support/contract-expected";

const liveAgain = (was: string) =>
  expect.stringMatching(
    `was recorded as ${was} and is live again\\. The link works until .* To revoke it: .* set \`adopt: "[0-9a-f]{16}"\``,
  );
const repeated = liveAgain("removed or missing");

interface Reactivated {
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
}

/** Warnings of a later run that changes nothing: the provider's, and the one that a class logs from the outputs. */
async function warningsOfUp(driver: Driver, { id, inputs, outputs }: Reactivated): Promise<unknown[]> {
  const checked = await driver.check(inputs, inputs);
  expect(await driver.diff(id, outputs, checked.inputs)).toEqual(noChanges);
  const byClass = driver.repeatsWarnings ? undefined : recurringWarning(id, outputs, Date.now());
  return [...driver.warnings(), byClass].filter((text) => text !== undefined);
}

/** Declared, revoked, refreshed, restored by a backup, refreshed. */
async function reactivatedShare({ emulator, declare, restart, replicated }: Suite): Promise<Reactivated> {
  emulator.behaviour.removedShares = "flagged";
  const { id, inputs, outputs } = await declare(openWindow());
  emulator.revoke(String(outputs["key"]));
  await replicated();
  const removed = await (await restart()).read(id, outputs);
  expect(removed).toMatchObject({ removed: true });
  emulator.restore(String(outputs["key"]));
  return { id, inputs, outputs: await (await restart()).read(id, removed) };
}

export function reactivatedStories(start: StartDriver, options?: SuiteOptions): void {
  const suite = contractSuite(start, options);

  async function accept({ id, inputs, outputs }: Reactivated, adopt: unknown): Promise<Reactivated> {
    const driver = await suite().restart();
    const { inputs: news, failures } = await driver.check(inputs, { ...inputs, adopt });
    expect(failures).toEqual([]);
    expect(await driver.diff(id, outputs, news)).toEqual({ changes: true, replaces: [] });
    return { id, inputs: news, outputs: await driver.update(id, outputs, news) };
  }

  test("a refresh shows it as one update, with a warning that the link works", async () => {
    const { declare, restart, emulator } = suite();
    const { id, inputs, outputs } = await declare(openWindow());
    const driver = await restart();
    const read = await driver.read(id, { ...outputs, removed: true });
    expect(read).toEqual({ ...outputs, reactivated: true });
    expect(await driver.diff(id, read, inputs)).toEqual({ changes: true, replaces: [] });
    expect(driver.warnings()).toEqual([liveAgain("removed")]);
    expect(emulator.shares()).toHaveLength(1);
  });

  test("each later refresh and `up` warns, sends nothing and changes nothing, until `adopt` names the share", async () => {
    const { emulator, restart } = suite();
    const share = await reactivatedShare(suite());
    expect(share.outputs).toMatchObject({ reactivated: true });
    expect(share.outputs).not.toHaveProperty("removed");
    const refreshing = await restart();
    expect(await refreshing.read(share.id, share.outputs)).toEqual(share.outputs);
    expect(await refreshing.diff(share.id, share.outputs, share.inputs)).toEqual(noChanges);
    expect(refreshing.warnings()).toEqual([repeated]);

    emulator.resetRequests();
    expect(await warningsOfUp(await restart(), share)).toEqual([repeated]);
    expect(await warningsOfUp(await restart(), share)).toEqual([repeated]);
    const accepted = await accept(share, share.outputs["fingerprint"]);
    const { reactivated: _, ...others } = share.outputs;
    expect(accepted.outputs).toEqual({ ...others, adopt: share.outputs["fingerprint"] });
    expect(await warningsOfUp(await restart(), accepted)).toEqual([]);
    expect(requestsOf(emulator)).toEqual([]);
    expect(await (await restart()).read(share.id, accepted.outputs)).toEqual(accepted.outputs);
    expect(emulator.shares()).toHaveLength(1);
  });

  test("`adopt` with another fingerprint and new labels accept nothing", async () => {
    const { restart } = suite();
    const share = await reactivatedShare(suite());
    const other = await accept(share, "0123456789abcdef");
    expect(await warningsOfUp(await restart(), other)).toEqual([repeated]);
    const labelled = await accept({ ...share, inputs: { ...share.inputs, labels: { ticket: "OPS-7" } } }, undefined);
    expect(labelled.outputs).toMatchObject({ labels: { ticket: "OPS-7" }, reactivated: true });
  });

  test("accepted, then revoked and restored once more: it warns again, and says how to accept it again", async () => {
    const { emulator, restart, replicated } = suite();
    const share = await reactivatedShare(suite());
    const { fingerprint, key } = share.outputs;
    const accepted = await accept(share, fingerprint);
    emulator.revoke(String(key));
    await replicated();
    const removed = await (await restart()).read(share.id, accepted.outputs);
    expect(removed).toMatchObject({ removed: true });
    emulator.restore(String(key));
    const again = { ...accepted, outputs: await (await restart()).read(share.id, removed) };
    const labelled = await accept({ ...again, inputs: { ...again.inputs, labels: { a: "b" } } }, fingerprint);
    expect(await warningsOfUp(await restart(), labelled)).toEqual([
      expect.stringMatching(/remove `adopt: "[0-9a-f]{16}"`, run `pulumi up`, then set it again/),
    ]);
    const without = await accept(labelled, undefined);
    expect(without.outputs).toMatchObject({ reactivated: true });
    expect((await accept(without, fingerprint)).outputs).not.toHaveProperty("reactivated");
  });

  test("revoked again, it is only removed", async () => {
    const { emulator, restart, replicated } = suite();
    const { id, outputs } = await reactivatedShare(suite());
    emulator.revoke(String(outputs["key"]));
    await replicated();
    const read = await (await restart()).read(id, outputs);
    expect(read).toMatchObject({ removed: true });
    expect(read).not.toHaveProperty("reactivated");
  });

  test("seen again after it was missing, it stays reactivated; missing again, it is only missing", async () => {
    const { emulator, declare, restart } = suite();
    const { id, inputs, outputs } = await declare(openWindow());
    const key = String(outputs["key"]);
    const recorded = { ...anHourOld(outputs), missing: true };
    const again = await (await restart()).read(id, recorded);
    expect(again).toEqual({ ...outputs, reactivated: true });
    expect(await warningsOfUp(await restart(), { id, inputs, outputs: again })).toEqual([repeated]);
    emulator.denyAccess(key);
    const aged = anHourOld(again);
    const { reactivated: _, ...others } = aged;
    expect(await (await restart()).read(id, aged)).toEqual({ ...others, missing: true });
  });

  test("a list that proves nothing leaves it reactivated", async () => {
    const { emulator, restart } = suite();
    const { id, outputs } = await reactivatedShare(suite());
    emulator.fault({ on: "GET", kind: "masked" });
    const driver = await restart();
    expect(await driver.read(id, outputs)).toEqual(outputs);
    expect(driver.warnings()).toContainEqual(repeated);
  });
}
