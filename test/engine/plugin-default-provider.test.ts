// The plugin's settings from the stack's configuration and from the environment, on the real engine; shares that two
// appliances hold; and what a preview of an update knows.
import { startEmulator, type Emulator } from "../../provider/emulator";
import type { Stack } from "../support/engine";
import { pluginShare, pluginSharesIn, usePlugin } from "../support/engine-plugin";
import { engineSuite, failed, succeeded } from "../support/engine-share";

const publicUrl = "https://vendors.example.com";
const limits = { publicUrl, maxDuration: "P1D", timeout: "PT20S", deletionPolicy: "abandon" };
const names = ["url", "apiKey", "caCertificate", ...Object.keys(limits)];

/** Inputs of the provider resources in the state, without what the engine adds. */
async function recordedSettings(stack: Stack): Promise<string[][]> {
  const { resources } = await stack.export();
  const providers = resources.filter(({ type }) => type === "pulumi:providers:fudo");
  return providers.map(({ inputs = {} }) => Object.keys(inputs).filter((name) => !/^(version|__internal)$/.test(name)));
}

describe("the default provider", () => {
  const suite = engineSuite({ emulator: { https: true }, configured: false });
  let ids: unknown[];
  const shareIds = async () => pluginSharesIn(await suite().stack.export()).map(({ id }) => id);
  const settings = () => ({
    ...limits,
    url: suite().emulator.url,
    caCertificate: String(suite().emulator.certificate),
  });
  const environment = () => ({
    FUDO_URL: suite().emulator.url,
    FUDO_API_KEY: suite().emulator.apiKey,
    FUDO_CA_CERTIFICATE: String(suite().emulator.certificate),
    FUDO_PUBLIC_URL: publicUrl,
    FUDO_MAX_DURATION: "P1D",
    FUDO_TIMEOUT: "PT20S",
  });
  const expectPublicLink = async () =>
    expect(await suite().stack.outputs(true)).toMatchObject({
      vendor: { url: expect.stringMatching(`^${publicUrl}/`) },
    });

  beforeAll(() => {
    const { stack, declare, sessionId } = suite();
    usePlugin(stack);
    declare(pluginShare("vendor", { sessionId, duration: "PT8H" }));
  });

  test("takes each setting from the environment, and the state holds none of them", async () => {
    const { stack, emulator } = suite();
    expect(await stack.up([], { env: environment() })).toMatchObject(succeeded("+ 2 created"));
    await expectPublicLink();
    ids = await shareIds();
    expect(await recordedSettings(stack)).toEqual([[]]);
    expect(stack.occurrences([emulator.apiKey])).toEqual([]);
  });

  test("a key that was rotated in the environment is used at once, by refresh too", async () => {
    const { stack, emulator } = suite();
    emulator.rotateKey();
    expect(await stack.refresh([], { env: environment() })).toMatchObject(succeeded("2 unchanged"));
    expect(emulator.requests.at(-1)?.authorization).toBe(emulator.apiKey);
  });

  test("without its settings a new share is refused before any request, and both names of each are said", async () => {
    const { stack, declare, sessionId, newRequests } = suite();
    newRequests();
    const vendor = pluginShare("vendor", { sessionId, duration: "PT8H" });
    declare(vendor, pluginShare("other", { sessionId, duration: "PT8H" }));
    const preview = await stack.preview();
    expect(preview).toMatchObject(
      failed("fudo:url (or FUDO_URL) is not set", "fudo:apiKey (or FUDO_API_KEY) is not set"),
    );
    declare(vendor);
    expect(newRequests()).toEqual([]);
  });

  test("takes each setting from the stack's configuration, and re-creates nothing", async () => {
    const { stack, emulator } = suite();
    for (const [name, value] of Object.entries(settings())) await stack.setConfig(`fudo:${name}`, value);
    await stack.setConfig("fudo:apiKey", emulator.apiKey, { secret: true });
    expect(await stack.up()).toMatchObject(succeeded());
    await expectPublicLink();
    expect(await shareIds()).toEqual(ids);
    expect((await recordedSettings(stack)).map((each) => each.sort())).toEqual([[...names].sort()]);
    expect(await stack.refresh()).toMatchObject(succeeded("2 unchanged"));
  });

  test("takes each setting as a secret", async () => {
    const { stack, emulator } = suite();
    for (const [name, value] of Object.entries(settings()))
      // These are no credentials: only the form is another one, so they are no canaries of the test.
      expect(await stack.pulumi(["config", "set", "--secret", `fudo:${name}`], { input: value })).toMatchObject(
        succeeded(),
      );
    expect(await stack.up()).toMatchObject(succeeded());
    await expectPublicLink();
    expect(await shareIds()).toEqual(ids);
    expect(await stack.refresh()).toMatchObject(succeeded("2 unchanged"));
    expect(stack.occurrences([emulator.apiKey])).toEqual([]);
    expect(emulator.shares()).toHaveLength(1);
  });

  test("a setting that does not exist ends the preview, and the sentence names the one that was meant", async () => {
    const { stack } = suite();
    await stack.setConfig("fudo:maxDurations", "P1D");
    expect(await stack.preview()).toMatchObject(
      failed('there is no setting named "maxDurations". Did you mean maxDuration?'),
    );
    await stack.pulumi(["config", "rm", "fudo:maxDurations"]);
  });
});

