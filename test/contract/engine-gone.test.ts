// How the provider process knows that the engine is gone: from its standard input, or, where that is not a pipe, from its
// parent. Runs the build in child processes.
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

const engine = JSON.stringify(join(__dirname, "..", "..", "dist", "provider", "adapter", "engine.js"));
const check = `try { assertEngineAlive(); return "alive"; } catch (error) { return error.code; }`;
const program = (then: string) => `
  const { watchEngine, assertEngineAlive } = require(${engine});
  const check = () => { ${check} };
  watchEngine(() => undefined);
  const print = (text) => require("node:fs").writeSync(1, text + "\\n");
  ${then}
`;
/** Prints each change. */
const watching = program(
  `let before; setInterval(() => { const now = check(); if (now !== before) print(before = now); if (now !== "alive") process.exit(); }, 5);`,
);
/** Blocks its event loop for half a second before it checks. */
const busy = program(
  `print("busy"); const end = Date.now() + 500; while (Date.now() < end); print(check()); process.exit();`,
);

const started: ChildProcess[] = [];
afterEach(() => started.splice(0).forEach((child) => child.kill("SIGKILL")));

function start(args: string[], stdin: "pipe" | "ignore") {
  const child = spawn("node", args, { stdio: [stdin, "pipe", "inherit"] });
  started.push(child);
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    lines.push(...text.split("\n").filter(Boolean));
    waiting.splice(0).forEach((wake) => wake());
  });
  const line = async (): Promise<string> => {
    while (lines.length === 0) await new Promise<void>((wake) => waiting.push(wake));
    return lines.shift()!;
  };
  return { child, line };
}

test("the end of standard input means that the engine is gone", async () => {
  const { child, line } = start(["-e", watching], "pipe");
  expect(await line()).toBe("alive");
  child.stdin!.destroy();
  expect(await line()).toBe("cancelled");
});

test("the next check sees it, even if the event loop was blocked", async () => {
  const { child, line } = start(["-e", busy], "pipe");
  expect(await line()).toBe("busy");
  child.stdin!.destroy();
  expect(await line()).toBe("cancelled");
});

test("where standard input is not a pipe, another parent process means that the engine is gone", async () => {
  const parent = `require("node:child_process").spawn("node", ["-e", ${JSON.stringify(watching)}], { stdio: ["ignore", "inherit", "inherit"] }); setInterval(() => {}, 1000);`;
  const { child, line } = start(["-e", parent], "ignore");
  expect(await line()).toBe("alive");
  child.kill("SIGKILL");
  expect(await line()).toBe("cancelled");
});
