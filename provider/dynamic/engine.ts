// Tells whether the engine that started this process still lives. When `pulumi` is killed its provider process
// survives, and a create that waited for its turn must not mint a link that nobody will know of.
import { fstatSync, readSync } from "node:fs";
import { FudoError } from "../client/errors";

let engineIsAlive: (() => boolean) | undefined;

/** Begins to watch; called once, when the engine configures the provider. */
export function watchEngine(): void {
  // Windows: reading a pipe that stays silent would wait, so only the parent is watched there.
  engineIsAlive ??= process.platform !== "win32" && stdinIsPipe() ? watchStdin() : watchParent();
}

/** Throws `cancelled` when the engine is gone. Exact even while the event loop was busy: it asks the system. */
export function demandEngine(): void {
  if (engineIsAlive?.() === true) return;
  throw new FudoError(
    "cancelled",
    "the engine that asked for this share is gone, so nothing was sent to the appliance",
  );
}

// Engine (`StdinPipe` in pkg/resource/plugin/plugin.go): it holds the writing end of our standard input, writes nothing, and the system closes it when it dies. The
// parent process tells nothing: the SDK starts us through a shell that outlives the engine.
function watchStdin(): () => boolean {
  // Touched before the first read: libuv makes the descriptor non-blocking, else the read would hang.
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
