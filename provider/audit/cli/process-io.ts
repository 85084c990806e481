// What a command is given of its process, so that tests can give it something else.
import type { Clock } from "../../client";

/** A place to write to; `process.stdout` and `process.stderr` are such. */
export interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly clock: Clock;
}

/** Whether a stream wants colour: a terminal that is not dumb, `NO_COLOR` and `FORCE_COLOR` as is the custom. */
export function wantsColour({ isTTY = false }: Stream, { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0";
  return isTTY && !NO_COLOR && TERM !== "dumb";
}

/** Shows how far it got on one line of a terminal; says nothing elsewhere. */
export function progressOn(stream: Stream): { show(text: string): void; clear(): void } {
  if (stream.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  const clear = "\r\u001b[2K";
  return { show: (text) => void stream.write(`${clear}${text}`), clear: () => void stream.write(clear) };
}
