// Settings from the configuration of the stacks that the command line names, and what the environment decides.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStackSettings } from "../../../provider/audit/collect/stack-settings";
import { fakePulumi } from "./fake-pulumi";
import { createFixture } from "./fixture";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "fudo-settings-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Config = Record<string, object>;
const plain = (values: Record<string, string>): Config =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`fudo:${name}`, { value, secret: false }]));

/** Reads the settings of these stacks; `undefined` is a configuration that the CLI cannot read. */
async function read(
  configs: Record<string, Config | undefined>,
  environment: NodeJS.ProcessEnv = {},
  ...more: [unneeded?: readonly "maxDuration"[]]
) {
  const script = `
    const config = ${JSON.stringify(configs)}[args[args.indexOf("--stack") + 1]];
    if (args.includes("--show-secrets") || args[0] !== "config") process.exit(9);
    if (config) print(config); else { console.error("error: no project"); process.exit(1); }`;
  const options = { folder, environment: { ...environment, PATH: fakePulumi(folder, script) } };
  const { values, problems } = await readStackSettings(Object.keys(configs), options, ...more);
  return { values: Object.fromEntries(values), problems };
}

const url = "https://fudo.example";

test("each setting comes from the configuration where the environment does not set it", async () => {
  const dev = plain({ url, certificateFingerprint: "ab", maxDuration: "P7D", timeout: "PT9S", other: "x" });
  const secret = { "fudo:apiKey": { secret: true } };
  const expected = {
    "fudo:url": url,
    "fudo:certificateFingerprint": "ab",
    "fudo:maxDuration": "P7D",
    "fudo:timeout": "PT9S",
  };
  expect(await read({ dev: { ...dev, ...secret } })).toEqual({ values: expected, problems: [] });
  const { values } = await read({ dev }, { FUDO_MAX_DURATION: "P1D", FUDO_TIMEOUT: " " });
  expect(values).toEqual({ ...expected, "fudo:maxDuration": undefined });
});

test("a relative path of a CA certificate starts in the project's folder; PEM text and an absolute path stay", async () => {
  const ca = async (caCertificate: string) =>
    (await read({ dev: plain({ caCertificate }) })).values["fudo:caCertificate"];
  expect(await ca("./certs/ca.pem")).toBe(join(folder, "certs/ca.pem"));
  expect(await ca("/etc/ca.pem")).toBe("/etc/ca.pem");
  expect(await ca("-----BEGIN CERTIFICATE-----\nAA\n")).toBe("-----BEGIN CERTIFICATE-----\nAA");
});

test.each<[string, Record<string, string>, Record<string, string>]>([
  ["url", { url }, { url: "https://other.example" }],
  ["maxDuration", { maxDuration: "P7D" }, { maxDuration: "P1D" }],
  ["insecureSkipVerify", { insecureSkipVerify: "true" }, { insecureSkipVerify: "false" }],
])("stacks with different values of %s are wrong usage that names both", async (name, dev, prod) => {
  await expect(read({ dev: plain(dev), test: plain({}), prod: plain(prod) })).rejects.toThrow(
    new RegExp(`^the stacks dev and prod have different values of fudo:${name}: set FUDO_[A-Z_]+, or audit`),
  );
});

test("stacks agree when one spells the address otherwise, sets nothing, or the command line decides", async () => {
  const { values } = await read({ dev: plain({ url }), empty: {}, prod: plain({ url: "https://FUDO.example:443/" }) });
  expect(values["fudo:url"]).toBe(url);
  const limits = { dev: plain({ url, maxDuration: "P7D" }), prod: plain({ url, maxDuration: "P1D" }) };
  expect((await read(limits, {}, ["maxDuration"])).values).toEqual({ "fudo:url": url });
});

