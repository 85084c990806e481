// States from the Pulumi CLI, which a short script replaces: its arguments, its environment and its failures.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFixture, plaintextSecret, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

/** Puts a `pulumi` on PATH that runs this JavaScript; it can use `args`, `env` and `print`. */
function fakePulumi(script: string): void {
  const bin = fixture.path("bin");
  mkdirSync(bin);
  writeFileSync(
    join(bin, "pulumi"),
    `#!/usr/bin/env node\nconst args = process.argv.slice(2), env = process.env, print = (value) => console.log(JSON.stringify(value));\n${script}\n`,
  );
  chmodSync(join(bin, "pulumi"), 0o755);
  fixture.environment["PATH"] = `${bin}:${process.env["PATH"]}`;
}

test("the audit exports each named stack without prompts, and the CLI does not get the API key", async () => {
  const state = { deployment: { resources: [fixture.resourceFor(fixture.share())] } };
  fakePulumi(
    `require("fs").appendFileSync(${JSON.stringify(fixture.path("calls"))}, args.join(" ") + " key:" + (env.FUDO_API_KEY ?? "none") + "\\n"); print(${JSON.stringify(state)});`,
  );
  const { code, stdout } = await fixture.run(["--stack", "dev", "--stack", "acme/shop/prod", "--cwd", fixture.folder]);
  expect(code).toBe(0);
  expect(fixture.read("calls").split("\n")).toEqual([
    "stack export --stack dev --non-interactive --color=never key:none",
    "stack export --stack acme/shop/prod --non-interactive --color=never key:none",
    "",
  ]);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    "Stacks dev (shop/dev): 1 share; acme/shop/prod (shop/dev): 1 share",
  );
});

test("with all stacks of the backend, an unmanaged share is in no stack of the backend", async () => {
  fixture.share();
  const state = { deployment: { resources: [fixture.resourceFor(fixture.share())] } };
  fakePulumi(
    `print(args[1] === "ls" ? [{ name: "organization/shop/dev" }, { name: "organization/shop/empty" }] : args[3].endsWith("dev") ? ${JSON.stringify(state)} : { deployment: {} });`,
  );
  const { code, stdout } = await fixture.run(["--all-stacks"]);
  expect(code).toBe(1);
  expect(stdout).toContain("No stack of the backend declares it.");
  expect(stdout.replaceAll(/\s+/g, " ")).toContain("organization/shop/empty: 0 shares (all stacks of the backend)");
});

test.each<[string, string, string]>([
  [
    "a stack that does not exist",
    "console.error(\"error: no stack named 'dev' found\"); process.exit(6);",
    "`pulumi stack export` failed (exit code 6): error: no stack named 'dev' found",
  ],
  ["output that is not a state", "print([]);", "not the JSON output of `pulumi stack export`"],
  [
    "an error message that contains a key",
    'console.error("key=" + "k".repeat(64) + "\\u001b[31m"); process.exit(1);',
    "failed (exit code 1): key=[secret]",
  ],
  [
    "an error message with a key of another shape after thousands of spaces",
    'console.error("failed" + " ".repeat(4070) + "https://fudo.example/sessions/1/?key=ab-cd_ef-gh"); process.exit(1);',
    "failed (exit code 1): failed https://fudo.example/sessions/1/?key=[secret]",
  ],
  [
    "an error message with a command for a pipeline runner",
    'console.error("##vso[task.setvariable variable=x]y\\n::error::z"); process.exit(1);',
    "failed (exit code 1): # #vso[task.setvariable variable=x]y : :error::z",
  ],
  ["an error message without end", 'console.error("x ".repeat(1e6)); process.exit(1);', "failed (exit code 1): x x"],
  ["a list of stacks as the state", "print([{ name: 7 }]);", "not the JSON output of `pulumi stack export`"],
])("%s makes the audit incomplete, and the audit reads the rest", async (_, script, problem) => {
  fakePulumi(script);
  const { code, stdout } = await fixture.run(["--stack", "dev", "--session", fixture.emulator.sessions[0]!]);
  expect(code).toBe(3);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(problem);
  expect(stdout).toContain("1 in scope, 1 read");
});

test("a failed list of stacks: the report does not claim to cover every stack", async () => {
  fakePulumi('console.error("error: no credentials"); process.exit(1);');
  const { code, stdout } = await fixture.run(["--all-stacks", "-o", "json"]);
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    scope: {
      everyStack: false,
      stacks: [{ source: "all stacks of the backend", problem: expect.stringContaining("no credentials") }],
    },
  });
});

test.each(["[{}]", "[{ name: 7 }]", "[null]", "{}", "7"])("%s is no list of stacks", async (output) => {
  fakePulumi(`print(${output});`);
  const { code, stdout } = await fixture.run(["--all-stacks"]);
  expect(code).toBe(3);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain("`pulumi stack ls` did not print a list of stacks");
});

test("without pulumi on PATH the report says what to use instead", async () => {
  fixture.environment["PATH"] = fixture.folder;
  const { code, stdout } = await fixture.run(["--stack", "dev"]);
  expect(code).toBe(3);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    "`pulumi` is not on PATH, or the --cwd folder does not exist; use --state with an exported state instead",
  );
});

test("a file that cannot be read makes the audit incomplete, and the report contains no plaintext secret", async () => {
  const share = fixture.share();
  const resource = fixture.resourceFor(share, {
    outputs: { key: plaintextSecret(share.key), labels: plaintextSecret({ vendor: "ACME" }) },
  });
  const { code, stdout } = await fixture.run([
    "--state",
    fixture.stateFile([resource]),
    "--state",
    "/nowhere.json",
    "-o",
    "json",
  ]);
  expect(code).toBe(3);
  const report = JSON.parse(stdout);
  expect(report.shares).toMatchObject([{ labels: { vendor: "ACME" } }]);
  expect(report.completeness.problems).toEqual(["state of /nowhere.json: cannot read the file (ENOENT)"]);
});
