// Sealed shares where no appliance can help: a library that does not load, a recipient that age refuses, sealing that fails after
// the POST, previews, and random sequences of changes.
import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import {
  createLifecycle,
  unknown,
  type Lifecycle,
  type RawInputs,
  type SessionShareOutputs,
} from "../../../provider/lifecycle";
import { previewShare, previewUpdate } from "../../../provider/lifecycle/operations/preview";
import { sealerFor } from "../../../provider/lifecycle/run/sealer";
import type * as Sealer from "../../../provider/lifecycle/run/sealer";
import type { Client, Share } from "../../../provider/client/api";
import { ShareLists, type ValidList } from "../../../provider/lifecycle/run/share-lists";
import { fingerprintOf } from "../../../provider/client/fingerprint";
import { newPair, openSealed, type Pair } from "../../support/age";
import { hour, id, now, recorded, sessionId, settings } from "../../support/states";
import { VirtualClock } from "../../support/virtual-clock";
import { Appliance, failure, lifecycleFixture } from "./fixture";

let pairs: Pair[] = [];
let recipients: string[] = [];
beforeAll(async () => {
  pairs = await Promise.all([newPair(), newPair(), newPair()]);
  pairs.sort((a, b) => (a.recipient < b.recipient ? -1 : 1));
  recipients = pairs.map(({ recipient }) => recipient);
});

jest.mock("../../../provider/lifecycle/run/sealer");
const actual = jest.requireActual<typeof Sealer>("../../../provider/lifecycle/run/sealer");
beforeEach(() => void jest.mocked(sealerFor).mockImplementation(actual.sealerFor));

/** A point of low order with a valid checksum: every text sealed to it could be opened by anyone. */
const lowOrder = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z";

const credentials = { key: unknown, link: unknown, url: unknown };
const sealedMarks = { sealedUrl: unknown, sealedRecipients: unknown, sealedOrigin: unknown };

describe("create", () => {
  test("a public key that age refuses fails before any request", async () => {
    const { create, appliance } = lifecycleFixture();
    const error = await failure(create({ recipients: [lowOrder] }));
    expect(error).toMatchObject({
      code: "rejected",
      message: expect.stringMatching(/age cannot encrypt to one of them/),
    });
    expect([appliance.lists, appliance.posts]).toEqual([0, []]);
  });

  test("a library that does not load fails before any request", async () => {
    const { create, appliance } = lifecycleFixture();
    jest.mocked(sealerFor).mockRejectedValueOnce(new Error("cannot be loaded"));
    await expect(create({ recipients: recipients.slice(0, 1) })).rejects.toThrow("cannot be loaded");
    expect([appliance.lists, appliance.posts]).toEqual([0, []]);
  });

  test("sealing that fails after the POST names the share and the way out, and sends no second POST", async () => {
    const { create, appliance } = lifecycleFixture();
    jest.mocked(sealerFor).mockResolvedValue(() => Promise.reject(new Error("no randomness")));
    const inputs = { recipients: recipients.slice(0, 1), declarationTag: 7 };
    const error = await failure(create(inputs));
    const { key = "" } = appliance.shares[0]!;
    expect(error).toMatchObject({ code: "uncertain", executed: "unknown" });
    expect(error.message).toContain(`share ${fingerprintOf(key)} of session ${sessionId} exists on the appliance`);
    expect(error.message).toContain(`declare \`adopt: "${fingerprintOf(key)}"\``);
    expect(error.message).not.toContain(key);
    await expect(create(inputs)).rejects.toMatchObject({ code: "uncertain" });
    expect(appliance.posts).toHaveLength(1);
  });
});

