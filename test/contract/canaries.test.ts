// No credential in an error or a warning: the test plants the API key, share keys and links, runs every operation with every
// fault, and searches everything that can be printed of the errors.
import { inspect } from "node:util";
import { createClient, registerSecret } from "../../provider/client";
import { createLifecycle, readSettings, type CallContext, type Lifecycle } from "../../provider/lifecycle";
import { toEngineError } from "../../provider/adapter/engine-error";
import { startEmulator, type Emulator } from "../../provider/emulator";
import type { FaultEffect } from "../../provider/emulator";
import { faultKinds } from "../../provider/emulator/http/faults/parameters";
import { cycleKeyShapes, formsOf, keyShapes } from "../support/key-shapes";
import { listOf, startScriptedServer, scriptedKey } from "../support/scripted-server";
import { recorded } from "../support/states";
import { VirtualClock } from "../support/virtual-clock";

jest.setTimeout(60_000);
// The emulators of this file give each new share a key of another shape.
cycleKeyShapes();

const clock = new VirtualClock();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A lifecycle without a driver: the test sees its errors unchanged. */
function lifecycleOf(url: string, apiKey: string): { lifecycle: Lifecycle; call: CallContext; warnings: string[] } {
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  const call = { signal: new AbortController().signal, warn, info: warn, assertEngineAlive: () => undefined };
  const config: Record<string, string> = {
    "fudo:url": url,
    "fudo:apiKey": apiKey,
    "fudo:timeout": "PT0.2S",
    "fudo:deletionPolicy": "refuseWhileLive",
  };
  const settings = readSettings({ config: (name) => config[name], environment: () => undefined });
  registerSecret(apiKey);
  const lifecycle = createLifecycle({
    settings,
    clock,
    createClient: (options) => {
      const client = createClient(options);
      closing.push(() => client.close());
      return client;
    },
    flags: { abandonLive: false, recover: "off" },
  });
  return { lifecycle, call, warnings };
}

/** Every text that can be printed of an error and of its causes. */
function prints(error: unknown): string[] {
  if (!(error instanceof Error)) return [inspect(error)];
  const { stack = "", message, cause } = error;
  const whole = inspect(error, { depth: Infinity, showHidden: true, getters: true, maxStringLength: Infinity });
  return [String(error), stack, message, whole, JSON.stringify(error), ...(cause === undefined ? [] : prints(cause))];
}

/** Every text that can be printed of the operation's error: of the error itself, and of the one that the engine gets. */
async function printed(work: () => unknown): Promise<string[]> {
  try {
    await work();
    return [];
  } catch (error) {
    return [...prints(error), ...prints(toEngineError(error, true))];
  }
}

function expectNone(texts: readonly string[], credentials: readonly string[]): void {
  for (const credential of credentials) expect(texts.filter((text) => text.includes(credential))).toEqual([]);
}

const inputs = (sessionId: string, more: object = {}) => ({
  sessionId,
  readonly: true,
  labels: {},
  duration: "PT8H",
  ...more,
});

const recipients = ["age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"];
const other = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg";

/** Every operation; each of them can fail. */
function operations(
  { lifecycle, call }: { lifecycle: Lifecycle; call: CallContext },
  { sessions }: Emulator,
  fingerprint: string,
): (() => unknown)[] {
  const sessionId = sessions[0]!;
  const id = `${sessionId}/${fingerprint}`;
  const live = recorded({ sessionId, fingerprint, validTo: new Date(clock.now() + 3_600_000).toISOString() });
  const { key: _key, link: _link, url: _url, ...rest } = live;
  const sealed = { ...rest, recipients, sealedUrl: "an age file", sealedRecipients: recipients };
  return [
    () => lifecycle.create(inputs(sessionId), call),
    () => lifecycle.create(inputs(sessionId, { adopt: fingerprint }), call),
    () => lifecycle.create(inputs(sessionId, { adopt: "0".repeat(16) }), call),
    () => lifecycle.create(inputs("7"), call),
    () => lifecycle.create(inputs(sessionId, { recipients }), call),
    () => lifecycle.create(inputs(sessionId, { recipients, adopt: fingerprint }), call),
    () => lifecycle.update(id, sealed, inputs(sessionId), call),
    () => lifecycle.update(id, { ...sealed, sealedUrl: "another" }, inputs(sessionId, { recipients: [other] }), call),
    () => lifecycle.read(id, { ...sealed, sealedUrl: "another", sealedRecipients: [other] }, call),
    () => lifecycle.read(id, live, call),
    () => lifecycle.read(id, {}, call),
    () => lifecycle.read(String(live.link), {}, call),
    () => lifecycle.diff(id, live, { ...live, readonly: false }, call),
    () => lifecycle.delete(id, live, call),
  ];
}

