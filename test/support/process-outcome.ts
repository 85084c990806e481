// Collects what a child process writes, and how it ends.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

export interface Outcome {
  /** Null where a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Resolves when the process has ended and its output is complete. Both outputs must be pipes. */
export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const out = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]!.setEncoding("utf8").on("data", (text: string) => (out[name] += text));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...out };
}
