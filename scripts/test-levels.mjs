// Runs lint and the levels of tests one after the other and adds up jest's counts. A failure does not stop the next level;
// a level that runs no test fails. Plain Node 20; the child processes get this checkout's Node.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { durationText, run } from "./processes.mjs";

/** In this order, because a failure in an earlier level explains more. */
export const levels = ["unit", "contract", "protocol", "repository", "engine"];

/** The levels that come first in the arguments; all of them where there is none. */
export function selectedLevels(args) {
  const firstOther = args.findIndex((arg) => !levels.includes(arg));
  const selected = firstOther === -1 ? args : args.slice(0, firstOther);
  return selected.length === 0 ? levels : selected;
}

/**
 * Runs the levels that come first in `args` (none: lint and all levels); the remaining arguments go to jest. Prints a table
 * and, as the last line of stdout, `N passed, N failed`. Returns the exit code. Saves jest's counts in
 * .engine/results/LEVEL.json.
 */
export async function runTests(root, env, args, heading) {
  const firstOther = args.findIndex((arg) => !levels.includes(arg));
  const jestArguments = firstOther === -1 ? [] : args.slice(firstOther);
  const results = levels.includes(args[0]) ? [] : [await lint(root, env, heading)];
  for (const level of selectedLevels(args)) results.push(await runLevel(root, env, level, jestArguments, heading));
  return report(results);
}

async function lint(root, env, heading) {
  heading("Lint and types");
  const begun = Date.now();
  const { code } = await run(process.platform === "win32" ? "npm.cmd" : "npm", ["run", "--silent", "lint"], {
    cwd: root,
    env,
  });
  return { name: "lint", ok: code === 0, passed: 0, failed: 0, skipped: 0, took: Date.now() - begun };
}

async function runLevel(root, env, level, jestArguments, heading) {
  heading(`Tests: ${level}`);
  const begun = Date.now();
  const folder = join(root, ".engine", "results");
  const file = join(folder, `${level}.json`);
  mkdirSync(folder, { recursive: true });
  rmSync(file, { force: true });
  const jest = [
    join(root, "node_modules", "jest", "bin", "jest.js"),
    "--selectProjects",
    level,
    "--maxWorkers=100%",
    "--json",
    `--outputFile=${file}`,
    ...jestArguments,
  ];
  const { code } = await run("node", jest, { cwd: root, env });
  const counts = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  const passed = counts?.numPassedTests ?? 0;
  const failed = (counts?.numFailedTests ?? 0) + (counts?.numRuntimeErrorTestSuites ?? 0);
  const skipped = counts?.numPendingTests ?? 0;
  const why = passed + failed === 0 ? "ran no test" : "";
  return { name: level, ok: code === 0 && why === "", passed, failed, skipped, why, took: Date.now() - begun };
}

function report(results) {
  const sum = (what) => results.reduce((total, result) => total + result[what], 0);
  const lines = results.map(({ name, ok, passed, failed, skipped, why, took }) => {
    const counts = name === "lint" ? "" : `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`;
    return `  ${ok ? "ok  " : "FAIL"} ${name.padEnd(11)} ${why || counts.padEnd(28)} ${durationText(took)}`;
  });
  const closing = `${sum("passed")} passed, ${sum("failed")} failed${sum("skipped") ? `, ${sum("skipped")} skipped` : ""}`;
  process.stdout.write(`\n${lines.join("\n")}\n\n${closing}\n`);
  return results.every(({ ok }) => ok) ? 0 : 1;
}
