// The version of this package in the files of a checkout: a release sets it wherever a manifest, a command, a requirement or an
// address names it, so that all of them work for the users of that release.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** These keep the versions that they name: they say what was true once, or play with versions that do not exist. */
const history = ["CHANGELOG.md", "docs/benchmarks.md", "test"];

/** What stands before the version. Ranges are no names, and neither is prose ("since pulumi-fudo X"): it tells history. */
const before = [
  String.raw` fudo\s+(?:(?:--)?version:? )?`, // the plugin, in a command or in Pulumi.yaml
  String.raw`fudo(?:==|-v?)`, // requirements.txt, and the files of a release
  String.raw`fudo(?:/[\w-]+)*(?:@v?|/v)`, // npm, Go commands, actions, components, policy packs, addresses
  String.raw`fudo/sdk/go v`, // go.mod
  String.raw`"format": "fudo-audit[^}]*?"version": "`, // a report that a page shows
];
const named = new RegExp(String.raw`(?<before>${before.join("|")})(?<version>\d+\.\d+\.\d+)(?!\.?\d)`, "g");

/** The versions of this package that a text names. */
export const versionsIn = (text) => [...text.matchAll(named)].map(({ groups }) => groups.version);

/** The version in each file of a checkout that must name the current one, as `[path, version]`. */
export const namedVersions = (checkout) =>
  filesOf(checkout).flatMap((path) =>
    versionsIn(readFileSync(join(checkout, path), "utf8")).map((version) => [path, version]),
  );

/** Sets the version in the manifests, and in each file that names it. The generated SDKs come from `npm run sdk`. */
export function setVersion(checkout, version) {
  const edit = (path, change) =>
    writeFileSync(join(checkout, path), change(readFileSync(join(checkout, path), "utf8")));
  for (const path of ["package.json", "package-lock.json"]) edit(path, (text) => withManifestVersion(text, version));
  for (const path of filesOf(checkout)) edit(path, (text) => text.replaceAll(named, `$<before>${version}`));
}

function withManifestVersion(text, version) {
  const json = JSON.parse(text);
  json.version = version;
  if (json.packages) json.packages[""].version = version;
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** The text files that git knows, without history, that may name this package. */
function filesOf(checkout) {
  const paths = history.map((path) => `:!${path}`);
  return execFileSync("git", ["grep", "-lIz", "-e", "fudo", "--", ".", ...paths], { cwd: checkout, encoding: "utf8" })
    .split("\0")
    .filter(Boolean);
}