const parameters: Partial<Record<FaultEffect["kind"], object>> = {
  huge: { bytes: 20_000_000 },
  slow: { bytes: 1, every: 50 },
  without: { attribute: "key" },
  attribute: { attribute: "key" },
  headers: { headers: { "Content-Encoding": "none" } },
};

test.each(
  faultKinds.flatMap(
    (kind) =>
      [
        [kind, "GET", "before"],
        [kind, "POST", "before"],
        [kind, "POST", "after"],
      ] as const,
  ),
)("%s on %s, %s the appliance executes the request", async (kind, on, when) => {
  const emulator = await startEmulator({ seed: 5, clock: clock.now });
  closing.push(() => emulator.close());
  const share = emulator.addShare(emulator.sessions[0]!);
  const here = lifecycleOf(emulator.url, emulator.apiKey);
  const texts: string[] = [];
  // The first list is valid, so that the create sends its POST.
  const effect = { kind, ...parameters[kind] } as FaultEffect;
  emulator.fault({ ...effect, on, when, skip: on === "GET" ? 1 : 0, times: 6 });
  for (const operation of operations(here, emulator, "161b35a0afa2dd3a")) texts.push(...(await printed(operation)));
  expect(texts.length).toBeGreaterThan(0);
  const links = emulator.shares().flatMap(({ key, link }) => [...formsOf(key), link]);
  expectNone([...texts, ...here.warnings], [emulator.apiKey, share.key, ...links, "k".repeat(64)]);
});

const echoes: readonly (readonly [string, number, (echo: string) => string])[] = [
  ["an error response", 401, (echo: string) => JSON.stringify({ result: "failure", message: echo })],
  ["an errors list", 422, (echo: string) => JSON.stringify({ result: "failure", errors: { key: echo } })],
  ["a proxy's page", 502, (echo: string) => echo],
  ["JSON that is cut short", 200, (echo: string) => `{"result":"success","session_share":[{"key":"${echo}"`],
  [
    "a list of the wrong type",
    200,
    (echo: string) => JSON.stringify({ result: "success", session_share: { key: echo, [echo]: echo } }),
  ],
];

test.each(
  echoes.flatMap(([what, status, body]) =>
    keyShapes.map(([shape, keyOf]) => [what, shape, status, body, keyOf] as const),
  ),
)("%s that repeats the request and a key (%s)", async (_what, _shape, status, body, keyOf) => {
  const apiKey = "echoed-api-key-0123456789";
  const key = keyOf(scriptedKey);
  const appliance = await startScriptedServer();
  closing.push(() => appliance.close());
  const { lifecycle, call, warnings } = lifecycleOf(appliance.url, apiKey);
  // A list shows the key first: a key of an unusual shape is known from there.
  appliance.respond = () => listOf([{ key }]);
  const texts = await printed(() => lifecycle.read(`7/${"0".repeat(16)}`, {}, call));
  appliance.respond = ({ headers }) => ({
    status,
    body: body(`Authorization: ${headers.authorization ?? ""} /sessions/7/?key=${encodeURIComponent(key)} ${key}`),
  });
  texts.push(
    ...(await printed(() => lifecycle.create(inputs("7"), call))),
    ...(await printed(() => lifecycle.read(`7/${"0".repeat(16)}`, {}, call))),
  );
  expect(texts.length).toBeGreaterThan(0);
  expectNone([...texts, ...warnings], [apiKey, ...formsOf(key)]);
});

test("an unexpected error reaches the engine without a credential", () => {
  const foreign = new TypeError(`cannot read ${scriptedKey}`, { cause: new Error(`/sessions/7/?key=${scriptedKey}`) });
  expectNone(prints(toEngineError(foreign, false)), [scriptedKey]);
});
