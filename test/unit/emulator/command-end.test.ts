// How the command `fudo-emulator` ends: with the package manager that started it, and with a pipe as its standard input.
import { type ChildProcess, spawn, type StdioOptions } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { hasPackageManager } from "../../../provider/emulator/starter";
import type { Emulator } from "../../../provider/emulator";
import { compiledSuite } from "./compiled";
import { list, outcomeOf } from "./requests";

const suite = compiledSuite();

interface Started {
  child: ChildProcess;
  emulator: Emulator;
  /** Standard error, once every process that can write to it has ended. */
  errors: Promise<string>;
}

/** Starts a shell script, in which `$EMULATOR` is the command, and waits until the emulator is ready. */
async function startShell(script: string, input: "pipe" | "ignore", environment: object = {}): Promise<Started> {
  const command = `"${process.execPath}" "${suite.pathOf("command.js")}" --json`;
  const { npm_config_user_agent: _inherited, ...env } = process.env;
  const stdio: StdioOptions = [input, "pipe", "pipe"];
  const child = spawn("sh", ["-c", script.replaceAll("$EMULATOR", command)], {
    stdio,
    env: { ...env, ...environment },
  });
  suite.endLater(child);
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const errors = once(child, "close").then(() => text);
  const [line] = (await once(createInterface({ input: child.stdout! }), "line")) as [string];
  return { child, emulator: JSON.parse(line) as Emulator, errors };
}

// Windows has no sh and no signals.
const onPosix = process.platform === "win32" ? test.skip : test;

// This is what npx and `npm run` do: npm starts a shell that waits for the command, and passes a signal on to the shell only.
onPosix("the emulator ends when the package manager that started it ends", async () => {
  const { child, emulator, errors } = await startShell("$EMULATOR & wait", "ignore", {
    npm_config_user_agent: "npm/11.0.0 node/v24.0.0 linux x64",
  });
  expect((await list(emulator)).status).toBe(200);
  child.kill("SIGTERM");
  expect(await errors).toMatch(/^fudo-emulator stops, because the process that started it has ended .*--keep-running/);
  expect(await outcomeOf(list(emulator))).toBe("ECONNREFUSED");
});

onPosix("the emulator ends when the pipe that is its standard input ends", async () => {
  const { child, emulator, errors } = await startShell("exec $EMULATOR", "pipe");
  expect((await list(emulator)).status).toBe(200);
  child.stdin?.write("this is ignored\n");
  expect((await list(emulator)).status).toBe(200);
  child.stdin?.end();
  expect(await errors).toMatch(/^fudo-emulator stops, because its standard input has ended/);
  expect(child.exitCode).toBe(0);
});

onPosix.each([
  ["/dev/null", "exec $EMULATOR < /dev/null"],
  ["a file", `exec $EMULATOR < "${__filename}"`],
  ["a pipe that had ended before", ": | { cat; exec $EMULATOR; }"],
])("with %s as its standard input, only a signal ends the emulator", async (_what, script) => {
  const { child, emulator, errors } = await startShell(`${script} & id=$!; read line; kill $id; wait`, "pipe");
  // Two requests, one after the other: the event loop has looked at the standard input in between.
  for (const _ of [1, 2]) expect((await list(emulator)).status).toBe(200);
  child.stdin?.end("end\n");
  expect(await errors).toBe("");
});

onPosix("with --keep-running, only a signal ends the emulator", async () => {
  const { child, emulator, errors } = await startShell("exec $EMULATOR --keep-running", "pipe");
  child.stdin?.end();
  for (const _ of [1, 2, 3]) expect((await list(emulator)).status).toBe(200);
  child.kill("SIGTERM");
  expect(await errors).toBe("");
});

test.each([
  [{ npm_config_user_agent: "npm/11.0.0" }, true],
  [{ npm_config_user_agent: "pnpm/10.0.0 npm/? node/v24.0.0" }, true],
  [{ CI: "true", PATH: "/bin" }, false],
])("with the environment %j, the emulator ends with its parent process: %s", (environment, expected) => {
  expect(hasPackageManager(environment)).toBe(expected);
});
