// What each language does with the plugin on the real engine: the same steps, with the same results. Each language has a test
// file of its own, so that they run side by side.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../provider/emulator";
import { pluginSharesIn } from "./engine-plugin";
import { diagnosticsOf, failed, fingerprintOf, hour, succeeded, type EngineSuite } from "./engine-share";
import { languageSuite, useFixture, type Language } from "./plugin-language";

/** `hours` from now on the hour, as text with the offset of Warsaw in winter. */
function inWarsaw(hours: number): string {
  const instant = Math.ceil(Date.now() / hour) * hour + hours * hour;
  return new Date(instant + hour).toISOString().replace(".000Z", "+01:00");
}

const utc = (text: string) => new Date(text).toISOString();

/** Sets the sessions and the window of the example. */
export async function configureExample({ stack, emulator }: EngineSuite, to = inWarsaw(7)): Promise<void> {
  const values = { acmeSession: emulator.sessions[0]!, globexSession: emulator.sessions[1]!, from: inWarsaw(1), to };
  for (const [name, value] of Object.entries(values)) await stack.setConfig(name, value);
}

const postsTo = ({ requests }: Emulator) => requests.filter(({ method }) => method === "POST").length;
export function describeExample(language: Language): void {
  const suite = languageSuite(language);
  beforeAll(() => configureExample(suite()));

  test("`preview` shows both shares and sends no request; its plan holds no credential", async () => {
    const { stack, emulator } = suite();
    expect(await stack.preview(["--save-plan", "plan.json"])).toMatchObject(succeeded("+ 3 to create"));
    expect(emulator.requests).toEqual([]);
  });

  test("`up` with that plan creates both shares; the next one changes nothing and sends no request", async () => {
    const { stack, emulator, newRequests } = suite();
    expect(await stack.up(["--plan", "plan.json"])).toMatchObject(succeeded("+ 3 created"));
    const [acme, globex] = emulator.sessions.slice(0, 2).map((session) => emulator.shares(session));
    expect(acme).toMatchObject([{ readonly: true }]);
    expect(Math.round((Date.parse(acme![0]!.validTo) - Date.now()) / hour)).toBe(8);
    const end = utc(inWarsaw(7));
    expect(globex).toMatchObject([{ readonly: false, validSince: utc(inWarsaw(1)), validTo: end }]);
    const outputs = await stack.outputs();
    expect(JSON.stringify(outputs["links"])).toMatch(/^("\[secret\]"|\{"acme":"\[secret\]","globex":"\[secret\]"\})$/);
    const fingerprints = { acme: fingerprintOf(acme![0]!.key), globex: fingerprintOf(globex![0]!.key) };
    expect(outputs).toMatchObject({ maintenanceEnds: end, fingerprints });
    const links = { acme: emulator.url + acme![0]!.link, globex: emulator.url + globex![0]!.link };
    expect(await stack.outputs(true)).toMatchObject({ links });
    newRequests();
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("3 unchanged"));
    expect(newRequests()).toEqual([]);
  });

  test("`refresh` reads each session once and finds nothing new", async () => {
    const { stack, newRequests } = suite();
    expect(await stack.refresh(["--expect-no-changes"])).toMatchObject(succeeded("3 unchanged"));
    expect(newRequests()).toEqual(["GET 200", "GET 200"]);
  });

  test("a rotated key: `up` stores the new one, re-creates nothing, and `refresh` uses it", async () => {
    const { stack, emulator } = suite();
    await stack.setConfig("fudo:apiKey", emulator.rotateKey(), { secret: true });
    expect(await stack.refresh()).toMatchObject(failed("fudo[unauthorized]"));
    expect(await stack.up()).toMatchObject(succeeded("3 unchanged"));
    expect(await stack.refresh(["--expect-no-changes"])).toMatchObject(succeeded("3 unchanged"));
    expect(emulator.shares()).toHaveLength(2);
  });

  test("another end replaces the share: `preview` says so without a POST, `up` creates a new link", async () => {
    const { stack, emulator, newRequests } = suite();
    await stack.setConfig("to", inWarsaw(9));
    newRequests();
    expect(await stack.preview(["--diff"])).toMatchObject(succeeded("+-1 to replace", "validTo"));
    expect(newRequests()).toEqual([]);
    const up = await stack.up(["--json"]);
    expect(up).toMatchObject(succeeded("NOT revoked"));
    expect(postsTo(emulator)).toBe(1);
    expect(emulator.shares(emulator.sessions[1])).toHaveLength(2);
    expect(await stack.outputs()).toMatchObject({ maintenanceEnds: utc(inWarsaw(9)) });
  });

  test("`destroy` removes both from the state and says that the links work on", async () => {
    const { stack, emulator, newRequests } = suite();
    newRequests();
    const destroy = await stack.destroy();
    expect(destroy).toMatchObject(succeeded("- 3 deleted"));
    expect(diagnosticsOf(destroy).filter((line) => line.includes("NOT revoked"))).toHaveLength(2);
    expect(newRequests()).toEqual([]);
    expect(emulator.shares()).toHaveLength(3);
  });

  test("`pulumi import` fills every output, and the next `preview` shows no difference", async () => {
    const { stack, emulator, sessionId, newRequests } = suite();
    const { key, link, validSince, validTo } = emulator.addShare(sessionId, { readonly: false });
    const values = { sessionId, validSince, validTo };
    await importShare(language, suite(), `${sessionId}/${fingerprintOf(key)}`, values);
    const [share] = pluginSharesIn(await stack.export());
    expect(share?.outputs).toMatchObject({ fingerprint: fingerprintOf(key), readonly: false, ...values });
    const shown = await stack.pulumi(["stack", "export", "--show-secrets"], { record: false });
    for (const secret of [key, link, emulator.url + link])
      expect(shown.stdout).toContain(JSON.stringify(JSON.stringify(secret)));
    newRequests();
    expect(await stack.preview(["--expect-no-changes"])).toMatchObject(succeeded("unchanged"));
    expect(newRequests()).toEqual([]);
  });
}

/** Imports the share, and makes the code for it the program. */
async function importShare(language: Language, suite: EngineSuite, id: string, values: Record<string, string>) {
  const { stack } = suite;
  const project = join(stack.folder, "project");
  // Engine: of the language hosts that can be built, only the one for YAML generates code.
  const code = language === "yaml" ? "--out=imported" : "--generate-code=false";
  const args = ["import", "fudo:index:SessionShare", "vendor", id, "--yes", code];
  expect(await stack.pulumi(args)).toMatchObject(succeeded("1 imported"));
  if (language === "yaml") {
    const generated = readFileSync(join(project, "imported"), "utf8");
    writeFileSync(join(project, "Pulumi.yaml"), `name: project\nruntime: yaml\n${generated}`);
    return;
  }
  for (const [name, value] of Object.entries(values)) await stack.setConfig(name, value);
  useFixture("imported", language, suite);
}
