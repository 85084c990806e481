// The component VendorAccess of the plugin (Construct) in YAML programs on the real engine: examples/vendor-access-yaml, existing
// shares, values that only the run knows, mistakes, a share that fails, and a run that is killed.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { atHour, calendarInstant, eventIn } from "../support/engine-access";
import { afterKill } from "../support/engine-interrupted";
import { pluginSharesIn } from "../support/engine-plugin";
import { diagnosticsOf, failed, fingerprintOf, succeeded, type EngineSuite } from "../support/engine-share";
import { describeAccess } from "../support/plugin-access";
import { languageSuite } from "../support/plugin-language";
import { root } from "../support/repository";
import { newVendor, openedBy } from "../support/vendor";

jest.setTimeout(300_000);

const projectFile = ({ stack }: EngineSuite) => join(stack.folder, "project", "Pulumi.yaml");
/** The program: JSON is YAML. */
const declare = (suite: EngineSuite, program: object) =>
  writeFileSync(projectFile(suite), JSON.stringify({ name: "project", runtime: "yaml", ...program }));
const component = (properties: object, options: object = {}) => ({ type: "fudo:VendorAccess", properties, options });
const posts = ({ emulator }: EngineSuite) => emulator.requests.filter(({ method }) => method === "POST").length;

describe("components", () => describeAccess("yaml"));

describe("the example", () => {
  const suite = languageSuite("yaml");

  test("creates a share for each session, a text with the links, and a calendar", async () => {
    const { stack, emulator } = suite();
    cpSync(join(root, "examples/vendor-access-yaml", "Pulumi.yaml"), projectFile(suite()));
    let next = 0;
    const program = readFileSync(projectFile(suite()), "utf8")
      .replace(/^name: .*/m, "name: project")
      .replaceAll(/\d{19}/g, () => emulator.sessions[next++]!);
    writeFileSync(projectFile(suite()), program);
    await stack.setConfig("from", atHour(1));
    await stack.setConfig("to", atHour(7));
    expect(await stack.up()).toMatchObject(succeeded("+ 4 created"));
    const window = { validSince: atHour(1), validTo: atHour(7), readonly: false };
    expect(emulator.shares()).toMatchObject([window, window]);
    const { handOver, calendar } = await stack.outputs(true);
    for (const { key } of emulator.shares()) expect(handOver).toContain(key);
    const instants = { DTSTART: calendarInstant(atHour(1)), DTEND: calendarInstant(atHour(7)) };
    expect(eventIn(String(calendar))).toMatchObject(instants);
  });
});

describe("shares that the stack has already", () => {
  const suite = languageSuite("yaml");

  test("become children by an alias, and keep their links when the component gets another name", async () => {
    const { stack, emulator, newRequests } = suite();
    const [sessionId = ""] = emulator.sessions;
    const labels = { vendor: "ACME Support" };
    const window = { validSince: atHour(-2), validTo: atHour(5) };
    const top = { type: "fudo:SessionShare", properties: { sessionId, ...window, labels } };
    declare(suite(), { resources: { top } });
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    const [before] = pluginSharesIn(await stack.export());
    newRequests();
    const properties = { vendor: "ACME Support", sessionIds: [sessionId], ...window, aliases: { [sessionId]: "top" } };
    declare(suite(), { resources: { acme: component(properties) } });
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("+ 1 created"));
    expect(up.all).not.toMatch(/replace|NOT revoked/);
    const [after] = pluginSharesIn(await stack.export());
    expect(after?.id).toBe(before?.id);
    expect(after?.urn).toMatch(`VendorAccess$fudo:index:SessionShare::acme-${sessionId}`);
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("3 unchanged"));
    const aliases = ["urn:pulumi:dev::project::fudo:index:VendorAccess::acme"];
    declare(suite(), { resources: { siemens: component({ ...properties, aliases: undefined }, { aliases }) } });
    expect(await stack.up()).toMatchObject(succeeded());
    const [renamed] = pluginSharesIn(await stack.export());
    expect([renamed?.id, renamed?.urn.split("::").at(-1)]).toEqual([before?.id, `siemens-${sessionId}`]);
    expect(newRequests()).toEqual([]);
  });
});

