// Runs the command `fudo-audit`: the audit, `doctor` or the help. Every end has its exit code, a crash too.
import { constants } from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isFudoError, packageVersion, printable, registerSecret } from "../client";
import { systemClock } from "../time/clock";
import { audit } from "./audit";
import { readArguments } from "./cli/arguments";
import { help } from "./cli/help";
import type { ProcessIo } from "./cli/process-io";
import { watchedOutput } from "./cli/standard-output";
import { doctor } from "./doctor/doctor";
import { UsageError } from "./model/usage-error";

/** Runs the command (arguments without node and script) and returns its exit code; never throws. */
export async function run(args: readonly string[], io: ProcessIo): Promise<number> {
  try {
    registerSecret(io.environment["FUDO_API_KEY"] ?? "");
    const code = await runCommand(args, io);
    await io.stdout.flush?.();
    return code;
  } catch (error) {
    const isUsage = error instanceof UsageError || (isFudoError(error) && error.code === "config");
    const hint = error instanceof UsageError ? " (see fudo-audit --help)" : "";
    io.stderr.write(`fudo-audit: ${printable((error as Error).message, 2000)}${hint}\n`);
    return isUsage ? 2 : 3;
  }
}

async function runCommand(args: readonly string[], io: ProcessIo): Promise<number> {
  const read = readArguments(args);
  if (read.command === "audit") return audit(read, io);
  if (read.command === "doctor") return doctor(read, io);
  io.stdout.write(read.command === "help" ? help : `${packageVersion()}\n`);
  return 0;
}

/** Runs the command of this process and sets its exit code. */
export async function runProcess(): Promise<void> {
  let lastWork: (() => void) | undefined;
  const beforeSignalEnds = (work: (() => void) | undefined) => void (lastWork = work);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => endBy(signal, lastWork));
  const { env: environment, stdin, stderr } = process;
  const stdout = watchedOutput(process.stdout);
  const io = { environment, stdin, stdout, stderr, clock: systemClock, beforeSignalEnds };
  const code = await run(process.argv.slice(2), io);
  // Node.js handles a signal that arrives during synchronous work in a later turn, and exits before it when nothing is left to
  // do. The first turn may be the rest of this one.
  await nextTurn();
  await nextTurn();
  process.exitCode = code;
}

/**
 * Ends the process as the signal does without a handler. The handler is there so that Node.js ends between two steps and not
 * inside one: a report is written whole or not at all, and no temporary file is left.
 */
function endBy(signal: "SIGINT" | "SIGTERM" | "SIGHUP", lastWork: (() => void) | undefined): void {
  try {
    lastWork?.();
  } catch (error) {
    process.stderr.write(crashText(error));
  }
  // Process 1 of a container ignores a signal that has no handler.
  if (process.pid === 1) process.exit(128 + constants.signals[signal]);
  process.kill(process.pid, signal);
}

/** The message of an unexpected error, safe to print. */
export function crashText(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `fudo-audit: the audit is incomplete, because of a bug of pulumi-fudo: ${printable(message, 2000)}\n`;
}
