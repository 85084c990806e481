// The plugin's archive, for `pulumi plugin install resource fudo VERSION --file ARCHIVE`: the package with everything that it
// needs at run time except Node.js. Two runs with the same package and the same lockfile write the same bytes.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { StepFailed, temporaryFolder } from "./processes.mjs";
import { isAllowed } from "./release-dependencies.mjs";

/** The plugin needs these parts of the SDK, which is a peer of the package. The whole SDK has more than 100 MB. */
const sdk = { path: "node_modules/@pulumi/pulumi", files: /^(package\.json|LICENSE|proto\/.*\.js)$/ };
const sdkDependencies = ["@grpc/grpc-js", "google-protobuf"];

/** Needed by people and compilers only. Each licence stays. */
const unused = /^(docs|examples)\/|\.(map|[cm]?ts)$|(?<!licen[cs]e)\.md$/i;

/** Writes the archive of a packed package. The dependencies come from the checkout, where `npm ci` installed them. */
export function writePluginArchive(checkout, tarball, archive) {
  const work = temporaryFolder("plugin");
  execFileSync("tar", ["-xzf", tarball, "-C", work]);
  const own = filesIn(join(work, "package")).filter(({ name }) => !unused.test(name));
  const files = [...own, ...dependencyFiles(checkout)].sort((a, b) => (a.name < b.name ? -1 : 1));
  writeFileSync(archive, gzipSync(tarOf(files), { level: 9 }));
}

/** The packages in the archive besides this one: their paths in package-lock.json, as `node_modules/NAME`. */
export function archivePackages(checkout) {
  const { packages } = JSON.parse(readFileSync(join(checkout, "package-lock.json"), "utf8"));
  const needed = new Set();
  const add = (from, names) => {
    for (const name of names) {
      const path = resolved(packages, from, name);
      if (needed.has(path)) continue;
      if (!isAllowed(packages[path].license))
        throw new StepFailed(
          `The plugin's archive needs ${name}, whose licence is not allowed: ${packages[path].license}.`,
        );
      needed.add(path);
      add(path, Object.keys(packages[path].dependencies ?? {}));
    }
  };
  add("", Object.keys(packages[""].dependencies ?? {}));
  add(sdk.path, sdkDependencies);
  return [sdk.path, ...needed];
}

function dependencyFiles(checkout) {
  const from = (path, keep) =>
    filesIn(join(checkout, path))
      .filter(keep)
      .map(({ name, file }) => ({ name: `${path}/${name}`, file }));
  return archivePackages(checkout).flatMap((path) =>
    from(path, ({ name }) => (path === sdk.path ? sdk.files.test(name) : !unused.test(name))),
  );
}

/** Where Node.js finds a dependency: in the folder of the package that needs it, or in one above. */
function resolved(packages, from, name) {
  const path = `${from === "" ? "" : `${from}/`}node_modules/${name}`;
  if (packages[path] !== undefined) return path;
  if (from === "") throw new StepFailed(`package-lock.json has no ${name}. Run \`npm install\`.`);
  return resolved(packages, from.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/, ""), name);
}

/** The files below a folder, without its node_modules: those are packages that have their own entry in the lockfile. */
function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ name: relative(folder, file).replaceAll("\\", "/"), file }))
    .filter(({ name }) => !/(^|\/)node_modules\//.test(name));
}

// The commands `tar` of different systems write different bytes, and have different options to prevent it.
function tarOf(files) {
  const blocks = files.flatMap(({ name, file }) => {
    const content = readFileSync(file);
    return [header(name, content.length), content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** The header of a file in the format ustar. All files have one date and one owner, as in a package of `npm pack`. */
function header(name, size) {
  const block = Buffer.alloc(512);
  const octal = (number, length) => number.toString(8).padStart(length, "0");
  const split = name.length <= 100 ? 0 : name.indexOf("/", name.length - 101) + 1;
  if (name.length > 100 && (split === 0 || split > 156))
    throw new StepFailed(`The path ${name} is too long for an archive.`);
  const mode = name === "pulumi-resource-fudo" ? 0o755 : 0o644;
  block.write(name.slice(split), 0);
  block.write(`${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0${octal(size, 11)}\0${octal(499162500, 11)}\0`, 100);
  block.write("        0", 148);
  block.write("ustar\x0000", 257);
  block.write(name.slice(0, Math.max(split - 1, 0)), 345);
  block.write(
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
    148,
  );
  return block;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writePluginArchive(...process.argv.slice(2));
