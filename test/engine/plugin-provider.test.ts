// The plugin's provider resource on the real engine: each setting as a literal, a secret and a value that only the run knows;
// what the state holds of them; a changed key and a changed address.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment, StateResource } from "../support/engine";
import { pluginShare, pluginSharesIn, usePlugin } from "../support/engine-plugin";
import { diagnosticsOf, engineSuite, failed, succeeded } from "../support/engine-share";

const publicUrl = "https://vendors.example.com";
/** How a program passes a value: `value` is JavaScript source. */
const forms: Record<string, (value: string) => string> = {
  literal: (value) => value,
  secret: (value) => `pulumi.secret(${value})`,
  unknown: (value) => `later(${value})`,
};
/** The key and the address come from the test, so that the program's file holds none of them. */
const limits = {
  publicUrl: `"${publicUrl}"`,
  maxDuration: '"P1D"',
  deletionPolicy: '"refuseWhileLive"',
  timeout: '"PT20S"',
};
const connection = { url: "process.env.URL_OF_TEST", apiKey: "process.env.KEY_OF_TEST" };
const trusts: Record<string, Record<string, string>> = {
  ca: { caCertificate: "process.env.CA_OF_TEST" },
  pin: { certificateFingerprint: "process.env.PIN_OF_TEST" },
  none: { insecureSkipVerify: "true" },
};
/** `later(x)` is an output of another resource of the same program: a preview of its creation does not know it. */
const later = `
  const echo = ({ input }) => ({ outs: { value: input } });
  const operations = { create: async (inputs) => ({ id: "value", ...echo(inputs) }), update: async (_id, _olds, news) => echo(news) };
  class Value extends pulumi.dynamic.Resource {
    constructor() { super(operations, "value", { input: pulumi.secret(process.env.URL_OF_TEST + process.env.KEY_OF_TEST), value: undefined }, { additionalSecretOutputs: ["value"] }); }
  }
  const { value } = new Value();
  const later = (known) => value.apply(() => known);`;

const provider = (name: string, settings: Record<string, string>, form: (value: string) => string) => {
  const source = Object.entries(settings).map(([setting, value]) => `${setting}: ${form(value)}`);
  return `const ${name} = new pulumi.ProviderResource("fudo", "${name}", { ${source.join(", ")} });`;
};

const shareOf = (name: string, inputs: object, prefix = "share") =>
  pluginShare(`${prefix}_${name}`, inputs, `{ provider: ${name} }`);

const providersIn = (resources: readonly StateResource[]) =>
  resources.filter(({ type }) => type === "pulumi:providers:fudo");

const idsIn = (state: Deployment) =>
  pluginSharesIn(state)
    .map(({ id }) => id)
    .sort();

