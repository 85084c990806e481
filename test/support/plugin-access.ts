// The component VendorAccess in each language of the plugin: two components at once, one of them on the appliance of a provider
// resource. Each language has a test file of its own.
import { startEmulator, type Emulator } from "../../provider/emulator";
import { eventIn, type Access } from "./engine-access";
import { pluginSharesIn } from "./engine-plugin";
import { fingerprintOf, succeeded } from "./engine-share";
import { languageSuite, useFixture, type Language } from "./plugin-language";

const posts = ({ requests }: Emulator) => requests.filter(({ method }) => method === "POST").length;

export function describeAccess(language: Language): void {
  let berlin: Emulator;
  let uid = "";
  const suite = languageSuite(language, { canaries: () => [berlin.apiKey, ...berlin.shares().map(({ key }) => key)] });
  const outputs = async () => (await suite().stack.outputs(true)) as unknown as Record<"acme" | "globex", Access>;
  beforeAll(async () => {
    berlin = await startEmulator({ seed: 2 });
    const { stack, emulator: warsaw } = suite();
    useFixture("access", language, suite());
    await stack.setConfig("berlinUrl", berlin.url);
    await stack.setConfig("berlinKey", berlin.apiKey, { secret: true });
    await stack.setConfig("sessions", warsaw.sessions.slice(0, 2).join(","));
    await stack.setConfig("duration", "PT8H");
    for (const serverName of ["plc-07", "plc-07", "plc-08"]) berlin.addSession({ serverName });
  });
  afterAll(() => berlin.close());

  test("`preview` shows the shares of both components and sends no POST", async () => {
    const { stack, emulator: warsaw } = suite();
    expect(await stack.preview()).toMatchObject(succeeded("+ 8 to create"));
    expect([warsaw.requests.length, posts(berlin)]).toEqual([0, 0]);
  });

  test("`up` creates the shares on the appliance of each component; the next one changes nothing", async () => {
    const { stack, emulator: warsaw } = suite();
    expect(await stack.up()).toMatchObject(succeeded("+ 8 created"));
    expect([posts(warsaw), posts(berlin)]).toEqual([2, 2]);
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("8 unchanged"));
    expect([posts(warsaw), posts(berlin)]).toEqual([2, 2]);
    const shares = pluginSharesIn(await stack.export());
    expect(shares.every(({ urn }) => urn.includes("::fudo:index:VendorAccess$fudo:index:SessionShare::"))).toBe(true);
  });

  test("the links and the text are secrets, and the calendar has no credential", async () => {
    const { stack, emulator: warsaw } = suite();
    const { resources } = await stack.export();
    const components = resources.filter(({ type }) => type === "fudo:index:VendorAccess");
    const secret = expect.objectContaining({ ciphertext: expect.any(String) });
    const recorded = { links: secret, handOver: secret, calendar: expect.stringContaining("BEGIN:VEVENT") };
    expect(components.map((one) => one.outputs)).toEqual(
      [recorded, recorded].map((one) => expect.objectContaining(one)),
    );
    const { acme, globex } = await outputs();
    for (const [access, appliance] of [[acme, warsaw] as const, [globex, berlin] as const]) {
      const shares = appliance.shares();
      expect([...access.sessionIds].sort()).toEqual(shares.map(({ sessionId }) => sessionId).sort());
      for (const { sessionId, key, link } of shares) {
        expect(access.links?.[sessionId]).toBe(appliance.url + link);
        expect(access.handOver).toContain(`Session ${sessionId}:\n${appliance.url}${link}\n`);
        expect(access.calendar).not.toContain(key);
        expect(eventIn(access.calendar)["DESCRIPTION"]).toContain(`${sessionId} (fingerprint ${fingerprintOf(key)})`);
      }
    }
    uid = eventIn(acme.calendar)["UID"]!;
  });

  test("another window replaces the shares of one component, and the calendar keeps its event", async () => {
    const { stack, emulator: warsaw } = suite();
    await stack.setConfig("duration", "PT9H");
    // Engine: with this option it prints the debug lines of the SDK. The harness searches them for each key.
    expect(await stack.up(["--json"])).toMatchObject(succeeded("create-replacement"));
    expect([posts(warsaw), posts(berlin)]).toEqual([4, 2]);
    expect(eventIn((await outputs()).acme.calendar)["UID"]).toBe(uid);
  });

  test("`destroy` removes the shares from the state", async () => {
    expect(await suite().stack.destroy()).toMatchObject(succeeded("- 8 deleted"));
  });
}
