#!/usr/bin/env node
// The command `fudo-emulator`. An old Node.js can parse this file, so that it prints a sentence and not a SyntaxError: it
// loads the rest only on a supported version, and uses no syntax that is newer than Node.js 12.
import type * as Run from "./run";

/** One sentence that says why this version of Node.js is not supported; undefined if it is supported. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return undefined;
  return `fudo-emulator requires Node.js 22.19 or newer, but this is Node.js ${version}`;
}

if (require.main === module) {
  const problem = nodeProblem(process.versions.node);
  if (problem === undefined) void (require("./run") as typeof Run).runProcess();
  else {
    console.error(problem);
    process.exitCode = 2;
  }
}
