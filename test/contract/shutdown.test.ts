// When the provider's process stops waiting and when it ends: after a signal, and after the engine's end. In processes of
// their own, from the build.
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const built = (name: string) => JSON.stringify(join(__dirname, "..", "..", "dist", "provider", "dynamic", name));
/** Stands in for the SDK's server: it keeps the process alive and prints an uncaught error. */
const server = `
  const { handleSignals, engineGone, stopSignal, whileRunning } = require(${built("shutdown.js")});
  const { watchEngine } = require(${built("engine.js")});
  const say = (text) => require("node:fs").writeSync(1, text + "\\n");
  process.on("uncaughtException", (error) => console.error(error.stack));
  setInterval(() => undefined, 1000);
  handleSignals();
  handleSignals();
  watchEngine(engineGone);
  stopSignal.addEventListener("abort", () => say("stopped"));
`;
/** An operation that runs until SIGUSR2. */
const operation = `void whileRunning(() => new Promise((end) => process.once("SIGUSR2", end))).then(() => say("done"));`;

const started: ChildProcessWithoutNullStreams[] = [];
afterEach(() => started.splice(0).forEach((child) => child.kill("SIGKILL")));

async function start(then = "") {
  const child = spawn("node", ["-e", `${server}${then}say("ready");`]);
  started.push(child);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const said = async (line: string) => {
    while (!output.includes(`${line}\n`)) await once(child.stdout, "data");
  };
  await said("ready");
  return { child, ended, said, isRunning: () => child.exitCode === null && child.signalCode === null };
}

const aWhile = () => new Promise((resolve) => setTimeout(resolve, 700));

test("SIGINT ends a process without an operation: the engine ends its plugins with it", async () => {
  const { child, ended } = await start();
  child.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s does not end a process during an operation", async (signal) => {
  const { child, ended, said, isRunning } = await start(operation);
  child.kill(signal);
  if (signal !== "SIGHUP") await said("stopped");
  await aWhile();
  expect(isRunning()).toBe(true);
  child.kill("SIGUSR2");
  await said("done");
  // The response must reach the engine, which then ends the process.
  await aWhile();
  expect(isRunning()).toBe(true);
  child.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
});

test.each(["SIGTERM", "SIGHUP"] as const)("%s does not end a process without an operation", async (signal) => {
  const { child, isRunning } = await start();
  child.kill(signal);
  await aWhile();
  expect(isRunning()).toBe(true);
});

test("the end of the engine stops what waits, and ends the process with its last operation", async () => {
  const { child, ended, said, isRunning } = await start(operation);
  child.stdin.destroy();
  await said("stopped");
  await aWhile();
  expect(isRunning()).toBe(true);
  child.kill("SIGUSR2");
  expect(await ended).toEqual([0, null]);
});

test("the end of the engine ends a process without an operation", async () => {
  const { child, ended } = await start();
  child.stdin.destroy();
  expect(await ended).toEqual([0, null]);
});

test("an error that nobody reads any more does not keep the process busy", async () => {
  const { child, ended, said } = await start(
    `process.stdin.once("end", () => setTimeout(() => { console.error("x"); console.log("x"); process.stderr.write("x"); }, 50));`,
  );
  child.stderr.destroy();
  child.stdin.destroy();
  await said("stopped");
  child.stdout.destroy();
  expect(await ended).toEqual([0, null]);
});
