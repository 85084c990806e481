// Real time, also while a test has replaced `Date` and the timers: the emulator is a server, and a server whose time stands
// still never responds. A test moves the emulator's time with `clock.skew` instead.
import * as timers from "node:timers";
import { runInNewContext } from "node:vm";

/** Milliseconds since the epoch. Fake timers replace `Date` in the test's realm only, and this one is of another realm. */
export const realNow = runInNewContext("Date.now") as () => number;

// Copied when this module loads: fake timers replace the functions of `node:timers` and of `node:timers/promises`.
const { setTimeout: startTimer, clearTimeout: stopTimer, setInterval: startInterval } = timers;

/** Waits. Rejects as soon as the signal aborts. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      stopTimer(timer);
      reject(signal.reason as Error);
    };
    const timer = startTimer(() => {
      signal.removeEventListener("abort", end);
      resolve();
    }, milliseconds);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

/** Calls the function again and again. Does not keep the process running. */
export function repeat(milliseconds: number, call: () => void): () => void {
  const timer = startInterval(call, milliseconds).unref();
  return () => stopTimer(timer);
}
