// The Pulumi CLI as a child process: whatever it does, the audit gets JSON or one sentence, and nothing stays behind.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumi, type CliResult } from "../../../provider/audit/collect/pulumi-cli";
import { readStackSettings } from "../../../provider/audit/collect/stack-settings";
import { loadStates } from "../../../provider/audit/collect/stacks";
import { fakePulumi } from "./fake-pulumi";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "fudo-cli-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (script: string, environment: NodeJS.ProcessEnv = {}, commandLimit?: number) =>
  pulumi(["stack", "export", "--stack", "dev"], {
    folder,
    environment: { ...environment, PATH: fakePulumi(folder, script) },
    ...(commandLimit !== undefined && { commandLimit }),
  });
const problemOf = (result: CliResult) => ("problem" in result ? result.problem : "none");

test("the child gets neither the API key nor options of the CLI from the environment", async () => {
  const environment = {
    FUDO_API_KEY: "secret",
    PULUMI_OPTION_CWD: "/elsewhere",
    PULUMI_OPTION_PROJECT: "other",
    Pulumi_Option_Stack: "other",
    PULUMI_STACK: "other",
    PULUMI_BACKEND_URL: "file:///state",
    PULUMI_CONFIG_PASSPHRASE: "pass",
  };
  const result = await run(
    "print(Object.keys(env).filter((name) => /^(FUDO|PULUMI)_/i.test(name)).sort());",
    environment,
  );
  expect(result).toMatchObject({
    json: ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_SKIP_UPDATE_CHECK"],
  });
});

test.each<[string, string, RegExp]>([
  [
    "six warnings before its error",
    'for (let i = 0; i < 6; i++) console.error("warning: " + "w".repeat(60)); console.error("error: no stack named dev"); process.exit(6);',
    /^`pulumi stack export` failed \(exit code 6\): error: no stack named dev warning/,
  ],
  [
    "an error after megabytes of warnings",
    'console.error("warning: x\\n".repeat(2e5)); console.error("error: at the end"); process.exitCode = 1;',
    /failed \(exit code 1\): error: at the end/,
  ],
  [
    "a line before the JSON",
    'console.log("direnv: loading"); print({});',
    /did not print JSON.*starts with "direnv: loading"$/,
  ],
  [
    "a line after the JSON",
    'print({}); console.log("a new version is available");',
    /ends with "a new version is available"$/,
  ],
  ["JSON that is cut off", "process.stdout.write('{\"version\":3,');", /did not print JSON\. Its output ends with/],
  ["nothing", "", /did not print JSON: it printed nothing$/],
  ["a key instead of JSON", 'console.log("key=" + "k".repeat(64));', /starts with "key=\[secret\]"$/],
  [
    "more than it may print",
    'const mib = "x".repeat(1 << 20); const more = () => { while (process.stdout.write(mib)); process.stdout.once("drain", more); }; more();',
    /printed more than 256 MiB, so the audit ended it$/,
  ],
  [
    "a signal that ends it",
    'process.kill(process.pid, "SIGSEGV"); setInterval(() => {}, 1000);',
    /failed \(ended by SIGSEGV\)$/,
  ],
])("%s is one sentence", async (_, script, problem) => {
  expect(problemOf(await run(script))).toMatch(problem);
});

test("JSON with a byte order mark, and in UTF-16, is read", async () => {
  expect(await run('process.stdout.write("\\uFEFF{\\"a\\":1}");')).toMatchObject({ json: { a: 1 } });
  expect(await run('process.stdout.write(Buffer.from("\\uFEFF{\\"a\\":2}", "utf16le"));')).toMatchObject({
    json: { a: 2 },
  });
});

test("a command that hangs is ended after a limit, with what it started", async () => {
  const file = join(folder, "pid");
  const script = `
    const child = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
    require("fs").writeFileSync(${JSON.stringify(file)}, String(child.pid));
    process.on("SIGTERM", () => {});
    setInterval(() => {}, 1000);`;
  // Long enough for the start of two processes on a busy machine.
  const result = await run(script, {}, 8000);
  expect(problemOf(result)).toBe("`pulumi stack export` did not end within 8 s, so the audit ended it");
  await expectEnded(Number(readFileSync(file, "utf8")));
});

test("a backend that does not answer costs the limit once, and every other stack is said to be not read", async () => {
  const calls = join(folder, "calls");
  const script = `require("fs").appendFileSync(${JSON.stringify(calls)}, args[3] + " "); setInterval(() => {}, 1000);`;
  const environment = { PATH: fakePulumi(folder, script) };
  const stacks = ["dev", "test", "prod"];
  const sources = {
    stacks,
    allStacks: false,
    files: [],
    stdin: process.stdin,
    folder,
    environment,
    commandLimit: 1500,
  };
  const { states } = await loadStates(sources);
  expect(states.map((loaded) => [loaded.source, "problem" in loaded && loaded.problem])).toEqual([
    ["dev", expect.stringContaining("did not end within 1.5 s")],
    ["test", expect.stringContaining("did not end for another stack")],
    ["prod", expect.stringContaining("did not end for another stack")],
  ]);
  const { values, problems } = await readStackSettings(stacks, sources);
  expect([values.size, problems.length]).toEqual([0, 3]);
  expect(readFileSync(calls, "utf8")).toBe("dev dev ");
});

test("a child of the CLI that keeps its output open does not keep the audit waiting after the limit", async () => {
  const script = `
    require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
    print({}); process.exit(0);`;
  expect(problemOf(await run(script, {}, 1500))).toMatch(/did not end within 1.5 s/);
});

test("a folder that is a file or does not exist is named", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  const at = async (place: string) => problemOf(await pulumi(["stack", "ls"], { folder: place, environment: {} }));
  expect(await at(file)).toBe(`the --cwd folder ${file} is not a folder`);
  expect(await at(join(file, "deeper"))).toMatch(/^the --cwd folder .* does not exist$/);
  expect(await at(join(folder, "x".repeat(300)))).toMatch(/^the --cwd folder .* cannot be used \(ENAMETOOLONG\)$/);
  expect(await at(join(folder, "nowhere"))).toBe(`the --cwd folder ${join(folder, "nowhere")} does not exist`);
});

test("no handler for signals stays after a command", async () => {
  const listeners = () => ["SIGINT", "SIGTERM", "SIGHUP", "exit"].map((name) => process.listenerCount(name));
  const before = listeners();
  await run("print({});");
  await run("process.exit(1);");
  await pulumi(["stack", "ls"], { folder, environment: { PATH: folder } });
  expect(listeners()).toEqual(before);
});

/** A killed process may take a moment until it is gone. */
async function expectEnded(pid: number): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    if (readStatus(pid) === "Z") return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`process ${pid} still runs`);
}

function readStatus(pid: number): string | undefined {
  try {
    return /^State:\s+(\S)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  } catch {
    return "Z";
  }
}
