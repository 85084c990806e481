// The plugin's functions, `pulumi import` and `pulumi do` on the real engine: with several appliances, and with a provider
// that is not known yet.
import { startEmulator, type Emulator } from "../../provider/emulator";
import { pluginShare, usePlugin } from "../support/engine-plugin";
import { diagnosticsOf, engineSuite, failed, fingerprintOf, succeeded } from "../support/engine-share";

// The SDK prints its own stack after the sentence of a function that failed. No code of ours runs there.
const suite = engineSuite({ configured: false, mayShowStackTraces: true });
let berlin: Emulator;
let env: Record<string, string>;

beforeAll(async () => {
  const { stack, emulator } = suite();
  usePlugin(stack);
  berlin = await startEmulator({ seed: 2 });
  env = { WARSAW_URL: emulator.url, WARSAW_KEY: emulator.apiKey, BERLIN_URL: berlin.url, BERLIN_KEY: berlin.apiKey };
});
afterAll(() => berlin.close());

const provider = (name: string, key = `process.env.${name.toUpperCase()}_KEY`) =>
  `const ${name} = new pulumi.ProviderResource("fudo", "${name}", { url: process.env.${name.toUpperCase()}_URL, apiKey: ${key} });`;
const call = (name: string, args: object, options: string) =>
  `pulumi.runtime.invokeOutput("fudo:index:${name}", ${JSON.stringify(args)}, ${options})`;
const requests = () =>
  [suite().emulator, berlin].map((appliance) => {
    const { length } = appliance.requests;
    appliance.resetRequests();
    return length;
  });

test("a function asks the appliance of its provider", async () => {
  const { stack, emulator, declare } = suite();
  berlin.addShare(berlin.sessions[0]!, { validSince: Date.now() - 60_000 });
  declare(
    provider("warsaw"),
    provider("berlin"),
    `exports.warsaw = ${call("getSessions", { limit: 1 }, "{ provider: warsaw }")}.sessions[0].id;`,
    `exports.berlin = ${call("getSessionShares", { sessionId: berlin.sessions[0] }, "{ provider: berlin }")}.shares;`,
    `exports.spec = ${call("getShareSpec", {}, "{ provider: berlin }")}.attributes.apply((one) => Object.keys(one).length > 3);`,
  );
  expect(await stack.up([], { env })).toMatchObject(succeeded("+ 3 created"));
  expect(await stack.outputs()).toEqual({
    warsaw: expect.stringMatching(/^\d+$/),
    berlin: [expect.objectContaining({ fingerprint: fingerprintOf(berlin.shares()[0]!.key), status: "active" })],
    spec: true,
  });
  expect(emulator.sessions).toContain((await stack.outputs())["warsaw"]);
});

test.each<[string, string, object, RegExp]>([
  ["a wrong argument", "getSessions", { limit: 0 }, /getSessions: limit must be a whole number greater than zero/],
  ["an argument that does not exist", "getSession", { sessionid: "1" }, /there is no argument named "sessionid"/],
  ["several sessions", "getSession", {}, /getSession: \d+ sessions match/],
])("%s ends the preview with a sentence that says so", async (_, name, args, message) => {
  const { stack, declare } = suite();
  declare(provider("warsaw"), `exports.result = ${call(name, args, "{ provider: warsaw }")};`);
  const preview = await stack.preview([], { env });
  expect(preview).toMatchObject(failed());
  expect(preview.all).toMatch(message);
});

