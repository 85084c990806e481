// The canary that every engine test ends with, itself put to the test: a program that gives its link away must be caught.
import { rmSync } from "node:fs";
import { badly, newScene, share, well } from "../support/engine-share";

test("a key that the program takes out of its secret is found in the state and the output, and not repeated", async () => {
  const { stack, emulator, declare, sessionId } = await newScene();
  declare(share("vendor", { sessionId, duration: "PT8H" }), `exports.open = pulumi.unsecret(vendor.key);`);
  expect(await stack.up()).toMatchObject(well("+ 2 created"));
  await emulator.close();
  const [{ key }] = emulator.shares() as [{ key: string }];
  const caught = catching(() => stack.close());
  for (const place of ["state/.pulumi/stacks/project/dev.json", "state/.pulumi/history", "output/"]) expect(caught).toContain(`in the clear in ${place}`);
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
