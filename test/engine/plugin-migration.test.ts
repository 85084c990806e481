// A stack moves from the dynamic type to the plugin: by an alias, by import and by `adopt`. The shares stay; no request could make
// another one. The move is one way.
import type { StateResource } from "../support/engine";
import { documented, pluginShare, pluginSharesIn, pluginShareType, usePlugin } from "../support/engine-plugin";
import {
  diagnosticsOf,
  engineSuite,
  failed,
  openWindow,
  share,
  sharesIn,
  shareType,
  succeeded,
  type EngineSuite,
} from "../support/engine-share";

/** Creates a share of the dynamic type. From then on the project finds the plugin. Returns the share in the state. */
async function createDynamic(suite: EngineSuite, inputs: object): Promise<StateResource> {
  suite.declare(share("vendor", inputs));
  expect(await suite.stack.up()).toMatchObject(succeeded("+ 2 created"));
  usePlugin(suite.stack);
  suite.newRequests();
  return suite.recordedShare();
}

/** The only share in the state, which is of the plugin's type. */
async function migrated({ stack }: EngineSuite): Promise<StateResource> {
  const state = await stack.export();
  expect(sharesIn(state)).toEqual([]);
  const shares = pluginSharesIn(state);
  expect(shares).toHaveLength(1);
  return shares[0]!;
}

describe("an alias with the dynamic type", () => {
  const suite = engineSuite();
  const inputs = () => ({ sessionId: suite().sessionId, duration: "PT8H", labels: { vendor: "ACME" } });
  let before: StateResource;

  beforeAll(async () => {
    before = await createDynamic(suite(), inputs());
    suite().declare(pluginShare("vendor", inputs(), { aliases: [{ type: shareType }] }));
  });

  test("the preview shows no change, and sends no request", async () => {
    expect(await suite().stack.pulumi(documented("preview"))).toMatchObject(succeeded("2 unchanged"));
    expect(suite().newRequests()).toEqual([]);
  });

  test("`up` keeps the share with its ID, and removes the dynamic inputs, without a request", async () => {
    expect(await suite().stack.pulumi(documented("up --yes"))).toMatchObject(succeeded("2 unchanged"));
    const { id, inputs, outputs } = await migrated(suite());
    const { __provider, declarationTag, ...own } = before.inputs ?? {};
    expect([typeof __provider, typeof declarationTag]).toEqual(["string", "number"]);
    expect({ id, inputs, fingerprint: outputs?.["fingerprint"] }).toEqual({
      id: before.id,
      inputs: own,
      fingerprint: before.outputs?.["fingerprint"],
    });
    expect(suite().newRequests()).toEqual([]);
  });

  test("the first refresh removes the text of the dynamic provider from the outputs, and is no change", async () => {
    const { stack, newRequests } = suite();
    expect((await migrated(suite())).outputs).toHaveProperty("__provider");
    const refresh = [...documented("refresh"), "--skip-preview", "--expect-no-changes"];
    expect(await stack.pulumi(refresh)).toMatchObject(succeeded("2 unchanged"));
    const { outputs } = await migrated(suite());
    const { __provider, ...own } = before.outputs ?? {};
    expect(Object.keys(outputs ?? {}).sort()).toEqual(Object.keys(own).sort());
    expect(newRequests()).toEqual(["GET 200"]);
  });

  test("the next `up` changes nothing, with and without the alias", async () => {
    const { stack, declare, newRequests } = suite();
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    declare(pluginShare("vendor", inputs()));
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual([]);
  });

  test("the way back would create another share: the preview says so", async () => {
    const { stack, declare } = suite();
    declare(share("vendor", inputs()));
    expect(await stack.preview()).toMatchObject(succeeded("+ 1 to create", "- 1 to delete"));
  });

  // Engine: the dynamic provider needs its text in the outputs, and `up` writes outputs only with a change.
  test("the way back with an alias ends in a state that refresh cannot read, until the plugin is declared again", async () => {
    const { stack, declare, newRequests } = suite();
    declare(share("vendor", inputs(), { aliases: [{ type: pluginShareType }] }));
    expect(await stack.up()).toMatchObject(succeeded("2 unchanged"));
    // The engine's own error has a stack trace, for which the suite searches what is recorded.
    const refresh = await stack.refresh([], { record: false });
    expect(refresh).toMatchObject(failed("code must be a string, not undefined"));
    declare(pluginShare("vendor", inputs(), { aliases: [{ type: shareType }] }));
    expect(await stack.up()).toMatchObject(succeeded("2 unchanged"));
    expect(await stack.refresh()).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual(["GET 200"]);
  });

  test("destroy removes the share from the state, and says that the link still works", async () => {
    const destroy = await suite().stack.destroy();
    expect(destroy).toMatchObject(succeeded("- 2 deleted"));
    expect(diagnosticsOf(destroy)).toEqual([expect.stringContaining("is removed from the state but NOT revoked")]);
    expect(suite().newRequests()).toEqual([]);
  });
});

