#!/usr/bin/env node
// The command `fudo-audit`: its arguments, its help, and its exit code.
import { demandNode, isFudoError, printable, protect, systemClock } from "../client";
import { readArguments, UsageError } from "./cli/arguments";
import { audit } from "./audit";
import { doctor } from "./doctor/doctor";
import { help } from "./cli/help";
import type { Surroundings } from "./cli/process-io";
import { version } from "./cli/version";

/** Runs the command (arguments without node and script) and returns its exit code; never throws. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr, environment } = surroundings;
  try {
    demandNode();
    protect(environment["FUDO_API_KEY"] ?? "");
    const read = readArguments(args);
    if (read.command === "audit") return await audit(read, surroundings);
    if (read.command === "doctor") return await doctor(read, surroundings);
    stdout.write(read.command === "help" ? help : `${version()}\n`);
    return 0;
  } catch (error) {
    const isUsage = error instanceof UsageError || (isFudoError(error) && error.code === "config");
    const hint = error instanceof UsageError ? " (fudo-audit --help tells more)" : "";
    stderr.write(`fudo-audit: ${printable((error as Error).message, 2000)}${hint}\n`);
    return isUsage ? 2 : 3;
  }
}

if (require.main === module) {
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on("error", () => undefined);
  const { env: environment, stdin, stdout, stderr } = process;
  void run(process.argv.slice(2), { environment, stdin, stdout, stderr, clock: systemClock }).then(
    (code) => (process.exitCode = code),
  );
}
