// Finds or makes the Pulumi engine for this checkout: from PATH, else the vendor's installer, else built from the
// pinned Go modules under tools/engine. Plain Node 20, no dependencies; what it found stands in .engine/engine.json.
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
import { endWithChildren, inWords, run, withHeartbeat } from "./processes.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const home = join(root, ".engine");
const bin = join(home, "bin");
const record = join(home, "engine.json");
const version = "v3.259.0";
const oldestUsable = [3, 150];
const suffix = process.platform === "win32" ? ".exe" : "";

/**
 * What an engine needs, one row for each program. `source` is built with the Go modules of tools/engine/`folder`; `shipped` is
 * copied from node_modules: beside `pulumi`, where the vendor's install has it, else the engine warns at every run.
 */
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

const say = (line) => process.stderr.write(`  ${line}\n`);
const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
const find = (name, folders) => folders.map((folder) => join(folder, name + suffix)).find(isProgram);
const onPath = () => (process.env.PATH ?? "").split(delimiter).filter(Boolean);

/** PATH with this checkout's Node first, then the engine's folders, then what was there. */
export const pathWith = (directories) => [join(modules, ".bin"), ...directories, ...onPath()].join(delimiter);

/**
 * Sees to it that there is an engine and answers `{ how, version, directories }`: `how` is "path", "installed" or
 * "built", `directories` go before PATH. Throws one error that says everything that was tried.
 */
export async function ensureEngine() {
  mkdirSync(bin, { recursive: true });
  const tried = [];
  const engine =
    (await fromPath(tried)) ??
    fromRecord() ??
    (await withLock(async () => fromRecord() ?? (await installed(tried)) ?? (await built(tried))));
  if (!engine) throw new Error(hopeless(tried));
  writeAside(record, `${JSON.stringify(engine, null, 2)}\n`);
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

const isOldEnough = (text) => {
  const [major, minor] = text.split(".").map(Number);
  return major === oldestUsable[0] && minor >= oldestUsable[1];
};

/** The user's own Pulumi. One that came without the Node.js language host gets ours, and nothing else of ours. */
async function fromPath(tried) {
  const pulumi = find("pulumi", onPath());
  if (!pulumi) return void tried.push("PATH: there is no pulumi on it");
  const found = await versionOf(pulumi);
  if (!found || !isOldEnough(found)) {
    const reason = found
      ? `is ${found}; ${oldestUsable.join(".")} or later 3.x is needed`
      : "does not answer `pulumi version`";
    say(`${pulumi} ${reason}: not used`);
    return void tried.push(`PATH: ${pulumi} ${reason}`);
  }
  const missing = programs.filter(
    ({ name }) => name !== "pulumi" && !find(name, [...onPath(), dirname(realpathSync(pulumi))]),
  );
  const directories = [dirname(pulumi)];
  for (const program of missing) {
    say(`pulumi ${found} is on PATH (${pulumi}) without ${program.name}: that alone is added`);
    if (!isProgram(join(bin, program.name + suffix)) && !(await withLock(() => build(program, tried))))
      return undefined;
    directories[1] = bin;
  }
  return { how: "path", version: found, directories };
}

/** What an earlier run made here, if it is still what this checkout pins. */
function fromRecord() {
  const engine = existsSync(record) ? JSON.parse(readFileSync(record, "utf8")) : undefined;
  const valid =
    engine &&
    engine.how !== "path" &&
    engine.pins === pins() &&
    programs.every(({ name }) => isProgram(join(bin, name + suffix)));
  return valid ? { ...engine, directories: [bin] } : undefined;
}

const pins = () => {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch} ${flags}`);
  const files = ({ folder, shipped, name }) =>
    shipped
      ? [join(modules, shipped, name)]
      : ["go.mod", "go.sum"].map((file) => join(root, "tools", "engine", folder, file));
  for (const file of programs.flatMap(files)) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
};

/** The vendor's installer through the Automation API. Only its first answer is bounded tightly: closed networks are common. */
async function installed(tried) {
  say("no usable pulumi on PATH: asking the vendor's installer (given up after 12 s without an answer)");
  const script = `const real = globalThis.fetch;
    globalThis.fetch = (url, init) => real(url, { ...init, signal: AbortSignal.timeout(12000) });
    const { PulumiCommand } = require("@pulumi/pulumi/automation");
    PulumiCommand.install({ root: process.argv[1] }).then((c) => console.log("installed " + c.version), (e) => { console.log(e.message); process.exit(1); });`;
  const env = { ...process.env, PATH: pathWith([]) };
  const work = run("node", ["-e", script, home], { capture: true, cwd: root, env, timeoutMs: 600_000 });
  const { code, output } = await withHeartbeat(say, "downloading Pulumi", "a minute", work);
  const found = code === 0 ? await versionOf(join(bin, `pulumi${suffix}`)) : undefined;
  if (found) return { how: "installed", version: found, directories: [bin], pins: pins() };
  const reason = output.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
  say("the vendor's site cannot be reached from here");
  return void tried.push(`the vendor's installer: ${code === 124 ? "not done after 10 minutes" : reason}`);
}

async function built(tried) {
  const begun = Date.now();
  for (const program of programs) if (!(await build(program, tried))) return undefined;
  say(`the Pulumi engine ${version} is built (${inWords(Date.now() - begun)}); kept in .engine/bin`);
  return { how: "built", version: version.slice(1), directories: [bin], pins: pins() };
}

async function build({ name, folder, source, shipped, usually }, tried) {
  if (shipped) return (copyFileSync(join(modules, shipped, name), join(bin, name)), true);
  say(`building ${name} from its pinned Go modules (usually ${usually}; seconds when Go's cache has it)`);
  const target = join(bin, `.${name}-${process.pid}`);
  const args = ["build", "-mod=readonly", "-ldflags", flags, "-o", target, source];
  const options = { capture: true, cwd: join(root, "tools", "engine", folder), env: { ...process.env, GOWORK: "off" } };
  const { code, output } = await withHeartbeat(say, `building ${name}`, usually, run("go", args, options));
  if (code === 0) return (renameSync(target, join(bin, name + suffix)), true);
  rmSync(target, { force: true });
  const reason = code === 127 ? "there is no go on PATH" : output.trim().split("\n").slice(-8).join("\n    ");
  return void tried.push(`building ${name} with Go: ${reason}`);
}

/** One set-up at a time in a checkout: others wait for it and then find its result. */
async function withLock(work) {
  const lock = join(home, "lock");
  for (let waited = 0; !takeLock(lock); waited += 1) {
    if (waited % 60 === 0) say("another run is setting up the engine in this checkout: waiting for it");
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
    if (isLeftOver(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isLeftOver(lock) {
  try {
    process.kill(Number(readFileSync(lock, "utf8")) || process.pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

const writeAside = (path, text) => {
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
};

const hopeless = (tried) =>
  [
    "The Pulumi engine could not be set up. Tried, in this order:",
    ...tried.map((line) => `  - ${line}`),
    "Any of these helps: install Pulumi (its folder on PATH), or Go 1.25.11 or later with access to its module proxy.",
  ].join("\n");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  endWithChildren();
  try {
    const { how, version: found, directories } = await ensureEngine();
    say(`Pulumi ${found} (${how}): ${directories.join(delimiter)}`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
