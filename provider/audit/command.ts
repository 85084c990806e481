#!/usr/bin/env node
// The command `fudo-audit`. An old Node.js can parse this file, so that it prints a sentence and not a SyntaxError: it
// loads the rest only on a supported version, and uses no syntax that is newer than Node.js 12.
import type * as Run from "./run";

/** One sentence that says why this version of Node.js is not supported; undefined if it is supported. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return undefined;
  return `fudo-audit requires Node.js 22.19 or newer, but this is Node.js ${version}. Put a newer \`node\` first on PATH.`;
}

// Exit code 1 means findings, and it is also what Node.js uses for a crash.
const incomplete = 3;

function crash(error: unknown): void {
  try {
    process.stderr.write((require("./run") as typeof Run).crashText(error));
  } catch {
    // The error's own message is not printed, because what masks keys in it could not be loaded.
    process.stderr.write("fudo-audit cannot run: a part of the package pulumi-fudo is missing. Install it again.\n");
  }
  process.exit(incomplete);
}

function start(): void {
  const problem = nodeProblem(process.versions.node);
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`);
    process.exitCode = 2;
    return;
  }
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
  // What standard error does not accept is lost; the exit code still says what happened.
  process.stderr.on("error", () => undefined);
  void (require("./run") as typeof Run).runProcess();
}

if (require.main === module) start();
