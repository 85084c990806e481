// The functions in a user's tests: with Jest and node:test, without any configuration, each instant is there and right. Also on
// the oldest Node.js that the package supports, and on the newest one, which has its own `Temporal`.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { nodeFolder } from "../support/node-versions";
import { root } from "../support/repository";

const userTest = `
const assert = require("node:assert");
const { test } = process.env.RUNNER === "node" ? require("node:test") : globalThis;
const { checkSessionShareArgs, getSessionShares, getSessions } = require("pulumi-fudo");
const { startEmulator } = require("pulumi-fudo/emulator");

test("a scheduled share has its window", async () => {
  const emulator = await startEmulator({ seed: 1 });
  try {
    process.env.FUDO_URL = emulator.url;
    process.env.FUDO_API_KEY = emulator.apiKey;
    const sessionId = emulator.sessions[0];
    const validSince = Math.floor(Date.now() / 1000) * 1000 + 3_600_000;
    const validTo = validSince + 3_600_000;
    emulator.addShare(sessionId, { validSince, validTo });
    const { shares } = await getSessionShares({ sessionId });
    assert.strictEqual(shares.length, 1);
    assert.strictEqual(shares[0].status, "scheduled");
    assert.strictEqual(shares[0].validSince, new Date(validSince).toISOString());
    assert.strictEqual(shares[0].validTo, new Date(validTo).toISOString());
    assert.match(shares[0].createdAt, /^\\d{4}-.*Z$/);
    const { sessions } = await getSessions();
    assert.match(sessions[0].startedAt, /^\\d{4}-.*Z$/);
  } finally {
    await emulator.close();
  }
});

test("arguments are checked without mocks", async () => {
  const mistakes = await checkSessionShareArgs({ sessionId: "4665729213955833860", duration: "P40D" });
  assert.match(mistakes.join(), /^duration: the window is longer than 30 d/);
  const twice = { sessionId: "4665729213955833860", validTo: "2030-10-27T02:30[Europe/Warsaw]" };
  const [mistake] = await checkSessionShareArgs(twice);
  assert.match(mistake, /^validTo: exists twice in Europe.Warsaw: with the offsets .02:00 and .01:00; write /);
});
`;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), "pulumi-fudo-runners-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "pulumi-fudo"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "user", private: true }));
  writeFileSync(join(folder, "shares.test.js"), userTest);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// On a busy machine, the first request can take longer than the five seconds that Jest allows.
const jestCommand = [join(root, "node_modules", "jest", "bin", "jest.js"), "--testTimeout=120000"];
const nodes = { oldest: "22.19.0", "of this checkout": undefined, newest: "26.10.0" };

describe.each(Object.entries(nodes))("the Node.js %s", (_, version) => {
  let path = process.env["PATH"] ?? "";
  beforeAll(() => {
    if (version !== undefined) path = [nodeFolder(version), path].join(delimiter);
  }, 300_000);

  /** The result of a command in the user's project. */
  const run = (args: readonly string[], runner = "") => {
    const { RUNNER: _, NODE_TEST_CONTEXT: __, NODE_ENV: ___, ...env } = process.env;
    const more = { PATH: path, RUNNER: runner };
    const { status, stdout, stderr } = spawnSync("node", args, {
      cwd: folder,
      encoding: "utf8",
      env: { ...env, ...more },
    });
    return { status, output: stdout + stderr };
  };

  test("is the one that runs", () => {
    const { output } = run(["-p", "process.versions.node"]);
    expect(output.trim()).toBe(version ?? process.versions.node);
  });

  test.each<[string, readonly string[], RegExp]>([
    ["jest", jestCommand, /Tests: +2 passed, 2 total/],
    ["node", ["--test"], /pass 2\n/],
    ["node", ["--no-experimental-require-module", "--test"], /pass 2\n/],
  ])("%s %j", (runner, args, passed) => {
    expect(run([...args, "shares.test.js"], runner)).toEqual({ status: 0, output: expect.stringMatching(passed) });
  });
});