describe("the library", () => {
  test("that cannot be loaded is one sentence", async () => {
    jest.doMock("age-encryption", () => {
      throw Object.assign(new Error("Cannot find module"), { code: "MODULE_NOT_FOUND" });
    });
    let fresh: typeof Sealer | undefined;
    jest.isolateModules(
      () => void (fresh = jest.requireActual<typeof Sealer>("../../../provider/lifecycle/run/sealer")),
    );
    await expect(fresh!.sealerFor(recipients)).rejects.toMatchObject({
      code: "config",
      message:
        "the library age-encryption, which seals links to `recipients`, could not be loaded (MODULE_NOT_FOUND). Install the " +
        "dependencies of pulumi-fudo again",
    });
    jest.dontMock("age-encryption");
  });

  const run = (program: string, ...options: string[]) =>
    execFileSync("node", [...options, "-r", "ts-node/register/transpile-only", "-e", program], {
      encoding: "utf8",
      env: { ...process.env, TS_NODE_PROJECT: "tsconfig.json" },
    });

  test.each(["--no-experimental-require-module", "--no-warnings"])("Node.js with %s loads it", (option) => {
    const program = `require("./provider/lifecycle/run/sealer.ts").sealerFor(["${recipients[0]!}"])
      .then((seal) => seal("text")).then((sealed) => console.log(sealed.split("\\n")[0]))`;
    expect(run(program, option)).toBe("-----BEGIN AGE ENCRYPTED FILE-----\n");
  });

  test("is not loaded before the first share is sealed", () => {
    const program = `
      const { readSettings, createLifecycle } = require("./provider/lifecycle/index.ts");
      const settings = readSettings({ config: (name) => ({ "fudo:url": "https://fudo.example", "fudo:apiKey": "k" })[name], environment: () => undefined });
      const lifecycle = createLifecycle({ settings, clock: { now: Date.now }, createClient: () => ({}), flags: { abandonLive: false, recover: "off" } });
      const { inputs } = lifecycle.check({}, { sessionId: "7", duration: "PT8H", recipients: ["${recipients[0]!}"] });
      lifecycle.diff("7/0123456789abcdef", { ...inputs, sealedUrl: "x" }, inputs, { warn() {} });
      console.log(Object.keys(require.cache).filter((path) => /age-encryption|@noble|@scure/.test(path)).length);`;
    expect(run(program)).toBe("0\n");
  });
});

describe("preview", () => {
  test("of a create: what recipients rule out is absent, and the rest is unknown", () => {
    const inputs = { sessionId, duration: "PT8H" };
    expect(previewShare({ ...inputs, recipients })).toMatchObject({ recipients, ...sealedMarks, fingerprint: unknown });
    expect(Object.keys(previewShare({ ...inputs, recipients }))).not.toEqual(expect.arrayContaining(["key"]));
    expect(previewShare(inputs)).toMatchObject(credentials);
    for (const name of Object.keys(sealedMarks)) expect(previewShare(inputs)).not.toHaveProperty(name);
    for (const notKnown of [unknown, [unknown]])
      expect(previewShare({ ...inputs, recipients: notKnown })).toMatchObject({ ...credentials, ...sealedMarks });
  });

  test("of a look-up: recipients that are not known yet leave all forms of the link unknown", async () => {
    const clock = new VirtualClock(now);
    const appliance = new Appliance(clock);
    const { key } = appliance.add({ validSince: recorded().validSince, validTo: recorded().validTo });
    const warn = () => undefined;
    const call = { signal: new AbortController().signal, warn, info: warn, assertEngineAlive: warn };
    const found = `${sessionId}/${fingerprintOf(key)}`;
    for (const notKnown of [unknown, [unknown, recipients[0]]]) {
      const olds = { recipients: notKnown } as unknown as SessionShareOutputs;
      const { outputs } = await lifecycleOn(appliance, clock, 0).read(found, olds, call);
      expect(outputs).toMatchObject({ ...credentials, ...sealedMarks, recipients: notKnown });
    }
  });

  test("of an update: only the way from or to a sealed share is unknown", () => {
    const inputs = { sessionId, duration: "PT8H", readonly: true, labels: {} };
    const { key: _key, link: _link, url: _url, ...rest } = recorded();
    const sealed = {
      ...rest,
      recipients,
      sealedUrl: "age",
      sealedRecipients: recipients,
      sealedOrigin: rest.appliance,
    };
    const preview = (olds: object, news: RawInputs, config = {}) => previewUpdate(olds, news, settings(config));
    expect(preview(recorded(), { ...inputs, labels: { a: "b" } })).toEqual(recorded({ labels: { a: "b" } }));
    expect(preview(sealed, { ...inputs, recipients, labels: { a: "b" } })).toEqual({ ...sealed, labels: { a: "b" } });
    expect(preview(recorded(), { ...inputs, recipients })).toEqual({ ...rest, recipients, ...sealedMarks });
    const others = recipients.slice(1);
    expect(preview(sealed, { ...inputs, recipients: others })).toEqual({ ...rest, recipients: others, ...sealedMarks });
    expect(preview(sealed, inputs)).toEqual({ ...rest, ...credentials });
    expect(preview(sealed, { ...inputs, recipients }, { "fudo:publicUrl": "https://vendors.example" })).toEqual({
      ...rest,
      recipients,
      ...sealedMarks,
    });
    const notKnown = [unknown];
    expect(preview(recorded(), { ...inputs, recipients: notKnown })).toMatchObject({ ...credentials, ...sealedMarks });
  });
});

