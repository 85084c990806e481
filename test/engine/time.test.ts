// What the clock decides on the real engine: the limits on a window apply to a new share, never to an existing one.
import {
  failed,
  hour,
  inHours,
  minuteText,
  engineSuite,
  diagnosticsOf,
  share,
  sharesIn,
  succeeded,
} from "../support/engine-share";

describe("expired shares", () => {
  const suite = engineSuite();
  const window = { validSince: inHours(-1), validTo: inHours(8) };
  const declarations = (more: object = {}) => [
    share("vendor", { sessionId: suite().sessionId, ...window, ...more }),
    share("generated", { sessionId: suite().sessionId, duration: "PT8H" }),
  ];

  beforeAll(async () => {
    const { stack, declare, advanceClocks, newRequests } = suite();
    declare(...declarations());
    expect(await stack.up()).toMatchObject(succeeded("+ 3 created"));
    advanceClocks(9);
    newRequests();
  });

  test("change nothing: every command succeeds without a warning and without a request", async () => {
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

  test("cause no warning when the appliance has deleted them, and still accept labels", async () => {
    const { stack, emulator, declare, sessionId, newRequests } = suite();
    emulator.removeSession(sessionId);
    declare(...declarations({ labels: { closed: "yes" } }));
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect(await stack.refresh(["--expect-no-changes"])).toMatchObject(succeeded("3 unchanged"));
    emulator.restoreSession(sessionId);
    expect(newRequests()).toEqual([]);
  });

  test("are not re-created by a change while their declared window is over: check fails with that reason", async () => {
    const { stack, declare, newRequests } = suite();
    declare(...declarations({ readonly: false }));
    for (const outcome of [await stack.preview(), await stack.up()]) {
      expect(outcome).toMatchObject(failed());
      expect(diagnosticsOf(outcome)).toEqual([
        expect.stringContaining(
          `validTo: the window ended at ${minuteText(window.validTo)}, so the link would never work. The changed readonly replaces the share, so the limits of a new share apply`,
        ),
      ]);
    }
    expect(newRequests()).toEqual([]);
  });

  test("with a duration are re-created by a change, with a new window and a message that access is granted again", async () => {
    const { stack, declare, recordedShare: recorded, sessionId, newRequests } = suite();
    declare(declarations()[0]!, share("generated", { sessionId, duration: "PT8H", readonly: false }));
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("+-1 replaced"));
    expect(diagnosticsOf(up)).toEqual([
      expect.stringMatching(/expired at .*This replacement grants access again, for 8 h from now/),
    ]);
    expect(newRequests()).toEqual(["GET 200", "POST 200", "GET 200"]);
    const { validTo } = (await recorded("generated")).outputs as { validTo: string };
    expect(Date.parse(validTo)).toBeGreaterThan(Date.now() + 16 * hour);
  });

  test("are removed from the state without a warning", async () => {
    const { stack, declare, newRequests } = suite();
    newRequests();
    declare(share("generated", { sessionId: suite().sessionId, duration: "PT8H", readonly: false }));
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("- 1 deleted"));
    expect(diagnosticsOf(up)).toEqual([]);
    expect(newRequests()).toEqual([]);
  });
});

describe("a new share", () => {
  const suite = engineSuite();

  test("in a past window fails check before any request, with all failures at once", async () => {
    const { stack, declare, sessionId, newRequests } = suite();
    const past = { validSince: inHours(-2), validTo: inHours(-3) };
    declare(share("vendor", { sessionId, ...past }));
    const preview = await stack.preview();
    expect(preview).toMatchObject(failed());
    expect(diagnosticsOf(preview)).toEqual([
      expect.stringContaining(`validTo: the window ended at ${minuteText(past.validTo)}`),
      expect.stringContaining("validTo: must be after validSince"),
    ]);
    expect(newRequests()).toEqual([]);
  });

  test("longer than fudo:maxDuration fails check; an existing one is kept when the limit is lowered", async () => {
    const { stack, declare, sessionId, newRequests } = suite();
    declare(share("vendor", { sessionId, duration: "P31D" }));
    const preview = await stack.preview();
    expect(preview).toMatchObject(failed());
    expect(diagnosticsOf(preview)).toEqual([
      expect.stringContaining(
        "duration: the window is longer than 30 d (fudo:maxDuration): it has 31 d. The API cannot revoke a link",
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
