// Knows whether the engine that started this process still runs. When `pulumi` is killed, its provider process survives: a
// create that waits in the queue must not create a link that no state will know, and the process must end by itself.
import { fstatSync, readSync } from "node:fs";
import { FudoError } from "../client/errors";

/** How often this process looks for the engine's end while no POST asks. */
const pollInterval = 200;

let engineIsAlive: (() => boolean) | undefined;

/** Starts to watch the engine, and calls `whenGone` once when it is gone. A second call changes nothing. */
export function watchEngine(whenGone: () => void): void {
  if (engineIsAlive !== undefined) return;
  // Windows: a read from a silent pipe would block, so this watches the parent process there.
  const isAlive = process.platform !== "win32" && stdinIsPipe() ? watchStdin() : watchParent();
  engineIsAlive = isAlive;
  const timer = setInterval(() => {
    if (isAlive()) return;
    clearInterval(timer);
    whenGone();
  }, pollInterval).unref();
}

/** Throws `cancelled` when the engine is gone. It asks the operating system, so a busy event loop cannot hide the end. */
export function assertEngineAlive(): void {
  if (engineIsAlive?.() === true) return;
  throw new FudoError(
    "cancelled",
    "the Pulumi engine that requested this share has ended. Nothing was sent to the appliance",
  );
}

// Engine: it holds the writing end of our standard input (`StdinPipe` in pkg/resource/plugin/plugin.go) and writes nothing. The
// operating system closes the pipe when the engine dies. The parent process proves nothing: the SDK starts this process
// through a shell that outlives the engine.
function watchStdin(): () => boolean {
  // libuv makes the descriptor non-blocking when the stream is first used. Without that, the read below would block.
  process.stdin.on("error", () => undefined).resume();
  (process.stdin as { unref?: () => void }).unref?.();
  const buffer = Buffer.alloc(1);
  return () => {
    try {
      return readSync(0, buffer) !== 0;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "EAGAIN";
    }
  };
}

function watchParent(): () => boolean {
  const parent = process.ppid;
  return () => process.ppid === parent;
}

function stdinIsPipe(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFIFO() || stdin.isSocket();
  } catch {
    return false;
  }
}
