// The package as users get it: a workspace link, the packed tarball installed by npm, the same by pnpm. What the state then
// holds of the provider is frozen: states are kept for years, and each text in one must run in every release to come.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Modules, Stack } from "../support/engine";
import { engineSuite, openWindow, diagnosticsOf, share, sharesIn, succeeded } from "../support/engine-share";

const texts = join(__dirname, "..", "fixtures", "provider-text");
const frozen = (name: string) => readFileSync(join(texts, name), "utf8");

describe.each<[Modules, number]>([
  ["linked", 2500],
  ["npm", 400],
  ["pnpm", 400],
])("%s", (modules, most) => {
  const suite = engineSuite({ modules });

  test("a share lives and dies", async () => {
    const { stack, declare, sessionId, newRequests } = suite();
    declare(share("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    newRequests();
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual([]);
  });

  test(`the provider's text in the state takes at most ${most} bytes, names no credential and no machine, and is the frozen one`, async () => {
    const { emulator, recordedShare: recorded } = suite();
    const { inputs, outputs } = await recorded();
    const text = String(inputs?.["__provider"]);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most);
    expect(outputs?.["__provider"]).toBe(text);
    for (const credential of [emulator.apiKey, emulator.shares()[0]!.key, emulator.url])
      expect(text).not.toContain(credential);
    expect(text).not.toMatch(/[^.]\/(home|tmp|work|Users|node_modules)\//);
    expect(text).toBe(frozen(`${modules}.txt`));
    expect(await suite().stack.destroy()).toMatchObject(succeeded("- 2 deleted"));
  });
});

describe("every text that a state may hold", () => {
  const suite = engineSuite();

  beforeAll(async () => {
    const { stack, declare, sessionId } = suite();
    declare(share("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
  });

  test.each(readdirSync(texts).filter((name) => name.endsWith(".txt")))(
    "%s: refresh runs it, and up changes nothing",
    async (name) => {
      const { stack, newRequests } = suite();
      await replaceText(stack, frozen(name));
      newRequests();
      expect(await stack.refresh()).toMatchObject(succeeded("2 unchanged"));
      expect(newRequests()).toEqual(["GET 200"]);
      expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
      expect(newRequests()).toEqual([]);
    },
  );

  test("destroy runs it, too", async () => {
    const { stack } = suite();
    await replaceText(stack, frozen("npm.txt"));
    expect(diagnosticsOf(await stack.destroy())).toEqual([expect.stringContaining("is forgotten, not revoked")]);
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
  expect(await stack.pulumi(["stack", "import", "--file", file])).toMatchObject(succeeded());
}
