// No credential in any form of output that the engine has, and the canary that every engine test ends with, itself put to
// the test: a program that gives its link away must be caught.
import { rmSync } from "node:fs";
import { badly, fingerprintOf, inScene, newScene, openWindow, share, well } from "../support/engine-share";

describe("every form of output", () => {
  const scene = inScene();

  // The harness searches each of them for the keys and the API key when the stack is closed.
  test.each([
    ["--json", ["--json"]],
    ["--diff with --debug", ["--diff", "--debug"]],
    ["-v=8", ["--logtostderr", "-v=8"]],
  ])(
    "%s shows a creation, a look-up, a replacement, a refresh and a destruction without a credential",
    async (_, form) => {
      const { stack, declare, sessionId, emulator } = scene();
      const made = emulator.addShare(sessionId);
      const lines = (readonly: boolean) => [
        share("vendor", { sessionId, ...openWindow(), readonly }),
        `const got = fudo.SessionShare.get("got", "${sessionId}/${fingerprintOf(made.key)}");`,
        `exports.urls = pulumi.all([vendor.url, got.url]);`,
      ];
      declare(...lines(true));
      for (const outcome of [await stack.preview(form), await stack.up(form)]) expect(outcome).toMatchObject(well());
      declare(...lines(false));
      for (const outcome of [
        await stack.preview(form),
        await stack.up(form),
        await stack.refresh(form),
        await stack.destroy(form),
      ])
        expect(outcome).toMatchObject(well());
      expect(emulator.shares().every(({ key }) => stack.findings([key]).length === 0)).toBe(true);
    },
  );
});

test("a key that the program takes out of its secret is found in the state and the output, and not repeated", async () => {
  const { stack, emulator, declare, sessionId } = await newScene();
  declare(share("vendor", { sessionId, duration: "PT8H" }), `exports.open = pulumi.unsecret(vendor.key);`);
  expect(await stack.up()).toMatchObject(well("+ 2 created"));
  await emulator.close();
  const key = emulator.shares()[0]!.key;
  const caught = catching(() => stack.close());
  for (const place of ["state/.pulumi/stacks/project/dev.json", "state/.pulumi/history", "output/"])
    expect(caught).toContain(`in the clear in ${place}`);
  expect(caught).not.toContain(key);
  rmSync(stack.folder, { recursive: true });
});

test("a stack trace in an output is found", async () => {
  const { stack, emulator, declare } = await newScene();
  declare(`throw new Error("as programs do");`);
  expect(await stack.up()).toMatchObject(badly("as programs do"));
  await emulator.close();
  expect(catching(() => stack.close())).toMatch(/a stack trace stands in output\//);
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
