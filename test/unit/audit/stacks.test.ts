// States through the Pulumi CLI, played by a script of a few lines: what it is asked, what it must not get, how it fails.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeScene, type Scene } from "./fixture";

let scene: Scene;
beforeEach(async () => {
  scene = await makeScene();
});

/** Puts a `pulumi` on PATH that runs this JavaScript; `args`, `env` and `say` are there. */
function playPulumi(script: string): void {
  const bin = scene.path("bin");
  mkdirSync(bin);
  writeFileSync(
    join(bin, "pulumi"),
    `#!/usr/bin/env node\nconst args = process.argv.slice(2), env = process.env, say = (value) => console.log(JSON.stringify(value));\n${script}\n`,
  );
  chmodSync(join(bin, "pulumi"), 0o755);
  scene.environment["PATH"] = `${bin}:${process.env["PATH"]}`;
}

test("each named stack is exported, without prompts, and the CLI never gets the API key", async () => {
  const state = { deployment: { resources: [scene.declared(scene.share())] } };
  playPulumi(
    `require("fs").appendFileSync(${JSON.stringify(scene.path("calls"))}, args.join(" ") + " key:" + (env.FUDO_API_KEY ?? "none") + "\\n"); say(${JSON.stringify(state)});`,
  );
  const { code, stdout } = await scene.run(["--stack", "dev", "--stack", "acme/shop/prod", "--cwd", scene.folder]);
  expect(code).toBe(0);
  expect(scene.read("calls").split("\n")).toEqual([
    "stack export --stack dev --non-interactive --color=never key:none",
    "stack export --stack acme/shop/prod --non-interactive --color=never key:none",
    "",
  ]);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    "Stacks dev (shop/dev): 1 share; acme/shop/prod (shop/dev): 1 share",
  );
});

test("all stacks of the backend: then what no stack declares is in none of them", async () => {
  scene.share();
  const state = { deployment: { resources: [scene.declared(scene.share())] } };
  playPulumi(
    `say(args[1] === "ls" ? [{ name: "organization/shop/dev" }, { name: "organization/shop/empty" }] : args[3].endsWith("dev") ? ${JSON.stringify(state)} : { deployment: {} });`,
  );
  const { code, stdout } = await scene.run(["--all-stacks"]);
  expect(code).toBe(1);
  expect(stdout).toContain("and in no stack of the backend.");
  expect(stdout.replaceAll(/\s+/g, " ")).toContain("organization/shop/empty: 0 shares (every stack of the backend)");
});

test.each<[string, string, string]>([
  [
    "a stack that is not there",
    "console.error(\"error: no stack named 'dev' found\"); process.exit(6);",
    "`pulumi stack export` ended with 6: error: no stack named 'dev' found",
  ],
  ["an answer that is no state", "say([]);", "this is not the JSON that `pulumi stack export` prints"],
  [
    "words that hold a key",
    'console.error("key=" + "k".repeat(64) + "\\u001b[31m"); process.exit(1);',
    "ended with 1: key=[secret]",
  ],
])("%s: incomplete, and what is left is audited", async (_, script, problem) => {
  playPulumi(script);
  const { code, stdout } = await scene.run(["--stack", "dev", "--session", scene.emulator.sessions[0]!]);
  expect(code).toBe(3);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(problem);
  expect(stdout).toContain("1 in scope, 1 answered");
});

test("a list of stacks that fails: nothing is said of every stack", async () => {
  playPulumi('console.error("error: no credentials"); process.exit(1);');
  const { code, stdout } = await scene.run(["--all-stacks", "-o", "json"]);
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    scope: {
      everyStack: false,
      stacks: [{ source: "all stacks of the backend", problem: expect.stringContaining("no credentials") }],
    },
  });
});

test("no pulumi on PATH says how to do without", async () => {
  scene.environment["PATH"] = scene.folder;
  const { code, stdout } = await scene.run(["--stack", "dev"]);
  expect(code).toBe(3);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    "there is no `pulumi` on PATH, or no such folder; use --state with an export instead",
  );
});

test("a file that cannot be read, and an export with its secrets in the clear", async () => {
  const share = scene.share();
  const clear = scene.declared(share, {
    outputs: {
      key: {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        plaintext: JSON.stringify(share.key),
      },
      labels: {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        plaintext: '{"vendor":"ACME"}',
      },
    },
  });
  const { code, stdout } = await scene.run(["--state", scene.state([clear]), "--state", "/nowhere.json", "-o", "json"]);
  expect(code).toBe(3);
  const report = JSON.parse(stdout);
  expect(report.shares).toMatchObject([{ labels: { vendor: "ACME" } }]);
  expect(report.completeness.problems).toEqual(["state of /nowhere.json: the file cannot be read (ENOENT)"]);
});
