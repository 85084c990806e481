// The files of a release: the package, built from clean clones of its tag and checked, its SBOM, the licences of what it needs,
// the plugin's archive, the notes and the checksums.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runChecked, StepFailed, temporaryFolder } from "./processes.mjs";
import { sectionOf } from "./release-changelog.mjs";
import { describeDependencies } from "./release-dependencies.mjs";
import { archivePackages, writePluginArchive } from "./release-plugin.mjs";

/** Writes the files of a release. Writes nothing if a check fails. `log` gets one line for each step. */
export async function writeArtifacts(repository, tag, folder, log) {
  const work = temporaryFolder("release");
  const clone = await cloneOf(repository, tag, join(work, "clone"));
  const { name, version } = JSON.parse(readFileSync(join(clone, "package.json"), "utf8"));
  if (tag !== `v${version}`) throw new StepFailed(`The tag ${tag} is on a commit with the version ${version}.`);
  const notes = sectionOf(readFileSync(join(clone, "CHANGELOG.md"), "utf8"), version);
  if (notes === undefined) throw new StepFailed(`CHANGELOG.md has no section ${version}.`);
  const date = await runChecked("git", ["log", "-1", "--format=%cI"], { cwd: clone });
  const describe = (kind, paths) =>
    describeDependencies(clone, join(work, kind, name), new Date(date).toISOString(), paths);
  const descriptions = { [`${name}-${version}`]: await describe("package") };

  log("Dependencies: npm ci in a clean clone (usually half a minute)");
  await runChecked("npm", ["ci", "--ignore-scripts", "--prefer-offline"], { cwd: clone });
  log("Two builds, from two clones");
  const tarball = await pack(clone, join(work, "packed"));
  await expectSameBuild(repository, tag, { clone, tarball, work });
  log("Checks: publint, Are the types wrong?, the files in the package");
  await check(clone, tarball);

  descriptions[`pulumi-resource-fudo-v${version}`] = await describe("archive", archivePackages(clone));
  const target = `${name}-${version}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(tarball, join(folder, `${target}.tgz`));
  for (const [file, { sbom, licences }] of Object.entries(descriptions)) {
    writeFileSync(join(folder, `${file}.cdx.json`), sbom);
    writeFileSync(join(folder, `${file}.licenses.txt`), licences);
  }
  writePluginArchive(clone, tarball, join(folder, `pulumi-resource-fudo-v${version}.tar.gz`));
  writeFileSync(join(folder, "notes.md"), `${notes}\n`);
  const sums = readdirSync(folder).map((file) => `${sha256(join(folder, file))}  ${file}\n`);
  writeFileSync(join(folder, "SHA256SUMS"), sums.join(""));
}

async function cloneOf(repository, tag, folder) {
  await runChecked("git", ["-c", "advice.detachedHead=false", "clone", "--quiet", "--branch", tag, repository, folder]);
  return folder;
}

/** Packs the clone, whose script `prepack` builds it. Returns the path of the package. */
async function pack(clone, target) {
  mkdirSync(target);
  await runChecked("npm", ["pack", "--pack-destination", target], { cwd: clone });
  return join(target, readdirSync(target)[0]);
}

async function check(clone, tarball) {
  await runChecked("node", ["scripts/package-check.mjs", tarball], { cwd: clone });
  // The path comes first: `--selectProjects` takes every name that follows.
  const jest = ["node_modules/jest/bin/jest.js", "test/repository/package.test.ts", "--selectProjects", "repository"];
  await runChecked("node", jest, { cwd: clone });
}

/** Throws unless another clone gives the same package, byte for byte. */
async function expectSameBuild(repository, tag, { clone, tarball, work }) {
  const other = await cloneOf(repository, tag, join(work, "other clone"));
  symlinkSync(join(clone, "node_modules"), join(other, "node_modules"));
  const sums = [tarball, await pack(other, join(work, "packed again"))].map(sha256);
  if (sums[0] !== sums[1])
    throw new StepFailed(
      `Two builds of ${tag} differ (SHA-256 ${sums[0]} and ${sums[1]}), so nobody could check the package. ` +
        "Look for a time, a path or a random value in the output of the build.",
    );
}

const sha256 = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");
