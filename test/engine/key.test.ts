// The API key on the real engine: its source, its rotation, and a key in plain text.
import { failed, engineSuite, openWindow, diagnosticsOf, share, succeeded } from "../support/engine-share";

describe("a rotated key", () => {
  const suite = engineSuite();
  const rotate = () => suite().stack.setConfig("fudo:apiKey", suite().emulator.rotateKey(), { secret: true });
  const rejected = expect.stringMatching(
    /401.*The API key came from fudo:apiKey of the stack's configuration\. Check that it is .* blocked or expired\. After a key rotation: .* Run `pulumi up` first, or add --run-program/,
  );

  beforeAll(async () => {
    const { stack, declare, sessionId } = suite();
    declare(share("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    await rotate();
  });

  // Engine: a plain refresh uses the configuration that the last `up` stored.
  test("is not used by a plain refresh, whose error says what to do", async () => {
    const { stack } = suite();
    const refresh = await stack.refresh();
    expect(refresh).toMatchObject(failed("fudo[unauthorized]"));
    expect(diagnosticsOf(refresh)).toEqual([rejected]);
  });

  test("is used by refresh --run-program", async () => {
    expect(await suite().stack.refresh(["--run-program"])).toMatchObject(succeeded("2 unchanged"));
  });

  test("is used by `up` and by each plain refresh after it", async () => {
    const { stack, emulator } = suite();
    await rotate();
    expect(await stack.refresh()).toMatchObject(failed("fudo[unauthorized]"));
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(await stack.refresh()).toMatchObject(succeeded("2 unchanged"));
    expect(emulator.requests.at(-1)?.authorization).toBe(emulator.apiKey);
  });

  test("does not affect destroy, which needs no key", async () => {
    const { stack, newRequests } = suite();
    await rotate();
    newRequests();
    const destroy = await stack.destroy();
    expect(destroy).toMatchObject(succeeded("- 2 deleted"));
    expect(diagnosticsOf(destroy)).toEqual([expect.stringContaining("is removed from the state but NOT revoked")]);
    expect(newRequests()).toEqual([]);
  });
});

describe("a key in the environment", () => {
  const suite = engineSuite({ configured: false });
  const environment = () => ({ env: { FUDO_URL: suite().emulator.url, FUDO_API_KEY: suite().emulator.apiKey } });

  test("works for `up` and refresh, is never stored, and is read again after a rotation", async () => {
    const { stack, declare, sessionId, emulator } = suite();
    declare(share("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up([], environment())).toMatchObject(succeeded("+ 2 created"));
    const old = environment();
    emulator.rotateKey();
    const refresh = await stack.refresh([], old);
    expect(refresh).toMatchObject(failed("fudo[unauthorized]"));
    expect(diagnosticsOf(refresh)).toEqual([
      expect.stringMatching(/401.*The API key came from the environment variable FUDO_API_KEY\. Check that it is/),
    ]);
    expect(await stack.refresh([], environment())).toMatchObject(succeeded("2 unchanged"));
    expect(stack.occurrences([old.env.FUDO_API_KEY])).toEqual([]);
  });

  test("is not needed by a stack without changes, which sends no request", async () => {
    const { stack, newRequests } = suite();
    newRequests();
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(await stack.destroy()).toMatchObject(succeeded("- 2 deleted"));
    expect(newRequests()).toEqual([]);
  });
});

describe("a key in plain text in the stack configuration", () => {
  const plain = "plain-key-that-must-be-rotated";
  const suite = engineSuite({ configured: false, config: { "fudo:apiKey": plain } });

  test("is rejected before any request, with the command that fixes it and without the value", async () => {
    const { stack, declare, sessionId, emulator, newRequests } = suite();
    const env = { FUDO_URL: emulator.url };
    for (const line of [
      share("vendor", { sessionId, duration: "PT8H" }),
      `exports.shares = fudo.getSessionSharesOutput({ sessionId: "${sessionId}" });`,
    ]) {
      declare(line);
      const preview = await stack.preview([], { env });
      expect(preview).toMatchObject(failed());
      expect(diagnosticsOf(preview)).toContainEqual(
        expect.stringMatching(
          /^The program's process found fudo:apiKey in plain text in its configuration\. If .* run `pulumi config set --secret fudo:apiKey`.*rotate the key/,
        ),
      );
      expect(preview.all).not.toContain(plain);
    }
    expect(newRequests()).toEqual([]);
  });
});
