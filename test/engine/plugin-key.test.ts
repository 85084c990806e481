// The API key of the plugin after a rotation: which commands use the new one, and what the others say. The plugin does not ask the
// engine to refresh before each update: that refresh would use the old key, and the program with the new one would never run.
import { documented, pluginShare, pluginSharesIn, usePlugin } from "../support/engine-plugin";
import { diagnosticsOf, engineSuite, failed, openWindow, succeeded } from "../support/engine-share";

describe("a rotated key in the stack's configuration", () => {
  const suite = engineSuite();
  const window = openWindow();
  const vendor = () => pluginShare("vendor", { sessionId: suite().sessionId, ...window });
  const rotate = () => suite().stack.setConfig("fudo:apiKey", suite().emulator.rotateKey(), { secret: true });

  beforeAll(async () => {
    const { stack, declare } = suite();
    usePlugin(stack);
    declare(vendor());
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
  });

  beforeEach(async () => {
    await rotate();
    suite().newRequests();
  });

  // Engine: a plain refresh uses the configuration that the last `up` stored.
  test("is not used by a plain refresh, whose error says what to do", async () => {
    const refresh = await suite().stack.refresh();
    expect(refresh).toMatchObject(failed("fudo[unauthorized]"));
    expect(diagnosticsOf(refresh)).toEqual([
      expect.stringMatching(
        /401.*The API key came from .*After a key rotation: .* Run `pulumi up` first, or add --run-program/,
      ),
    ]);
  });

  test("is used and stored by a plain `up`, which reads no share", async () => {
    const { stack, emulator, newRequests, declare, sessionId } = suite();
    expect(await stack.up()).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual([]);
    expect(await stack.refresh()).toMatchObject(succeeded("2 unchanged"));
    expect(emulator.requests.at(-1)?.authorization).toBe(emulator.apiKey);
    await rotate();
    newRequests();
    declare(vendor(), pluginShare("other", { sessionId, duration: "PT8H" }));
    expect(await stack.up()).toMatchObject(succeeded("+ 1 created"));
    expect(newRequests()).toEqual(["GET 200", "POST 200", "GET 200"]);
  });

  test.each([
    ["up --refresh --run-program", [...documented("up --refresh"), "--yes", "--skip-preview"]],
    ["refresh --run-program", ["refresh", "--yes", "--skip-preview", "--run-program"]],
    ["preview --refresh --run-program", ["preview", "--refresh", "--run-program"]],
  ])("is used by %s", async (_name, args) => {
    expect(await suite().stack.pulumi(args)).toMatchObject(succeeded("3 unchanged"));
    expect(new Set(suite().newRequests())).toEqual(new Set(["GET 200"]));
  });

  test("does not affect destroy, which needs no key", async () => {
    const destroy = await suite().stack.destroy();
    expect(destroy).toMatchObject(succeeded("- 3 deleted"));
    expect(suite().newRequests()).toEqual([]);
    expect(pluginSharesIn(await suite().stack.export())).toEqual([]);
  });
});

describe("a rotated key in the environment", () => {
  const suite = engineSuite({ configured: false });
  const environment = () => ({ env: { FUDO_URL: suite().emulator.url, FUDO_API_KEY: suite().emulator.apiKey } });

  test("is used by each command at once, and never stored", async () => {
    const { stack, declare, sessionId, emulator } = suite();
    usePlugin(stack);
    declare(pluginShare("vendor", { sessionId, ...openWindow() }));
    const old = environment();
    expect(await stack.up([], old)).toMatchObject(succeeded("+ 2 created"));
    emulator.rotateKey();
    expect(await stack.refresh([], old)).toMatchObject(failed("fudo[unauthorized]", "FUDO_API_KEY"));
    expect(await stack.refresh([], environment())).toMatchObject(succeeded("2 unchanged"));
    expect(await stack.destroy([], environment())).toMatchObject(succeeded("- 2 deleted"));
    expect(stack.occurrences([old.env.FUDO_API_KEY, emulator.apiKey])).toEqual([]);
  });
});
