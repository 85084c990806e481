// Ends the command with whoever started it. `kill` on `npx` or `npm run` ends npm's shell, but not the emulator below it, and
// a test runner that crashes ends nothing: the emulator would keep its port for ever.
import { fstatSync, readSync } from "node:fs";
import { repeat } from "./real-time";

/** How often the command looks for its parent process, in milliseconds. */
const pollInterval = 250;

/**
 * Calls `onEnd` once with a sentence when standard input, if it is a pipe, ends, or when the package manager that started
 * the command ends. Returns a function that stops to watch.
 */
export function watchStarter(onEnd: (reason: string) => void): () => void {
  let stop = (): void => undefined;
  const end = (reason: string): void => {
    stop();
    onEnd(reason);
  };
  const stopParent = hasPackageManager(process.env) ? watchParent(end) : () => undefined;
  const stopInput = watchInput(end);
  stop = () => {
    stopParent();
    stopInput();
  };
  return stop;
}

/**
 * npm, pnpm, Yarn and Bun set this variable for what they run. Without a package manager, a shell is the parent: `kill`
 * reaches the emulator itself, and a step of a CI job may end before the emulator is needed.
 */
export function hasPackageManager(environment: NodeJS.ProcessEnv): boolean {
  return environment["npm_config_user_agent"] !== undefined;
}

function watchParent(end: (reason: string) => void): () => void {
  const parent = process.ppid;
  return repeat(pollInterval, () => {
    // Windows never changes the ID of the parent.
    if (process.ppid !== parent || !isRunning(parent)) end("the process that started it has ended");
  });
}

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function watchInput(end: (reason: string) => void): () => void {
  if (!isOpenPipe()) return () => undefined;
  const onEnd = (): void => end("its standard input has ended");
  process.stdin.on("end", onEnd);
  return () => process.stdin.off("end", onEnd);
}

/**
 * Whether standard input is a pipe that another process still holds open. A terminal, a file and /dev/null say nothing about
 * who started the command, and neither does a pipe that ended before: CI systems start their steps with one.
 */
function isOpenPipe(): boolean {
  // Windows: a read from a silent pipe would block.
  if (process.platform === "win32") return false;
  try {
    const input = fstatSync(0);
    if (!input.isFIFO() && !input.isSocket()) return false;
    // libuv makes the descriptor non-blocking when the stream is first used. Without that, the read below would block.
    process.stdin.on("error", () => undefined).resume();
    (process.stdin as { unref?: () => void }).unref?.();
    return readSync(0, Buffer.alloc(1)) !== 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EAGAIN";
  }
}
