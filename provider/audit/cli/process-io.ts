// What the command uses of its process: environment, streams and clock. Tests pass their own.
import type { Clock } from "../../time/clock";

/** A stream to write to, for example `process.stdout`. */
export interface OutputStream {
  write(text: string): unknown;
  /** Resolves when everything is written; rejects when it cannot be. */
  flush?(): Promise<void>;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface ProcessIo {
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly clock: Clock;
  /** Sets what to do when a signal ends the process. The work must be synchronous: the process ends right after it. */
  readonly beforeSignalEnds?: (work: (() => void) | undefined) => void;
}

/** Whether to colour the output: on a terminal, unless `NO_COLOR` or `FORCE_COLOR` decides. */
export function wantsColour(
  { isTTY = false }: OutputStream,
  { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv,
): boolean {
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return !["0", "false"].includes(FORCE_COLOR.toLowerCase());
  return isTTY && !NO_COLOR && TERM !== "dumb";
}

/** Shows progress on one line of a terminal; writes nothing to a file, a pipe, or a terminal that cannot clear a line. */
export function progressLine(
  stream: OutputStream,
  { TERM }: NodeJS.ProcessEnv,
): { show(text: string): void; clear(): void } {
  if (stream.isTTY !== true || TERM === "dumb") return { show: () => undefined, clear: () => undefined };
  const clear = "\r\u001b[2K";
  return { show: (text) => void stream.write(`${clear}${text}`), clear: () => void stream.write(clear) };
}
