// How the provider's process knows that the engine is gone: by its standard input, or, where that is no pipe, by its
// parent. In processes of their own, from the build.
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

const engine = JSON.stringify(join(__dirname, "..", "..", "dist", "provider", "dynamic", "engine.js"));
const ask = `try { assertEngineAlive(); return "alive"; } catch (error) { return error.code; }`;
const program = (then: string) => `
  const { watchEngine, assertEngineAlive } = require(${engine});
  const ask = () => { ${ask} };
  watchEngine(() => undefined);
  const say = (text) => require("node:fs").writeSync(1, text + "\\n");
  ${then}
`;
/** Says what it sees whenever that changes. */
const watching = program(
  `let before; setInterval(() => { const now = ask(); if (now !== before) say(before = now); if (now !== "alive") process.exit(); }, 5);`,
);
/** Blocks its event loop for half a second before it asks. */
const busy = program(
  `say("busy"); const end = Date.now() + 500; while (Date.now() < end); say(ask()); process.exit();`,
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

test("the end of its standard input is the engine's death", async () => {
  const { child, line } = start(["-e", watching], "pipe");
  expect(await line()).toBe("alive");
  child.stdin!.destroy();
  expect(await line()).toBe("cancelled");
});

test("it is seen by the very next question, although the event loop was busy", async () => {
  const { child, line } = start(["-e", busy], "pipe");
  expect(await line()).toBe("busy");
  child.stdin!.destroy();
  expect(await line()).toBe("cancelled");
});

test("where standard input is no pipe, another parent is the engine's death", async () => {
  const parent = `require("node:child_process").spawn("node", ["-e", ${JSON.stringify(watching)}], { stdio: ["ignore", "inherit", "inherit"] }); setInterval(() => {}, 1000);`;
  const { child, line } = start(["-e", parent], "ignore");
  expect(await line()).toBe("alive");
  child.kill("SIGKILL");
  expect(await line()).toBe("cancelled");
});
