// The plugin's executable over gRPC: what it says about itself, and the configuration of the provider resource.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { startEmulator } from "../../provider/emulator";
import { fill, messages } from "../support/drivers/rpc";
import {
  configure,
  isSecret,
  secret,
  startPluginProcess,
  unknownText,
  type PluginProcess,
} from "../support/plugin-process";

const root = join(__dirname, "..", "..");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
const urn = "urn:pulumi:dev::project::pulumi:providers:fudo::default";

let plugin: PluginProcess;
beforeAll(async () => void (plugin = await startPluginProcess({ FUDO_URL: "https://environment.example" })));
afterAll(() => plugin.close());

const checkConfig = async (news: object) => {
  const request = fill(new messages.CheckRequest(), { Urn: urn, Olds: {}, News: news as never });
  const response = await plugin.ask("checkConfig", request);
  const failures = response.getFailuresList().map((failure: any) => [failure.getProperty(), failure.getReason()]);
  return { inputs: response.getInputs().toJavaScript(), failures };
};

const diffConfig = async (olds: object, news: object) => {
  const request = fill(new messages.DiffRequest(), { Urn: urn, Olds: olds as never, News: news as never });
  const response = await plugin.ask("diffConfig", request);
  return { changes: response.getChanges(), diffs: response.getDiffsList(), replaces: response.getReplacesList() };
};

const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;

test("the handshake accepts secrets, and neither resources nor outputs", async () => {
  const request = fill(new messages.ProviderHandshakeRequest(), { EngineAddress: "" });
  const other = await startPluginProcess();
  const response = (await other.ask("handshake", request)).toObject();
  await other.close();
  expect(response).toMatchObject({ acceptSecrets: true, acceptResources: false, acceptOutputs: false });
});

test("the plugin has the version of the package", async () => {
  expect((await plugin.ask("getPluginInfo", new Empty())).getVersion()).toBe(version);
});

test("the schema is the committed one, with the version of the package", async () => {
  const schema = JSON.parse((await plugin.ask("getSchema", new messages.GetSchemaRequest())).getSchema()) as object;
  const committed = JSON.parse(readFileSync(join(root, "provider", "schema.json"), "utf8")) as object;
  expect(schema).toEqual({ ...committed, version });
});

test.each(["call", "parameterize"])("%s is not implemented, and says so", async (method) => {
  const name = `${method[0]!.toUpperCase()}${method.slice(1)}Request`;
  await expect(plugin.ask(method, new messages[name]())).rejects.toThrow(/not implement/);
});

describe("CheckConfig", () => {
  test("all failures come together, and each one names its setting", async () => {
    const { failures } = await checkConfig({
      url: "https://user:secret-password@fudo.example.com",
      apiKey: "two words",
      ulr: "x",
      maxDuration: "P1M",
      timeout: "soon",
      insecureSkipVerify: "yes",
    });
    expect(failures.map(([, reason]: string[]) => reason)).toEqual([
      expect.stringMatching(/^there is no setting named "ulr"\. Did you mean url\?/),
      expect.stringMatching(/^fudo:url \(or FUDO_URL\) must be https/),
      expect.stringMatching(/^fudo:apiKey \(or FUDO_API_KEY\) must be one line/),
      expect.stringMatching(/^fudo:insecureSkipVerify/),
      expect.stringMatching(/^fudo:maxDuration/),
      expect.stringMatching(/^fudo:timeout/),
    ]);
    expect(JSON.stringify(failures)).not.toMatch(/secret-password|two words/);
  });

  // The engine prints the value of the property that a failure names.
  test("a failure names the property only where the value cannot hold a credential", async () => {
    const { failures } = await checkConfig({ url: "https://a:b@c", apiKey: "a b", timeout: "soon" });
    expect(failures.map(([property]: string[]) => property)).toEqual(["", "", "timeout"]);
  });

  test("a failure names no property that the program made a secret", async () => {
    const { failures } = await checkConfig({ timeout: secret("soon"), maxDuration: "later" });
    expect(failures.map(([property]: string[]) => property).sort()).toEqual(["", "maxDuration"]);
  });

  test("settings that exclude each other fail together", async () => {
    const both = { certificateFingerprint: "ab".repeat(32), insecureSkipVerify: true };
    const together = ["", expect.stringMatching(/cannot be used together/)];
    expect((await checkConfig(both)).failures).toEqual([together]);
    const { failures } = await checkConfig({ ...both, timeout: "soon" });
    expect(failures).toEqual([["timeout", expect.stringMatching(/^fudo:timeout/)], together]);
  });

  test.each([
    ["a list", ["https://a.example"]],
    ["a map", { host: "a" }],
    ["a number", 30],
  ])("%s is no value of a setting", async (_, url) => {
    expect((await checkConfig({ url })).failures).toEqual([["", "fudo:url must be text"]]);
  });

  test("the state keeps the key as a secret, even if the program declares it plain", async () => {
    const { inputs, failures } = await checkConfig({ url: "https://a.example", apiKey: "plain-key" });
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ url: "https://a.example", apiKey: secret("plain-key") });
  });

  test("what is a secret in the program stays one", async () => {
    const { inputs } = await checkConfig({ url: secret("https://a.example"), apiKey: secret("k") });
    expect(isSecret(inputs.url)).toBe(true);
    expect(isSecret(inputs.apiKey)).toBe(true);
  });

  test("unknown values pass, and stay unknown", async () => {
    const { inputs, failures } = await checkConfig({ url: unknownText, apiKey: secret(unknownText) });
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ url: unknownText, apiKey: secret(unknownText) });
  });

  test("values of the environment do not enter the state", async () => {
    expect((await checkConfig({})).inputs).toEqual({});
  });
});

