// Sets up the Pulumi engine for this checkout: from PATH, else built from the pinned Go modules in tools/engine, else (without
// Go) with Pulumi's installer. Records the result in .engine/engine.json. Plain Node 20, no dependencies.
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
  closeSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { durationText, endWithChildren, run, withProgress } from "./processes.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const home = join(root, ".engine");
export const bin = join(home, "bin");
const record = join(home, "engine.json");
const version = "v3.259.0";
const oldestSupported = [3, 150];
const suffix = process.platform === "win32" ? ".exe" : "";

/**
 * The programs of an engine. `source` is built with the Go modules of tools/engine/`folder`. `shipped` is copied from
 * node_modules into the folder of `pulumi`, as in Pulumi's own installation.
 */
// Engine: without `pulumi-resource-pulumi-nodejs` in that folder it warns at every run.
const programs = [
  { name: "pulumi-resource-pulumi-nodejs", shipped: "@pulumi/pulumi" },
  {
    name: "pulumi-language-nodejs",
    folder: "nodejs",
    source: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    usually: "half a minute",
  },
  {
    name: "pulumi",
    folder: "cli",
    source: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    usually: "5 minutes the first time",
  },
];
const flags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`;

export const log = (line) => process.stderr.write(`  ${line}\n`);
const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
export const find = (name, folders) => folders.map((folder) => join(folder, name + suffix)).find(isProgram);
export const onPath = () => (process.env.PATH ?? "").split(delimiter).filter(Boolean);

/** PATH with this checkout's Node first, then the engine's folders, then the user's PATH. */
export const pathWith = (directories) => [join(modules, ".bin"), ...directories, ...onPath()].join(delimiter);

/**
 * Finds or sets up an engine and returns `{ how, version, directories }`: `how` is "path", "built" or "installed",
 * `directories` go before PATH. Throws one error that lists everything it tried.
 */
export async function ensureEngine() {
  mkdirSync(bin, { recursive: true });
  const tried = [];
  const engine =
    (await fromPath(tried)) ??
    fromRecord() ??
    (await withLock(async () => fromRecord() ?? (await built(tried)) ?? (await installed(tried))));
  if (!engine) throw new Error(setUpError(tried));
  writeAtomically(record, `${JSON.stringify(engine, null, 2)}\n`);
  return engine;
}

async function versionOf(pulumi) {
  const { code, output } = await run(pulumi, ["version"], {
    capture: true,
    timeoutMs: 30_000,
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "1" },
  });
  return code === 0 ? /v?(\d+\.\d+\.\d+\S*)/.exec(output)?.[1] : undefined;
}

const isSupported = (text) => {
  const [major, minor] = text.split(".").map(Number);
  return major === oldestSupported[0] && minor >= oldestSupported[1];
};

/** The user's own Pulumi. Adds only the programs that it lacks, such as the Node.js language host. */
async function fromPath(tried) {
  const pulumi = find("pulumi", onPath());
  if (!pulumi) return void tried.push("PATH: no pulumi found");
  const found = await versionOf(pulumi);
  if (!found || !isSupported(found)) {
    const reason = found
      ? `is version ${found}; version ${oldestSupported.join(".")} or later 3.x is required`
      : "did not respond to `pulumi version`";
    log(`not using the pulumi on PATH: ${pulumi} ${reason}`);
    return void tried.push(`PATH: ${pulumi} ${reason}`);
  }
  const missing = programs.filter(
    ({ name }) => name !== "pulumi" && !find(name, [...onPath(), dirname(realpathSync(pulumi))]),
  );
  const directories = [dirname(pulumi)];
  for (const program of missing) {
    log(`using pulumi ${found} from PATH (${pulumi}); adding ${program.name}, which is missing there`);
    if (!isProgram(join(bin, program.name + suffix)) && !(await withLock(() => build(program, tried))))
      return undefined;
    directories[1] = bin;
  }
  return { how: "path", version: found, directories };
}

/** The engine that an earlier run set up, if it still matches the versions that this checkout pins. */
function fromRecord() {
  const engine = existsSync(record) ? JSON.parse(readFileSync(record, "utf8")) : undefined;
  const valid =
    engine &&
    engine.how !== "path" &&
    engine.pins === pinsOf(programs) &&
    programs.every(({ name }) => isProgram(join(bin, name + suffix)));
  return valid ? { ...engine, directories: [bin] } : undefined;
}

/** A hash of the versions that this checkout pins for these programs. */
export const pinsOf = (wanted) => {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch} ${flags}`);
  const files = ({ folder, shipped, name }) =>
    shipped
      ? [join(modules, shipped, name)]
      : ["go.mod", "go.sum"].map((file) => join(root, "tools", "engine", folder, file));
  for (const file of wanted.flatMap(files)) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
};

