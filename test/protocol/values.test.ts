// Values over gRPC: secrets and unknown values at any depth, odd names and sizes, and what the plugin does out of order.
import * as grpc from "@grpc/grpc-js";
import { startEmulator, type Emulator } from "../../provider/emulator";
import { fill, messages } from "../support/drivers/rpc";
import {
  configure,
  isSecret,
  secret,
  startConfiguredPlugin,
  startPluginProcess,
  unknownText,
  type PluginProcess,
} from "../support/plugin-process";

const urnOf = (name: string) => `urn:pulumi:dev::project::fudo:index:SessionShare::${name}`;

let emulator: Emulator;
let plugin: PluginProcess;
let sessionId: string;
let close: () => Promise<void>;
beforeAll(async () => void ({ emulator, plugin, sessionId, close } = await startConfiguredPlugin()));
afterAll(() => close());
beforeEach(() => emulator.resetRequests());

const object = (struct: any) => struct?.toJavaScript() as Record<string, any>;
const inputs = (labels: object = {}) => ({ sessionId, duration: "PT8H", readonly: true, labels });

async function check(news: object, olds: object = {}) {
  const request = fill(new messages.CheckRequest(), { Urn: urnOf("a"), Olds: olds as never, News: news as never });
  const response = await plugin.ask("check", request);
  return {
    inputs: object(response.getInputs()),
    failures: response.getFailuresList().map((one: any) => one.toObject()),
  };
}

async function create(properties: object, name = "a", preview = false) {
  const values = { Urn: urnOf(name), Properties: properties as never, Preview: preview };
  const response = await plugin.ask("create", fill(new messages.CreateRequest(), values));
  return { id: response.getId() as string, outputs: object(response.getProperties()) };
}

async function update(id: string, olds: object, news: object, preview = false) {
  const values = { Urn: urnOf("a"), Id: id, Olds: olds as never, News: news as never, Preview: preview };
  return object((await plugin.ask("update", fill(new messages.UpdateRequest(), values))).getProperties());
}

describe("check", () => {
  test("an unknown value at any depth passes, and stays where it is", async () => {
    const labels = { ticket: unknownText, vendor: "ACME" };
    expect(await check(inputs(labels))).toMatchObject({ inputs: { labels }, failures: [] });
    expect(await check({ ...inputs(), labels: unknownText })).toMatchObject({
      inputs: { labels: unknownText },
      failures: [],
    });
  });

  test("a secret that is not known yet stays both", async () => {
    const checked = await check({
      ...inputs(),
      sessionId: secret(unknownText),
      labels: { ticket: secret(unknownText) },
    });
    expect(checked.failures).toEqual([]);
    expect(checked.inputs).toMatchObject({ sessionId: secret(unknownText), labels: secret({ ticket: unknownText }) });
  });

  test("a failure never shows a secret: neither in its reason nor by naming a property that the engine would print", async () => {
    const wrong = "not-a-session-and-secret";
    const { failures } = await check({
      sessionId: secret(wrong),
      duration: secret("P1Y-of-a-secret"),
      labels: secret(["x-secret"]),
    });
    expect(failures.length).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify(failures)).not.toMatch(/secret/);
    expect(failures.map(({ property }: any) => property)).toEqual(failures.map(() => ""));
  });

  test("a failure does not name an input that is secret, because the engine prints the value of one that it names", async () => {
    const properties = async (duration: unknown) =>
      (await check({ sessionId, duration })).failures.map(({ property }: any) => property);
    expect(await properties("P40D")).toEqual(["duration"]);
    expect(await properties(secret("P40D"))).toEqual([""]);
  });

  // JavaScript's library of the protocol loses this name; no other label may be lost with it.
  test("a label with the name __proto__ is left out, and harms nothing else", async () => {
    const request = fill(new messages.CheckRequest(), {
      Urn: urnOf("a"),
      News: inputs({ __prot0__: "x", vendor: "ACME" }),
    });
    const bytes = Buffer.from((request as any).serializeBinary());
    bytes.write("__proto__", bytes.indexOf("__prot0__"));
    const client = new grpc.Client(`127.0.0.1:${plugin.port}`, grpc.credentials.createInsecure());
    const response = await new Promise<any>((resolve, reject) =>
      client.makeUnaryRequest(
        "/pulumirpc.ResourceProvider/Check",
        (value: Buffer) => value,
        (value: Buffer) => messages.CheckResponse.deserializeBinary(value),
        bytes,
        (error, value) => (error ? reject(error) : resolve(value)),
      ),
    );
    client.close();
    expect(response.getFailuresList()).toEqual([]);
    expect(object(response.getInputs())).toMatchObject({ sessionId, labels: { vendor: "ACME" } });
    expect(await check(inputs({ vendor: "ACME" }))).toMatchObject({ inputs: { labels: { vendor: "ACME" } } });
  });

  test("10,000 labels are one failure, and 64 labels are none", async () => {
    const labels = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`label-${index}`, `value ${index}`]));
    const { failures } = await check(inputs(labels(10_000)));
    expect(failures).toEqual([{ property: "", reason: "labels: must have at most 64 labels" }]);
    expect(await check(inputs(labels(64)))).toMatchObject({ inputs: { labels: labels(64) }, failures: [] });
  });

  test("values of other types are failures, and nothing breaks", async () => {
    for (const value of [null, 1, true, [], {}, [[{ a: null }]]])
      expect((await check({ ...inputs(), sessionId: value })).failures.length).toBeGreaterThan(0);
  });

  test("names like those of an object's own methods are ordinary labels", async () => {
    const labels = { constructor: "a", toString: "b", hasOwnProperty: "c", value: "d" };
    const { inputs: checked, failures } = await check(inputs(labels));
    expect(failures).toEqual([]);
    expect(checked["labels"]).toEqual(labels);
  });

  // Engine: it sends outputs only to a plugin whose handshake accepts them.
  test.each([
    ["an asset", "c44067f5952c0a294b673a41bacd8c17"],
    ["an archive", "0def7320c3a5731c473e5ecbe6d01bc7"],
    ["a resource", "5cf8f73096256a8f31e491e813e4eb8e"],
    ["an output", "d0e6a833031e9bbcd3f4e8bde6ca49a4"],
  ])("%s is no input, at any depth", async (_, signature) => {
    const value = { "4dabf18193072939515e22adb298388d": signature, text: "x", value: "x" };
    await expect(check(inputs({ a: value }))).rejects.toThrow(
      /^"labels" is or contains an asset, an archive or a resource\. The inputs are /,
    );
  });
});

