#!/usr/bin/env node
// The command `fudo-audit`: runs the audit, `doctor` or the help, and sets the exit code.
import { assertNodeVersion, isFudoError, packageVersion, printable, registerSecret } from "../client";
import { systemClock } from "../time/clock";
import { audit } from "./audit";
import { readArguments } from "./cli/arguments";
import { help } from "./cli/help";
import type { ProcessIo } from "./cli/process-io";
import { doctor } from "./doctor/doctor";
import { UsageError } from "./model/usage-error";

/** Runs the command (arguments without node and script) and returns its exit code; never throws. */
export async function run(args: readonly string[], io: ProcessIo): Promise<number> {
  const { stdout, stderr, environment } = io;
  try {
    assertNodeVersion();
    registerSecret(environment["FUDO_API_KEY"] ?? "");
    const read = readArguments(args);
    if (read.command === "audit") return await audit(read, io);
    if (read.command === "doctor") return await doctor(read, io);
    stdout.write(read.command === "help" ? help : `${packageVersion()}\n`);
    return 0;
  } catch (error) {
    const isUsage = error instanceof UsageError || (isFudoError(error) && error.code === "config");
    const hint = error instanceof UsageError ? " (see fudo-audit --help)" : "";
    stderr.write(`fudo-audit: ${printable((error as Error).message, 2000)}${hint}\n`);
    return isUsage ? 2 : 3;
  }
}

if (require.main === module) {
  // `fudo-audit | head` closes standard output early, which is not a failure of the audit.
  process.stdout.on("error", () => undefined);
  const { env: environment, stdin, stdout, stderr } = process;
  void run(process.argv.slice(2), { environment, stdin, stdout, stderr, clock: systemClock }).then(
    (code) => (process.exitCode = code),
  );
}
