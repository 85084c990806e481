// Stories of later runs: nothing changes unless the program changes.
import type { StartDriver, Values } from "../../support/drivers/driver";
import { contractSuite, inHours, openWindow, requestsOf, type SuiteOptions } from "../../support/contract-suite";
import { noChanges } from "../../support/contract-expected";

export function laterRunStories(start: StartDriver, options?: SuiteOptions): void {
  const suite = contractSuite(start, options);

  test("the same program changes nothing and sends no request", async () => {
    const { emulator, declare, restart } = suite();
    const { id, inputs, outputs } = await declare();
    emulator.resetRequests();
    const driver = await restart();
    const { duration, sessionId } = inputs;
    const checked = await driver.check(inputs, { sessionId, duration });
    expect(checked).toEqual({ inputs, failures: [] });
    expect(await driver.diff(id, outputs, checked.inputs)).toEqual(noChanges);
    expect(emulator.requests).toEqual([]);
  });

  test.each<[string, Values, string[]]>([
    ["another session", { sessionId: "7" }, ["sessionId"]],
    ["a start", { validSince: inHours(1) }, ["validSince"]],
    ["another end", { validTo: inHours(9) }, ["validTo"]],
    ["interactive", { readonly: false }, ["readonly"]],
    ["labels", { labels: { ticket: "OPS-2" } }, []],
  ])("%s: only an attribute that the vendor calls immutable replaces the share", async (_, change, replaces) => {
    const { declare, driver } = suite();
    const { id, inputs, outputs } = await declare(openWindow());
    expect(await driver.diff(id, outputs, { ...inputs, ...change })).toEqual({ changes: true, replaces });
  });

  test("labels, deletionPolicy and publicUrl change only the state, and no output is lost", async () => {
    const { emulator, declare, restart } = suite();
    const { id, inputs, outputs } = await declare();
    emulator.resetRequests();
    const driver = await restart({ config: { "fudo:publicUrl": "https://vendors.example" } });
    const news = { ...inputs, labels: { ticket: "OPS-2" }, deletionPolicy: "refuseWhileLive" };
    const updated = await driver.update(id, outputs, news);
    expect(updated).toEqual({
      ...outputs,
      labels: { ticket: "OPS-2" },
      deletionPolicy: "refuseWhileLive",
      url: `https://vendors.example${String(outputs["link"])}`,
    });
    expect(await driver.diff(id, updated, news)).toEqual(noChanges);
    expect(emulator.requests).toEqual([]);
  });

  test("a refresh of an unchanged share changes nothing", async () => {
    const { declare, restart } = suite();
    const { id, inputs, outputs } = await declare();
    const driver = await restart();
    expect(await driver.read(id, outputs)).toEqual(outputs);
    expect(await driver.diff(id, outputs, inputs)).toEqual(noChanges);
    expect(driver.warnings()).toEqual([]);
  });

  test("one list serves all reads of its session, also right after the start", async () => {
    const { emulator, declare, restart } = suite();
    const shares = await Promise.all(Array.from({ length: 8 }, () => declare()));
    emulator.resetRequests();
    const driver = await restart();
    const read = await Promise.all(shares.map(({ id, outputs }) => driver.read(id, outputs)));
    expect(read).toEqual(shares.map(({ outputs }) => outputs));
    expect(requestsOf(emulator)).toEqual(["GET 200"]);
  });

  test("an expired share is not read and not changed, and no run warns about it", async () => {
    const { emulator, declare, restart } = suite();
    const { id, inputs, outputs } = await declare(openWindow());
    const past = { validSince: inHours(-9), validTo: inHours(-1) };
    emulator.resetRequests();
    const driver = await restart();
    const { grantedSince: _since, grantedTo: _to, ...requested } = outputs;
    const expired = { ...requested, ...past };
    expect(await driver.read(id, expired)).toEqual(expired);
    const checked = await driver.check({ ...inputs, ...past }, { ...inputs, ...past });
    expect(checked.failures).toEqual([]);
    expect(await driver.diff(id, expired, checked.inputs)).toEqual(noChanges);
    await driver.delete(id, expired);
    expect(driver.warnings()).toEqual([]);
    expect(emulator.requests).toEqual([]);
  });
}