describe("a preview of an update", () => {
  test("sends no request and keeps what only the labels do not change: the link stays known", async () => {
    const { id, outputs } = await create(inputs());
    emulator.resetRequests();
    const previewed = await update(id, outputs, inputs({ ticket: unknownText }), true);
    expect(previewed).toEqual({ ...outputs, labels: { ticket: unknownText } });
    expect(isSecret(previewed["url"])).toBe(true);
    expect(emulator.requests).toEqual([]);
  });
});

describe("the engine's order", () => {
  test("a second Configure counts from then on", async () => {
    const other = await startEmulator({ seed: 2 });
    const own = await startPluginProcess();
    await configure(own.ask, { url: emulator.url, apiKey: emulator.apiKey });
    const sessions = async () =>
      object(
        (await own.ask("invoke", fill(new messages.InvokeRequest(), { Tok: "fudo:index:getSessions" }))).getReturn(),
      );
    await sessions();
    await configure(own.ask, { url: other.url, apiKey: other.apiKey });
    await sessions();
    expect(other.requests.length).toBeGreaterThan(0);
    await own.close();
    await other.close();
  });

  test("a request before Configure uses the environment, and without it says what is not set", async () => {
    const properties = { Urn: urnOf("a"), Properties: inputs() as never };
    const configured = await startPluginProcess({ FUDO_URL: emulator.url, FUDO_API_KEY: emulator.apiKey });
    expect((await configured.ask("create", fill(new messages.CreateRequest(), properties))).getId()).toContain(
      sessionId,
    );
    await configured.close();
    const bare = await startPluginProcess();
    const failed = bare.ask("create", fill(new messages.CreateRequest(), properties));
    await expect(failed).rejects.toMatchObject({
      code: "config",
      message: expect.stringMatching(/fudo:url.*fudo:apiKey.*plain `refresh` and `destroy` use the configuration that/),
    });
    await bare.close();
  });

  test("a delete with old inputs and outputs sends no request", async () => {
    const { id, outputs } = await create(inputs());
    emulator.resetRequests();
    const values = { Urn: urnOf("a"), Id: id, Properties: outputs, OldInputs: inputs() };
    await plugin.ask("delete", fill(new messages.DeleteRequest(), values));
    expect(emulator.requests).toEqual([]);
  });

  test.each(["a::b", "a$b", "::", "ü €", "x".repeat(500)])("a resource with the name %j is created", async (name) => {
    expect((await create(inputs(), name)).id).toMatch(/\/[0-9a-f]{16}$/);
  });

  test("a create writes no credential to standard error", async () => {
    const { outputs } = await create(inputs());
    const { value } = outputs["key"] as { value: string };
    expect(plugin.stderr()).not.toContain(value);
  });
});
