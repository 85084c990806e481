// Stories of windows in a time zone: every driver compares instants, and never asks the time-zone database about a share
// that exists.
import type { StartDriver, Values } from "../../support/drivers/driver";
import { contractSuite, type SuiteOptions } from "../../support/contract-suite";
import { fingerprintOf, noChanges } from "../../support/contract-expected";
import { checkedFurtherEast, checkedInKolkata, inKolkata, inUtc, localTime } from "../../support/time-zones";

export function timeZoneStories(start: StartDriver, options?: SuiteOptions): void {
  const suite = contractSuite(start, options);
  const window = (): Values => ({ validSince: inKolkata(-1), validTo: inKolkata(8) });

  test("a window in a time zone is requested and recorded in UTC, and the checked inputs keep zone and offset", async () => {
    const { emulator, declare } = suite();
    const { inputs, outputs } = await declare(window());
    const times = { validSince: inUtc(-1), validTo: inUtc(8) };
    expect(outputs).toMatchObject(times);
    const post = emulator.requests.find(({ method }) => method === "POST");
    expect(JSON.parse(post?.body ?? "")).toMatchObject({ valid_since: times.validSince, valid_to: times.validTo });
    expect(inputs).toMatchObject({ validSince: checkedInKolkata(-1), validTo: checkedInKolkata(8) });
  });

  test("another spelling of the same instants changes nothing and sends no request", async () => {
    const { emulator, declare, restart, sessionId } = suite();
    const { id, inputs, outputs } = await declare(window());
    emulator.resetRequests();
    for (const news of [
      { validSince: inUtc(-1), validTo: `${localTime(8, 2)}+02:00` },
      { validSince: `${localTime(-1, 0)}[UTC]`, validTo: `${localTime(8, 5.5)}+05:30[asia/kolkata]` },
      { validSince: `${localTime(-1, -3)}[-03:00]`, validTo: `${localTime(8, 0)}Z[Asia/Kolkata]` },
    ]) {
      const driver = await restart();
      const checked = await driver.check(inputs, { sessionId, ...news });
      expect(checked.failures).toEqual([]);
      expect(await driver.diff(id, outputs, checked.inputs)).toEqual(noChanges);
    }
    expect(emulator.requests).toEqual([]);
  });

  test("an offset that the time-zone database does not have today changes nothing and sends no request", async () => {
    const { emulator, declare, restart, sessionId } = suite();
    const { id, inputs, outputs } = await declare(window());
    const older = { ...inputs, validTo: checkedFurtherEast(8) };
    const recorded = { ...outputs, validTo: inUtc(7) };
    emulator.resetRequests();
    const driver = await restart();
    const checked = await driver.check(older, { sessionId, ...window() });
    expect(checked).toEqual({ inputs: older, failures: [] });
    expect(await driver.diff(id, recorded, checked.inputs)).toEqual(noChanges);
    const labelled = await driver.check(older, { sessionId, ...window(), labels: { ticket: "OPS-2" } });
    expect(await driver.diff(id, recorded, labelled.inputs)).toEqual({ changes: true, replaces: [] });
    expect(emulator.requests).toEqual([]);
  });

  test("`adopt` compares the instants, and the next run changes nothing", async () => {
    const { emulator, declare, restart, replicated, sessionId } = suite();
    const { key } = emulator.addShare(sessionId, { validSince: inUtc(-1), validTo: inUtc(8) });
    await replicated();
    const adopt = fingerprintOf(key);
    const { id, inputs, outputs } = await declare({ ...window(), adopt });
    expect(outputs).toMatchObject({ fingerprint: adopt, validTo: inUtc(8) });
    const driver = await restart();
    const checked = await driver.check(inputs, { sessionId, ...window(), adopt });
    expect(checked).toEqual({ inputs, failures: [] });
    expect(await driver.diff(id, outputs, checked.inputs)).toEqual(noChanges);
  });

  test("another local time replaces the share", async () => {
    const { declare, driver, sessionId } = suite();
    const { id, inputs, outputs } = await declare(window());
    const checked = await driver.check(inputs, { sessionId, ...window(), validTo: inKolkata(9) });
    expect(await driver.diff(id, outputs, checked.inputs)).toEqual({ changes: true, replaces: ["validTo"] });
  });

  test("a local time that exists twice fails check with both offsets, and the right one is accepted", async () => {
    const { driver, sessionId } = suite();
    const twice = {
      sessionId,
      validSince: "2025-10-26T02:30[Europe/Warsaw]",
      duration: "P1D",
      adopt: "0123456789abcdef",
    };
    const { failures } = await driver.check({}, twice);
    expect(failures).toEqual([
      {
        property: "validSince",
        reason: expect.stringMatching(/^validSince: exists twice .*\+02:00 and \+01:00; write/),
      },
    ]);
    const chosen = { ...twice, validSince: "2025-10-26T02:30+02:00[Europe/Warsaw]" };
    expect((await driver.check({}, chosen)).failures).toEqual([]);
  });
}
