// The release script's rule for the version of this package, for tests: an ES module, which jest does not load.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./repository";

const script = pathToFileURL(join(root, "scripts", "release-version.mjs")).href;

function evaluate<T>(expression: string): T {
  const program = `import * as rule from "${script}"; console.log(JSON.stringify(${expression}));`;
  return JSON.parse(execFileSync("node", ["--input-type=module", "-e", program], { encoding: "utf8" })) as T;
}

/** The version in each file of a checkout that must name the current one. */
export const namedVersions = (checkout: string) =>
  evaluate<[path: string, version: string][]>(`rule.namedVersions(${JSON.stringify(checkout)})`);

/** The versions that each of these texts names. */
export const versionsIn = (texts: readonly string[]) =>
  evaluate<string[][]>(`${JSON.stringify(texts)}.map(rule.versionsIn)`);
