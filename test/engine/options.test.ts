// Programs that replace a share's options: credentials stay secret, and no option bypasses refuseWhileLive without a word.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { cycleKeyShapes, formsOf } from "../support/key-shapes";
import {
  failed,
  fingerprintOf,
  engineSuite,
  openWindow,
  diagnosticsOf,
  share,
  sharesIn,
  succeeded,
  type EngineSuite,
} from "../support/engine-share";

cycleKeyShapes();

const root = join(__dirname, "..", "..");
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** The names of the credentials that the state holds encrypted. */
function encrypted(outputs: Record<string, unknown> = {}): string[] {
  return Object.keys(outputs).filter((name) => JSON.stringify(outputs[name]).includes(secretSignature));
}

function expectNoKeys({ stack, emulator }: EngineSuite): void {
  expect(stack.occurrences(emulator.shares().flatMap(({ key }) => formsOf(key)))).toEqual([]);
}

describe("credentials are secret whatever the options are", () => {
  const suite = engineSuite();

  const stackWide = (opts: string) =>
    `pulumi.runtime.registerStackTransformation(({ type, props, opts }) => type === "pulumi:pulumi:Stack" ? undefined : ({ props, opts: ${opts} }));`;
  const component = (opts: string) => [
    `class Access extends pulumi.ComponentResource { constructor() { super("my:app:Access", "access", {}, { transformations: [({ props, opts }) => ({ props, opts: ${opts} })] }); } }`,
    `const access = new Access();`,
  ];

  test.each<[string, readonly string[], object | string]>([
    ["a stack transformation that returns options of its own", [stackWide("{ id: opts.id, parent: opts.parent }")], {}],
    ["one that empties the list", [stackWide("pulumi.mergeOptions({ ...opts, additionalSecretOutputs: [] }, {})")], {}],
    ["a component's transformation", component("{ id: opts.id, parent: opts.parent }"), "{ parent: access }"],
    ["an own transformation", [], "{ transformations: [({ props }) => ({ props, opts: {} })] }"],
    [
      "a transform of the engine",
      [],
      "{ transforms: [async ({ props, opts }) => ({ props, opts: { ...opts, additionalSecretOutputs: [] } })] }",
    ],
    ["an empty list in the declaration", [], { additionalSecretOutputs: [] }],
  ])("%s", async (_, before, options) => {
    const here = suite();
    const { stack, declare, sessionId, emulator } = here;
    const foreign = emulator.addShare(sessionId);
    const lines = (labels: object) => [
      ...before,
      share("vendor", { sessionId, duration: "PT8H", labels }, options),
      `const got = fudo.SessionShare.get("got", "${sessionId}/${fingerprintOf(foreign.key)}", ${JSON.stringify(options).includes("transform") ? "{}" : typeof options === "string" ? options : JSON.stringify(options)});`,
      `exports.got = got.link;`,
    ];
    declare(...lines({}));
    for (const outcome of [await stack.preview(), await stack.up()]) expect(outcome).toMatchObject(succeeded());
    for (const name of ["vendor", "got"])
      expect(encrypted((await here.recordedShare(name)).outputs)).toEqual(["key", "link", "url"]);
    expect(await stack.outputs()).toMatchObject({ vendor: { url: "[secret]" }, got: "[secret]" });
    // Update, refresh and a run without changes.
    declare(...lines({ ticket: "OPS-1" }));
    expect(await stack.up(["--json"])).toMatchObject(succeeded());
    expect(await stack.refresh()).toMatchObject(succeeded());
    expect(encrypted((await here.recordedShare()).outputs)).toEqual(["key", "link", "url"]);
    expect(await stack.preview(["--expect-no-changes"])).toMatchObject(succeeded());
    expect(await stack.destroy()).toMatchObject(succeeded());
    expectNoKeys(here);
  });
});

// Outside the stack's folder, because the harness searches that for stack traces.
const copy = join(root, ".engine", "second-sdk", "node_modules", "@pulumi", "pulumi");

