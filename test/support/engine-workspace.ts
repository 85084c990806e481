// The folders of a test's Pulumi project, and what its programs can import: the checkout as a workspace link, or the packed
// tarball as a user would install it. Knows nothing of how commands run.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/**
 * How `pulumi-fudo` got into the program's node_modules: a link to this checkout, or its tarball in a manager's layout.
 * "npm-testing": the tarball by npm, with what the projects in examples/testing need.
 */
export type Modules = "linked" | PackageManager;
type PackageManager = "npm" | "npm-linked" | "npm-testing" | "pnpm";

const root = join(__dirname, "..", "..");
const bin = join(root, "node_modules", ".bin");
const pnpm = "pnpm@10.34.8";

/** A fresh temporary folder; `node_modules` in its `project` resolves as `modules` says. */
export function makeWorkspace(modules: Modules): string {
  const workspace = mkdtempSync(join(realpathSync(tmpdir()), "pulumi-fudo-"));
  for (const folder of ["project", "state", "home", "output"]) mkdirSync(join(workspace, folder));
  linkModules(workspace, modules);
  return workspace;
}

/** From now on the program's `node_modules` resolves as `modules` says. */
export function linkModules(workspace: string, modules: Modules): void {
  const link = join(workspace, "project", "node_modules");
  rmSync(link, { force: true });
  symlinkSync(join(modules === "linked" ? root : packed(modules), "node_modules"), link, "dir");
}

/** The environment of every command: this checkout's Node and engine, local state, and no settings of the machine's user. */
export function environmentOf(workspace: string, more: Record<string, string | undefined> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(FUDO|PULUMI|JEST|NODE_ENV|npm_)/i.test(name));
  return {
    ...Object.fromEntries(inherited),
    PATH: [bin, ...engineFolders(), process.env["PATH"] ?? ""].join(delimiter),
    PULUMI_HOME: join(workspace, "home"),
    PULUMI_BACKEND_URL: `file://${join(workspace, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "engine tests",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...more,
  };
}

function engineFolders(): string[] {
  const record = join(root, ".engine", "engine.json");
  if (!existsSync(record))
    throw new Error("there is no Pulumi engine in this checkout: run `node scripts/engine.mjs` (npm test does it)");
  return (JSON.parse(readFileSync(record, "utf8")) as { directories: string[] }).directories;
}

/** A folder whose node_modules holds the packed tarball, installed by that package manager. Kept until dist changes. */
function packed(manager: PackageManager): string {
  const manifests = manager === "npm-testing" ? testingManifests() : [];
  const own = ["package.json", "dist", "provider/schema.json", "pulumi-resource-fudo"].map((name) => join(root, name));
  const contents = hashOf([...own, ...manifests]);
  const target = join(root, ".engine", "packed", `${manager}-${contents}`);
  if (existsSync(target)) return target;
  const parent = join(root, ".engine", "packed");
  mkdirSync(parent, { recursive: true });
  const fresh = mkdtempSync(join(parent, "new-"));
  install(manager, fresh);
  // Each build makes another folder. A test run that still uses an older one ends within an hour.
  for (const old of readdirSync(parent))
    if (Date.now() - statSync(join(parent, old)).ctimeMs > 3_600_000)
      rmSync(join(parent, old), { recursive: true, force: true });
  try {
    renameSync(fresh, target);
  } catch {
    rmSync(fresh, { recursive: true, force: true });
  }
  return target;
}

function install(manager: PackageManager, folder: string): void {
  const run = (command: string, args: string[], cwd: string) =>
    execFileSync(command, args, {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` },
    });
  const [{ filename }] = JSON.parse(
    run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], root),
  ) as [{ filename: string }];
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const dependencies = { "@pulumi/pulumi": devDependencies["@pulumi/pulumi"], "pulumi-fudo": `file:./${filename}` };
  const more = manager === "npm-testing" ? devDependenciesOf(testingManifests()) : {};
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies, devDependencies: more }));
  const args = ["install", "--prefer-offline", "--ignore-scripts"];
  const npm = [...args, "--no-audit", "--no-fund"];
  if (manager === "npm" || manager === "npm-testing") run("npm", npm, folder);
  else if (manager === "npm-linked") run("npm", [...npm, "--install-strategy=linked"], folder);
  else run("npx", ["--yes", pnpm, ...args, "--store-dir", join(root, ".engine", "pnpm-store")], folder);
}

function testingManifests(): string[] {
  const projects = join(root, "examples", "testing");
  return readdirSync(projects).map((name) => join(projects, name, "package.json"));
}

function devDependenciesOf(manifests: readonly string[]): Record<string, string> {
  type Manifest = { devDependencies: Record<string, string> };
  const all = manifests.map((path) => (JSON.parse(readFileSync(path, "utf8")) as Manifest).devDependencies);
  return Object.assign({}, ...all) as Record<string, string>;
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash("sha256");
  const add = (path: string, name: string): void => {
    try {
      hash.update(name).update(readFileSync(path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EISDIR") throw error;
      for (const entry of readdirSync(path).sort()) add(join(path, entry), `${name}/${entry}`);
    }
  };
  for (const path of paths) add(path, path);
  return hash.digest("hex").slice(0, 12);
}
