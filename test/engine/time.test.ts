// What the clock decides, and what it does not: a window binds the share that is yet to be granted, never the one that is.
import { badly, hour, inHours, inScene, said, share, sharesIn, well } from "../support/engine-share";

describe("shares that have ended", () => {
  const scene = inScene();
  const window = { validSince: inHours(-1), validTo: inHours(8) };
  const declared = (more: object = {}) => [
    share("vendor", { sessionId: scene().sessionId, ...window, ...more }),
    share("drawn", { sessionId: scene().sessionId, duration: "PT8H" }),
  ];

  beforeAll(async () => {
    const { stack, declare, travel, newCalls } = scene();
    declare(...declared());
    expect(await stack.up()).toMatchObject(well("+ 3 created"));
    travel(9);
    newCalls();
  });

  test("keep their stack working, quietly and without a call", async () => {
    const { stack, newCalls } = scene();
    for (const outcome of [
      await stack.preview(["--expect-no-changes"]),
      await stack.up(["--expect-no-changes"]),
      await stack.refresh(["--expect-no-changes"]),
    ]) {
      expect(outcome).toMatchObject(well("3 unchanged"));
      expect(said(outcome)).toEqual([]);
    }
    expect(newCalls()).toEqual([]);
  });

  test("stay quiet when the appliance forgets them, and take labels all the same", async () => {
    const { stack, emulator, declare, sessionId, newCalls } = scene();
    emulator.removeSession(sessionId);
    declare(...declared({ labels: { closed: "yes" } }));
    expect(await stack.up()).toMatchObject(well("~ 1 updated"));
    expect(await stack.refresh(["--expect-no-changes"])).toMatchObject(well("3 unchanged"));
    emulator.restoreSession(sessionId);
    expect(newCalls()).toEqual([]);
  });

  test("are not granted again by a change while their declared window is over: refused with that reason", async () => {
    const { stack, declare, newCalls } = scene();
    declare(...declared({ readonly: false }));
    for (const outcome of [await stack.preview(), await stack.up()]) {
      expect(outcome).toMatchObject(badly());
      expect(said(outcome)).toEqual([
        expect.stringContaining(
          `validTo: the window ended at ${window.validTo}, so the link would open nothing; a changed readonly would replace the share`,
        ),
      ]);
    }
    expect(newCalls()).toEqual([]);
  });

  test("with a duration are granted anew by a change, with a fresh window, and no word of the ended link", async () => {
    const { stack, declare, share: recorded, sessionId, newCalls } = scene();
    declare(declared()[0]!, share("drawn", { sessionId, duration: "PT8H", readonly: false }));
    const up = await stack.up();
    expect(up).toMatchObject(well("+-1 replaced"));
    expect(said(up)).toEqual([]);
    expect(newCalls()).toEqual(["GET 200", "POST 200", "GET 200"]);
    const { validTo } = (await recorded("drawn")).outputs as { validTo: string };
    expect(Date.parse(validTo)).toBeGreaterThan(Date.now() + 16 * hour);
  });

  test("leave without a warning", async () => {
    const { stack, declare, newCalls } = scene();
    newCalls();
    declare(share("drawn", { sessionId: scene().sessionId, duration: "PT8H", readonly: false }));
    const up = await stack.up();
    expect(up).toMatchObject(well("- 1 deleted"));
    expect(said(up)).toEqual([]);
    expect(newCalls()).toEqual([]);
  });
});

describe("a new share", () => {
  const scene = inScene();

  test("in a past window is refused before any call, and every complaint comes at once", async () => {
    const { stack, declare, sessionId, newCalls } = scene();
    const past = { validSince: inHours(-2), validTo: inHours(-3) };
    declare(share("vendor", { sessionId, ...past }));
    const preview = await stack.preview();
    expect(preview).toMatchObject(badly());
    expect(said(preview)).toEqual([
      expect.stringContaining(`validTo: the window ended at ${past.validTo}`),
      expect.stringContaining("validTo: must be after validSince"),
    ]);
    expect(newCalls()).toEqual([]);
  });

  test("longer than fudo:maxDuration is refused, an existing one is kept when the limit sinks below it", async () => {
    const { stack, declare, sessionId, newCalls } = scene();
    declare(share("vendor", { sessionId, duration: "P31D" }));
    const preview = await stack.preview();
    expect(preview).toMatchObject(badly());
    expect(said(preview)).toEqual([
      expect.stringContaining(
        "duration: the window is longer than 30 d (fudo:maxDuration): a link cannot be taken back",
      ),
    ]);
    expect(newCalls()).toEqual([]);
    declare(share("vendor", { sessionId, duration: "P30D" }));
    expect(await stack.up()).toMatchObject(well("+ 2 created"));
    await stack.setConfig("fudo:maxDuration", "PT1H");
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(well("2 unchanged"));
    expect(sharesIn(await stack.export())).toHaveLength(1);
  });
});
