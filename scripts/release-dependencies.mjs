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
 * `folder` is a new one and has the name of the package: npm writes that name into the SBOM.
 */
export async function describeDependencies(checkout, folder, date) {
  await writeRuntimeLock(checkout, folder);
  const output = await runChecked("npm", ["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"], {
    cwd: folder,
  });
  const sbom = JSON.parse(output);
  // npm numbers each list at random. Without that number, two lists of one commit are equal.
  delete sbom.serialNumber;
  sbom.metadata.timestamp = date;
  return { sbom: `${JSON.stringify(sbom, null, 2)}\n`, licences: licenceList(folder) };
}

/** The lockfile of `checkout` without development, peers and workspaces: `npm sbom` cannot leave out workspaces. */
async function writeRuntimeLock(checkout, folder) {
  mkdirSync(folder, { recursive: true });
  const { devDependencies, peerDependencies, workspaces, ...manifest } = readJson(join(checkout, "package.json"));
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  for (const name of ["package-lock.json", ".npmrc"]) copyFileSync(join(checkout, name), join(folder, name));
  // The lockfile has everything that npm needs to remove the other packages.
  await runChecked("npm", ["install", "--package-lock-only", "--ignore-scripts", "--offline"], { cwd: folder });
}

function licenceList(folder) {
  const entries = Object.entries(readJson(join(folder, "package-lock.json")).packages).filter(([path]) => path !== "");
  const packages = entries.map(([path, { version, license }]) => ({
    name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
    version,
    licence: license ?? "none",
  }));
  const refused = packages.filter(({ licence }) => !isAllowed(licence));
  if (refused.length > 0) {
    const list = refused.map(({ name, version, licence }) => `${name} ${version} (${licence})`).join(", ");
    throw new StepFailed(
      `scripts/release-dependencies.mjs does not allow the licence of ${list}. Use another package, or allow it there.`,
    );
  }
  return packages.map(({ name, version, licence }) => `${name} ${version}: ${licence}\n`).join("");
}

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
