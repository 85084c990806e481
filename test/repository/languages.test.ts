// Tests of the script that sets up YAML, Python and Go for the engine tests, in a temporary checkout. Go, Python and the
// programs of Pulumi are replaced by scripts of a few lines.
import { execFile } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(__dirname, "..", "..");
const exec = "pulumi-language-python-exec";
const hosts = ["yaml", "python", "go"].map((language) => `pulumi-language-${language}`);
const programs = [...hosts, "age", "age-keygen"];
let checkout: string;
let bin: string;

function program(name: string, ...lines: readonly string[]): void {
  writeFileSync(join(bin, name), ["#!/bin/sh", `echo "${name} $*" >> "${checkout}/calls"`, ...lines, ""].join("\n"));
  chmodSync(join(bin, name), 0o755);
}

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "pulumi-fudo-languages-"));
  bin = join(checkout, "path");
  const module = join(checkout, "module", "python", "cmd");
  for (const folder of [bin, module, join(checkout, "tools"), join(checkout, "examples", "go")])
    mkdirSync(folder, { recursive: true });
  for (const folder of ["scripts", join("tools", "engine"), join("sdk", "python")])
    cpSync(join(root, folder), join(checkout, folder), { recursive: true });
  symlinkSync(process.execPath, join(bin, "node"));
  for (const name of ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"])
    program(name, "echo v3.259.0");
  writeFileSync(join(module, exec), "", { mode: 0o444 });
  // `go build -mod=readonly -ldflags FLAGS -o TARGET SOURCE` and `go list …`
  program(
    "go",
    `case $1 in list) echo "${checkout}/module" ;; build) printf '#!/bin/sh\n' > "$6"; /bin/chmod +x "$6" ;; esac`,
  );
  python("exit 0");
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

/** `python3 -m venv --clear FOLDER` makes an environment whose `python3` logs its arguments and runs this line. */
function python(line: string): void {
  program(
    "python3",
    `/bin/mkdir -p "$4/bin"`,
    `printf '#!/bin/sh\\necho "pip $*" >> "${checkout}/calls"\\n${line}\\n' > "$4/bin/python3"`,
    `/bin/chmod +x "$4/bin/python3"`,
  );
}

function setUp(): Promise<{ code: number; output: string }> {
  const env = { PATH: bin, HOME: checkout };
  return new Promise((resolve) => {
    execFile(process.execPath, ["scripts/languages.mjs"], { cwd: checkout, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

/** What was built and installed since the last call. */
function work(): string[] {
  const calls = join(checkout, "calls");
  const lines = existsSync(calls) ? readFileSync(calls, "utf8").split("\n") : [];
  rmSync(calls, { force: true });
  return lines.flatMap((line) => {
    if (/^go build/.test(line)) return [line.split("/").at(-1)!];
    return /^pip/.test(line) ? ["pip"] : [];
  });
}

const directories = () =>
  (JSON.parse(readFileSync(join(checkout, ".engine", "languages.json"), "utf8")) as { directories: string[] })
    .directories;

test("builds the language hosts and age, and installs the Python SDK once per checkout", async () => {
  expect(await setUp()).toMatchObject({ code: 0 });
  expect(work()).toEqual([...programs, "pip"]);
  const built = join(checkout, ".engine", "bin");
  expect(directories()).toEqual([expect.stringMatching(/\.engine\/python-[0-9a-f]+\/bin$/), built]);
  expect(statSync(join(built, exec)).mode & 0o111).toBe(0o111);
  expect(await setUp()).toMatchObject({ code: 0 });
  expect(work()).toEqual([]);
});

test("takes the programs on PATH and builds only the others", async () => {
  program("pulumi-language-yaml", "exit 0");
  program("pulumi-language-go", "exit 0");
  program("age", "exit 0");
  expect(await setUp()).toMatchObject({ code: 0 });
  expect(work()).toEqual(["pulumi-language-python", "age-keygen", "pip"]);
});

test("builds again for another version, and installs again for another SDK", async () => {
  await setUp();
  work();
  appendFileSync(join(checkout, "tools", "engine", "yaml", "go.mod"), "\n");
  expect(await setUp()).toMatchObject({ code: 0 });
  expect(work()).toEqual(programs);
  const before = directories();
  appendFileSync(join(checkout, "sdk", "python", "pulumi_fudo", "__init__.py"), "\n");
  expect(await setUp()).toMatchObject({ code: 0 });
  expect(work()).toEqual(["pip"]);
  expect(directories()[0]).not.toBe(before[0]);
});

test("fails with the output of pip, and the next run installs again", async () => {
  python("echo no matching distribution; exit 1");
  expect(await setUp()).toMatchObject({ code: 1, output: expect.stringContaining("no matching distribution") });
  work();
  python("exit 0");
  expect(await setUp()).toMatchObject({ code: 0 });
  expect(work()).toContain("pip");
  expect(existsSync(join(dirname(directories()[0]!), "ready"))).toBe(true);
});

test("fails with the reason when a host cannot be built", async () => {
  program("go", "echo this module cannot be read >&2; exit 1");
  expect(await setUp()).toMatchObject({ code: 1, output: expect.stringContaining("this module cannot be read") });
});
