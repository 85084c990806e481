// Values that change on their way from the program to the provider: each mistake gets one sentence that says where and why.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diagnosticsOf, engineSuite, failed, inHours, share, succeeded } from "../support/engine-share";

const suite = engineSuite();
const declareEnd = (validTo: string, more = "{}") =>
  suite().declare(
    `new fudo.SessionShare("vendor", { sessionId: "${suite().sessionId}", validTo: ${validTo} }, ${more});`,
  );

async function previewMessages(): Promise<string[]> {
  const outcome = await suite().stack.preview();
  expect(outcome).toMatchObject(failed());
  expect(suite().newRequests()).toEqual([]);
  return diagnosticsOf(outcome);
}

test.each([
  ["pulumi.secret", `pulumi.secret(new Date("2030-01-01"))`],
  ["pulumi.output", `pulumi.output({ end: new Date("2030-01-01") }).end`],
  ["pulumi.all", `pulumi.all([new Date("2030-01-01")]).apply(([end]) => end)`],
])("a Date that %s has turned into an empty object: the preview says so", async (_, end) => {
  declareEnd(end);
  expect(await previewMessages()).toEqual([
    expect.stringMatching(/validTo: is an empty object\. Pulumi turns a Date into one in pulumi\.secret/),
  ]);
});

test("labels that are a Map are rejected in the preview", async () => {
  const { declare, sessionId } = suite();
  declare(
    `new fudo.SessionShare("vendor", { sessionId: "${sessionId}", duration: "PT8H", labels: new Map([["a", "b"]]) });`,
  );
  expect(await previewMessages()).toEqual([expect.stringMatching(/labels: must be a plain object with text values/)]);
});

test("an end without quotes in the YAML of the stack: the preview says to quote it", async () => {
  const { stack } = suite();
  await stack.setConfig("end", "2030-12-01T08:00:00Z");
  const file = join(stack.folder, "project", "Pulumi.dev.yaml");
  const quoted = readFileSync(file, "utf8");
  const unquoted = quoted.replace(/["'](2030-12-01T08:00:00Z)["']/, "$1");
  expect(unquoted).not.toBe(quoted);
  writeFileSync(file, unquoted);
  declareEnd(`new pulumi.Config().require("end")`);
  expect(await previewMessages()).toEqual([
    expect.stringMatching(/validTo: looks like an instant without quotes in a YAML file/),
  ]);
  writeFileSync(file, quoted);
});

test("a misspelled setting is an error in the preview, with the right name", async () => {
  const { stack, declare, sessionId } = suite();
  await stack.setConfig("fudo:maxDuraton", "PT1H");
  declare(share("vendor", { sessionId, duration: "PT8H" }));
  expect(await previewMessages()).toEqual([
    expect.stringMatching(/fudo:maxDuraton is not a setting\. Did you mean fudo:maxDuration\?/),
  ]);
  expect(await stack.pulumi(["config", "rm", "fudo:maxDuraton"])).toMatchObject(succeeded());
});

test("an end that ignoreChanges keeps is named as the recorded one, without the program's end", async () => {
  const { stack, declare, advanceClocks, emulator } = suite();
  const end = inHours(1);
  declareEnd(JSON.stringify(end), `{ ignoreChanges: ["validTo"] }`);
  expect(await stack.up()).toMatchObject(succeeded("created"));
  advanceClocks(2);
  const other = emulator.addSession();
  const later = inHours(8);
  declare(
    `new fudo.SessionShare("vendor", { sessionId: "${other}", validTo: "${later}" }, { ignoreChanges: ["validTo"] });`,
  );
  suite().newRequests();
  const [message, ...more] = await previewMessages();
  expect(more).toEqual([]);
  expect(message).toMatch(/validTo: the window ended at .*This is the recorded validTo\. .*ignoreChanges keeps/);
  expect(message).not.toContain(later.slice(0, 16));
});

describe("settings that only one of the two processes has", () => {
  const bare = engineSuite({ configured: false });

  test("what the program sets in its own process does not reach the provider, and the sentence says who looked", async () => {
    const { stack, declare, sessionId, emulator } = bare();
    declare(
      `process.env.FUDO_URL = "${emulator.url}"; pulumi.runtime.setConfig("fudo:url", "${emulator.url}");`,
      share("vendor", { sessionId, duration: "PT8H" }),
    );
    const outcome = await stack.preview([], { env: { FUDO_API_KEY: emulator.apiKey } });
    expect(outcome).toMatchObject(failed());
    expect(diagnosticsOf(outcome)).toEqual([
      expect.stringMatching(
        /fudo:url \(or FUDO_URL\) is not set in the stack's configuration or in the environment of the provider's process\. Run `pulumi config set fudo:url/,
      ),
    ]);
  });

  test("a misspelled environment variable is named with the right one", async () => {
    const { stack, declare, sessionId, emulator } = bare();
    declare(share("vendor", { sessionId, duration: "PT8H" }));
    const outcome = await stack.preview([], { env: { FUDO_URL: emulator.url, FUDO_APIKEY: emulator.apiKey } });
    expect(outcome).toMatchObject(failed());
    expect(diagnosticsOf(outcome).sort()).toEqual([
      "fudo: the environment variable FUDO_APIKEY has no effect. Did you mean FUDO_API_KEY?",
      expect.stringMatching(/fudo:apiKey \(or FUDO_API_KEY\) is not set/),
    ]);
  });

  test("a function of the program says that the program's process looked", async () => {
    const { stack, declare } = bare();
    declare(`exports.sessions = fudo.getSessionsOutput().sessions;`);
    const outcome = await stack.preview();
    expect(outcome).toMatchObject(failed());
    expect(diagnosticsOf(outcome)).toContainEqual(
      expect.stringMatching(
        /^fudo:url .* environment of the program's process.*fudo:apiKey .* of the program's process/,
      ),
    );
  });
});
