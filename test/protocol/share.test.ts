// The resource SessionShare over gRPC: secrets and unknown values, preview, import, detailed differences, log messages.
import type { Emulator } from "../../provider/emulator";
import { fingerprintOf } from "../support/contract-expected";
import { connect, fill, messages } from "../support/drivers/rpc";
import {
  configure,
  isSecret,
  secret,
  startConfiguredPlugin,
  startPluginProcess,
  unknownText,
  type PluginProcess,
} from "../support/plugin-process";

const urn = "urn:pulumi:dev::project::fudo:index:SessionShare::acme";
const kinds = messages.PropertyDiff.Kind;

let emulator: Emulator;
let plugin: PluginProcess;
let sessionId: string;
let close: () => Promise<void>;
beforeEach(async () => void ({ emulator, plugin, sessionId, close } = await startConfiguredPlugin()));
afterEach(() => close());

const object = (struct: any) => struct?.toJavaScript() as Record<string, unknown>;

async function check(news: object, olds: object = {}) {
  const response = await plugin.ask(
    "check",
    fill(new messages.CheckRequest(), { Urn: urn, Olds: olds as never, News: news as never }),
  );
  return { inputs: object(response.getInputs()), failures: response.getFailuresList() };
}

async function create(properties: object, preview = false) {
  const request = fill(new messages.CreateRequest(), { Urn: urn, Properties: properties as never, Preview: preview });
  const response = await plugin.ask("create", request);
  return { id: response.getId() as string, outputs: object(response.getProperties()) };
}

async function diff(id: string, olds: object, news: object) {
  const request = fill(new messages.DiffRequest(), { Urn: urn, Id: id, Olds: olds as never, News: news as never });
  const response = await plugin.ask("diff", request);
  const detailed: [string, any][] = [];
  response.getDetaileddiffMap().forEach((change: any, name: string) => detailed.push([name, change]));
  return {
    changes: response.getChanges() as number,
    replaces: response.getReplacesList() as string[],
    kinds: Object.fromEntries(detailed.map(([name, change]) => [name, change.getKind() as number])),
    inputDiffs: Object.fromEntries(detailed.map(([name, change]) => [name, change.getInputdiff() as boolean])),
  };
}

test("an input that is secret in the program stays secret in inputs and outputs", async () => {
  const { inputs } = await check({
    sessionId: secret(sessionId),
    duration: "PT8H",
    labels: { vendor: "ACME", ticket: secret("CHG-1") },
  });
  expect(inputs).toMatchObject({ sessionId: secret(sessionId), duration: "PT8H" });
  expect(inputs["labels"]).toEqual(secret({ vendor: "ACME", ticket: "CHG-1" }));
  const { outputs } = await create(inputs);
  const secrets = Object.keys(outputs).filter((name) => isSecret(outputs[name]));
  expect(secrets.sort()).toEqual(["key", "labels", "link", "sessionId", "url"]);
});

test("a preview of a create sends no request: what it cannot know is unknown, and credentials are secret", async () => {
  const { inputs } = await check({ sessionId, duration: "PT8H", labels: { vendor: "ACME" } });
  const { id, outputs } = await create(inputs, true);
  expect(id).toBe("");
  expect(outputs).toMatchObject({ sessionId, duration: "PT8H", readonly: true, labels: { vendor: "ACME" } });
  expect(outputs).toMatchObject({ key: secret(unknownText), link: secret(unknownText), url: secret(unknownText) });
  expect(outputs).toMatchObject({ fingerprint: unknownText, validSince: unknownText, validTo: unknownText });
  expect(emulator.requests).toEqual([]);
});

test("an input that is not known yet stays unknown in check, and replaces in diff", async () => {
  const { inputs, failures } = await check({ sessionId: unknownText, duration: "PT8H" });
  expect(failures).toEqual([]);
  expect(inputs["sessionId"]).toBe(unknownText);
  const created = await create({ sessionId, duration: "PT8H", readonly: true, labels: {} });
  const { replaces } = await diff(created.id, created.outputs, inputs);
  expect(replaces).toEqual(["sessionId"]);
});

test("the detailed difference says for each property what is added, changed, removed and replaced", async () => {
  const { id, outputs } = await create({ sessionId, duration: "PT8H", readonly: true, labels: { vendor: "ACME" } });
  const news = { sessionId, duration: "PT4H", readonly: true, labels: { vendor: "B" }, deletionPolicy: "abandon" };
  expect(await diff(id, outputs, news)).toMatchObject({
    changes: messages.DiffResponse.DiffChanges.DIFF_SOME,
    replaces: ["duration"],
    kinds: { duration: kinds.UPDATE_REPLACE, labels: kinds.UPDATE, deletionPolicy: kinds.ADD },
    inputDiffs: { duration: true, labels: true, deletionPolicy: true },
  });
  const withPolicy = { ...outputs, deletionPolicy: "abandon" };
  const removed = { sessionId, duration: "PT8H", readonly: true, labels: { vendor: "ACME" } };
  expect(await diff(id, withPolicy, removed)).toMatchObject({ replaces: [], kinds: { deletionPolicy: kinds.DELETE } });
});

