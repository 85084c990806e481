// Stories of doubtful lists: replicas that lag, masked keys, pages, filters and lists that prove nothing. No live share becomes
// missing, and nothing is taken over by guess.
import type { Fault } from "../../../provider/emulator";
import type { StartDriver } from "../../support/drivers/driver";
import { anHourOld, contractSuite, openWindow, type SuiteOptions } from "../../support/contract-suite";
import { fingerprintOf } from "../../support/contract-expected";

export function absenceStories(start: StartDriver, options?: SuiteOptions): void {
  const suite = contractSuite(start, options);

  test("a share that no list has shown yet is never missing: a list that lags, or that is filtered for this API user", async () => {
    const { emulator, declare, restart } = suite();
    const { id, outputs } = await declare(openWindow());
    emulator.denyAccess(String(outputs["key"]));
    const { createdAt: _, ...neverListed } = outputs;
    const driver = await restart();
    expect(await driver.read(id, neverListed)).toEqual(neverListed);
    expect(driver.warnings()).toEqual([expect.stringMatching(/no list of its session has shown it yet/)]);
  });

  test("a share is not missing in the five minutes after its creation, although its start is an hour ago", async () => {
    const { emulator, declare, restart } = suite();
    const { id, inputs, outputs } = await declare(openWindow());
    emulator.denyAccess(String(outputs["key"]));
    const driver = await restart();
    expect(await driver.read(id, outputs)).toEqual(outputs);
    expect(await driver.diff(id, outputs, inputs)).toMatchObject({ changes: false });
  });

  test("a page without the share proves nothing before a list has shown it", async () => {
    const { emulator, declare, restart } = suite();
    const { id, outputs } = await declare(openWindow());
    emulator.behaviour.shareLimit = 1;
    emulator.behaviour.listOrder = "newest";
    await declare(openWindow());
    const { createdAt: _, ...neverListed } = outputs;
    expect(await (await restart()).read(id, neverListed)).not.toHaveProperty("missing");
  });

  const unidentified: [string, Fault][] = [
    ["masked keys", { kind: "masked" }],
    ["masked keys of another form", { kind: "masked", mask: "<hidden>" }],
    ["one masked key", { kind: "masked", index: 0 }],
    ["entries without keys", { kind: "without", attribute: "key" }],
    ["a key that is a number", { kind: "attribute", attribute: "key", value: 7 }],
    ["a null instead of an entry", { kind: "entry", value: null }],
    ["a text instead of an entry", { kind: "entry", value: "x" }],
  ];

  test.each(unidentified)(
    "a list with %s: kept with a warning on refresh, an error for get and adopt",
    async (_, fault) => {
      const { emulator, declare, restart } = suite();
      const { id, inputs, outputs } = await declare(openWindow());
      emulator.fault({ on: "GET", ...fault, times: 3 });
      const driver = await restart();
      const aged = anHourOld(outputs);
      expect(await driver.read(id, aged)).toEqual(aged);
      expect(driver.warnings()).toContainEqual(
        expect.stringMatching(/without a readable key.*The state keeps the share/),
      );
      expect(await driver.diff(id, aged, inputs)).toMatchObject({ changes: false });
      await expect((await restart()).read(id, {})).rejects.toMatchObject({ code: "protocol" });
      const adopt = { ...inputs, adopt: fingerprintOf(String(outputs["key"])) };
      await expect((await restart()).create(adopt)).rejects.toMatchObject({ code: "refused" });
    },
  );

  const proofless: [string, Fault][] = [
    ["no session_share", { kind: "list" }],
    ["{} as session_share", { kind: "list", value: {} }],
    ["an Age of 100 seconds", { kind: "headers", headers: { Age: "100" } }],
  ];

  test.each(proofless)("a response with %s proves no absence", async (_, fault) => {
    const { emulator, declare, restart } = suite();
    const { id, outputs } = await declare(openWindow());
    emulator.denyAccess(String(outputs["key"]));
    emulator.fault({ on: "GET", ...fault });
    const driver = await restart();
    const aged = anHourOld(outputs);
    expect(await driver.read(id, aged)).toEqual(aged);
    expect(driver.warnings()).toContainEqual(expect.stringMatching(/no proof that the share is gone/));
  });

  const tolerated: [string, Fault][] = [
    ["a byte order mark", { kind: "byteOrderMark" }],
    ["one share as an object", { kind: "list", as: "single" }],
    ["`readonly` as t", { kind: "attribute", attribute: "readonly", value: "t" }],
    ["an unknown `readonly`", { kind: "attribute", attribute: "readonly", value: "perhaps" }],
    ["`removed` as no", { kind: "attribute", attribute: "removed", value: "no" }],
    ["`removed` as infinity", { kind: "attribute", attribute: "removed", value: "infinity" }],
    ["an unreadable end", { kind: "attribute", attribute: "valid_to", value: { at: 7 } }],
    ["a user ID that clears the screen", { kind: "attribute", attribute: "user_id", value: "\u001b[2J::error::x" }],
  ];

  test.each(tolerated)("a list with %s: the share is unchanged", async (_, fault) => {
    const { emulator, declare, restart } = suite();
    const { id, outputs } = await declare(openWindow());
    emulator.fault({ on: "GET", ...fault });
    expect(await (await restart()).read(id, outputs)).toEqual(outputs);
  });

  test("a link with another share's key is not handed out, and a warning says so", async () => {
    const { emulator, declare, restart, sessionId } = suite();
    const { id, outputs } = await declare(openWindow());
    emulator.fault({ on: "GET", kind: "attribute", attribute: "link", value: `/sessions/2/?key=${"o".repeat(64)}` });
    const driver = await restart();
    expect(await driver.read(id, outputs)).toMatchObject({
      link: `/sessions/${sessionId}/?key=${String(outputs["key"])}`,
    });
    expect(driver.warnings()).toEqual([expect.stringMatching(/not a path with this share's own key/)]);
  });

  test("an unreadable `removed` is never adopted", async () => {
    const { emulator, declare, restart } = suite();
    const { inputs, outputs } = await declare(openWindow());
    emulator.fault({ on: "GET", kind: "attribute", attribute: "removed", value: "no way", times: 3 });
    const adopt = { ...inputs, adopt: fingerprintOf(String(outputs["key"])) };
    await expect((await restart()).create(adopt)).rejects.toMatchObject({ code: "refused" });
  });
}