describe("a second copy of Pulumi's SDK", () => {
  const suite = engineSuite();
  beforeAll(() => cpSync(join(root, "node_modules", "@pulumi", "pulumi"), copy, { recursive: true }));

  test.each([
    ["loaded first", `const other = require(${JSON.stringify(copy)});`, ""],
    ["loaded after the shares", "", `const other = require(${JSON.stringify(copy)});`],
  ])("%s does not print the links that its resources get", async (_, before, after) => {
    const here = suite();
    const { stack, declare, sessionId } = here;
    const names = ["one", "two", "three", "four", "five"];
    declare(
      before,
      ...names.map((name) => share(name, { sessionId, ...openWindow() })),
      after,
      // The SDK's debug line has the outputs of a resource, and these outputs repeat the inputs.
      `class Echo extends other.dynamic.Resource { constructor(props) { super({ create: async (outs) => ({ id: "1", outs }) }, "echo", props); } }`,
      `new Echo({ links: [${names.join(", ")}].map(({ link }) => link), keys: [${names.join(", ")}].map(({ key }) => key) });`,
    );
    for (const form of [["--json"], ["--debug"]]) expect(await stack.up(form)).toMatchObject(succeeded());
    expect(await stack.destroy(["--json"])).toMatchObject(succeeded());
    expectNoKeys(here);
  });
});

describe("options that bypass the provider", () => {
  const suite = engineSuite();
  const anchor = `class Anchor extends pulumi.ComponentResource { constructor() { super("my:app:Anchor", "anchor"); } }\nconst anchor = new Anchor();`;

  test.each<[string, string, object]>([
    ["retainOnDelete", "{ retainOnDelete: true }", { deletionPolicy: "refuseWhileLive" }],
    ["deletedWith", "{ deletedWith: anchor }", { deletionPolicy: "refuseWhileLive" }],
    [
      "retainOnDelete of a transformation",
      "{ transformations: [({ props, opts }) => ({ props, opts: { ...opts, retainOnDelete: true } })] }",
      { deletionPolicy: "refuseWhileLive" },
    ],
  ])("%s together with refuseWhileLive is rejected in the preview", async (_, options, inputs) => {
    const { stack, declare, sessionId, newRequests } = suite();
    newRequests();
    declare(anchor, share("vendor", { sessionId, duration: "PT8H", ...inputs }, options));
    for (const outcome of [await stack.preview(), await stack.up()]) {
      expect(outcome).toMatchObject(failed("refuseWhileLive contradict each other", "SessionShare vendor"));
      expect(diagnosticsOf(outcome)).toHaveLength(1);
    }
    expect(newRequests()).toEqual([]);
    expect(sharesIn(await stack.export())).toEqual([]);
  });

  test.each([
    ["the setting of the stack", { "fudo:deletionPolicy": "refuseWhileLive" }, {}],
    ["a value that is known later", {}, `pulumi.output("refuseWhileLive")`],
    ["a promise", {}, `Promise.resolve("refuseWhileLive")`],
  ])("the policy may come from %s", async (_, config, policy) => {
    const { stack, declare, sessionId, newRequests } = suite();
    newRequests();
    for (const [name, value] of Object.entries(config)) await stack.setConfig(name, value);
    const declared = typeof policy === "string" ? `, deletionPolicy: ${policy}` : "";
    declare(share("vendor", `{ sessionId: "${sessionId}", duration: "PT8H"${declared} }`, "{ retainOnDelete: true }"));
    expect(await stack.preview()).toMatchObject(failed("refuseWhileLive contradict each other"));
    expect(newRequests()).toEqual([]);
    for (const name of Object.keys(config)) await stack.pulumi(["config", "rm", name]);
  });

  test("with the policy abandon it warns that no deletion message will come", async () => {
    const { stack, declare, sessionId } = suite();
    declare(anchor, share("vendor", { sessionId, duration: "PT8H" }, "{ retainOnDelete: true }"));
    for (const outcome of [await stack.preview(), await stack.up()]) {
      expect(outcome).toMatchObject(succeeded());
      expect(diagnosticsOf(outcome).filter((line) => line.startsWith("SessionShare"))).toEqual([
        expect.stringMatching(
          /^SessionShare vendor: with retainOnDelete .* no message will say until when the link works/,
        ),
      ]);
    }
    const destroy = await stack.destroy();
    expect(destroy).toMatchObject(succeeded());
    expect(destroy.all).not.toContain("NOT revoked");
  });

  test("get never warns, because it manages nothing", async () => {
    const { stack, declare, sessionId, emulator } = suite();
    const made = emulator.addShare(sessionId);
    declare(`fudo.SessionShare.get("got", "${sessionId}/${fingerprintOf(made.key)}", { retainOnDelete: true });`);
    const up = await stack.up();
    expect(up).toMatchObject(succeeded());
    expect(diagnosticsOf(up)).toEqual([]);
  });
});
