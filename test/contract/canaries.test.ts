// No credential in anything that is thrown or said: the API key, share keys and links are planted, every operation meets
// every fault, and errors are searched as deep as anybody could print them.
import { inspect } from "node:util";
import { createClient, protect } from "../../provider/client";
import { createLifecycle, readSettings, type Lifecycle } from "../../provider/lifecycle";
import { asFailure } from "../../provider/dynamic/failure";
import { startEmulator, type Emulator } from "../../provider/emulator";
import { effectKinds, type Effect } from "../../provider/emulator/http/faults/effects";
import { puppet, puppetKey } from "../support/scripted-server";
import { recorded } from "../support/states";
import { VirtualClock } from "../support/virtual-clock";

jest.setTimeout(60_000);

const clock = new VirtualClock();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A lifecycle without a driver around it: what it throws is looked at as it is. */
function lifecycleOf(url: string, apiKey: string): { lifecycle: Lifecycle; said: string[] } {
  const said: string[] = [];
  const config: Record<string, string> = {
    "fudo:url": url,
    "fudo:apiKey": apiKey,
    "fudo:timeout": "PT0.2S",
    "fudo:deletionPolicy": "refuseWhileLive",
  };
  const settings = readSettings({ config: (name) => config[name], environment: () => undefined });
  protect(apiKey);
  const lifecycle = createLifecycle({
    settings,
    clock,
    createClient: (options) => {
      const client = createClient(options);
      closing.push(() => client.close());
      return client;
    },
    demandEngine: () => undefined,
    notify: (text) => said.push(text),
    abandonLive: false,
  });
  return { lifecycle, said };
}

/** Everything that a person or a program could print of an error, its causes included. */
function prints(error: unknown): string[] {
  if (!(error instanceof Error)) return [inspect(error)];
  const { stack = "", message, cause } = error;
  const whole = inspect(error, { depth: Infinity, showHidden: true, getters: true, maxStringLength: Infinity });
  return [String(error), stack, message, whole, JSON.stringify(error), ...(cause === undefined ? [] : prints(cause))];
}

/** Runs, and answers whatever could be printed of the failure: raw, and as the engine gets it. */
async function printed(work: () => unknown): Promise<string[]> {
  try {
    await work();
    return [];
  } catch (error) {
    return [...prints(error), ...prints(asFailure(error, true))];
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

/** Every operation, each of which may fail. */
function operations(
  { lifecycle }: { lifecycle: Lifecycle },
  { sessions }: Emulator,
  fingerprint: string,
): (() => unknown)[] {
  const sessionId = sessions[0]!;
  const id = `${sessionId}/${fingerprint}`;
  const live = recorded({ sessionId, fingerprint, validTo: new Date(clock.now() + 3_600_000).toISOString() });
  return [
    () => lifecycle.create(inputs(sessionId)),
    () => lifecycle.create(inputs(sessionId, { adopt: fingerprint })),
    () => lifecycle.create(inputs(sessionId, { adopt: "0".repeat(16) })),
    () => lifecycle.create(inputs("7")),
    () => lifecycle.read(id, live),
    () => lifecycle.read(id, {}),
    () => lifecycle.read(live.link, {}),
    () => lifecycle.diff(id, live, { ...live, readonly: false }),
    () => lifecycle.delete(id, live),
  ];
}

const parameters: Partial<Record<Effect["kind"], object>> = {
  huge: { bytes: 20_000_000 },
  slow: { bytes: 1, every: 50 },
};

test.each(
  effectKinds.flatMap(
    (kind) =>
      [
        [kind, "GET", "before"],
        [kind, "POST", "before"],
        [kind, "POST", "after"],
      ] as const,
  ),
)("%s on %s, %s it is carried out", async (kind, on, when) => {
  const emulator = await startEmulator({ seed: 5, clock: clock.now });
  closing.push(() => emulator.close());
  const share = emulator.addShare(emulator.sessions[0]!);
  const here = lifecycleOf(emulator.url, emulator.apiKey);
  const texts: string[] = [];
  // The first list is good, so that the POST is reached.
  emulator.fault({ kind, on, when, skip: on === "GET" ? 1 : 0, times: 6, attribute: "key", ...parameters[kind] });
  for (const operation of operations(here, emulator, "161b35a0afa2dd3a")) texts.push(...(await printed(operation)));
  expect(texts.length).toBeGreaterThan(0);
  const links = emulator.shares().flatMap(({ key, link }) => [key, link]);
  expectNone([...texts, ...here.said], [emulator.apiKey, share.key, ...links, "k".repeat(64)]);
});

test.each([
  ["a refusal", 401, (echo: string) => JSON.stringify({ result: "failure", message: echo })],
  ["an errors list", 422, (echo: string) => JSON.stringify({ result: "failure", errors: { key: echo } })],
  ["a proxy's page", 502, (echo: string) => echo],
  ["JSON that breaks off", 200, (echo: string) => `{"result":"success","session_share":[{"key":"${echo}"`],
  [
    "a list of the wrong type",
    200,
    (echo: string) => JSON.stringify({ result: "success", session_share: { key: echo, [echo]: echo } }),
  ],
])("%s that echoes the request and a key", async (_, status, body) => {
  const apiKey = "echoed-api-key-0123456789";
  const appliance = await puppet();
  closing.push(() => appliance.close());
  appliance.answer = ({ headers }) => ({
    status,
    body: body(`Authorization: ${headers.authorization ?? ""} /sessions/7/?key=${puppetKey} ${puppetKey}`),
  });
  const { lifecycle, said } = lifecycleOf(appliance.url, apiKey);
  const texts = [
    ...(await printed(() => lifecycle.create(inputs("7")))),
    ...(await printed(() => lifecycle.read(`7/${"0".repeat(16)}`, {}))),
  ];
  expect(texts.length).toBeGreaterThan(0);
  expectNone([...texts, ...said], [apiKey, puppetKey]);
});

test("an error that is not ours keeps no credential on its way to the engine", () => {
  const foreign = new TypeError(`cannot read ${puppetKey}`, { cause: new Error(`/sessions/7/?key=${puppetKey}`) });
  expectNone(prints(asFailure(foreign, false)), [puppetKey]);
});
