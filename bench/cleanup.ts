// Ends child processes and removes folders when the bench ends, also when it is interrupted.

const pending = new Set<() => void>();

/** Runs `cleanUp` once: when the returned function is called, else when this process ends. */
export function onExit(cleanUp: () => void): () => void {
  const once = () => {
    if (pending.delete(once)) cleanUp();
  };
  pending.add(once);
  return once;
}

process.on("exit", () => [...pending].reverse().forEach((cleanUp) => cleanUp()));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));