test("how a stack trusts its appliance does not count for another appliance", async () => {
  const dev = plain({
    url: "https://lab.example",
    insecureSkipVerify: "true",
    caCertificate: "/lab.pem",
    maxDuration: "P7D",
  });
  expect((await read({ dev }, { FUDO_URL: url })).values).toEqual({ "fudo:maxDuration": "P7D" });
  expect((await read({ dev }, { FUDO_URL: "https://lab.example/" })).values).toMatchObject({
    "fudo:insecureSkipVerify": "true",
  });
});

test("a fingerprint in the environment replaces a configured insecureSkipVerify, and the other way round", async () => {
  expect(
    (await read({ dev: plain({ insecureSkipVerify: "true" }) }, { FUDO_CERTIFICATE_FINGERPRINT: "ab" })).values,
  ).toEqual({});
  expect(
    (await read({ dev: plain({ certificateFingerprint: "ab" }) }, { FUDO_INSECURE_SKIP_VERIFY: "true" })).values,
  ).toEqual({});
});

test("a configuration that cannot be read, and a setting that is a secret, are problems", async () => {
  const { problems } = await read({ dev: undefined, prod: { "fudo:url": { secret: true } }, test: 7 as never });
  expect(problems).toEqual([
    "the audit cannot read the configuration of stack dev: `pulumi config` failed (exit code 1): error: no project",
    "fudo:url of stack prod is a secret, which the audit does not read: set FUDO_URL",
    "the audit cannot read the configuration of stack test: it is not a JSON object",
  ]);
});

test("when the environment sets everything, the CLI is not asked for a configuration", async () => {
  const environment = {
    FUDO_URL: url,
    FUDO_CA_CERTIFICATE: "/ca.pem",
    FUDO_CERTIFICATE_FINGERPRINT: "ab",
    FUDO_MAX_DURATION: "P1D",
    FUDO_TIMEOUT: "PT9S",
  };
  expect(await read({ dev: undefined }, environment)).toEqual({ values: {}, problems: [] });
});

describe("the whole command", () => {
  test("after the quickstart, the audit of a stack finds the appliance in the stack's configuration", async () => {
    const fixture = await createFixture();
    const state = { version: 3, deployment: { resources: [fixture.resourceFor(fixture.share())] } };
    const config = { ...plain({ url: fixture.emulator.url }), "fudo:apiKey": { secret: true } };
    const script = `print(args[0] === "config" ? ${JSON.stringify(config)} : ${JSON.stringify(state)});`;
    fixture.environment = { FUDO_API_KEY: fixture.emulator.apiKey, PATH: fakePulumi(fixture.folder, script) };
    const { code, stdout } = await fixture.run(["--stack", "dev"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(fixture.emulator.url)]);
  });

  test.each<[string, string, RegExp]>([
    ["no stack sets the address", "print({});", /FUDO_URL is not set, and the stacks of --stack have no fudo:url/],
    [
      "the configuration cannot be read",
      'console.error("error: no Pulumi.yaml"); process.exit(1);',
      /FUDO_URL is not set, and the audit cannot read the configuration of stack dev: .*no Pulumi\.yaml/,
    ],
  ])("%s: wrong usage that says so, and that the API key comes from the environment", async (_, script, message) => {
    const fixture = await createFixture();
    fixture.environment = { PATH: fakePulumi(fixture.folder, script) };
    const { code, stderr } = await fixture.run(["--stack", "dev"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/FUDO_API_KEY is not set \(the audit does not read fudo:apiKey/);
    expect(fixture.emulator.requests).toEqual([]);
  });

  test("the report says that a configuration could not be read when the environment names the appliance", async () => {
    const fixture = await createFixture();
    const script =
      'if (args[0] === "config") { console.error("error: none"); process.exit(1); } print({ version: 3, deployment: { manifest: {} } });';
    fixture.environment["PATH"] = fakePulumi(fixture.folder, script);
    const { code, stdout } = await fixture.run(["--stack", "dev", "-o", "json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).completeness.notes).toContainEqual(
      expect.stringContaining("cannot read the configuration of stack dev"),
    );
  });
});
