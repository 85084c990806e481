// Sets up what the engine tests need beyond the engine: the language hosts for YAML, Python and Go, a virtual environment with
// the Python SDK of this checkout, and `age`. Records the result in .engine/languages.json. Plain Node 20, no dependencies.
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { bin, build, ensureEngine, find, log, onPath, pinsOf, withLock, writeAtomically } from "./engine.mjs";
import { durationText, endWithChildren, runChecked, StepFailed } from "./processes.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const record = join(dirname(bin), "languages.json");

const programs = [
  {
    name: "pulumi-language-yaml",
    folder: "yaml",
    source: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    usually: "a minute",
  },
  {
    name: "pulumi-language-python",
    folder: "python",
    source: "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python",
    usually: "half a minute",
    // The host starts each program with this script.
    script: "pulumi-language-python-exec",
  },
  {
    name: "pulumi-language-go",
    folder: "golang",
    source: "github.com/pulumi/pulumi/sdk/v3/go/pulumi-language-go",
    usually: "half a minute",
  },
  // Opens sealed links as a vendor does: it shares no code with the library that seals them.
  ...["age", "age-keygen"].map((name) => ({
    name,
    folder: "age",
    source: `filippo.io/age/cmd/${name}`,
    usually: "ten seconds",
  })),
];

/** Finds or sets up everything. Returns `{ directories }`: the folders that go before PATH, the user's own hosts first. */
export async function ensureLanguages(engine) {
  const begun = Date.now();
  const languages = await withLock(async () => {
    // Pulumi's installer brings the hosts, too.
    const isOwn = (folder) => folder !== bin || engine.how === "installed";
    const own = [...onPath(), ...engine.directories].filter(isOwn);
    const missing = programs.filter(({ name }) => !find(name, own));
    const pins = pinsOf(programs);
    const built = existsSync(record) && JSON.parse(readFileSync(record, "utf8")).pins === pins;
    for (const program of missing) if (!built || !find(program.name, [bin])) await buildProgram(program);
    const environment = await pythonEnvironment();
    await compileGo();
    return { pins, directories: [join(environment, "bin"), ...(missing.length > 0 ? [bin] : [])] };
  });
  writeAtomically(record, `${JSON.stringify(languages, null, 2)}\n`);
  const took = Date.now() - begun;
  if (took > 5000) log(`set up YAML, Python and Go in ${durationText(took)}`);
  return languages;
}

async function buildProgram(program) {
  const tried = [];
  if (!(await build(program, tried))) throw new StepFailed(tried.join("\n"));
  if (!program.script) return;
  const cwd = join(root, "tools", "engine", program.folder);
  const module = await runChecked("go", ["list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"], { cwd });
  rmSync(join(bin, program.script), { force: true });
  copyFileSync(join(module, "python", "cmd", program.script), join(bin, program.script));
  // Go's module cache does not keep the mode.
  chmodSync(join(bin, program.script), 0o755);
}

/** A virtual environment with Pulumi and sdk/python, created again when one of them changes. */
// Engine: this Python host ignores `virtualenv` in Pulumi.yaml and runs the first `python3` on PATH.
async function pythonEnvironment() {
  const requirements = join(root, "tools", "engine", "python", "requirements.txt");
  const sdk = join(root, "sdk", "python");
  const folder = join(dirname(bin), `python-${contentHash([requirements, ...sourcesIn(sdk)])}`);
  const ready = join(folder, "ready");
  if (existsSync(ready)) return folder;
  log("installing the Python SDK into a virtual environment (usually half a minute)");
  await runChecked("python3", ["-m", "venv", "--clear", folder]);
  // pip builds in the folder of the sources and leaves files there.
  const copy = mkdtempSync(join(tmpdir(), "pulumi-fudo-sdk-"));
  cpSync(sdk, copy, { recursive: true });
  // Without a wheel, pip would compile gRPC for many minutes.
  const args = ["-m", "pip", "install", "--quiet", "--only-binary=grpcio,protobuf", "-r", requirements, copy];
  await runChecked(join(folder, "bin", "python3"), args);
  rmSync(copy, { recursive: true });
  writeFileSync(ready, "");
  return folder;
}

/** Fills Go's build cache with Pulumi's SDK and ours. Otherwise the first test of a Go program would do it, and time out. */
const compileGo = () => runChecked("go", ["vet", "."], { cwd: join(root, "examples", "go") });

const sourcesIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => /\.(py|toml|json)$/.test(name))
    .sort()
    .map((name) => join(folder, name));

function contentHash(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(relative(root, file)).update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  endWithChildren();
  try {
    const { directories } = await ensureLanguages(await ensureEngine());
    log(`YAML, Python and Go: ${directories.join(", ")}`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
