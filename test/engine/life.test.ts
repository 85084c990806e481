// One share from preview to destroy: granted once, kept as it is by every later run, told of honestly at its end.
import {
  fingerprintOf,
  hour,
  engineSuite,
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
  const declared = ({ sessionId }: EngineSuite, more: object = {}) =>
    share("vendor", { sessionId, duration: "P2D", ...more });
  let validTo: unknown;

  test("is previewed without a call", async () => {
    const { stack, declare, newRequests } = suite();
    declare(declared(suite()));
    expect(await stack.preview()).toMatchObject(succeeded("+ 2 to create"));
    expect(newRequests()).toEqual([]);
  });

  test("is granted once by up, and read back", async () => {
    const { stack, emulator, newRequests, recordedShare, sessionId } = suite();
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    expect(newRequests()).toEqual(["GET 200", "POST 200", "GET 200"]);
    const [granted] = emulator.shares();
    const { id, outputs } = await recordedShare();
    expect(id).toBe(`${sessionId}/${fingerprintOf(granted!.key)}`);
    expect(outputs).toMatchObject({
      sessionId,
      readonly: true,
      validSince: granted!.validSince,
      validTo: granted!.validTo,
      appliance: emulator.url,
    });
    expect(outputs).toMatchObject({
      fingerprint: fingerprintOf(granted!.key),
      createdAt: expect.any(String),
      modifiedAt: expect.any(String),
    });
    validTo = granted!.validTo;
  });

  test("keeps key, link and url as secrets: encrypted in the state, hidden in outputs, there for who asks", async () => {
    const { stack, emulator, recordedShare } = suite();
    const [granted] = emulator.shares();
    expect((await recordedShare()).outputs).toMatchObject({ key: encrypted, link: encrypted, url: encrypted });
    const open = { fingerprint: fingerprintOf(granted!.key), validTo: granted!.validTo };
    expect(await stack.outputs()).toEqual({ vendor: { ...open, url: "[secret]" } });
    expect(await stack.outputs(true)).toEqual({ vendor: { ...open, url: emulator.url + granted!.link } });
  });

  test("is left alone by the next preview and up, without a call", async () => {
    const { stack, newRequests } = suite();
    expect(await stack.preview(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual([]);
  });

  test("is read by refresh with one list, which changes nothing", async () => {
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

  test("keeps its window hours later, and when its length is spelled otherwise", async () => {
    const { stack, declare, newRequests, advanceClocks, recordedShare } = suite();
    advanceClocks(30);
    declare(declared(suite(), { duration: "PT48H" }));
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect((await recordedShare()).outputs).toMatchObject({ validTo });
    expect(newRequests()).toEqual([]);
  });

  test("is not replaced when the duration gives way to the end that it gave, nor when that end is spelled otherwise", async () => {
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

  test("takes labels and a public address into the state alone, and loses nothing", async () => {
    const { stack, declare, newRequests, emulator, recordedShare } = suite();
    const { outputs: before } = await recordedShare();
    declare(declared(suite(), { labels: { ticket: "OPS-2" } }));
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

  test("is forgotten by destroy, which says until when its link works and calls nobody", async () => {
    const { stack, newRequests, sessionId, emulator } = suite();
    const outcome = await stack.destroy();
    expect(outcome).toMatchObject(succeeded("- 2 deleted"));
    const print = fingerprintOf(emulator.shares()[0]!.key);
    expect(diagnosticsOf(outcome)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^fudo: share ${print} of session ${sessionId} is forgotten, not revoked: the API cannot revoke\\. .* until ${String(validTo)} \\(in 1[78] h .*Management > Sessions`,
        ),
      ),
    ]);
    expect((await stack.export()).resources).toEqual([]);
    expect(newRequests()).toEqual([]);
  });
});
