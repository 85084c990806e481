// Shares on two appliances in one stack, by provider resources: the project in examples/several-appliances, and the mistake of
// a key in plain text.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../provider/emulator";
import { diagnosticsOf, engineSuite, failed, share, sharesIn, succeeded } from "../support/engine-share";
import { root, textOf } from "../support/repository";

const example = join("examples", "several-appliances");
const suite = engineSuite({ typescript: true, configured: false });
let berlin: Emulator;

beforeAll(async () => {
  berlin = await startEmulator({ seed: 2, behaviour: { removedShares: "flagged" } });
  const { stack, emulator: warsaw } = suite();
  const project = join(stack.folder, "project");
  cpSync(join(root, example), project, { recursive: true, filter: (path) => !path.endsWith("node_modules") });
  const settings = join(project, "Pulumi.yaml");
  // The stack was created in the test's own project.
  writeFileSync(settings, readFileSync(settings, "utf8").replace(/^name: .*/, "name: project"));
  for (const [name, appliance] of Object.entries({ warsaw, berlin })) {
    await stack.setConfig(`${name}:url`, appliance.url);
    await stack.setConfig(`${name}:apiKey`, appliance.apiKey, { secret: true });
    await stack.setConfig(`${name}Session`, appliance.sessions[0]!);
  }
});
afterAll(() => berlin.close());

/** Method and status of each new request, of both appliances. */
const newRequests = () =>
  [suite().emulator, berlin].map((appliance) => {
    const requests = appliance.requests.map(({ method, status }) => `${method} ${status}`);
    appliance.resetRequests();
    return requests;
  });

test("docs/several-appliances.md shows the example word for word", () => {
  expect(textOf("docs/several-appliances.md")).toContain(
    `\`\`\`typescript\n${textOf(join(example, "index.ts"))}\`\`\``,
  );
});

describe("two provider resources", () => {
  test("create each share on its own appliance, with its own key, and the next `up` changes nothing", async () => {
    const { stack, emulator } = suite();
    expect(await stack.up()).toMatchObject(succeeded("+ 5 created"));
    expect([emulator.shares().length, berlin.shares().length]).toEqual([1, 1]);
    const shares = sharesIn(await stack.export()).map(({ urn, outputs }) => [
      urn.split("::").pop(),
      outputs?.["appliance"],
    ]);
    expect(Object.fromEntries(shares)).toEqual({ acme: emulator.url, globex: berlin.url });
    newRequests();
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("5 unchanged"));
    expect(newRequests()).toEqual([[], []]);
  });

  test("have no key and no link in clear text in the state", () => {
    const { stack, emulator } = suite();
    const credentials = [emulator, berlin].flatMap((each) => [each.apiKey, ...each.shares().map(({ key }) => key)]);
    expect(credentials).toHaveLength(4);
    expect(stack.occurrences(credentials)).toEqual([]);
  });

  test("a share that moves from one to the other is not replaced, and a warning names both addresses", async () => {
    const { stack, emulator } = suite();
    const moved = textOf(join(example, "index.ts")).replace("{ provider: warsaw }", "{ provider: berlin }");
    stack.writeProgram(moved);
    const preview = await stack.preview(["--expect-no-changes"]);
    expect(preview).toMatchObject(succeeded("5 unchanged", emulator.url, berlin.url, "They stay there"));
    stack.writeProgram(textOf(join(example, "index.ts")));
  });

  test("a refresh asks both appliances, and finds what an administrator has revoked", async () => {
    const { stack } = suite();
    berlin.revoke(berlin.shares()[0]!.key);
    expect(await stack.refresh()).toMatchObject(succeeded("~ 1 updated"));
    expect(newRequests()).toEqual([["GET 200"], ["GET 200"]]);
  });

  test("a function asks the appliance of fudo:url, and none of theirs", async () => {
    const { stack } = suite();
    stack.writeProgram(`${textOf(join(example, "index.ts"))}\nvoid require("pulumi-fudo").getSessions();\n`);
    expect(diagnosticsOf(await stack.preview())).toContainEqual(
      expect.stringContaining("fudo:url (or FUDO_URL) is not set in the stack's configuration"),
    );
    expect(newRequests()).toEqual([[], []]);
  });

  test("destroy needs no configuration but the one in the state", async () => {
    const { stack } = suite();
    await stack.pulumi(["config", "rm-all", "berlin:url", "berlin:apiKey"]);
    expect(await stack.destroy()).toMatchObject(succeeded("- 5 deleted"));
  });
});

describe("an API key in plain text", () => {
  const suite = engineSuite({ configured: false });
  const key = `"plain-text-of-a-key"`;
  const provider = (value: string) =>
    `const b = new pulumi.ProviderResource("pulumi-nodejs", "b", { "fudo:url": "${suite().emulator.url}", "fudo:apiKey": ${value} });`;
  const component = `const group = new pulumi.ComponentResource("own:Group", "group", {}, { providers: [b] });`;
  const vendor = (options: string) => share("vendor", { sessionId: suite().sessionId, duration: "PT8H" }, options);

  test.each([
    ["{ provider: b }", []],
    ["{ parent: group }", [component]],
    ["{ transformations: [({ props, opts }) => ({ props, opts: { ...opts, provider: b } })] }", []],
  ])("is rejected in the preview of a share with %s, before any request", async (options, lines) => {
    const { stack, declare, emulator } = suite();
    declare(provider(key), ...lines, vendor(options));
    const preview = await stack.preview();
    expect(preview).toMatchObject(failed());
    expect(diagnosticsOf(preview)).toEqual([
      expect.stringMatching(
        /SessionShare vendor: its provider "b" has fudo:apiKey in plain text.*Pass a secret: .*rotate the key on the appliance/,
      ),
    ]);
    expect(preview.all).not.toContain("plain-text-of-a-key");
    expect(await stack.up()).toMatchObject(failed());
    expect(emulator.requests).toEqual([]);
  });

  test("is not seen in a secret", async () => {
    const { stack, declare } = suite();
    declare(provider(`pulumi.secret(${key})`), vendor("{ provider: b }"));
    expect(await stack.preview()).toMatchObject(succeeded("+ 1 to create"));
  });
});

describe("a provider resource without a key", () => {
  const suite = engineSuite();

  test("has the key of the environment, and never the one of the stack's configuration", async () => {
    const { stack, declare, emulator, sessionId } = suite();
    declare(
      `const b = new pulumi.ProviderResource("pulumi-nodejs", "b", { "fudo:url": "${emulator.url}" });`,
      share("vendor", { sessionId, duration: "PT8H" }, "{ provider: b }"),
    );
    const missing = expect.stringContaining("fudo:apiKey (or FUDO_API_KEY) is not set");
    expect(diagnosticsOf(await stack.preview())).toEqual([missing]);
    expect(await stack.up([], { env: { FUDO_API_KEY: emulator.apiKey } })).toMatchObject(succeeded("+ 3 created"));
  });
});