describe("explicit providers", () => {
  const suite = engineSuite({ emulator: { https: true }, configured: false });
  const names = Object.keys(forms).flatMap((form) => Object.keys(trusts).map((trust) => `${form}_${trust}`));
  let env: Record<string, string> = {};

  beforeAll(() => {
    const { emulator, stack } = suite();
    usePlugin(stack);
    env = {
      URL_OF_TEST: emulator.url,
      KEY_OF_TEST: emulator.apiKey,
      CA_OF_TEST: String(emulator.certificate),
      PIN_OF_TEST: String(emulator.certificateFingerprint),
    };
    declareShares();
  });

  function declareShares(...more: string[]) {
    const { declare, sessionId } = suite();
    const lines = names.flatMap((name) => {
      const [form = "", trust = ""] = name.split("_");
      const settings = { ...connection, ...limits, ...trusts[trust] };
      return [provider(name, settings, forms[form]!), shareOf(name, { sessionId, duration: "PT8H" })];
    });
    declare(later, ...lines, ...more);
  }

  test("a preview with values that are not known yet succeeds and sends no request", async () => {
    const { stack, newRequests } = suite();
    expect(await stack.preview([], { env })).toMatchObject(succeeded("to create"));
    expect(newRequests()).toEqual([]);
  });

  test("each form of each setting creates a share", async () => {
    const { stack, emulator } = suite();
    const events = ["--event-log", join(stack.folder, "output", "events.json")];
    const up = await stack.up(events, { env: { ...env, PULUMI_DEBUG_COMMANDS: "true" } });
    expect(up).toMatchObject(succeeded("created"));
    expect(diagnosticsOf(up)).toEqual([expect.stringContaining("fudo:insecureSkipVerify is true")]);
    expect(emulator.shares()).toHaveLength(names.length);
    const links = Object.values(await stack.outputs(true)).map((share: any) => String(share.url));
    expect(links).toHaveLength(names.length);
    for (const link of links) expect(link).toMatch(`${publicUrl}/`);
  });

  test("the key is a secret in the state, also where the program passes it plain, and no event holds it", async () => {
    const { stack, emulator } = suite();
    const providers = providersIn((await stack.export()).resources);
    expect(providers).toHaveLength(names.length);
    for (const { inputs, outputs } of providers)
      for (const values of [inputs, outputs])
        expect(values?.["apiKey"]).toMatchObject({ ciphertext: expect.any(String) });
    const credentials = [emulator.apiKey, ...emulator.shares().map(({ key }) => key)];
    // Engine: the SDK of Node.js writes all values into debug events, which only this hidden option shows.
    const log = join(stack.folder, "output", "events.json");
    const events = readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => !line.includes('"severity":"debug"'));
    expect(events.filter((line) => line.includes("resOutputsEvent")).length).toBeGreaterThan(2 * names.length);
    writeFileSync(log, events.join("\n"));
    expect(stack.occurrences(credentials)).toEqual([]);
  });

  test("a run without changes sends no request", async () => {
    const { stack, newRequests } = suite();
    newRequests();
    expect(await stack.up(["--expect-no-changes"], { env })).toMatchObject(succeeded("unchanged"));
    expect(newRequests()).toEqual([]);
  });

  test.each(Object.keys(forms))("maxDuration counts as a value that is %s", async (form) => {
    const { stack, declare, sessionId, newRequests } = suite();
    const settings = { ...connection, ...limits, ...trusts["ca"] };
    declare(
      later,
      provider(`${form}_ca`, settings, forms[form]!),
      shareOf(`${form}_ca`, { sessionId, duration: "P2D" }, "long"),
    );
    const preview = await stack.preview([], { env });
    expect(preview).toMatchObject(failed());
    expect(diagnosticsOf(preview)).toEqual([
      expect.stringContaining("the window is longer than 1 d (fudo:maxDuration)"),
    ]);
    expect(newRequests()).toEqual([]);
    declareShares();
  });

  test("deletionPolicy counts in each form", async () => {
    const { stack } = suite();
    const destroy = await stack.destroy(["--continue-on-error"], { env });
    expect(destroy).toMatchObject(failed());
    for (const name of names)
      expect(destroy.all).toMatch(new RegExp(`\\(share_${name}\\):\\n.*deletionPolicy is refuseWhileLive`));
    expect(pluginSharesIn(await stack.export())).toHaveLength(names.length);
  });

  test("a changed key and a changed address are used at once, and re-create nothing", async () => {
    const { stack, emulator } = suite();
    const before = idsIn(await stack.export());
    env = { ...env, KEY_OF_TEST: emulator.rotateKey(), URL_OF_TEST: emulator.url.replace("127.0.0.1", "localhost") };
    expect(await stack.up([], { env })).toMatchObject(succeeded("updated"));
    expect(idsIn(await stack.export())).toEqual(before);
    expect(emulator.shares()).toHaveLength(names.length);
    expect(await stack.refresh([], { env })).toMatchObject(succeeded());
    expect(emulator.requests.at(-1)).toMatchObject({ authorization: emulator.apiKey, method: "GET" });
  });

  test("destroy needs no configuration but the one in the state", async () => {
    const { stack } = suite();
    expect(await stack.destroy([], { env: { FUDO_ABANDON_LIVE: "true" } })).toMatchObject(succeeded("deleted"));
  });
});