test("a refresh returns the inputs that it received, without what only the dynamic provider writes", async () => {
  const inputs = { sessionId, duration: "PT8H", readonly: true, labels: { ticket: secret("CHG-1") } };
  const { id, outputs } = await create(inputs);
  const request = fill(new messages.ReadRequest(), {
    Urn: urn,
    Id: id,
    Properties: { ...outputs, __provider: "text" },
    Inputs: { ...inputs, __provider: "text", declarationTag: 7 },
  });
  const response = await plugin.ask("read", request);
  expect(object(response.getInputs())).toEqual({ ...inputs, labels: secret({ ticket: "CHG-1" }) });
  expect(object(response.getProperties())).toEqual(outputs);
});

test("null in a state is no value: it replaces nothing, and it does not turn a lookup into a refresh", async () => {
  const inputs = { sessionId, duration: "PT8H", readonly: true, labels: {} };
  const { id, outputs } = await create(inputs);
  const nulls = { sessionId: null, readonly: null, duration: null, validSince: null, validTo: null };
  expect((await diff(id, { ...outputs, ...nulls }, inputs)).replaces).toEqual([]);
  const lookup = { Urn: urn, Id: `${sessionId}/0123456789abcdef`, Properties: { key: null, fingerprint: null } };
  await expect(plugin.ask("read", fill(new messages.ReadRequest(), lookup))).rejects.toMatchObject({
    code: "not-found",
  });
});

test("an import returns all outputs and the inputs that previews without a difference", async () => {
  const share = emulator.addShare(sessionId, { readonly: false });
  const fingerprint = fingerprintOf(share.key);
  const id = `${sessionId}/${fingerprint}`;
  const response = await plugin.ask("read", fill(new messages.ReadRequest(), { Urn: urn, Id: id }));
  const [outputs, inputs] = [object(response.getProperties()), object(response.getInputs())];
  expect(response.getId()).toBe(id);
  expect(outputs).toMatchObject({ key: secret(share.key), fingerprint, sessionId, readonly: false });
  expect(inputs).toMatchObject({ sessionId, readonly: false, validSince: expect.any(String) });
  const checked = await check(inputs, inputs);
  expect(checked.failures).toEqual([]);
  expect(await diff(id, outputs, checked.inputs)).toMatchObject({ kinds: {}, replaces: [] });
});

test.each([
  ["a fingerprint that no share has", `SESSION/0123456789abcdef`, /has no share|does not|not found|no longer/i],
  ["an ID of another form", "123", /ID/],
])("an import of %s says what is wrong", async (_, text, message) => {
  const id = text.replace("SESSION", sessionId);
  await expect(plugin.ask("read", fill(new messages.ReadRequest(), { Urn: urn, Id: id }))).rejects.toThrow(message);
});

test("a warning arrives at the engine on the URN of its resource, before the response", async () => {
  const { id, outputs } = await create({ sessionId, duration: "PT8H", readonly: true, labels: {} });
  await plugin.ask("delete", fill(new messages.DeleteRequest(), { Urn: urn, Id: id, Properties: outputs }));
  expect(plugin.log).toEqual([{ severity: 2, urn, message: expect.stringContaining("NOT revoked") }]);
});

test("a warning does not go through the proxy of the environment", async () => {
  const proxy = "http://127.0.0.1:9";
  const other = await startPluginProcess({ http_proxy: proxy, https_proxy: proxy, grpc_proxy: proxy, no_proxy: "" });
  await configure(other.ask, { url: emulator.url, apiKey: emulator.apiKey, insecureSkipVerify: true });
  const inputs = { sessionId, duration: "PT8H" };
  await other.ask("check", fill(new messages.CheckRequest(), { Urn: urn, News: inputs }));
  expect(other.log).toEqual([{ severity: 2, urn: "", message: expect.stringContaining("does not verify") }]);
  await other.close();
});

test("two clients use one process at the same time, and each session gets one link for each create", async () => {
  const other = connect(plugin.port);
  const request = (name: string, session: string) =>
    fill(new messages.CreateRequest(), {
      Urn: `${urn}${name}`,
      Properties: { sessionId: session, duration: "PT8H", readonly: true, labels: {} },
    });
  const [first, second] = emulator.sessions;
  await Promise.all([
    plugin.ask("create", request("a", first!)),
    other.ask("create", request("b", first!)),
    plugin.ask("create", request("c", second!)),
    other.ask("create", request("d", second!)),
  ]);
  other.client.close();
  expect(emulator.shares(first)).toHaveLength(2);
  expect(emulator.shares(second)).toHaveLength(2);
});

test("an asset is no input, and the failure says so", async () => {
  const asset = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text: "x" };
  await expect(check({ sessionId: asset })).rejects.toThrow(
    /^"sessionId" is or contains an asset, an archive or a resource/,
  );
});
