// Installs a cell of the matrix: packs this checkout, installs the package managers below .engine, writes a project and lets
// the package manager set it up.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { versions } from "./matrix-cells.mjs";
import { runChecked } from "./processes.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const ownFolder = join(root, ".engine", "managers");
const managers = {
  pnpm: `pnpm@${versions.pnpm[0]}`,
  pnpm12: `pnpm@${versions.pnpm[1]}`,
  yarn1: `yarn@${versions.Yarn[0]}`,
  yarn4: `@yarnpkg/cli-dist@${versions.Yarn[1]}`,
  bun: `bun@${versions.Bun[0]}`,
};

/** Packs the folder into `target`. Returns the tarball, named by its contents: package managers cache by name. */
async function pack(folder, target) {
  mkdirSync(target, { recursive: true });
  const fresh = mkdtempSync(join(target, "pack-"));
  await runChecked("npm", ["pack", "--ignore-scripts", "--pack-destination", fresh], { cwd: folder });
  const file = join(fresh, readdirSync(fresh)[0]);
  const hash = createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 12);
  const tarball = join(target, `packed-${hash}.tgz`);
  renameSync(file, tarball);
  rmSync(fresh, { recursive: true });
  return tarball;
}

/** What all cells install: the tarball of this checkout's dist, and of a component library that depends on it. */
export async function packAll(folder) {
  const tarball = await pack(root, folder);
  const library = join(folder, "library");
  const peers = { "@pulumi/pulumi": "^3.0.0" };
  const manifest = { name: "library", version: "1.0.0", dependencies: dependencyOn(tarball), peerDependencies: peers };
  write(join(library, "package.json"), manifest);
  write(join(library, "index.js"), 'exports.SessionShare = require("pulumi-fudo").SessionShare;\n');
  return { tarball, library: await pack(library, folder) };
}

const dependencyOn = (tarball) => ({ "pulumi-fudo": `file:${tarball}` });

/** Installs a cell into `folder`. Returns the program's folder and more variables for `pulumi`. */
export async function installCell(cell, folder, { tarball, library, program }) {
  const project = join(folder, cell.folder ?? "");
  writeProgram(cell, project, {
    program,
    dependencies: cell.library ? { library: `file:${library}` } : dependencyOn(tarball),
  });
  if (cell.folder) write(join(folder, "package.json"), { name: "root", private: true, workspaces: [cell.folder] });
  for (const [path, value] of Object.entries(cell.files ?? {})) write(join(folder, path), value);
  const path = cell.node ? [await nodeFolder(cell.node), process.env.PATH].join(delimiter) : process.env.PATH;
  const env = { ...(await managerEnvironment(cell.manager, path)) };
  await runChecked(cell.command, cell.args, { cwd: folder, env });
  await compile(cell, project, env);
  return { project, env: { PATH: path, ...(cell.nodeOptions && { NODE_OPTIONS: cell.nodeOptions(folder) }) } };
}

/** Checks the types with each of the cell's compiler options, compiles the program, or makes one file of it. */
async function compile({ tsconfig, typesOnly, precompiled, bundled }, project, env) {
  const binary = (name) => join(project, "node_modules", ...name.split("/"));
  for (const compilerOptions of typesOnly ?? (tsconfig ? [tsconfig] : [])) {
    write(join(project, "tsconfig.json"), { compilerOptions });
    const args = [binary("typescript/bin/tsc"), "--project", project, ...(precompiled ? [] : ["--noEmit"])];
    await runChecked("node", args, { cwd: project, env });
  }
  const whole = ["index.js", "--bundle", "--platform=node", "--external:@pulumi/pulumi", "--outfile=bundle.js"];
  if (bundled) await runChecked("node", [binary("esbuild/bin/esbuild"), ...whole], { cwd: project, env });
}

function writeProgram(cell, project, { program, dependencies }) {
  const type = cell.module ? "module" : "commonjs";
  const source = cell.tsconfig || cell.typesOnly || cell.strips ? "index.ts" : "index.js";
  const main = cell.precompiled ? "index.js" : cell.bundled ? "bundle.js" : source;
  const all = {
    "@pulumi/pulumi": cell.sdk ?? versions["@pulumi/pulumi"].at(-1),
    ...dependencies,
    ...cell.dependencies,
  };
  write(join(project, "package.json"), { name: "program", private: true, type, main, dependencies: all });
  write(join(project, source), program(cell));
  if (cell.typesOnly) write(join(project, "index.mts"), program(cell));
  const typescript = cell.tsconfig !== undefined && !cell.precompiled;
  const options = { typescript, ...(cell.nodeArgs && { nodeargs: cell.nodeArgs }) };
  // JSON is YAML.
  write(join(project, "Pulumi.yaml"), { name: "matrix", runtime: { name: "nodejs", options } });
}

let registry;

async function managerEnvironment(manager, path) {
  const env = { ...ownEnvironment(), PATH: path };
  if (manager === undefined) return env;
  const folder = await installTool(managers[manager], "--ignore-scripts");
  registry ??= await runChecked("npm", ["config", "get", "registry"], { cwd: folder, env });
  const caches = {
    npm_config_store_dir: join(root, ".engine", "pnpm-store"),
    YARN_CACHE_FOLDER: join(ownFolder, `${manager}-cache`),
    BUN_INSTALL_CACHE_DIR: join(ownFolder, "bun-cache"),
  };
  const registries = { YARN_REGISTRY: registry, YARN_NPM_REGISTRY_SERVER: registry, BUN_CONFIG_REGISTRY: registry };
  const unsafeHttp = registry.startsWith("http:") ? { YARN_UNSAFE_HTTP_WHITELIST: new URL(registry).hostname } : {};
  const paths = [...binariesOf(folder, manager), path].join(delimiter);
  return { ...env, ...registries, ...unsafeHttp, ...caches, PATH: paths };
}

const ownEnvironment = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));

/** Installs a package of the registry below .engine. Returns its folder. */
async function installTool(spec, ...options) {
  const folder = join(ownFolder, spec.replace(/[@/]+/g, "-"));
  if (existsSync(join(folder, "node_modules", ".bin"))) return folder;
  write(join(folder, "package.json"), { private: true, allowScripts: { node: true } });
  const args = ["install", "--no-audit", "--no-fund", ...options, spec];
  await runChecked("npm", args, { cwd: folder, env: ownEnvironment() });
  return folder;
}

/** The folder with the `node` of this version, from the npm package `node`. Its install script fetches the binary. */
async function nodeFolder(version) {
  return join(await installTool(`node@${version}`), "node_modules", "node", "bin");
}

// The command of the package `bun` is a placeholder until its install script has run. The binary is in a package of its own.
function binariesOf(folder, manager) {
  const modules = join(folder, "node_modules");
  if (manager !== "bun") return [join(modules, ".bin")];
  return readdirSync(join(modules, "@oven")).map((name) => join(modules, "@oven", name, "bin"));
}

function write(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value, null, 2));
}
