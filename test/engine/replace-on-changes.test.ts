// The option `replaceOnChanges` with the plugin: the engine turns the update of a label into a replacement, which diff does not
// decide. It has no effect on the dynamic type, which test/engine/replace.test.ts shows.
import { pluginShare, pluginSharesIn, usePlugin } from "../support/engine-plugin";
import { diagnosticsOf, engineSuite, failed, openWindow, succeeded } from "../support/engine-share";

const suite = engineSuite({ emulator: { behaviour: { removedShares: "flagged" } } });
const posts = () => suite().emulator.requests.filter(({ method }) => method === "POST").length;

/** Creates a share, and declares it with another label. */
async function changeLabel(inputs: object = {}): Promise<void> {
  const { stack, declare, sessionId } = suite();
  const declared = { sessionId, ...openWindow(), ...inputs };
  const options = { replaceOnChanges: ["labels"] };
  declare(pluginShare("vendor", { ...declared, labels: { ticket: "OPS-1" } }, options));
  expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
  declare(pluginShare("vendor", { ...declared, labels: { ticket: "OPS-2" } }, options));
}

beforeAll(() => usePlugin(suite().stack));
afterEach(async () => {
  const destroy = await suite().stack.destroy([], { env: { FUDO_ABANDON_LIVE: "true" } });
  expect(destroy).toMatchObject(succeeded("- 2 deleted"));
});

test("a share that was revoked meanwhile is not opened again", async () => {
  const { stack, emulator } = suite();
  await changeLabel();
  emulator.revoke(emulator.shares().at(-1)!.key);
  const before = posts();
  expect(await stack.up()).toMatchObject(failed("this replacement would grant access again"));
  expect(posts()).toBe(before);
  expect(pluginSharesIn(await stack.export())).toHaveLength(1);
});

test("refuseWhileLive refuses in the preview, and before the POST", async () => {
  const { stack } = suite();
  await changeLabel({ deletionPolicy: "refuseWhileLive" });
  const before = posts();
  for (const outcome of [await stack.preview(), await stack.up()])
    expect(outcome).toMatchObject(failed("refused to replace share"));
  expect(posts()).toBe(before);
});

test("else preview and `up` warn of the old link, once each", async () => {
  const { stack } = suite();
  await changeLabel();
  const warning = expect.stringContaining("will be replaced by a new share, and the old link is NOT revoked");
  const preview = await stack.preview();
  expect(preview).toMatchObject(succeeded("+-1 to replace"));
  const up = await stack.up();
  expect(up).toMatchObject(succeeded("+-1 replaced"));
  expect([diagnosticsOf(preview), diagnosticsOf(up)]).toEqual([[warning], [warning]]);
});