describe("DiffConfig", () => {
  const config = { url: "https://a.example", apiKey: "k", maxDuration: "P1D", insecureSkipVerify: true };

  test("the same configuration is no difference, secret or not", async () => {
    expect(await diffConfig(config, { ...config, apiKey: secret("k") })).toEqual({
      changes: DIFF_NONE,
      diffs: [],
      replaces: [],
    });
  });

  test.each([
    ["a changed key", { ...config, apiKey: "other" }, ["apiKey"]],
    ["a changed address", { ...config, url: "https://b.example" }, ["url"]],
    ["a removed limit", { url: config.url, apiKey: "k", insecureSkipVerify: true }, ["maxDuration"]],
    ["an address that is not known yet", { ...config, url: unknownText }, ["url"]],
    ["a boolean", { ...config, insecureSkipVerify: false }, ["insecureSkipVerify"]],
  ])("%s is a difference, and replaces nothing", async (_, news, diffs) => {
    expect(await diffConfig(config, news)).toEqual({ changes: DIFF_SOME, diffs, replaces: [] });
  });

  test("another version of the plugin is no difference: a release causes no diff", async () => {
    const added = { version: "0.2.0", pluginDownloadURL: "https://old.example" };
    expect(await diffConfig({ ...config, ...added }, { ...config, version: "0.3.0" })).toMatchObject({
      changes: DIFF_NONE,
      diffs: [],
    });
  });

  test("the configuration of the dynamic provider differs, and replaces nothing", async () => {
    const dynamic = { "fudo:url": config.url, "fudo:apiKey": "k" };
    expect(await diffConfig(dynamic, config)).toMatchObject({ changes: DIFF_SOME, replaces: [] });
  });
});

describe("Configure", () => {
  test("one process serves one provider: a share must not reach the appliance of another one", async () => {
    const own = await startPluginProcess();
    const configureAs = (name: string) =>
      own.ask("configure", fill(new messages.ConfigureRequest(), { Urn: urn.replace("default", name), Args: {} }));
    await configureAs("berlin");
    await configureAs("berlin");
    await expect(configureAs("warsaw")).rejects.toMatchObject({
      code: "config",
      message: expect.stringContaining(
        "already serves the provider urn:pulumi:dev::project::pulumi:providers:fudo::berlin",
      ),
    });
    await own.close();
  });

  test("a provider without settings takes all of them from the environment, the deletion policy too", async () => {
    const emulator = await startEmulator({ seed: 1 });
    const environment = { FUDO_URL: emulator.url, FUDO_API_KEY: emulator.apiKey };
    const own = await startPluginProcess({ ...environment, FUDO_DELETION_POLICY: "refuseWhileLive" });
    const berlin = { Urn: urn.replace("default", "berlin"), Args: { version } };
    const Urn = "urn:pulumi:dev::project::fudo:index:SessionShare::vendor";
    await own.ask("configure", fill(new messages.ConfigureRequest(), berlin));
    const Properties = { sessionId: emulator.sessions[0]!, duration: "PT8H", readonly: true, labels: {} };
    const created = await own.ask("create", fill(new messages.CreateRequest(), { Urn, Properties }));
    const share = { Urn, Id: created.getId(), Properties: created.getProperties().toJavaScript() };
    await expect(own.ask("delete", fill(new messages.DeleteRequest(), share))).rejects.toMatchObject({
      code: "refused",
      message: expect.stringContaining("deletionPolicy is refuseWhileLive"),
    });
    await own.close();
    await emulator.close();
  });

  test("a setting that is not known yet is refused: the environment may name another appliance", async () => {
    await expect(configure(plugin.ask, { url: unknownText, apiKey: secret("k") })).rejects.toMatchObject({
      code: "config",
      message: "a setting of the provider is not known yet",
    });
  });
});

test("a request that is not in the protocol's form fails alone: the plugin goes on", async () => {
  const client = new grpc.Client(`127.0.0.1:${plugin.port}`, grpc.credentials.createInsecure());
  const send = (path: string, bytes: Buffer) =>
    new Promise<grpc.ServiceError | null>((resolve) =>
      client.makeUnaryRequest(
        path,
        (value: Buffer) => value,
        (value) => value,
        bytes,
        (error) => resolve(error),
      ),
    );
  expect(await send("/pulumirpc.ResourceProvider/Check", Buffer.from("not a message"))).toBeInstanceOf(Error);
  expect(await send("/pulumirpc.ResourceProvider/NoSuchMethod", Buffer.alloc(0))).toBeInstanceOf(Error);
  client.close();
  expect((await checkConfig({ url: "https://a.example" })).failures).toEqual([]);
});
