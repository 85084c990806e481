// What has to be undone when the bench ends, however it ends: child processes and folders.

const undoings = new Set<() => void>();

/** Runs `undo` when it is called, or when this process ends: whichever comes first, and once. */
export function atEnd(undo: () => void): () => void {
  const once = () => {
    if (undoings.delete(once)) undo();
  };
  undoings.add(once);
  return once;
}

process.on("exit", () => [...undoings].reverse().forEach((undo) => undo()));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));