describe("warnings", () => {
  const { key: _key, link: _link, url: _url, ...rest } = recorded();
  const sealed = () => ({
    ...rest,
    recipients,
    sealedUrl: "age",
    sealedRecipients: recipients,
    sealedOrigin: rest.appliance,
  });
  const update = async (olds: SessionShareOutputs, at = now) => {
    const clock = new VirtualClock(at);
    const warnings: string[] = [];
    const warn = (text: string) => void warnings.push(text);
    const call = { signal: new AbortController().signal, warn, info: warn, assertEngineAlive: () => undefined };
    const news = { sessionId, duration: "PT8H", readonly: true, labels: {}, recipients };
    const updated = await lifecycleOn(new Appliance(clock), clock, 0).update(id, olds, news, call);
    expect(updated).not.toHaveProperty("key");
    return warnings;
  };

  test("a state that held the key says that its history does, also where the URL is sealed already", async () => {
    for (const olds of [recorded(), recorded(sealed())])
      expect(await update(olds)).toEqual([
        expect.stringMatching(/no longer holds its key\. .* and the link works until 2025-05-15 21:06/),
      ]);
  });

  test("a link that no longer works needs no new share", async () => {
    expect(await update(recorded(), now + 9 * hour)).toEqual([]);
    expect(await update(recorded({ removed: true }))).toEqual([]);
  });
});

