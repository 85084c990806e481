// Runs programs for our scripts: ends them together with the script, limits their time, and reports progress of long ones.
// Plain Node 20, no dependencies.
import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const running = new Set();
let ending = false;

/** Whether this process received SIGINT or SIGTERM. */
export const interrupted = () => ending;

/**
 * On SIGINT or SIGTERM: ends all running children, runs `cleanUp` and exits with code 130 or 143. Kills a child that does
 * not end within 20 seconds.
 */
export function endWithChildren(cleanUp = async () => {}) {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ]) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      // The terminal sends Ctrl-C to the children too, and after a second one `pulumi` exits at once.
      const passOn = signal !== "SIGINT" || !process.stdin.isTTY;
      if (passOn) for (const { child } of running) child.kill(signal);
      setTimeout(() => running.forEach(({ child }) => child.kill("SIGKILL")), 20_000).unref();
      void Promise.all([...running].map(({ done }) => done))
        .then(cleanUp)
        .finally(() => process.exit(code));
    });
  }
}

/** Makes a folder in the machine's temporary folder. It is removed when this process ends, also after SIGINT or SIGTERM. */
export function temporaryFolder(name) {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), `pulumi-fudo-${name}-`));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Runs a program to its end and never throws: `{ code, output }`. Code 127: it could not be started. Code 124: `timeoutMs`
 * was over. With `capture`, `output` is stdout and stderr together; without, both go to the script's own streams.
 */
export function run(command, args, { capture = false, timeoutMs, ...options } = {}) {
  const stream = capture ? "pipe" : "inherit";
  return follow(spawn(command, args, { stdio: ["ignore", stream, stream], ...options }), { timeoutMs });
}

/** A step of a script did not succeed. The message says why; a stack would say nothing more. */
export class StepFailed extends Error {}

/** Runs a program. Returns its stdout, because npm and git may warn on stderr. If it fails, throws everything it printed. */
export async function runChecked(command, args, options) {
  const { code, output, stdout } = await run(command, args, { capture: true, timeoutMs: 600_000, ...options });
  if (code !== 0) throw new StepFailed(`${command} ${args.join(" ")} ended with ${code}:\n${output.trim()}`);
  return stdout.trim();
}

/** Like `run`, for a child process that the caller started. `onLine` gets each line of its output; `stdout` is a part of it. */
export function follow(child, { timeoutMs, onLine } = {}) {
  let output = "";
  let stdout = "";
  let timedOut = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text) => (output += text));
    if (stream && onLine) createInterface({ input: stream }).on("line", onLine);
  }
  child.stdout?.on("data", (text) => (stdout += text));
  const timer = timeoutMs && setTimeout(() => ((timedOut = true), child.kill("SIGKILL")), timeoutMs);
  const done = new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: 127, output: `${output}${error.message}\n`, stdout }));
    child.on("close", (code) => resolve({ code: timedOut ? 124 : (code ?? 1), output, stdout }));
  });
  const entry = { child, done };
  running.add(entry);
  void done.then(() => (running.delete(entry), clearTimeout(timer)));
  return done;
}

/** Logs every 15 seconds that `what` still runs, until the promise settles. `usually` is the usual duration, as text. */
export async function withProgress(log, what, usually, promise) {
  const begun = Date.now();
  const timer = setInterval(
    () => log(`… ${what}: ${durationText(Date.now() - begun)} so far, usually ${usually}`),
    15_000,
  );
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}

/** `95000` as `1 min 35 s`. */
export function durationText(ms) {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
