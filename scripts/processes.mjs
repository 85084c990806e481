// Starting programs from our scripts: one place that ends the children with us, bounds a program's time and beats
// the heart of a long one. Plain Node 20, no dependencies; knows nothing of Pulumi or of tests.
import { spawn } from "node:child_process";

const running = new Set();
let ending = false;

/** Whether the user asked us to end (Ctrl-C, SIGTERM). */
export const interrupted = () => ending;

/**
 * Ends what we started when we are told to end, then runs `cleanUp` and exits with 130 (SIGINT) or 143 (SIGTERM).
 * A child in our own process group has got Ctrl-C from the terminal already; passing it on again is harmless.
 */
export function endWithChildren(cleanUp = async () => {}) {
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]]) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      const ended = [...running].map(({ child, done }) => (child.kill(signal), done));
      void Promise.all(ended).then(cleanUp).finally(() => process.exit(code));
    });
  }
}

/**
 * Runs a program to its end and never throws: `{ code, output }`, with code 127 when it could not be started and 124
 * when `timeoutMs` ran out. `output` is stdout and stderr together when `capture` is set, else they are ours.
 */
export function run(command, args, { capture = false, timeoutMs, ...options } = {}) {
  const child = spawn(command, args, { stdio: ["ignore", capture ? "pipe" : "inherit", capture ? "pipe" : "inherit"], ...options });
  let output = "";
  let late = false;
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text) => (output += text));
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
