// Upgrade test: the engine's part of recorded conversations, played against the executable. A state that an earlier version
// wrote must get the same responses. `npm run conversations` records them again; a release never needs to.
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../provider/emulator";
import {
  methodOf,
  plainRecorded,
  plainResponse,
  readConversation,
  requestOf,
  type RecordedCommand,
  type RecordedMessage,
} from "../support/conversation";
import { fingerprintOf } from "../support/engine-share";
import { isSecret, startPluginProcess } from "../support/plugin-process";

/** Outputs that differ in each run, and what they look like. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z$/;
const generated: Record<string, RegExp> = {
  key: /^[\w-]{16,}$/,
  fingerprint: /^[0-9a-f]{16}$/,
  validSince: instant,
  validTo: instant,
  createdAt: instant,
  modifiedAt: instant,
};

let emulator: Emulator;
let ahead: number;
/** Recorded texts and what stands for them now. */
let texts: Map<string, string>;

/** The values with the texts of now. */
function current<T>(values: T): T {
  let text = JSON.stringify(values);
  for (const [from, to] of texts) text = text.replaceAll(from, to);
  return JSON.parse(text) as T;
}

const plain = (value: unknown) => (isSecret(value) ? (value as { value: unknown }).value : value) as string;

/** What the plugin or the appliance has generated stands for what they generated in the recording. */
function learn(recorded: object, response: object): void {
  const [before, now] = [recorded, response].map((properties) => new Map(Object.entries(properties)));
  for (const [name, form] of Object.entries(generated)) {
    const [from, to] = [plain(before!.get(name)), plain(now!.get(name))];
    if (from === undefined || texts.has(from)) continue;
    expect(to).toMatch(form);
    texts.set(from, to);
  }
}

async function replay({ share, messages }: RecordedCommand): Promise<[string, unknown, unknown][]> {
  if (share !== undefined) {
    const { sessionId, validSince, validTo } = share;
    const { key } = emulator.addShare(sessionId, { validSince, validTo, readonly: false });
    texts.set(share.key, key).set(fingerprintOf(share.key), fingerprintOf(key));
  }
  const clock = `--require ${JSON.stringify(join(__dirname, "..", "support", "clock-ahead.cjs"))}`;
  const plugin = await startPluginProcess({ NODE_OPTIONS: clock, CLOCK_AHEAD: String(ahead) });
  const answer = async ({ method, request, response }: RecordedMessage): Promise<[string, unknown, unknown]> => {
    const actual = plainResponse(await plugin.ask(methodOf(method), requestOf(method, current(request))));
    const isKnown = method === "Create" ? request["preview"] !== true : method === "Read";
    if (isKnown) learn(response["properties"] as object, actual["properties"] as object);
    // The version is that of the package.
    if (method === "GetPluginInfo") return [method, Object.keys(actual), ["version"]];
    return [method, actual, plainRecorded(current(response))];
  };
  try {
    const responses = [];
    for (const message of messages) responses.push(await answer(message));
    return responses;
  } finally {
    await plugin.close();
  }
}

describe.each(["yaml", "python", "go", "typescript"])("%s", (language) => {
  const { at, commands } = readConversation(language);

  beforeAll(async () => {
    ahead = Date.parse(at) - Date.now();
    emulator = await startEmulator({ seed: 1 });
    emulator.clock.skew = ahead;
    texts = new Map([
      ["recorded-api-key", emulator.apiKey],
      ["http://127.0.0.1:1", emulator.url],
    ]);
  });
  afterAll(() => emulator.close());

  test.each(commands.map((command) => [command.command, command] as const))(
    "%s: the engine gets the responses of the recording",
    async (_, command) => {
      const responses = await replay(command);
      expect(responses.map(([method, actual]) => [method, actual])).toEqual(
        responses.map(([method, , recorded]) => [method, recorded]),
      );
      expect(responses.length).toBeGreaterThan(3);
    },
  );
});