describe("the component VendorAccess", () => {
  const suite = engineSuite({ emulator: { sessions: 2 } });

  test("finds the shares of the class's component: a changed import is enough", async () => {
    const { stack, emulator, declare, newRequests } = suite();
    const properties = { vendor: "ACME", sessionIds: emulator.sessions, ...openWindow() };
    const access = (module: string) =>
      `new (require("${module}").VendorAccess)("acme", ${JSON.stringify(properties)});`;
    declare(access("pulumi-fudo"));
    expect(await stack.up()).toMatchObject(succeeded("+ 4 created"));
    const idsOf = (shares: StateResource[]) => shares.map(({ id }) => id).sort();
    const before = idsOf(sharesIn(await stack.export()));
    expect(before).toHaveLength(2);
    usePlugin(stack);
    newRequests();
    declare(access("pulumi-fudo/plugin"));
    expect(await stack.preview(["--expect-no-changes"])).toMatchObject(succeeded("4 unchanged"));
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("4 unchanged"));
    expect(newRequests()).toEqual([]);
    const state = await stack.export();
    expect(sharesIn(state)).toEqual([]);
    expect(idsOf(pluginSharesIn(state))).toEqual(before);
    expect(await stack.refresh(["--expect-no-changes"])).toMatchObject(succeeded("4 unchanged"));
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("4 unchanged"));
    expect(newRequests()).toEqual(["GET 200", "GET 200"]);
    expect(emulator.shares()).toHaveLength(2);
  });
});

describe.each<[string, (before: StateResource) => { inputs?: object; options?: object }, string]>([
  ["the option `import`", ({ id }) => ({ options: { import: id } }), "= 1 imported"],
  ["the input `adopt`", ({ outputs }) => ({ inputs: { adopt: outputs?.["fingerprint"] } }), "+ 1 created"],
])("%s", (_name, taken, summary) => {
  const suite = engineSuite();

  test("`up` takes over the share without a POST and removes the old entry; then nothing changes", async () => {
    const { stack, declare, sessionId, newRequests, emulator } = suite();
    const window = { sessionId, ...openWindow() };
    const before = await createDynamic(suite(), window);
    const { inputs, options } = taken(before);
    declare(pluginShare("vendor", { ...window, ...inputs }, options));
    const up = await stack.up();
    expect(up).toMatchObject(succeeded(summary, "- 1 deleted"));
    expect(diagnosticsOf(up)).toEqual([expect.stringContaining("is removed from the state but NOT revoked")]);
    expect(newRequests()).toEqual(["GET 200"]);
    expect((await migrated(suite())).id).toBe(before.id);
    declare(pluginShare("vendor", { ...window, ...inputs }));
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(await stack.refresh(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual(["GET 200"]);
    expect(emulator.shares()).toHaveLength(1);
  });
});
