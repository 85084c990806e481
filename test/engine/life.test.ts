// One share from preview to destroy: created once, unchanged in each later run, and named as still live at the end.
import {
  fingerprintOf,
  hour,
  engineSuite,
  minuteText,
  share,
  succeeded,
  diagnosticsOf,
  type EngineSuite,
} from "../support/engine-share";

const encrypted = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: expect.stringMatching(/^v1:/),
};

describe("a share with a duration", () => {
  const suite = engineSuite();
  const declaration = ({ sessionId }: EngineSuite, more: object = {}) =>
    share("vendor", { sessionId, duration: "P2D", ...more });
  let validTo: unknown;

  test("is previewed without a request", async () => {
    const { stack, declare, newRequests } = suite();
    declare(declaration(suite()));
    expect(await stack.preview()).toMatchObject(succeeded("+ 2 to create"));
    expect(newRequests()).toEqual([]);
  });

  test("is created once by `up`, and its outputs come from the list", async () => {
    const { stack, emulator, newRequests, recordedShare, sessionId } = suite();
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    expect(newRequests()).toEqual(["GET 200", "POST 200", "GET 200"]);
    const [created] = emulator.shares();
    const { id, outputs } = await recordedShare();
    expect(id).toBe(`${sessionId}/${fingerprintOf(created!.key)}`);
    expect(outputs).toMatchObject({
      sessionId,
      readonly: true,
      validSince: created!.validSince,
      validTo: created!.validTo,
      appliance: emulator.url,
    });
    expect(outputs).toMatchObject({
      fingerprint: fingerprintOf(created!.key),
      createdAt: expect.any(String),
      modifiedAt: expect.any(String),
    });
    validTo = created!.validTo;
  });

  test("has key, link and url as secrets: encrypted in the state, hidden in outputs, shown with --show-secrets", async () => {
    const { stack, emulator, recordedShare } = suite();
    const [created] = emulator.shares();
    expect((await recordedShare()).outputs).toMatchObject({ key: encrypted, link: encrypted, url: encrypted });
    const visible = { fingerprint: fingerprintOf(created!.key), validTo: created!.validTo };
    expect(await stack.outputs()).toEqual({ vendor: { ...visible, url: "[secret]" } });
    expect(await stack.outputs(true)).toEqual({ vendor: { ...visible, url: emulator.url + created!.link } });
  });

  test("is unchanged in the next preview and `up`, without a request", async () => {
    const { stack, newRequests } = suite();
    expect(await stack.preview(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual([]);
  });

  test("is read by refresh with one list request, and nothing changes", async () => {
    const { stack, newRequests, recordedShare } = suite();
    const before = await recordedShare();
    expect(await stack.refresh(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual(["GET 200"]);
    expect((await recordedShare()).outputs).toMatchObject({
      ...before.outputs,
      key: encrypted,
      link: encrypted,
      url: encrypted,
    });
  });

  test("keeps its window hours later, and with another notation of its duration", async () => {
    const { stack, declare, newRequests, advanceClocks, recordedShare } = suite();
    advanceClocks(30);
    declare(declaration(suite(), { duration: "PT48H" }));
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect((await recordedShare()).outputs).toMatchObject({ validTo });
    expect(newRequests()).toEqual([]);
  });

  test("is not replaced by the `validTo` that the duration produced, in any notation", async () => {
    const { stack, declare, newRequests, sessionId } = suite();
    const inArizona = new Date(Date.parse(String(validTo)) - 7 * hour)
      .toISOString()
      .replace("T", " ")
      .replace("Z", "-07");
    for (const source of [`"${String(validTo)}"`, `"${inArizona}"`, `new Date("${String(validTo)}")`]) {
      declare(share("vendor", `{ sessionId: "${sessionId}", validTo: ${source} }`));
      expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    }
    expect(newRequests()).toEqual([]);
  });

  test("records labels and a public URL in the state alone, and keeps every other output", async () => {
    const { stack, declare, newRequests, emulator, recordedShare } = suite();
    const { outputs: before } = await recordedShare();
    declare(declaration(suite(), { labels: { ticket: "OPS-2" } }));
    await stack.setConfig("fudo:publicUrl", "https://vendors.example");
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect((await recordedShare()).outputs).toEqual({
      ...before,
      labels: { ticket: "OPS-2" },
      key: encrypted,
      link: encrypted,
      url: encrypted,
      duration: "PT48H",
    });
    expect(await stack.outputs(true)).toMatchObject({
      vendor: { url: `https://vendors.example${emulator.shares()[0]!.link}` },
    });
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual([]);
  });

  test("is removed from the state by destroy, with a warning until when its link works and without a request", async () => {
    const { stack, newRequests, sessionId, emulator } = suite();
    const outcome = await stack.destroy();
    expect(outcome).toMatchObject(succeeded("- 2 deleted"));
    const fingerprint = fingerprintOf(emulator.shares()[0]!.key);
    expect(diagnosticsOf(outcome)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^fudo: share ${fingerprint} of session ${sessionId} is removed from the state but NOT revoked: the Fudo API has no revoke operation\\. The link works until ${minuteText(validTo)} \\(in 1[78] h.*Management > Sessions`,
        ),
      ),
    ]);
    expect((await stack.export()).resources).toEqual([]);
    expect(newRequests()).toEqual([]);
  });
});
