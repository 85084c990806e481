// The package as users install it: a workspace link, the packed tarball by npm (flat and linked) and by pnpm. The provider
// text in the state is frozen: states are kept for years, and each text in a state must run in every later release.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Modules, Stack } from "../support/engine";
import { diagnosticsOf, editState, engineSuite, openWindow, share, succeeded } from "../support/engine-share";
import { linkModules } from "../support/engine-workspace";

const texts = join(__dirname, "..", "fixtures", "provider-text");
const frozenText = (name: string) => readFileSync(join(texts, name), "utf8");

/** The public key of the age project's own documentation. */
const recipients = ["age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"];

describe.each<[Modules, number, string]>([
  ["linked", 2500, "linked.txt"],
  ["npm", 400, "npm.txt"],
  ["npm-linked", 2500, "linked.txt"],
  ["pnpm", 400, "pnpm.txt"],
])("%s", (modules, most, fixture) => {
  const suite = engineSuite({ modules });

  test("two shares are created, one of them sealed, and the next `up` changes nothing", async () => {
    const { stack, declare, sessionId, newRequests } = suite();
    const window = openWindow();
    declare(share("vendor", { sessionId, ...window }), share("sealed", { sessionId, ...window, recipients }));
    expect(await stack.up()).toMatchObject(succeeded("+ 3 created"));
    newRequests();
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("3 unchanged"));
    expect(newRequests()).toEqual([]);
    const { outputs } = await suite().recordedShare("sealed");
    expect(outputs).toMatchObject({ sealedUrl: expect.stringMatching(/^-----BEGIN AGE ENCRYPTED FILE-----/) });
  });

  test(`the provider text in the state has at most ${most} bytes, holds no credential and no machine path, and equals the frozen one`, async () => {
    const { emulator, recordedShare: recorded } = suite();
    const { inputs, outputs } = await recorded();
    const text = String(inputs?.["__provider"]);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most);
    expect(outputs?.["__provider"]).toBe(text);
    for (const credential of [emulator.apiKey, emulator.shares()[0]!.key, emulator.url])
      expect(text).not.toContain(credential);
    expect(text).not.toMatch(/[^.]\/(home|tmp|work|Users|node_modules)\//);
    expect(text).toBe(frozenText(fixture));
    expect(await suite().stack.destroy()).toMatchObject(succeeded("- 3 deleted"));
  });
});

describe("a stack that moves to another package manager", () => {
  const suite = engineSuite({ modules: "npm" });

  beforeAll(async () => {
    const { stack, declare, sessionId } = suite();
    declare(share("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
  });

  // In this order: from text to a module, and from a module to text.
  test.each<Modules>(["npm-linked", "pnpm", "linked", "npm"])("%s: no change, and refresh works", async (modules) => {
    const { stack, newRequests } = suite();
    linkModules(stack.folder, modules);
    newRequests();
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual([]);
    expect(await stack.refresh(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual(["GET 200"]);
  });

  test("destroy works in a layout that did not create the share", async () => {
    const { stack } = suite();
    linkModules(stack.folder, "npm-linked");
    expect(await stack.destroy()).toMatchObject(succeeded("- 2 deleted"));
  });
});

describe("every provider text that a state may hold", () => {
  const suite = engineSuite();

  beforeAll(async () => {
    const { stack, declare, sessionId } = suite();
    declare(share("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
  });

  test.each(readdirSync(texts).filter((name) => name.endsWith(".txt")))(
    "%s: refresh runs it, and `up` changes nothing",
    async (name) => {
      const { stack, newRequests } = suite();
      await replaceText(stack, frozenText(name));
      newRequests();
      expect(await stack.refresh()).toMatchObject(succeeded("2 unchanged"));
      expect(newRequests()).toEqual(["GET 200"]);
      expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
      expect(newRequests()).toEqual([]);
    },
  );

  test("destroy runs it too", async () => {
    const { stack } = suite();
    await replaceText(stack, frozenText("npm.txt"));
    expect(diagnosticsOf(await stack.destroy())).toEqual([
      expect.stringContaining("is removed from the state but NOT revoked"),
    ]);
  });
});

/** Replaces the provider text in the state, as an earlier release or another package manager would have written it. */
function replaceText(stack: Stack, text: string): Promise<void> {
  return editState(stack, ({ inputs = {}, outputs = {} }) => {
    inputs["__provider"] = outputs["__provider"] = text;
  });
}
