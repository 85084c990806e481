// The recipe of docs/recovery.md, run as it stands: from a crash to a stack that owns the very share that was left behind.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentOf } from "../support/engine-workspace";
import { engineSuite, program, share, sharesIn, succeeded, type EngineSuite } from "../support/engine-share";

const root = join(__dirname, "..", "..");
const recipe = [...readFileSync(join(root, "docs", "recovery.md"), "utf8").matchAll(/^ *```sh\n([^`]*)```/gm)].flatMap(
  ([, block = ""]) =>
    block
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
);

/** Runs a line of the recipe and answers what it printed. */
async function run(line: string, { stack, emulator }: EngineSuite): Promise<string> {
  const [command, ...args] = line.split(" ");
  if (command === "pulumi") {
    const { code, all } = await stack.pulumi(args);
    if (code !== 0) throw new Error(`${line}: ${all}`);
    return all;
  }
  expect(command).toBe("fudo-audit");
  const audit = join(root, "dist", "provider", "audit", "command.js");
  const env = environmentOf(stack.folder, { FUDO_URL: emulator.url, FUDO_API_KEY: emulator.apiKey });
  return new Promise((resolve) =>
    execFile("node", [audit, ...args], { cwd: join(stack.folder, "project"), env }, (_error, stdout) =>
      resolve(stdout),
    ),
  );
}

const posts = ({ emulator }: EngineSuite) => emulator.requests.filter(({ method }) => method === "POST").length;

/** `pulumi up` dies when the share is made and its answer is on the way. */
async function crash(suite: EngineSuite): Promise<void> {
  const { emulator, stack } = suite;
  const gate = emulator.hold({ on: "POST", when: "after" });
  const up = stack.start(["up", "--yes", "--skip-preview"]);
  await gate.arrived();
  await up.provider();
  up.killEngine();
  await up.done;
  gate.release();
  expect(emulator.shares()).toHaveLength(1);
  expect(sharesIn(await stack.export())).toEqual([]);
}

describe("a crash between POST and checkpoint", () => {
  const suite = engineSuite();

  test("the recipe has its four commands, in this order", () => {
    expect(recipe.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
      "pulumi cancel",
      "fudo-audit --stack",
      "pulumi up",
      "pulumi refresh",
    ]);
  });

  test("the recipe leads to a stack that owns the same share, without a POST, and to a quiet next run", async () => {
    const { stack, emulator, declare, sessionId } = suite();
    const [cancel, audit, up, clear] = recipe as [string, string, string, string];
    declare(share("vendor", { sessionId, duration: "PT8H" }));
    await crash(suite());
    const [left] = emulator.shares();

    await run(cancel, suite());
    const found = await run(audit, suite());
    expect(found).toMatch(/unmanaged/);
    const [, fingerprint = ""] = /adopt:\s+"([0-9a-f]{16})"/.exec(found) ?? [];

    stack.writeProgram(program(share("vendor", { sessionId, duration: "PT8H", adopt: fingerprint })));
    emulator.resetRequests();
    expect(await run(up, suite())).toContain("+ 1 created");
    expect(posts(suite())).toBe(0);
    expect(sharesIn(await stack.export())).toMatchObject([{ id: `${sessionId}/${fingerprint}` }]);
    const outputs = (await stack.outputs(true))["vendor"] as { url: string };
    expect(outputs.url).toBe(emulator.url + left!.link);

    expect((await stack.up()).all).toContain("interrupted while creating");
    await run(clear, suite());
    const quiet = await stack.up(["--expect-no-changes"]);
    expect(quiet).toMatchObject(succeeded("2 unchanged"));
    expect(quiet.all).not.toContain("interrupted");

    // Removing `adopt` later is an update of the state, without a call.
    emulator.resetRequests();
    declare(share("vendor", { sessionId, duration: "PT8H" }));
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect(emulator.requests).toEqual([]);
    expect(emulator.shares()).toHaveLength(1);
  });

  test("getSessionShares tells the fingerprint too", async () => {
    const { stack, emulator, declare, sessionId, recordedShare: recorded } = suite();
    const { id } = await recorded();
    declare(
      share("vendor", { sessionId, duration: "PT8H" }),
      `exports.shares = fudo.getSessionSharesOutput({ sessionId: "${sessionId}" }).shares;`,
    );
    const preview = await stack.preview();
    expect(preview.all).toMatch(
      new RegExp(`shares\\s*: \\[[^]*fingerprint: "${id!.split("/")[1]}"[^]*status\\s*: "active"`),
    );
    expect(emulator.shares()).toHaveLength(1);
  });
});