describe("links that only the vendor can open", () => {
  const suite = languageSuite("yaml");

  test("the text holds them encrypted and is no secret, and no file has the key in any form", async () => {
    const { stack, emulator, newRequests } = suite();
    const siemens = newVendor(stack.folder);
    const [sessionId = ""] = emulator.sessions;
    const properties = {
      vendor: "Siemens",
      sessionIds: [sessionId],
      duration: "PT4H",
      recipients: [siemens.recipient],
    };
    const outputs = Object.fromEntries(["links", "sealedLinks", "handOver"].map((name) => [name, `\${acme.${name}}`]));
    declare(suite(), { resources: { acme: component(properties) }, outputs });
    expect(await stack.up()).toMatchObject(succeeded("+ 3 created"));
    const [{ key, link } = { key: "", link: "" }] = emulator.shares();
    const shown = (await stack.outputs()) as {
      sealedLinks: Record<string, string>;
      handOver: string;
      links: object | null;
    };
    expect(openedBy(siemens, shown.sealedLinks[sessionId]!).trim()).toBe(emulator.url + link);
    expect(shown.handOver).toContain(shown.sealedLinks[sessionId]);
    expect(shown.links).toBeNull();
    const decrypted = await stack.pulumi(["stack", "export", "--show-secrets"], { record: false });
    expect(decrypted.stdout).toContain("BEGIN AGE ENCRYPTED FILE");
    expect(decrypted.stdout).not.toContain(key);
    newRequests();
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("3 unchanged"));
    expect(newRequests()).toEqual([]);
  });
});

describe("mistakes and failures", () => {
  const suite = languageSuite("yaml");
  const window = { duration: "PT4H" };
  const acme = (properties: object) => declare(suite(), { resources: { acme: component(properties) } });

  test.each<[string, object, ...string[]]>([
    [
      "all mistakes at once",
      { vendor: "", sessionIds: [] },
      "sessionIds must be a list",
      "vendor must be the vendor's name",
    ],
    [
      "a query that finds nothing",
      { vendor: "ACME", sessions: { serverName: "plc-07" } },
      'no server with the name "plc-07"',
    ],
    ["a misspelled alias", { vendor: "ACME", sessionIds: ["1"], aliases: { 2: "top" } }, 'does not share: "2"'],
  ])("%s: one sentence, and no POST", async (_name, properties, ...texts) => {
    acme({ ...window, ...properties });
    const preview = await suite().stack.preview();
    expect(preview).toMatchObject(failed(...texts));
    expect(diagnosticsOf(preview)).toHaveLength(1);
    expect(posts(suite())).toBe(0);
  });

  test("a share that fails: the other one is in the state, and the next `up` creates what is missing", async () => {
    const { stack, emulator } = suite();
    const [first = "", second = ""] = emulator.sessions;
    acme({ vendor: "ACME", sessionIds: [first, second], ...window });
    emulator.fault({ on: "POST", kind: "failure", status: 403, path: second, times: 1 });
    const up = await stack.up();
    expect(up).toMatchObject(failed("fudo[unauthorized]"));
    // The share's own error, and one sentence on the component.
    expect(diagnosticsOf(up)).toHaveLength(2);
    expect(up.all).toContain("the run ended before the component was complete. Another message says why.");
    expect(await stack.up()).toMatchObject(succeeded());
    expect(emulator.shares()).toHaveLength(2);
    expect(pluginSharesIn(await stack.export())).toHaveLength(2);
  });

  test("SIGKILL of `pulumi` between POST and state: FUDO_RECOVER=true takes the link over", async () => {
    const { stack, emulator } = suite();
    await stack.destroy();
    const before = posts(suite());
    acme({ vendor: "ACME", sessionIds: [emulator.sessions[2]], ...window });
    const gate = emulator.hold({ on: "POST", when: "after" });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await gate.arrived();
    await up.provider();
    up.killEngine();
    await up.done;
    gate.release();
    await up.providerEnded(10_000);
    await afterKill(stack);
    expect(await stack.up([], { env: { FUDO_RECOVER: "true" } })).toMatchObject(succeeded("was taken over"));
    expect(posts(suite())).toBe(before + 1);
    const [share] = pluginSharesIn(await stack.export());
    expect(share?.outputs).toMatchObject({ fingerprint: fingerprintOf(emulator.shares().at(-1)!.key) });
  });
});
