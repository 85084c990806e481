// Two appliances in one stack, in each language of the plugin: a provider resource, functions, and a run that is killed. Each
// language has a test file of its own.
import { startEmulator, type Emulator } from "../../provider/emulator";
import { afterKill } from "./engine-interrupted";
import { pluginSharesIn } from "./engine-plugin";
import { failed, fingerprintOf, isPending, succeeded, waitForState } from "./engine-share";
import { languageSuite, useFixture, type Language } from "./plugin-language";

const posts = ({ requests }: Emulator) => requests.filter(({ method }) => method === "POST").length;

export function describeAppliances(language: Language): void {
  let berlin: Emulator;
  const suite = languageSuite(language, { canaries: () => [berlin.apiKey, ...berlin.shares().map(({ key }) => key)] });
  let oldest = "";
  beforeAll(async () => {
    berlin = await startEmulator({ seed: 2 });
    const { stack, emulator: warsaw } = suite();
    useFixture("appliances", language, suite());
    await stack.setConfig("berlinUrl", berlin.url);
    await stack.setConfig("berlinKey", berlin.apiKey, { secret: true });
    const [session] = [warsaw, berlin].map((appliance) => appliance.addSession({ serverName: "plc-07" }));
    oldest = fingerprintOf(warsaw.addShare(session!).key);
  });
  afterAll(() => berlin.close());

  test("`preview` calls the functions and sends no POST", async () => {
    const { stack, emulator: warsaw } = suite();
    expect(await stack.preview()).toMatchObject(succeeded("+ 4 to create"));
    expect([posts(warsaw), posts(berlin)]).toEqual([0, 0]);
    expect(berlin.requests.every(({ authorization }) => authorization === berlin.apiKey)).toBe(true);
  });

  test("SIGKILL of `pulumi` between POST and state: FUDO_RECOVER=true takes the link over, without a second POST", async () => {
    const { stack, emulator: warsaw } = suite();
    const gate = warsaw.hold({ on: "POST", when: "after" });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await gate.arrived();
    await waitForState(suite(), ({ resources }) => resources.some(({ urn }) => urn.endsWith("::inBerlin")));
    const plugin = await up.provider();
    up.killEngine();
    await up.done;
    gate.release();
    await up.providerEnded(10_000);
    expect(plugin.command).toContain("plugin/command.js");
    expect(await stack.up()).toMatchObject(failed("the stack is currently locked"));
    await afterKill(stack);
    expect(isPending(await stack.export(), "inWarsaw")).toBe(true);
    const next = await stack.up([], { env: { FUDO_RECOVER: "true" } });
    expect(next).toMatchObject(succeeded("was taken over"));
    expect([posts(warsaw), posts(berlin)]).toEqual([1, 1]);
    await stack.refresh(["--clear-pending-creates"]);
  });

  test("each share is on its own appliance, and the functions find sessions and shares", async () => {
    const { stack, emulator: warsaw } = suite();
    const keys = [warsaw, berlin].map((appliance) => appliance.shares().at(-1)!);
    const shares = pluginSharesIn(await stack.export()).map(({ outputs }) => outputs!["fingerprint"]);
    expect(shares.sort()).toEqual(keys.map(({ key }) => fingerprintOf(key)).sort());
    expect(await stack.outputs(true)).toMatchObject({
      appliances: [warsaw.url, berlin.url],
      links: [warsaw.url + keys[0]!.link, berlin.url + keys[1]!.link],
      complete: true,
      oldest,
    });
  });

  test("the next `up` changes nothing and sends only the requests of the functions", async () => {
    const { stack, emulator: warsaw } = suite();
    for (const appliance of [warsaw, berlin]) appliance.resetRequests();
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("4 unchanged"));
    for (const appliance of [warsaw, berlin])
      expect(new Set(appliance.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
    expect(berlin.requests.filter(({ path }) => path.includes("share"))).toEqual([]);
  });

  test("the key of a provider resource is rotated: the next `up` uses the new one and re-creates nothing", async () => {
    const { stack } = suite();
    await stack.setConfig("berlinKey", berlin.rotateKey(), { secret: true });
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated", "3 unchanged"));
    expect(await stack.refresh(["--expect-no-changes"])).toMatchObject(succeeded("4 unchanged"));
    expect(posts(berlin)).toBe(0);
    expect(await stack.destroy()).toMatchObject(succeeded("- 4 deleted"));
  });
}
