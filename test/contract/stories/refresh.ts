// Stories of refresh: it records what a valid list shows, and never creates the share again.
import type { StartDriver, Values } from "../../support/drivers/driver";
import { anHourOld, contractSuite, inHours, openWindow, type SuiteOptions } from "../../support/contract-suite";
import { noChanges, warning } from "../../support/contract-expected";

export function refreshStories(start: StartDriver, options?: SuiteOptions): void {
  const suite = contractSuite(start, options);
  const changed = { changes: true, replaces: [] };

  describe("a share revoked in the admin panel", () => {
    test("and listed with `removed`: shown as one update with a warning, and no change in the next run", async () => {
      const { emulator, declare, restart, replicated } = suite();
      emulator.behaviour.removedShares = "flagged";
      const { id, inputs, outputs } = await declare(openWindow());
      emulator.revoke(String(outputs["key"]));
      await replicated();
      const driver = await restart();
      const read = await driver.read(id, outputs);
      expect(read).toEqual({ ...outputs, removed: true, modifiedAt: expect.any(String) });
      expect(driver.warnings()).toEqual([warning.revoked]);
      expect(await driver.diff(id, read, inputs)).toEqual(changed);
      expect(await driver.diff(id, read, inputs)).toEqual(noChanges);
      const later = await restart();
      expect(await later.read(id, read)).toEqual(read);
      expect(await later.diff(id, read, inputs)).toEqual(noChanges);
    });

    test("stays in the state as the list shows it: missing, removed or live", async () => {
      const { emulator, declare, restart, replicated, expected } = suite();
      const { id, inputs, outputs } = await declare(openWindow());
      emulator.revoke(String(outputs["key"]));
      await replicated();
      const driver = await restart();
      const aged = anHourOld(outputs);
      const read = await driver.read(id, aged);
      expect(read).toEqual(expected.revoked.outputs(outputs, aged));
      expect(driver.warnings()).toEqual(expected.revoked.warnings);
      expect(await driver.diff(id, read, inputs)).toEqual(expected.revoked.diff);
    });

    test("and replaced: the preview says that access is granted again", async () => {
      const { declare, driver, expected } = suite();
      const { id, inputs, outputs } = await declare(openWindow());
      await driver.diff(id, { ...outputs, removed: true }, { ...inputs, readonly: false });
      expect(driver.warnings()).toEqual([
        ...expected.createWarnings,
        expect.stringMatching(/was revoked on the appliance\. This replacement grants access again/),
      ]);
    });
  });

  describe("absence", () => {
    test("of a removed session: the share is missing, or the 404 is an error", async () => {
      const { emulator, declare, restart, sessionId, expected } = suite();
      const { id, outputs } = await declare(openWindow());
      emulator.removeSession(sessionId);
      const aged = anHourOld(outputs);
      const read = await Promise.allSettled([(await restart()).read(id, aged)]);
      expect(read).toEqual([expected.removedSession(aged)]);
    });

    test("of a session that this API user may not see: an error, or the share is missing", async () => {
      const { emulator, declare, restart, sessionId, expected } = suite();
      const { id, outputs } = await declare(openWindow());
      emulator.denyAccess(sessionId);
      const aged = anHourOld(outputs);
      const read = await Promise.allSettled([(await restart()).read(id, aged)]);
      expect(read).toEqual([expected.hiddenSession(aged)]);
    });

    test("of a share that this API user may not see: missing, until the rights are back", async () => {
      const { emulator, declare, restart } = suite();
      const { id, outputs } = await declare(openWindow());
      emulator.denyAccess(String(outputs["key"]));
      const aged = anHourOld(outputs);
      const missing = await (await restart()).read(id, aged);
      expect(missing).toEqual({ ...aged, missing: true });
      emulator.allowAccess(String(outputs["key"]));
      expect(await (await restart()).read(id, missing)).toEqual({ ...outputs, reactivated: true });
    });

    test.each<[string, Values]>([
      ["in the first five minutes", { validSince: inHours(0), validTo: inHours(8) }],
      ["in the last five minutes", { validSince: inHours(-8), validTo: inHours(4 / 60) }],
      ["before the start", { validSince: inHours(2), validTo: inHours(8) }],
    ])("proves nothing %s", async (_, window) => {
      const { emulator, declare, restart } = suite();
      const { id, outputs } = await declare(window);
      emulator.denyAccess(String(outputs["key"]));
      const aged = anHourOld(outputs);
      expect(await (await restart()).read(id, aged)).toEqual(aged);
    });

    test("on another appliance proves nothing: the share is kept, and a warning names both origins", async () => {
      const { emulator, declare, restart, sessionId } = suite();
      const { id, outputs } = await declare(openWindow());
      const other = emulator.url.replace("127.0.0.1", "localhost");
      expect(await (await restart({ config: { "fudo:url": other } })).read(id, outputs)).toMatchObject({
        appliance: other,
        fingerprint: outputs["fingerprint"],
      });
      emulator.denyAccess(sessionId);
      emulator.behaviour.unseenSession = "empty";
      const away = await restart({ config: { "fudo:url": other } });
      const aged = anHourOld(outputs);
      expect(await away.read(id, aged)).toEqual(aged);
      expect(away.warnings()).toEqual([
        expect.stringContaining(
          `was created on ${emulator.url}. fudo:url now names ${other}, which does not list the share`,
        ),
      ]);
    });
  });

  test.each([
    ["401", { kind: "failure", status: 401 }, "unauthorized"],
    ["403", { kind: "failure", status: 403 }, "unauthorized"],
    ["500 with a Retry-After of an hour", { kind: "failure", status: 500, retryAfter: 3600 }, "unavailable"],
    ["a proxy's 404", { kind: "html", status: 404 }, "not-found"],
    ["a 404 without a body", { kind: "bare", status: 404 }, "not-found"],
    ["a list cut short", { kind: "truncated" }, "protocol"],
    ["a failure with 200", { kind: "failure", status: 200 }, "rejected"],
  ] as const)("%s is an error, never absence", async (_, fault, code) => {
    const { emulator, declare, restart } = suite();
    const { id, outputs } = await declare(openWindow());
    emulator.fault({ on: "GET", ...fault, times: 3 });
    await expect((await restart()).read(id, outputs)).rejects.toMatchObject({ code });
  });

  test.each([
    ["unknown attributes", { kind: "unknownAttributes" }],
    ["every entry twice", { kind: "duplicate" }],
    ["the entries in another order", { kind: "shuffle" }],
    ["no created_at", { kind: "without", attribute: "created_at" }],
    ["no link", { kind: "without", attribute: "link" }],
    ["a false Content-Encoding", { kind: "badGzip" }],
    ["no valid_to", { kind: "without", attribute: "valid_to" }],
  ] as const)("a list with %s is a valid list", async (_, fault) => {
    const { emulator, declare, restart } = suite();
    const { id, outputs } = await declare();
    emulator.fault({ on: "GET", ...fault });
    expect(await (await restart()).read(id, outputs)).toEqual(outputs);
  });
}
