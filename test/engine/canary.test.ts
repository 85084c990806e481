// No credential in any form of output that the engine has, and the canary that every engine test ends with, itself put to
// the test: a program that gives its link away must be caught.
import { rmSync } from "node:fs";
import { cycleKeyShapes, formsOf } from "../support/key-shapes";
import {
  failed,
  fingerprintOf,
  engineSuite,
  startEngineSuite,
  openWindow,
  share,
  succeeded,
} from "../support/engine-share";

cycleKeyShapes();

// Five shares, one for each shape of key. Their links go to a resource of another provider and into a component's outputs.
const shares = ["one", "two", "three", "four", "five"];
const others = [
  `const provider = { create: async (inputs) => ({ id: "1", outs: inputs }), update: async (id, olds, news) => ({ outs: news }) };`,
  `class Mail extends pulumi.dynamic.Resource { constructor(name, props) { super(provider, name, props); } }`,
  `class Access extends pulumi.ComponentResource {
    constructor(name, props) { super("my:app:Access", name); this.registerOutputs(props); }
  }`,
];

describe("every form of output", () => {
  const suite = engineSuite();

  // The harness searches each of them for the keys and the API key when the stack is closed.
  test.each([
    ["--json", ["--json"]],
    ["--diff with --debug", ["--diff", "--debug"]],
    ["-v=8", ["--logtostderr", "-v=8"]],
  ])(
    "%s shows a creation, a look-up, a replacement, a refresh and a destruction without a credential of any shape",
    async (_, form) => {
      const { stack, declare, sessionId, emulator } = suite();
      const made = emulator.addShare(sessionId);
      const lines = (readonly: boolean) => [
        ...others,
        ...shares.map((name) => share(name, { sessionId, ...openWindow(), readonly })),
        `const got = fudo.SessionShare.get("got", "${sessionId}/${fingerprintOf(made.key)}");`,
        `const urls = pulumi.all([${shares.join(", ")}, got].map(({ url }) => url));`,
        `new Mail("mail", { urls, link: one.link, text: pulumi.interpolate\`to \${two.key} and \${three.url}.\` });`,
        `new Access("access", { urls, key: four.key, text: pulumi.interpolate\`"\${five.link}"\` });`,
        `exports.urls = urls;`,
      ];
      declare(...lines(true));
      for (const outcome of [await stack.preview(form), await stack.up(form)])
        expect(outcome).toMatchObject(succeeded());
      declare(...lines(false));
      for (const outcome of [
        await stack.preview(form),
        await stack.up(form),
        await stack.refresh(form),
        await stack.destroy(form),
      ])
        expect(outcome).toMatchObject(succeeded());
      const keys = emulator.shares().map(({ key }) => key);
      expect(new Set(keys.map((key) => key.length)).size).toBeGreaterThan(4);
      expect(stack.occurrences([...keys, emulator.apiKey].flatMap(formsOf))).toEqual([]);
    },
  );
});

test("a key that the program takes out of its secret is found in the state and the output, and not repeated", async () => {
  const { stack, emulator, declare, sessionId } = await startEngineSuite();
  declare(share("vendor", { sessionId, duration: "PT8H" }), `exports.open = pulumi.unsecret(vendor.key);`);
  expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
  await emulator.close();
  const key = emulator.shares()[0]!.key;
  const caught = catching(() => stack.close());
  for (const place of ["state/.pulumi/stacks/project/dev.json", "state/.pulumi/history", "output/"])
    expect(caught).toContain(`in the clear in ${place}`);
  expect(caught).not.toContain(key);
  rmSync(stack.folder, { recursive: true });
});

test("a stack trace in an output is found", async () => {
  const { stack, emulator, declare } = await startEngineSuite();
  declare(`throw new Error("as programs do");`);
  expect(await stack.up()).toMatchObject(failed("as programs do"));
  await emulator.close();
  expect(catching(() => stack.close())).toMatch(/a stack trace is in output\//);
  rmSync(stack.folder, { recursive: true });
});

function catching(work: () => void): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was thrown";
}