describe("two appliances", () => {
  const suite = engineSuite({ configured: false });
  let berlin: Emulator;
  beforeAll(async () => {
    usePlugin(suite().stack);
    berlin = await startEmulator({ seed: 2 });
  });
  afterAll(() => berlin.close());

  const providers = `
    const warsaw = new pulumi.ProviderResource("fudo", "warsaw", { url: process.env.WARSAW_URL, apiKey: process.env.WARSAW_KEY });
    const berlin = new pulumi.ProviderResource("fudo", "berlin", { url: process.env.BERLIN_URL, apiKey: process.env.BERLIN_KEY });`;
  const declareShares = (acme: "warsaw" | "berlin", labels: object = {}) => {
    const { declare, sessionId } = suite();
    const share = (name: string, session: string, options: string) =>
      pluginShare(name, { sessionId: session, duration: "PT8H", labels }, options);
    declare(
      providers,
      share("acme", sessionId, `{ provider: ${acme} }`),
      share("globex", berlin.sessions[0]!, "{ provider: berlin }"),
    );
  };
  const env = () => ({
    WARSAW_URL: suite().emulator.url,
    WARSAW_KEY: suite().emulator.apiKey,
    BERLIN_URL: berlin.url,
    BERLIN_KEY: berlin.apiKey,
  });

  test("have one share each, created with its own key", async () => {
    const { stack, emulator } = suite();
    declareShares("warsaw");
    expect(await stack.up([], { env: env() })).toMatchObject(succeeded("+ 5 created"));
    expect([emulator.shares().length, berlin.shares().length]).toEqual([1, 1]);
    expect(stack.occurrences([berlin.apiKey, ...berlin.shares().map(({ key }) => key)])).toEqual([]);
  });

  test("a share that moves from one to the other is not replaced, and a warning names both addresses", async () => {
    const { stack, emulator } = suite();
    declareShares("berlin");
    const preview = await stack.preview(["--expect-no-changes"], { env: env() });
    expect(preview).toMatchObject(succeeded("5 unchanged", emulator.url, berlin.url, "They stay there"));
    declareShares("warsaw");
  });

  test("a refresh asks both", async () => {
    const { stack, newRequests } = suite();
    newRequests();
    berlin.resetRequests();
    expect(await stack.refresh([], { env: env() })).toMatchObject(succeeded("5 unchanged"));
    expect([newRequests(), berlin.requests.length]).toEqual([["GET 200"], 1]);
  });

  test("the preview of changed labels knows the link, so that nothing else looks changed", async () => {
    const { stack } = suite();
    declareShares("warsaw", { ticket: "CHG-1" });
    const preview = await stack.preview([], { env: env() });
    expect(preview).toMatchObject(succeeded("~ 2 to update", "3 unchanged"));
    expect(preview.all).not.toContain("Outputs:");
    expect(preview.all).not.toContain("[unknown]");
  });
});