describe("an update whose list is doubtful", () => {
  const { key: _key, link: _link, url: _url, ...rest } = recorded();
  const update = async (shown: readonly Share[], more: Partial<ValidList> = {}, declared?: string[]) => {
    const clock = new VirtualClock(now);
    const appliance = new Appliance(clock);
    const warnings: string[] = [];
    const warn = (text: string) => void warnings.push(text);
    const call = { signal: new AbortController().signal, warn, info: warn, assertEngineAlive: () => undefined };
    const list = { shares: shown, applianceTime: now, sessionFound: true, provesAbsence: true, problems: [] };
    const byFingerprint = () => shown.filter(({ key }) => key !== undefined);
    jest.spyOn(ShareLists.prototype, "coalesced").mockResolvedValue({ ...list, byFingerprint, ...more });
    const olds = { ...rest, recipients, sealedUrl: "age", sealedRecipients: recipients, sealedOrigin: rest.appliance };
    const news = { sessionId, duration: "PT8H", readonly: true, labels: {}, recipients: declared };
    const updated = await lifecycleOn(appliance, clock, 0).update(id, olds, news, call);
    return { updated, olds, warnings };
  };
  afterEach(() => jest.restoreAllMocks());

  test("two keys with its fingerprint are an error", async () => {
    const shares = [
      { key: "a".repeat(64), removed: false },
      { key: "b".repeat(64), removed: false },
    ];
    await expect(update(shares)).rejects.toMatchObject({
      code: "protocol",
      message: expect.stringMatching(/two keys/),
    });
  });

  test("a public key that age refuses is an error: recorded, it would make each later refresh fail", async () => {
    await expect(update([], {}, [lowOrder])).rejects.toMatchObject({
      code: "rejected",
      message: expect.stringMatching(/age cannot encrypt to one of them/),
    });
  });

  test.each<[string, Share[], Partial<ValidList>, RegExp]>([
    ["an entry without a key", [{ removed: false }], {}, /an entry without a readable key, which may be this share/],
    ["a list that proves nothing", [], { provesAbsence: false }, /the response is no proof that the share is gone/],
    ["no such session", [], { sessionFound: false }, /the session's list does not show it/],
  ])("%s: the share stays sealed as it was", async (_, shares, more, why) => {
    const { updated, olds, warnings } = await update(shares, more);
    const { recipients: _recipients, ...kept } = olds;
    expect(updated).toEqual(kept);
    expect(warnings).toEqual([expect.stringMatching(why)]);
  });
});

interface Step {
  readonly recipients: readonly number[];
  readonly publicUrl: number;
  readonly listed: boolean;
  readonly refresh: boolean;
}

const origins = ["https://fudo.example", "https://vendors.example", "https://partners.example"];

/** Another process of the same stack. */
function lifecycleOn(appliance: Appliance, clock: VirtualClock, publicUrl: number): Lifecycle {
  const client = { origin: origins[0]!, listShares: appliance.listShares, createShare: appliance.createShare };
  const config = publicUrl === 0 ? undefined : { "fudo:publicUrl": origins[publicUrl]! };
  return createLifecycle({
    settings: settings(config),
    clock,
    createClient: () => client as unknown as Client,
    flags: { abandonLive: false, recover: "off" },
  });
}

test("random changes of recipients and publicUrl: never a key with recipients, and each of sealedRecipients opens it", async () => {
  const step = fc.record({
    recipients: fc.uniqueArray(fc.nat(2), { maxLength: 3 }),
    publicUrl: fc.nat(2),
    listed: fc.boolean(),
    refresh: fc.boolean(),
  });
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), play), { seed: 3, numRuns: 60 });
});

async function play(steps: readonly Step[]): Promise<void> {
  const clock = new VirtualClock(now);
  const appliance = new Appliance(clock);
  const warn = () => undefined;
  const call = { signal: new AbortController().signal, warn, info: warn, assertEngineAlive: warn };
  const inputsOf = (step: Step) => {
    const chosen = step.recipients.map((index) => recipients[index]!);
    const news = { sessionId, duration: "PT8H", recipients: chosen };
    return lifecycleOn(appliance, clock, step.publicUrl).check({}, news).inputs;
  };
  const [first] = steps as [Step];
  const { id, outputs } = await lifecycleOn(appliance, clock, first.publicUrl).create(inputsOf(first), call);
  let state = outputs;
  for (const each of steps) {
    appliance.shown = (shares) => (each.listed ? shares : []);
    clock.advance(2000);
    const lifecycle = lifecycleOn(appliance, clock, each.publicUrl);
    const inputs = inputsOf(each);
    if (lifecycle.diff(id, state, inputs, call).changes) state = await lifecycle.update(id, state, inputs, call);
    expect(lifecycle.diff(id, state, inputs, call).changes).toBe(false);
    if (each.refresh) state = (await lifecycle.read(id, state, call)).outputs;
    await expectConsistent(state, appliance.shares[0]!.key!, each);
  }
}

async function expectConsistent(state: SessionShareOutputs, key: string, step: Step): Promise<void> {
  const hasRecipients = state.recipients !== undefined;
  expect(state.recipients ?? []).toEqual([...step.recipients].sort().map((index) => recipients[index]));
  if (hasRecipients) expect(JSON.stringify(state)).not.toContain(key);
  expect(state.key === undefined).toBe(state.sealedUrl !== undefined);
  // Only what no list shows stays as it was.
  if (step.listed && step.refresh) expect(state.sealedRecipients).toEqual(state.recipients);
  for (const recipient of state.sealedRecipients ?? []) {
    const text = await openSealed(
      state.sealedUrl,
      pairs.find((pair) => pair.recipient === recipient)!,
    );
    expect(text).toContain(key);
    if (state.sealedOrigin !== undefined) expect(text).toMatch(new RegExp(`^${state.sealedOrigin}/`));
  }
}
