// The command `fudo-audit` as a real process: which exit code it has when it crashes, when nobody can read what it writes, and
// on an old Node.js. Runs the build.
import { spawnSync } from "node:child_process";
import { mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const dist = join(__dirname, "..", "..", "dist", "provider");
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "fudo-audit-process-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Options {
  readonly command?: "audit" | "emulator";
  /** JavaScript that runs in the process before the command. */
  readonly before?: string;
  readonly stdout?: number | "pipe";
  readonly stderr?: number | "pipe";
}

function run(
  args: readonly string[],
  { command = "audit", before = "", stdout = "pipe", stderr = "pipe" }: Options = {},
) {
  const preload = join(folder, "before.cjs");
  writeFileSync(preload, before);
  const env = {
    ...process.env,
    FUDO_URL: "http://127.0.0.1:1",
    FUDO_API_KEY: "key",
    NODE_OPTIONS: `--require ${preload}`,
  };
  const child = spawnSync("node", [join(dist, command, "command.js"), ...args], {
    env,
    encoding: "utf8",
    stdio: ["ignore", stdout, stderr],
  });
  return { code: child.status, stdout: child.stdout, stderr: child.stderr };
}

const full = () => openSync("/dev/full", "w");
const key = "k".repeat(64);

test.each<[string, string]>([
  ["an error that nothing catches", `setImmediate(() => { throw new Error("key=${key}"); });`],
  ["a rejection that nothing handles", `setImmediate(() => void Promise.reject(new Error("key=${key}")));`],
  ["something else than an error", `setImmediate(() => { throw "key=${key}"; });`],
])("%s is exit code 3, and its message has no key", (_, before) => {
  const { code, stderr } = run(["--session", "1"], { before });
  expect([code, stderr]).toEqual([3, expect.stringMatching(/^fudo-audit: the audit is incomplete, because of a bug/)]);
  expect(stderr).not.toContain(key);
});

test("a crash is exit code 3 also when standard error is full", () => {
  expect(
    run(["--session", "1"], { before: 'setImmediate(() => { throw new Error("x"); });', stderr: full() }).code,
  ).toBe(3);
});

test.each([["--help"], ["--version"], ["doctor"], ["--session", "1"], ["--session", "1", "-o", "json"]])(
  "a full standard output is exit code 3 for %s",
  (...args) => {
    const { code, stderr } = run(args, { stdout: full() });
    expect([code, stderr]).toEqual([
      3,
      "fudo-audit: cannot write to standard output (ENOSPC), so a part of it is lost\n",
    ]);
  },
);

test("a full standard error does not change the exit code", () => {
  expect(run(["--help"], { stderr: full() }).code).toBe(0);
  expect(run(["--bogus"], { stderr: full() }).code).toBe(2);
  expect(run(["--help"], { stdout: full(), stderr: full() }).code).toBe(3);
});

test.each(["audit", "emulator"] as const)(
  "on an old Node.js fudo-%s prints one sentence and exits with 2",
  (command) => {
    const before = 'Object.defineProperty(process.versions, "node", { value: "14.21.3" });';
    const { code, stdout, stderr } = run(["--help"], { command, before });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      new RegExp(`^fudo-${command} requires Node\\.js 22\\.19 or newer, but this is Node\\.js 14\\.21\\.3`),
    );
    expect(stderr.trim().split("\n")).toHaveLength(1);
  },
);
