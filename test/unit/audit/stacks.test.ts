// States from the Pulumi CLI and from files: which stacks the audit reads, and what it reports about the others.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { fakePulumi } from "./fake-pulumi";
import { createFixture, plaintextSecret, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

const usePulumi = (script: string) => (fixture.environment["PATH"] = fakePulumi(fixture.folder, script));
const deployment = (...resources: object[]) => ({ version: 3, deployment: { manifest: {}, resources } });

/** The problems and the exit code of an audit. */
async function problemsOf(args: readonly string[], options: { stdin?: string } = {}) {
  const { code, stdout } = await fixture.run([...args, "-o", "json"], options);
  const { completeness, shares, scope } = JSON.parse(stdout);
  const { problems, notes } = completeness as { problems: string[]; notes: string[] };
  return { code, problems, notes, shares, scope };
}

test("the audit exports each named stack without prompts, and the CLI does not get the API key", async () => {
  const dev = deployment(fixture.resourceFor(fixture.share()));
  const prod = deployment(fixture.resourceFor(fixture.share(), { stack: "prod" }));
  usePulumi(
    `require("fs").appendFileSync(${JSON.stringify(fixture.path("calls"))}, args.join(" ") + " key:" + (env.FUDO_API_KEY ?? "none") + "\\n");
    print(args[0] === "config" ? {} : args[3] === "dev" ? ${JSON.stringify(dev)} : ${JSON.stringify(prod)});`,
  );
  const { code, scope } = await problemsOf(["--stack", "dev", "--stack", "acme/shop/prod", "--cwd", fixture.folder]);
  expect(code).toBe(0);
  const options = "--non-interactive --color=never key:none";
  expect(fixture.read("calls").split("\n")).toEqual([
    `config --json --stack dev ${options}`,
    `config --json --stack acme/shop/prod ${options}`,
    `stack export --stack dev ${options}`,
    `stack export --stack acme/shop/prod ${options}`,
    "",
  ]);
  expect(scope.stacks).toEqual([
    { source: "dev", stack: "shop/dev", shares: 1 },
    { source: "acme/shop/prod", stack: "acme/shop/prod", shares: 1 },
  ]);
});

test("with all stacks of the backend, an unmanaged share is in no stack of the backend", async () => {
  fixture.share();
  const state = deployment(fixture.resourceFor(fixture.share()));
  usePulumi(
    `print(args[1] === "ls" ? [{ name: "organization/shop/dev" }, { name: "organization/shop/empty" }] : args[3].endsWith("dev") ? ${JSON.stringify(state)} : ${JSON.stringify(deployment())});`,
  );
  const { code, stdout } = await fixture.run(["--all-stacks", "-o", "json"]);
  expect(code).toBe(1);
  const { findings, scope } = JSON.parse(stdout);
  expect(findings).toMatchObject([{ message: expect.stringContaining("No stack of the backend declares it.") }]);
  expect(scope).toMatchObject({
    everyStack: true,
    stacks: [
      { source: "organization/shop/dev", shares: 1 },
      { source: "organization/shop/empty", shares: 0 },
    ],
  });
});

test.each<[string, string, string]>([
  [
    "a stack that does not exist",
    "console.error(\"error: no stack named 'dev' found\"); process.exit(6);",
    "`pulumi stack export` failed (exit code 6): error: no stack named 'dev' found",
  ],
  ["output that is not a state", "print([]);", "`pulumi stack export` printed other JSON than a state"],
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
  ["a list of stacks as the state", "print([{ name: 7 }]);", "`pulumi stack export` printed other JSON than a state"],
])("%s makes the audit incomplete, and the audit reads the rest", async (_, script, problem) => {
  usePulumi(script);
  const { code, stdout } = await fixture.run([
    ...["--stack", "dev", "--session", fixture.emulator.sessions[0]!, "-o", "json"],
    ...["-o", `table=${fixture.path("table")}`],
  ]);
  expect(code).toBe(3);
  expect(JSON.parse(stdout).completeness.problems).toEqual([expect.stringContaining(problem)]);
  expect(fixture.read("table")).toContain("1 in scope, 1 read");
});

describe("the state of another stack than the one asked for", () => {
  test.each<[string, string]>([
    ["dev", "prod"],
    ["acme/dev", "prod"],
    ["acme/other/dev", "dev"],
  ])("asked for %s, and the state is of shop/%s: the audit is incomplete", async (name, stack) => {
    usePulumi(`print(${JSON.stringify(deployment(fixture.resourceFor(fixture.share(), { stack })))});`);
    const { code, problems, shares } = await problemsOf(["--stack", name]);
    expect([code, shares.length]).toEqual([3, 1]);
    expect(problems).toEqual([expect.stringContaining("printed the state of another stack")]);
  });

  test.each(["dev", "acme/dev", "acme/shop/dev"])("a state of shop/dev is the one of %s", async (name) => {
    usePulumi(`print(${JSON.stringify(deployment(fixture.resourceFor(fixture.share())))});`);
    expect(await problemsOf(["--stack", name])).toMatchObject({ code: 0, problems: [] });
  });
});

test("a failed list of stacks: the report does not claim to cover every stack", async () => {
  usePulumi('console.error("error: no credentials"); process.exit(1);');
  const { code, scope } = await problemsOf(["--all-stacks"]);
  expect(code).toBe(3);
  expect(scope).toMatchObject({
    everyStack: false,
    stacks: [{ source: "all stacks of the backend", problem: expect.stringContaining("no credentials") }],
  });
});

test.each(["[{}]", "[{ name: 7 }]", "[null]", "{}", "7", '[{ name: "dev" }, { name: "" }]'])(
  "%s is no list of stacks",
  async (output) => {
    usePulumi(`print(${output});`);
    const { code, problems } = await problemsOf(["--all-stacks"]);
    expect(code).toBe(3);
    expect(problems).toEqual([
      "state of all stacks of the backend: `pulumi stack ls` did not print a list of stacks with their names",
    ]);
  },
);

describe("a backend without stacks", () => {
  const whoami = '{ user: "me", url: "s3://states" }';

  test("is a problem that names the backend when nothing else is in scope", async () => {
    usePulumi(`print(args[0] === "whoami" ? ${whoami} : []);`);
    const { code, problems } = await problemsOf(["--all-stacks"]);
    expect(code).toBe(3);
    expect(problems).toEqual([expect.stringContaining("the Pulumi backend s3://states holds no stack")]);
  });

  test.each(["process.exit(1)", "print([])", "print({ url: 7 })"])(
    "with %s for whoami is still a problem",
    async (script) => {
      usePulumi(`if (args[0] === "whoami") ${script}; else print([]);`);
      const { code, problems } = await problemsOf(["--all-stacks"]);
      expect(code).toBe(3);
      expect(problems).toEqual([expect.stringContaining("the Pulumi backend holds no stack")]);
    },
  );

  test("is a note that names the backend, and no problem, when a session or a state is in scope", async () => {
    usePulumi(`print(args[0] === "whoami" ? ${whoami} : []);`);
    const note = "--all-stacks found no stack: the Pulumi backend s3://states holds none.";
    for (const args of [
      ["--session", fixture.emulator.sessions[0]!],
      ["--all-sessions"],
      ["--state", fixture.stateFile([])],
    ]) {
      const { code, notes } = await problemsOf(["--all-stacks", ...args]);
      expect([code, notes.at(-1)]).toEqual([0, note]);
    }
  });
});

test("without pulumi on PATH the report says what to use instead", async () => {
  fixture.environment["PATH"] = fixture.folder;
  const { code, problems } = await problemsOf(["--stack", "dev"]);
  expect(code).toBe(3);
  expect(problems).toEqual([
    "state of dev: `pulumi stack export` cannot run: `pulumi` is not on PATH; use --state with an exported state instead",
  ]);
});

test("a file that cannot be read makes the audit incomplete, and the report contains no plaintext secret", async () => {
  const share = fixture.share();
  const resource = fixture.resourceFor(share, {
    outputs: { key: plaintextSecret(share.key), labels: plaintextSecret({ vendor: "ACME" }) },
  });
  const { code, problems, shares } = await problemsOf([
    ...["--state", fixture.stateFile([resource])],
    ...["--state", "/nowhere.json", "--state", fixture.folder],
  ]);
  expect(code).toBe(3);
  expect(shares).toMatchObject([{ labels: { vendor: "ACME" } }]);
  expect(problems).toEqual([
    "state of /nowhere.json: cannot read the file (ENOENT)",
    `state of ${fixture.folder}: cannot read the file (it is a folder)`,
  ]);
});

describe("exports in the encodings that shells write", () => {
  const encodings: [string, (text: string) => Buffer][] = [
    ["UTF-8 with a byte order mark", (text) => Buffer.from(`\uFEFF${text}`)],
    ["UTF-16LE with a byte order mark", (text) => Buffer.from(`\uFEFF${text}`, "utf16le")],
    ["UTF-16BE with a byte order mark", (text) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16()],
    ["UTF-16LE without one", (text) => Buffer.from(text, "utf16le")],
    ["UTF-8 with Windows line ends", (text) => Buffer.from(`${text}\r\n`)],
  ];
  test.each(encodings)("%s is read", async (_, encode) => {
    const labels = { vendor: "Łódź 東京" };
    const text = JSON.stringify(deployment(fixture.resourceFor(fixture.share(), { outputs: { labels } })));
    const path = fixture.path("state.json");
    writeFileSync(path, encode(text));
    expect(await problemsOf(["--state", path])).toMatchObject({ code: 0, shares: [{ labels }] });
  });
});

describe("a checkpoint of a backend is recognized, and the command that exports it is named", () => {
  const checkpoint = {
    version: 3,
    checkpoint: { stack: "organization/shop/dev", latest: { manifest: {}, resources: [] } },
  };
  const folder = () => {
    const path = join(fixture.folder, ".pulumi", "stacks", "shop");
    mkdirSync(path, { recursive: true });
    return path;
  };

  test.each<[string, string | Buffer, string]>([
    ["dev.json", JSON.stringify(checkpoint), "organization/shop/dev"],
    ["prod.json.gz", gzipSync(JSON.stringify(checkpoint)), "organization/shop/prod"],
    ["prod.json.bak", JSON.stringify({ ...checkpoint, checkpoint: { latest: null } }), "organization/shop/prod"],
    ["odd.txt", JSON.stringify({ checkpoint: { stack: "`touch x`" } }), "NAME"],
  ])("%s", async (name, content, stack) => {
    const path = join(folder(), name);
    writeFileSync(path, content);
    const { code, problems } = await problemsOf(["--state", path]);
    expect(code).toBe(3);
    expect(problems.join()).toMatch(/checkpoint of a Pulumi backend/);
    expect(problems.join()).toContain(`pulumi stack export --stack ${stack} > state.json`);
  });
});

test("an empty standard input is no state", async () => {
  expect(await problemsOf(["--state", "-"], { stdin: "" })).toMatchObject({
    code: 3,
    problems: ["state of standard input: it is empty, not the JSON output of `pulumi stack export`"],
  });
});