// Pulumi's installer, through the Automation API. It runs a script that Pulumi's site serves, which nothing here verifies, so it
// comes last and a message announces it. The timeout for its first response is short because many networks are closed.
async function installed(tried) {
  log("no usable pulumi and no Go that can build it: running Pulumi's installer from get.pulumi.com, into .engine");
  log("(to prevent this, press Ctrl-C and put pulumi or Go on PATH; timeout: 12 s without a response)");
  const script = `const real = globalThis.fetch;
    globalThis.fetch = (url, init) => real(url, { ...init, signal: AbortSignal.timeout(12000) });
    const { PulumiCommand } = require("@pulumi/pulumi/automation");
    PulumiCommand.install({ root: process.argv[1] }).then((c) => console.log("installed " + c.version), (e) => { console.log(e.message); process.exit(1); });`;
  const env = { ...process.env, PATH: pathWith([]) };
  const work = run("node", ["-e", script, home], { capture: true, cwd: root, env, timeoutMs: 600_000 });
  const { code, output } = await withProgress(log, "downloading Pulumi", "a minute", work);
  const found = code === 0 ? await versionOf(join(bin, `pulumi${suffix}`)) : undefined;
  if (found) return { how: "installed", version: found, directories: [bin], pins: pinsOf(programs) };
  const reason = output.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
  log("Pulumi's download site cannot be reached");
  return void tried.push(`Pulumi's installer: ${code === 124 ? "timed out after 10 minutes" : reason}`);
}

/** Go checks each module against the sums in tools/engine. */
async function built(tried) {
  if (!find("go", onPath())) return void tried.push("building Pulumi: go is not on PATH");
  const begun = Date.now();
  for (const program of programs) if (!(await build(program, tried))) return undefined;
  log(`built Pulumi ${version} in ${durationText(Date.now() - begun)}; it stays in .engine/bin`);
  return { how: "built", version: version.slice(1), directories: [bin], pins: pinsOf(programs) };
}

/** Builds one program into .engine/bin. Returns undefined, and adds the reason to `tried`, where that fails. */
export async function build({ name, folder, source, shipped, usually }, tried) {
  if (shipped) return (copyFileSync(join(modules, shipped, name), join(bin, name)), true);
  log(`building ${name} from pinned Go modules (usually ${usually}; seconds if Go's build cache has it)`);
  const target = join(bin, `.${name}-${process.pid}`);
  const args = ["build", "-mod=readonly", "-ldflags", flags, "-o", target, source];
  const options = { capture: true, cwd: join(root, "tools", "engine", folder), env: { ...process.env, GOWORK: "off" } };
  const { code, output } = await withProgress(log, `building ${name}`, usually, run("go", args, options));
  if (code === 0) return (renameSync(target, join(bin, name + suffix)), true);
  rmSync(target, { force: true });
  const reason = code === 127 ? "go is not on PATH" : output.trim().split("\n").slice(-8).join("\n    ");
  return void tried.push(`building ${name} with Go: ${reason}`);
}

/** Allows one set-up at a time per checkout: other processes wait and then use its result. */
export async function withLock(work) {
  const lock = join(home, "lock");
  for (let waited = 0; !takeLock(lock); waited += 1) {
    if (waited % 60 === 0) log("another process is setting up the engine in this checkout: waiting");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock(lock) {
  try {
    const file = openSync(lock, "wx");
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (isStale(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isStale(lock) {
  try {
    process.kill(Number(readFileSync(lock, "utf8")) || process.pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

export const writeAtomically = (path, text) => {
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
};

const setUpError = (tried) =>
  [
    "The Pulumi engine could not be set up. Tried, in this order:",
    ...tried.map((line) => `  - ${line}`),
    "To fix this, install Pulumi and put its folder on PATH, or install Go 1.25.11 or later with access to a module proxy.",
  ].join("\n");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  endWithChildren();
  try {
    const { how, version: found, directories } = await ensureEngine();
    log(`Pulumi ${found} (${how}): ${directories.join(delimiter)}`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
