// `SessionShare.get` of the plugin's TypeScript SDK, on the real engine: a share that somebody else manages.
import { pluginSharesIn, usePlugin } from "../support/engine-plugin";
import { engineSuite, failed, fingerprintOf, succeeded } from "../support/engine-share";

const program = (id: string) => `
const { SessionShare } = require("pulumi-fudo/plugin");
const { url, fingerprint, readonly, validTo } = SessionShare.get("existing", "${id}");
Object.assign(exports, { url, fingerprint, readonly, validTo });
`;

describe("SessionShare.get", () => {
  const suite = engineSuite();
  const created = () => suite().emulator.shares()[0]!;

  beforeAll(() => {
    const { stack, emulator, sessionId } = suite();
    usePlugin(stack);
    const { key } = emulator.addShare(sessionId, { readonly: false });
    stack.writeProgram(program(`${sessionId}/${fingerprintOf(key)}`));
  });

  test("reads the share with one request, and the link is a secret", async () => {
    const { stack, emulator, newRequests } = suite();
    expect(await stack.up()).toMatchObject(succeeded("+ 1 created"));
    expect(newRequests()).toEqual(["GET 200"]);
    const { key, link, validTo } = created();
    const outputs = { fingerprint: fingerprintOf(key), readonly: false, validTo };
    expect(await stack.outputs()).toEqual({ ...outputs, url: "[secret]" });
    expect(await stack.outputs(true)).toEqual({ ...outputs, url: emulator.url + link });
    expect(pluginSharesIn(await stack.export())).toMatchObject([{ external: true }]);
  });

  test("the next `up` reads it again and changes nothing", async () => {
    const { stack, newRequests } = suite();
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("1 unchanged"));
    expect(newRequests()).toEqual(["GET 200"]);
  });

  test("a share that the session does not have is an error in the preview", async () => {
    const { stack, sessionId } = suite();
    stack.writeProgram(program(`${sessionId}/0123456789abcdef`));
    expect(await stack.preview()).toMatchObject(failed("fudo[not-found]", "0123456789abcdef"));
  });

  test("destroy sends no request and leaves the share alone", async () => {
    const { stack, newRequests } = suite();
    newRequests();
    expect(await stack.destroy()).toMatchObject(succeeded());
    expect(newRequests()).toEqual([]);
    expect(created()).toMatchObject({ removed: false });
  });
});
