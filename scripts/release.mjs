// `npm run release -- VERSION`: sets the version, dates the changelog, commits, tags, and writes the files of the release from
// clean clones. It pushes and publishes nothing. A release that fails leaves the checkout as it was.
// `npm run release -- --artifacts TAG FOLDER`: writes the files of a tag that exists.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { endWithChildren, run, runChecked, StepFailed, temporaryFolder } from "./processes.mjs";
import { writeArtifacts } from "./release-artifacts.mjs";
import { dated, sectionOf } from "./release-changelog.mjs";
import { setVersion } from "./release-version.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const log = (line) => process.stderr.write(`${line}\n`);
const git = (folder, ...args) => runChecked("git", args, { cwd: folder });

const numbers = (version) => version.split(".").map(Number);
function isGreater(version, other) {
  const pairs = numbers(version).map((number, index) => number - numbers(other)[index]);
  return (pairs.find((difference) => difference !== 0) ?? 0) > 0;
}

/** Throws one sentence that says why there can be no release now. */
async function requireReady(version) {
  if (!/^\d+\.\d+\.\d+$/.test(version ?? ""))
    throw new StepFailed("Name the new version: npm run release -- MAJOR.MINOR.PATCH");
  const branch = await git(root, "branch", "--show-current");
  if (branch !== "main")
    throw new StepFailed(`Releases are made on main, but this is ${branch || "no branch"}: git switch main`);
  const changed = await git(root, "status", "--porcelain");
  if (changed !== "") throw new StepFailed(`Commit or remove these changes first:\n${changed}`);
  const current = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
  if (!isGreater(version, current))
    throw new StepFailed(`${version} is not greater than the current version, ${current}.`);
  if ((await git(root, "tag", "--list", `v${version}`)) !== "")
    throw new StepFailed(`There is a tag v${version} already. A released version never changes: choose another one.`);
  if (sectionOf(readFileSync(join(root, "CHANGELOG.md"), "utf8"), "Unreleased") === undefined)
    throw new StepFailed("CHANGELOG.md has no section Unreleased. Add one that says what this release changes.");
  if (!existsSync(join(root, "test", "fixtures", "states", version)))
    throw new StepFailed(
      `The states that ${version} writes are not recorded, so no test could read them later. ` +
        `Run \`npm run record-states -- ${version}\` and commit test/fixtures/states.`,
    );
}

/** Commits the release in a clone and tags it there. */
async function commit(clone, version) {
  setVersion(clone, version);
  // The generated SDKs name the version, too.
  await runChecked("npm", ["run", "--if-present", "sdk"], { cwd: clone });
  const today = new Date().toISOString().slice(0, 10);
  const changelog = join(clone, "CHANGELOG.md");
  writeFileSync(changelog, dated(readFileSync(changelog, "utf8"), version, today));
  // A clone does not have the name and address that only this checkout's configuration may have.
  for (const key of ["user.name", "user.email"]) {
    const { output } = await run("git", ["config", key], { cwd: root, capture: true });
    if (output.trim() !== "") await git(clone, "config", key, output.trim());
  }
  await git(clone, "commit", "--quiet", "--all", "--message", `release: ${version}`);
  await git(clone, "tag", "--annotate", `v${version}`, "--message", `pulumi-fudo ${version}`);
}

async function release(version) {
  await requireReady(version);
  const work = temporaryFolder("release");
  const [clone, files] = [join(work, "release"), join(work, "files")];
  await git(root, "clone", "--quiet", root, clone);
  await commit(clone, version);
  await writeArtifacts(clone, `v${version}`, files, log);
  // This fails if main has moved meanwhile.
  await git(root, "fetch", "--quiet", "--no-tags", clone, "main");
  await git(root, "merge", "--quiet", "--ff-only", "FETCH_HEAD");
  await git(root, "fetch", "--quiet", clone, "tag", `v${version}`);
  const folder = join(root, ".engine", "release", version);
  rmSync(folder, { recursive: true, force: true });
  cpSync(files, folder, { recursive: true });
  log(`\nThe files are in ${folder}. To publish: git push origin main v${version}`);
}

async function main([version, tag, folder]) {
  if (version !== "--artifacts") return release(version);
  if (folder === undefined)
    throw new StepFailed("Name the tag and a folder: npm run release -- --artifacts TAG FOLDER");
  if ((await git(root, "tag", "--list", tag)) === "")
    throw new StepFailed(`There is no tag ${tag} in this repository.`);
  return writeArtifacts(root, tag, resolve(folder), log);
}

endWithChildren();
try {
  await main(process.argv.slice(2));
} catch (error) {
  log(error instanceof StepFailed ? error.message : error.stack);
  process.exitCode = 1;
}
