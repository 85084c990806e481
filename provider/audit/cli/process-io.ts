// What the command uses of its process: environment, streams and clock. Tests pass their own.
import { readSettings, type Settings } from "../../lifecycle";
import type { Clock } from "../../time/clock";

/** A stream to write to, for example `process.stdout`. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface ProcessIo {
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly clock: Clock;
}

/** The provider's settings from the environment. The audit does not read the stack configuration: it contains secrets. */
export function environmentSettings(environment: NodeJS.ProcessEnv): Settings {
  return readSettings({ config: () => undefined, environment: (name) => environment[name] });
}

/** Whether to colour the output: on a terminal, unless `NO_COLOR` or `FORCE_COLOR` decides. */
export function wantsColour(
  { isTTY = false }: OutputStream,
  { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv,
): boolean {
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0";
  return isTTY && !NO_COLOR && TERM !== "dumb";
}

/** Shows progress on one line of a terminal; writes nothing to a file or a pipe. */
export function progressLine(stream: OutputStream): { show(text: string): void; clear(): void } {
  if (stream.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  const clear = "\r\u001b[2K";
  return { show: (text) => void stream.write(`${clear}${text}`), clear: () => void stream.write(clear) };
}
