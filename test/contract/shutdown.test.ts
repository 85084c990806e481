// When the provider process stops waiting and when it ends: after a signal, and after the end of the engine. Runs the build in
// child processes.
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const built = (name: string) => JSON.stringify(join(__dirname, "..", "..", "dist", "provider", "adapter", name));
/** Stands in for the SDK's server: it keeps the process alive and prints an uncaught error. */
const server = `
  const { handleSignals, engineGone, stopSignal, whileRunning } = require(${built("shutdown.js")});
  const { watchEngine } = require(${built("engine.js")});
  const print = (text) => require("node:fs").writeSync(1, text + "\\n");
  process.on("uncaughtException", (error) => console.error(error.stack));
  setInterval(() => undefined, 1000);
  handleSignals();
  handleSignals();
  watchEngine(engineGone);
  stopSignal().addEventListener("abort", () => print("stopped"));
`;
/** An operation that runs until SIGUSR2. */
const operation = `void whileRunning(() => new Promise((end) => process.once("SIGUSR2", end))).then(() => print("done"));`;

const started: ChildProcessWithoutNullStreams[] = [];
afterEach(() => started.splice(0).forEach((child) => child.kill("SIGKILL")));

async function start(then = "") {
  const child = spawn("node", ["-e", `${server}${then}print("ready");`]);
  started.push(child);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const exit = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const printed = async (line: string) => {
    while (!output.includes(`${line}\n`)) await once(child.stdout, "data");
  };
  await printed("ready");
  return { child, exit, printed, isRunning: () => child.exitCode === null && child.signalCode === null };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 700));

test("SIGINT ends a process without an operation: the engine ends its plugins with it", async () => {
  const { child, exit } = await start();
  child.kill("SIGINT");
  expect(await exit).toEqual([0, null]);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s does not end a process during an operation", async (signal) => {
  const { child, exit, printed, isRunning } = await start(operation);
  child.kill(signal);
  if (signal !== "SIGHUP") await printed("stopped");
  await settle();
  expect(isRunning()).toBe(true);
  child.kill("SIGUSR2");
  await printed("done");
  // The response must reach the engine, which then ends the process.
  await settle();
  expect(isRunning()).toBe(true);
  child.kill("SIGINT");
  expect(await exit).toEqual([0, null]);
});

test.each(["SIGTERM", "SIGHUP"] as const)("%s does not end a process without an operation", async (signal) => {
  const { child, isRunning } = await start();
  child.kill(signal);
  await settle();
  expect(isRunning()).toBe(true);
});

test("the end of the engine stops what waits, and ends the process with its last operation", async () => {
  const { child, exit, printed, isRunning } = await start(operation);
  child.stdin.destroy();
  await printed("stopped");
  await settle();
  expect(isRunning()).toBe(true);
  child.kill("SIGUSR2");
  expect(await exit).toEqual([0, null]);
});

test("the end of the engine ends a process without an operation", async () => {
  const { child, exit } = await start();
  child.stdin.destroy();
  expect(await exit).toEqual([0, null]);
});

test("an error that nobody reads any more does not keep the process busy", async () => {
  const { child, exit, printed } = await start(
    `process.stdin.once("end", () => setTimeout(() => { console.error("x"); console.log("x"); process.stderr.write("x"); }, 50));`,
  );
  child.stderr.destroy();
  child.stdin.destroy();
  await printed("stopped");
  child.stdout.destroy();
  expect(await exit).toEqual([0, null]);
});
