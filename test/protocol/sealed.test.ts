// Recipients over gRPC: what a preview knows, which values are secret, and the detailed differences.
import type { Emulator } from "../../provider/emulator";
import { newPair, openSealed, type Pair } from "../support/age";
import { fill, messages } from "../support/drivers/rpc";
import { isSecret, secret, startConfiguredPlugin, unknownText, type PluginProcess } from "../support/plugin-process";

const urn = "urn:pulumi:dev::project::fudo:index:SessionShare::acme";
const kinds = messages.PropertyDiff.Kind;

let emulator: Emulator;
let plugin: PluginProcess;
let sessionId: string;
let close: () => Promise<void>;
let pair: Pair;
let other: Pair;
beforeAll(async () => {
  ({ emulator, plugin, sessionId, close } = await startConfiguredPlugin());
  [pair, other] = [await newPair(), await newPair()];
});
afterAll(() => close());
beforeEach(() => emulator.resetRequests());

type Properties = Record<string, unknown>;
const object = (struct: any) => struct?.toJavaScript() as Properties;
const inputs = (recipients?: unknown): Properties => ({
  sessionId,
  duration: "PT8H",
  readonly: true,
  labels: {},
  ...(recipients !== undefined && { recipients }),
});

async function ask(method: "create" | "update", values: Properties): Promise<{ id: string; outputs: Properties }> {
  const request = method === "create" ? new messages.CreateRequest() : new messages.UpdateRequest();
  const response = await plugin.ask(method, fill(request, { Urn: urn, ...values }));
  return { id: method === "create" ? response.getId() : "", outputs: object(response.getProperties()) };
}

const create = (properties: Properties, Preview = false) => ask("create", { Properties: properties, Preview });
const update = async (Id: string, Olds: Properties, News: Properties, Preview = false) =>
  (await ask("update", { Id, Olds, News, Preview })).outputs;
const secretNames = (outputs: Properties) => Object.keys(outputs).filter((name) => isSecret(outputs[name]));

test("a preview of a create: without recipients no sealed URL, with them no credential, and all while they are unknown", async () => {
  const preview = async (recipients?: unknown) => (await create(inputs(recipients), true)).outputs;
  const open = await preview();
  expect(secretNames(open).sort()).toEqual(["key", "link", "url"]);
  expect(open).not.toHaveProperty("sealedUrl");
  const sealed = await preview([pair.recipient]);
  expect(sealed).toMatchObject({ recipients: [pair.recipient], sealedUrl: unknownText, fingerprint: unknownText });
  expect(secretNames(sealed)).toEqual([]);
  for (const name of ["key", "link", "url"]) expect(sealed).not.toHaveProperty(name);
  for (const recipients of [unknownText, [unknownText]]) {
    const all = await preview(recipients);
    expect(all).toMatchObject({ sealedUrl: unknownText, key: secret(unknownText) });
  }
  expect(emulator.requests).toEqual([]);
});

test("a preview of an update that seals again sends no request, and the update no POST", async () => {
  const { id, outputs } = await create(inputs([pair.recipient]));
  emulator.resetRequests();
  const news = inputs([other.recipient]);
  expect(await update(id, outputs, news, true)).toMatchObject({
    recipients: [other.recipient],
    sealedUrl: unknownText,
  });
  const labels = { ticket: "CHG-1" };
  expect(await update(id, outputs, { ...inputs([pair.recipient]), labels }, true)).toEqual({ ...outputs, labels });
  const opened = await update(id, outputs, inputs(), true);
  expect(opened).toMatchObject({ key: secret(unknownText), url: secret(unknownText) });
  expect(opened).not.toHaveProperty("sealedUrl");
  expect(emulator.requests).toEqual([]);
  const updated = await update(id, outputs, news);
  expect(await openSealed(updated["sealedUrl"], other)).toContain(emulator.shares().at(-1)!.key);
  expect(emulator.requests.filter(({ method }) => method === "POST")).toEqual([]);
});

test("recipients that are secret in the program stay secret, and the sealed URL does not become one", async () => {
  for (const recipients of [secret([pair.recipient]), [secret(pair.recipient)]]) {
    const { outputs } = await create(inputs(recipients));
    expect(secretNames(outputs).sort()).toEqual(["recipients", "sealedRecipients"]);
    expect(await openSealed(outputs["sealedUrl"], pair)).toContain(emulator.shares().at(-1)!.key);
  }
});

test("the detailed difference: recipients are an input, and the sealed URL is an output", async () => {
  const { id, outputs } = await create(inputs([pair.recipient]));
  const diff = async (olds: Properties, news: Properties) => {
    const request = fill(new messages.DiffRequest(), { Urn: urn, Id: id, Olds: olds, News: news });
    const response = await plugin.ask("diff", request);
    const detailed: Properties = {};
    response.getDetaileddiffMap().forEach((change: any, name: string) => {
      detailed[name] = [change.getKind(), change.getInputdiff()];
    });
    return detailed;
  };
  expect(await diff(outputs, inputs([pair.recipient]))).toEqual({});
  expect(await diff(outputs, inputs([other.recipient]))).toEqual({ recipients: [kinds.UPDATE, true] });
  expect(await diff(outputs, inputs())).toEqual({ recipients: [kinds.DELETE, true] });
  const open = await create(inputs());
  expect(await diff(open.outputs, inputs([pair.recipient]))).toEqual({ recipients: [kinds.ADD, true] });
  const elsewhere = { ...outputs, sealedOrigin: "https://vendors.example" };
  expect(await diff(elsewhere, inputs([pair.recipient]))).toEqual({ sealedUrl: [kinds.UPDATE, false] });
});

test("a failure of recipients names no property, because the engine prints its value", async () => {
  const News = inputs([pair.identity]);
  const response = await plugin.ask("check", fill(new messages.CheckRequest(), { Urn: urn, Olds: {}, News }));
  const [failure] = response.getFailuresList();
  expect([failure.getProperty(), failure.getReason()]).toEqual(["", expect.stringMatching(/entry 1 is a secret key/)]);
  expect(failure.getReason()).not.toContain(pair.identity);
});
