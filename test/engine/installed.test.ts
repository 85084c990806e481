// The package as users get it: a workspace link, the packed tarball installed by npm, the same by pnpm. What the state then
// holds of the provider is frozen: states are kept for years, and each text in one must run in every release to come.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Modules, Stack } from "../support/engine";
import { inScene, openWindow, said, share, sharesIn, well } from "../support/engine-share";

const texts = join(__dirname, "..", "fixtures", "provider-text");
const frozen = (name: string) => readFileSync(join(texts, name), "utf8");

describe.each<[Modules, number]>([
  ["linked", 2500],
  ["npm", 400],
  ["pnpm", 400],
])("%s", (modules, most) => {
  const scene = inScene({ modules });

  test("a share lives and dies", async () => {
    const { stack, declare, sessionId, newCalls } = scene();
    declare(share("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up()).toMatchObject(well("+ 2 created"));
    newCalls();
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(well("2 unchanged"));
    expect(newCalls()).toEqual([]);
  });

  test(`the provider's text in the state takes at most ${most} bytes, names no credential and no machine, and is the frozen one`, async () => {
    const { emulator, share: recorded } = scene();
    const { inputs, outputs } = await recorded();
    const text = String(inputs?.["__provider"]);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most);
    expect(outputs?.["__provider"]).toBe(text);
    for (const credential of [emulator.apiKey, emulator.shares()[0]!.key, emulator.url])
      expect(text).not.toContain(credential);
    expect(text).not.toMatch(/[^.]\/(home|tmp|work|Users|node_modules)\//);
    expect(text).toBe(frozen(`${modules}.txt`));
    expect(await scene().stack.destroy()).toMatchObject(well("- 2 deleted"));
  });
});

describe("every text that a state may hold", () => {
  const scene = inScene();

  beforeAll(async () => {
    const { stack, declare, sessionId } = scene();
    declare(share("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up()).toMatchObject(well("+ 2 created"));
  });

  test.each(readdirSync(texts).filter((name) => name.endsWith(".txt")))(
    "%s: refresh runs it, and up changes nothing",
    async (name) => {
      const { stack, newCalls } = scene();
      await replaceText(stack, frozen(name));
      newCalls();
      expect(await stack.refresh()).toMatchObject(well("2 unchanged"));
      expect(newCalls()).toEqual(["GET 200"]);
      expect(await stack.up(["--expect-no-changes"])).toMatchObject(well("2 unchanged"));
      expect(newCalls()).toEqual([]);
    },
  );

  test("destroy runs it, too", async () => {
    const { stack } = scene();
    await replaceText(stack, frozen("npm.txt"));
    expect(said(await stack.destroy())).toEqual([expect.stringContaining("is forgotten, not revoked")]);
  });
});

/** Puts another provider's text into the state, as an earlier release or another package manager would have left it. */
async function replaceText(stack: Stack, text: string): Promise<void> {
  const state = JSON.parse((await stack.pulumi(["stack", "export"])).stdout) as {
    deployment: Parameters<typeof sharesIn>[0];
  };
  for (const { inputs = {}, outputs = {} } of sharesIn(state.deployment))
    inputs["__provider"] = outputs["__provider"] = text;
  const file = join(stack.folder, "output", "state.json");
  writeFileSync(file, JSON.stringify(state));
  expect(await stack.pulumi(["stack", "import", "--file", file])).toMatchObject(well());
}
