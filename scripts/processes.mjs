// Starting programs from our scripts: one place that ends the children with us, bounds a program's time and beats
// the heart of a long one. Plain Node 20, no dependencies; knows nothing of Pulumi or of tests.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const running = new Set();
let ending = false;

/** Whether we have been told to end. */
export const interrupted = () => ending;

/**
 * Ends what we started when we are told to end, then runs `cleanUp` and exits with 130 (SIGINT) or 143 (SIGTERM). A child
 * that does not end within 20 seconds is killed.
 */
export function endWithChildren(cleanUp = async () => {}) {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ]) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      // The terminal has sent Ctrl-C to the children too, and a second one would make `pulumi` give up at once.
      const passOn = signal !== "SIGINT" || !process.stdin.isTTY;
      if (passOn) for (const { child } of running) child.kill(signal);
      setTimeout(() => running.forEach(({ child }) => child.kill("SIGKILL")), 20_000).unref();
      void Promise.all([...running].map(({ done }) => done))
        .then(cleanUp)
        .finally(() => process.exit(code));
    });
  }
}

/**
 * Runs a program to its end and never throws: `{ code, output }`, with code 127 when it could not be started and 124
 * when `timeoutMs` ran out. `output` is stdout and stderr together when `capture` is set, else they are ours.
 */
export function run(command, args, { capture = false, timeoutMs, ...options } = {}) {
  const ours = capture ? "pipe" : "inherit";
  return follow(spawn(command, args, { stdio: ["ignore", ours, ours], ...options }), { timeoutMs });
}

/** The same for a child that was started otherwise. `onLine` gets each line of its output as it comes. */
export function follow(child, { timeoutMs, onLine } = {}) {
  let output = "";
  let late = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text) => (output += text));
    if (stream && onLine) createInterface({ input: stream }).on("line", onLine);
  }
  const timer = timeoutMs && setTimeout(() => ((late = true), child.kill("SIGKILL")), timeoutMs);
  const done = new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on("close", (code) => resolve({ code: late ? 124 : (code ?? 1), output }));
  });
  const entry = { child, done };
  running.add(entry);
  void done.then(() => (running.delete(entry), clearTimeout(timer)));
  return done;
}

/** Says every 15 seconds that `what` goes on, until the promise settles. `usually` is what the user may expect. */
export async function withHeartbeat(say, what, usually, promise) {
  const begun = Date.now();
  const timer = setInterval(() => say(`… ${what}: ${inWords(Date.now() - begun)} so far, usually ${usually}`), 15_000);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}

/** `95000` as `1 min 35 s`. */
export function inWords(ms) {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
