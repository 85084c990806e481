// What a package needs at run time, from its package-lock.json: a list of components (SBOM), and their licences.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runChecked, StepFailed } from "./processes.mjs";

/** A component with another licence needs a decision first. */
const allowedLicences = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"];

/** Whether each licence that applies to a component is on the list. */
export const isAllowed = (licence = "none") =>
  licence
    .replace(/[()]/g, "")
    .split(" AND ")
    .every((name) => allowedLicences.includes(name));

/**
 * Returns the SBOM in the format CycloneDX and the list of licences, as texts. The date is the one that the SBOM has.
 * `folder` is a new one and has the name of the package: npm writes that name into the SBOM. `paths`: the only packages to
 * describe, peers included; without it, all except peers.
 */
export async function describeDependencies(checkout, folder, date, paths) {
  await writeRuntimeLock(checkout, folder, paths !== undefined);
  const output = await runChecked("npm", ["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"], {
    cwd: folder,
  });
  const sbom = JSON.parse(output);
  if (paths !== undefined) keepComponents(sbom, packagesOf(folder, paths));
  // npm numbers each list at random. Without that number, two lists of one commit are equal.
  delete sbom.serialNumber;
  sbom.metadata.timestamp = date;
  return { sbom: `${JSON.stringify(sbom, null, 2)}\n`, licences: licenceList(folder, paths) };
}

/** Removes the components that are not among the packages, and each mention of them. */
function keepComponents(sbom, packages) {
  const isKept = (component) => packages.some(({ name, version }) => component["bom-ref"] === `${name}@${version}`);
  sbom.components = sbom.components.filter(isKept);
  const kept = new Set([sbom.metadata.component, ...sbom.components].map((component) => component["bom-ref"]));
  sbom.dependencies = sbom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
}

/** The lockfile of `checkout` without development and workspaces: `npm sbom` cannot leave out workspaces. */
async function writeRuntimeLock(checkout, folder, withPeers) {
  mkdirSync(folder, { recursive: true });
  const { devDependencies, peerDependencies, workspaces, ...manifest } = readJson(join(checkout, "package.json"));
  if (withPeers) manifest.dependencies = { ...manifest.dependencies, ...peerDependencies };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  for (const name of ["package-lock.json", ".npmrc"]) copyFileSync(join(checkout, name), join(folder, name));
  // The lockfile has everything that npm needs to remove the other packages.
  await runChecked("npm", ["install", "--package-lock-only", "--ignore-scripts", "--offline"], { cwd: folder });
}

/** The packages of the lockfile in `folder`, or those of them that have one of these paths. */
function packagesOf(folder, paths) {
  const all = Object.entries(readJson(join(folder, "package-lock.json")).packages).filter(([path]) => path !== "");
  const listed = paths === undefined ? all : all.filter(([path]) => paths.includes(path));
  return listed.map(([path, { version, license }]) => ({
    name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
    version,
    licence: license ?? "none",
  }));
}

function licenceList(folder, paths) {
  const packages = packagesOf(folder, paths);
  const refused = packages.filter(({ licence }) => !isAllowed(licence));
  if (refused.length > 0) {
    const list = refused.map(({ name, version, licence }) => `${name} ${version} (${licence})`).join(", ");
    throw new StepFailed(
      `scripts/release-dependencies.mjs does not allow the licence of ${list}. Use another package, or allow it there.`,
    );
  }
  // A package can have several folders.
  return [...new Set(packages.map(({ name, version, licence }) => `${name} ${version}: ${licence}\n`))].join("");
}

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
