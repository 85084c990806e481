// What the clock decides, and what it does not: a window binds the share that is yet to be granted, never the one that is.
import { failed, hour, inHours, engineSuite, diagnosticsOf, share, sharesIn, succeeded } from "../support/engine-share";

describe("shares that have ended", () => {
  const suite = engineSuite();
  const window = { validSince: inHours(-1), validTo: inHours(8) };
  const declared = (more: object = {}) => [
    share("vendor", { sessionId: suite().sessionId, ...window, ...more }),
    share("drawn", { sessionId: suite().sessionId, duration: "PT8H" }),
  ];

  beforeAll(async () => {
    const { stack, declare, advanceClocks, newRequests } = suite();
    declare(...declared());
    expect(await stack.up()).toMatchObject(succeeded("+ 3 created"));
    advanceClocks(9);
    newRequests();
  });

  test("keep their stack working, quietly and without a call", async () => {
    const { stack, newRequests } = suite();
    for (const outcome of [
      await stack.preview(["--expect-no-changes"]),
      await stack.up(["--expect-no-changes"]),
      await stack.refresh(["--expect-no-changes"]),
    ]) {
      expect(outcome).toMatchObject(succeeded("3 unchanged"));
      expect(diagnosticsOf(outcome)).toEqual([]);
    }
    expect(newRequests()).toEqual([]);
  });

  test("stay quiet when the appliance forgets them, and take labels all the same", async () => {
    const { stack, emulator, declare, sessionId, newRequests } = suite();
    emulator.removeSession(sessionId);
    declare(...declared({ labels: { closed: "yes" } }));
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect(await stack.refresh(["--expect-no-changes"])).toMatchObject(succeeded("3 unchanged"));
    emulator.restoreSession(sessionId);
    expect(newRequests()).toEqual([]);
  });

  test("are not granted again by a change while their declared window is over: refused with that reason", async () => {
    const { stack, declare, newRequests } = suite();
    declare(...declared({ readonly: false }));
    for (const outcome of [await stack.preview(), await stack.up()]) {
      expect(outcome).toMatchObject(failed());
      expect(diagnosticsOf(outcome)).toEqual([
        expect.stringContaining(
          `validTo: the window ended at ${window.validTo}, so the link would open nothing; a changed readonly would replace the share`,
        ),
      ]);
    }
    expect(newRequests()).toEqual([]);
  });

  test("with a duration are granted anew by a change, with a fresh window, and no word of the ended link", async () => {
    const { stack, declare, recordedShare: recorded, sessionId, newRequests } = suite();
    declare(declared()[0]!, share("drawn", { sessionId, duration: "PT8H", readonly: false }));
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("+-1 replaced"));
    expect(diagnosticsOf(up)).toEqual([]);
    expect(newRequests()).toEqual(["GET 200", "POST 200", "GET 200"]);
    const { validTo } = (await recorded("drawn")).outputs as { validTo: string };
    expect(Date.parse(validTo)).toBeGreaterThan(Date.now() + 16 * hour);
  });

  test("leave without a warning", async () => {
    const { stack, declare, newRequests } = suite();
    newRequests();
    declare(share("drawn", { sessionId: suite().sessionId, duration: "PT8H", readonly: false }));
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("- 1 deleted"));
    expect(diagnosticsOf(up)).toEqual([]);
    expect(newRequests()).toEqual([]);
  });
});

describe("a new share", () => {
  const suite = engineSuite();

  test("in a past window is refused before any call, and every complaint comes at once", async () => {
    const { stack, declare, sessionId, newRequests } = suite();
    const past = { validSince: inHours(-2), validTo: inHours(-3) };
    declare(share("vendor", { sessionId, ...past }));
    const preview = await stack.preview();
    expect(preview).toMatchObject(failed());
    expect(diagnosticsOf(preview)).toEqual([
      expect.stringContaining(`validTo: the window ended at ${past.validTo}`),
      expect.stringContaining("validTo: must be after validSince"),
    ]);
    expect(newRequests()).toEqual([]);
  });

  test("longer than fudo:maxDuration is refused, an existing one is kept when the limit sinks below it", async () => {
    const { stack, declare, sessionId, newRequests } = suite();
    declare(share("vendor", { sessionId, duration: "P31D" }));
    const preview = await stack.preview();
    expect(preview).toMatchObject(failed());
    expect(diagnosticsOf(preview)).toEqual([
      expect.stringContaining(
        "duration: the window is longer than 30 d (fudo:maxDuration): a link cannot be taken back",
      ),
    ]);
    expect(newRequests()).toEqual([]);
    declare(share("vendor", { sessionId, duration: "P30D" }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    await stack.setConfig("fudo:maxDuration", "PT1H");
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(sharesIn(await stack.export())).toHaveLength(1);
  });
});