describe("a provider whose key is an output of another resource", () => {
  const suite = engineSuite({ configured: false });
  beforeAll(() => usePlugin(suite().stack));

  test("a preview sends no request, and a function that depends on that resource is unknown", async () => {
    const { stack, declare, emulator } = suite();
    declare(
      `const operations = { create: async ({ input }) => ({ id: "key", outs: { value: input } }) };`,
      `const options = { additionalSecretOutputs: ["value"] };`,
      `const key = new (class extends pulumi.dynamic.Resource {})(operations, "key", { input: pulumi.secret(process.env.WARSAW_KEY), value: undefined }, options);`,
      provider("warsaw", "key.value"),
      `const session = ${call("getSession", { limit: 1 }, "{ provider: warsaw, dependsOn: [key] }")};`,
      pluginShare("vendor", {}, "{ provider: warsaw }").replace(
        "...{}",
        `sessionId: session.apply(({ id }) => id), duration: "PT8H"`,
      ),
      // Engine: without dependsOn it answers with an empty object, and does not ask the plugin.
      `exports.empty = ${call("getSession", { limit: 1 }, "{ provider: warsaw }")}.apply((one) => Object.keys(one).length);`,
      `exports.session = session.apply(({ id }) => id);`,
    );
    const own = { WARSAW_URL: emulator.url, WARSAW_KEY: emulator.apiKey };
    const preview = await stack.preview([], { env: own });
    expect(preview).toMatchObject(succeeded("+ 4 to create"));
    expect(preview.all).toMatch(/session *: \[unknown\]/);
    expect(preview.all).toMatch(/empty *: 0\b/);
    expect(emulator.requests).toEqual([]);
    expect(await stack.up([], { env: own })).toMatchObject(succeeded("+ 4 created"));
    expect(await stack.outputs()).toMatchObject({ session: expect.stringMatching(/^\d+$/) });
    expect(emulator.shares()).toHaveLength(1);
  });
});

describe("pulumi import", () => {
  const importShare = (id: string) => {
    const args = ["import", "fudo:index:SessionShare", "imported", id, "--yes", "--generate-code=false"];
    return suite().stack.pulumi([...args, "--skip-preview", "--protect=false"], {
      env: { FUDO_URL: berlin.url, FUDO_API_KEY: berlin.apiKey },
    });
  };

  test("of an ID that does not exist says which shares do", async () => {
    const [session] = berlin.sessions;
    const { key } = berlin.shares()[0]!;
    const outcome = await importShare(`${session}/${"0".repeat(16)}`);
    expect(outcome).toMatchObject(
      failed("fudo[not-found]", `The list shows one share: ${fingerprintOf(key)} (active, `),
    );
    expect(outcome.all).not.toContain(key);
  });

  test("of an ID of another form says which form it has, and sends no request", async () => {
    requests();
    const outcome = await importShare("not-an-id");
    expect(outcome).toMatchObject(failed("a SessionShare ID has the form <sessionId>/<fingerprint>"));
    expect(requests()).toEqual([0, 0]);
  });
});

describe("pulumi do", () => {
  const run = (...args: string[]) =>
    suite().stack.pulumi(["do", "--package", "./node_modules/pulumi-fudo/pulumi-resource-fudo", ...args], {
      env: { FUDO_URL: berlin.url, FUDO_API_KEY: berlin.apiKey },
    });

  test("lists the shares of a session by the IDs that import takes", async () => {
    const [session = ""] = berlin.sessions;
    const listed = await run("fudo:index:SessionShare", "list", "--session-id", session);
    const id = `${session}/${fingerprintOf(berlin.shares()[0]!.key)}`;
    expect(listed).toMatchObject(succeeded(id));
  });

  test("calls a function", async () => {
    expect(await run("fudo:index:getSessions")).toMatchObject(succeeded(berlin.sessions[0]!));
  });
});

test("a mistake in the provider's settings ends the preview: every failure, and no value that may be a credential", async () => {
  const { stack, declare } = suite();
  declare(
    `const wrong = new pulumi.ProviderResource("fudo", "wrong", { url: "https://user:pass-word@h", apiKey: "two words", ulr: "x", timeout: "soon" });`,
  );
  const preview = await stack.preview([], { env });
  expect(preview).toMatchObject(
    failed('there is no setting named "ulr". Did you mean url?', "fudo:url", "fudo:apiKey", "fudo:timeout"),
  );
  expect(preview.all).not.toMatch(/pass-word|two words/);
  expect(diagnosticsOf(preview).length).toBeGreaterThan(0);
});
