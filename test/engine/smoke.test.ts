// The test support itself: a stack with one dynamic resource of another provider on the real engine.
import { newStack, type Stack } from "../support/engine";

const program = `
const pulumi = require("@pulumi/pulumi");
const provider = {
  check: async (olds, news) => ({ inputs: news }),
  diff: async (id, olds, news) => ({ changes: olds.size !== news.size, replaces: [] }),
  create: async (inputs) => ({ id: "thing-1", outs: { ...inputs, made: true } }),
  read: async (id, props) => ({ id, props: { ...props, seen: true } }),
  update: async (id, olds, news) => ({ outs: { ...olds, ...news } }),
  delete: async () => {},
};
class Thing extends pulumi.dynamic.Resource {
  constructor(name, args) { super(provider, name, { made: undefined, seen: undefined, ...args }); }
}
const thing = new Thing("thing", { size: new pulumi.Config().requireNumber("size") });
exports.made = thing.made;
exports.secret = pulumi.secret("output-canary");
`;

describe("a stack of one resource", () => {
  let stack: Stack;
  const canary = "smoke-canary-4f1d";

  beforeAll(async () => {
    stack = await newStack({
      program,
      config: { size: "1" },
      secretConfig: { "fudo:apiKey": canary },
      canaries: () => ["output-canary".repeat(2)],
    });
  });

  const thing = async () =>
    (await stack.export()).resources.find(({ type }) => type === "pulumi-nodejs:dynamic:Resource");

  test("is shown by preview and created by `up`", async () => {
    expect(await stack.preview()).toMatchObject({ code: 0, all: expect.stringContaining("+ 2 to create") });
    expect(await stack.up()).toMatchObject({ code: 0, all: expect.stringContaining("+ 2 created") });
    expect(await thing()).toMatchObject({ id: "thing-1", outputs: { size: 1, made: true } });
    expect(await stack.outputs()).toEqual({ made: true, secret: "[secret]" });
    expect(await stack.outputs(true)).toEqual({ made: true, secret: "output-canary" });
  });

  test("is unchanged in the next `up`", async () => {
    expect(await stack.up(["--expect-no-changes"])).toMatchObject({
      code: 0,
      all: expect.stringContaining("2 unchanged"),
    });
  });

  test("is read by refresh", async () => {
    expect(await stack.refresh()).toMatchObject({ code: 0 });
    expect(await thing()).toMatchObject({ outputs: { seen: true } });
  });

  test("follows its configuration and its program", async () => {
    await stack.setConfig("size", "2");
    expect(await stack.up()).toMatchObject({ code: 0, all: expect.stringContaining("~ 1 updated") });
    stack.writeProgram("throw 'no program today';");
    expect(await stack.up()).toMatchObject({
      code: expect.not.stringMatching(/^0$/),
      all: expect.stringContaining("no program today"),
    });
    stack.writeProgram(program);
  });

  test("has its secret configuration in no file that the engine wrote", () => {
    expect(stack.occurrences([canary])).toEqual([]);
    expect(stack.occurrences(["thing-1"])).not.toEqual([]);
  });

  test("is removed by destroy", async () => {
    expect(await stack.destroy()).toMatchObject({ code: 0, all: expect.stringContaining("- 2 deleted") });
    expect((await stack.export()).resources).toEqual([]);
  });
});

const slow = program.replace(
  "made: true }",
  "made: await new Promise((over) => setTimeout(() => over(true), 60000)) }",
);

describe("a command during a create", () => {
  const begin = async () => {
    const stack = await newStack({ program: slow, config: { size: "1" } });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    return { stack, up, provider: await up.provider() };
  };

  test("leaves its provider and the language host running when it is killed, and `close` ends them", async () => {
    const { stack, up, provider } = await begin();
    up.killEngine();
    expect(await up.done).toMatchObject({ code: -1, signal: "SIGKILL" });
    expect(up.descendants().map(({ command }) => command)).toEqual(
      expect.arrayContaining([
        provider.command,
        expect.stringContaining("pulumi-language-nodejs"),
        expect.stringContaining("pulumi-resource-pulumi-nodejs"),
      ]),
    );
    stack.close();
    while (up.descendants().length > 0) await new Promise((later) => setTimeout(later, 20));
  });

  test("fails when its provider is killed", async () => {
    const { up } = await begin();
    await up.killProvider();
    expect(await up.done).toMatchObject({ code: 1 });
  });
});
