// Tests of the scripts that set up a fresh clone, in a temporary checkout: where the engine comes from, and how the levels of
// tests are added up. Go, Pulumi's installer, pulumi and jest are replaced by scripts of a few lines.
import { execFile } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(__dirname, "..", "..");
let checkout: string;
let bin: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "pulumi-fudo-setup-"));
  bin = join(checkout, "path");
  const automation = join(checkout, "node_modules", "@pulumi", "pulumi", "automation");
  for (const folder of [bin, automation, join(checkout, "tools")]) mkdirSync(folder, { recursive: true });
  cpSync(join(root, "scripts"), join(checkout, "scripts"), { recursive: true });
  cpSync(join(root, "tools", "engine"), join(checkout, "tools", "engine"), { recursive: true });
  // PATH holds only these programs, because the machine may have its own pulumi or go.
  symlinkSync(process.execPath, join(bin, "node"));
  for (const name of ["chmod", "sleep"]) symlinkSync(join("/bin", name), join(bin, name));
  program(dirname(automation), "pulumi-resource-pulumi-nodejs", "exit 0");
  installer(`throw new Error("the download failed");`);
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

/** Writes a program for the PATH of a test. */
function program(folder: string, name: string, script: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** Replaces Pulumi's installer by this function body, which gets the folder `root`. */
const installer = (body: string) =>
  writeFileSync(
    join(checkout, "node_modules", "@pulumi", "pulumi", "automation", "index.js"),
    `exports.PulumiCommand = { install: async ({ root }) => { ${body} } };`,
  );

/** Writes TARGET and logs SOURCE: `go build -mod=readonly -ldflags FLAGS -o TARGET SOURCE`. */
const go = (more = "") =>
  program(
    bin,
    "go",
    `echo "$7" >> "${checkout}/built"; ${more}\nprintf '#!/bin/sh\\necho v3.259.0\\n' > "$6"; chmod +x "$6"`,
  );
const built = () =>
  existsSync(join(checkout, "built")) ? readFileSync(join(checkout, "built"), "utf8").match(/pulumi[^/\n]*$/gm) : [];
const recorded = () =>
  JSON.parse(readFileSync(join(checkout, ".engine", "engine.json"), "utf8")) as {
    how: string;
    version: string;
    directories: string[];
  };

function node(...args: string[]): Promise<{ code: number; output: string; lastLine: string | undefined }> {
  const env = { PATH: bin, HOME: checkout };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: checkout, env }, (error, stdout, stderr) => {
      resolve({
        code: error ? Number(error.code) : 0,
        output: stdout + stderr,
        lastLine: stdout.trimEnd().split("\n").at(-1),
      });
    });
  });
}

const setUp = () => node("scripts/engine.mjs");

describe("the engine", () => {
  test("is the user's own if pulumi and its language host are on PATH", async () => {
    program(bin, "pulumi", "echo v3.200.1");
    for (const name of ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) program(bin, name, "exit 0");
    go();
    expect(await setUp()).toMatchObject({ code: 0 });
    expect(recorded()).toEqual({ how: "path", version: "3.200.1", directories: [bin] });
    expect(built()).toEqual([]);
  });

  test("is the user's own with our language host if that is missing, and a message says so", async () => {
    program(bin, "pulumi", "echo v3.200.1");
    go();
    expect(await setUp()).toMatchObject({
      code: 0,
      output: expect.stringContaining("adding pulumi-language-nodejs, which is missing there"),
    });
    expect(recorded()).toEqual({
      how: "path",
      version: "3.200.1",
      directories: [bin, join(checkout, ".engine", "bin")],
    });
    expect(built()).toEqual(["pulumi-language-nodejs"]);
  });

  test("is not a pulumi that is too old, and a message says so", async () => {
    program(bin, "pulumi", "echo v3.91.0");
    go();
    expect(await setUp()).toMatchObject({
      code: 0,
      output: expect.stringMatching(/not using .*pulumi is version 3\.91\.0; version 3\.150 or later 3\.x is required/),
    });
    expect(recorded()).toMatchObject({ how: "built", version: "3.259.0" });
  });

  test("is built from the pinned modules if there is Go, once per checkout, without Pulumi's installer", async () => {
    go();
    expect((await setUp()).output).not.toContain("installer");
    expect(await setUp()).toMatchObject({ code: 0 });
    expect(built()).toEqual(["pulumi-language-nodejs", "pulumi"]);
    writeFileSync(join(checkout, "tools", "engine", "cli", "go.sum"), "other pins\n");
    expect(await setUp()).toMatchObject({ code: 0 });
    expect(built()).toHaveLength(4);
  });

  test("comes from Pulumi's installer if there is no pulumi and no Go, and a message announces it", async () => {
    installer(`require("node:fs").writeFileSync(root + "/bin/pulumi", "#!/bin/sh\\necho v3.270.0\\n", { mode: 0o755 });
      return { version: "3.270.0" };`);
    const { code, output } = await setUp();
    expect(output).toMatch(/no usable pulumi and no Go that can build it: running Pulumi's installer/);
    expect(code).toBe(0);
    expect(recorded()).toMatchObject({ how: "installed", version: "3.270.0" });
  });

  test("comes from Pulumi's installer if Go cannot build it", async () => {
    program(bin, "go", "echo 'go: cannot find module' >&2; exit 1");
    installer(`require("node:fs").writeFileSync(root + "/bin/pulumi", "#!/bin/sh\\necho v3.270.0\\n", { mode: 0o755 });
      return { version: "3.270.0" };`);
    expect((await setUp()).code).toBe(0);
    expect(recorded()).toMatchObject({ how: "installed" });
  });

  test("is built once for two concurrent runs, also after a run that was killed", async () => {
    go("sleep 0.2");
    mkdirSync(join(checkout, ".engine"));
    writeFileSync(join(checkout, ".engine", "lock"), "999999999");
    expect(await Promise.all([setUp(), setUp()])).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect(built()).toEqual(["pulumi-language-nodejs", "pulumi"]);
  });

  test("that cannot be set up fails with one message that lists everything that was tried", async () => {
    program(bin, "go", "echo 'module lookup disabled' >&2; exit 1");
    const { code, output } = await setUp();
    expect(code).toBe(1);
    for (const reason of ["no pulumi found", "the download failed", "module lookup disabled", "install Pulumi"])
      expect(output).toContain(reason);
    expect(output).not.toMatch(/\n +at /);
  });
});

describe("the levels of tests", () => {
  const jest = (counts: Record<string, object>) => {
    mkdirSync(join(checkout, "node_modules", "jest", "bin"), { recursive: true });
    writeFileSync(
      join(checkout, "node_modules", "jest", "bin", "jest.js"),
      `const level = process.argv[3]; const counts = ${JSON.stringify(counts)}[level];
       if (counts) require("fs").writeFileSync(process.argv.find((a) => a.startsWith("--outputFile=")).slice(13), JSON.stringify(counts));
       process.exitCode = counts?.numFailedTests ? 1 : 0;`,
    );
  };
  const levels = (...args: string[]) =>
    node(
      "--input-type=module",
      "-e",
      `import { runTests } from "${join(checkout, "scripts", "test-levels.mjs")}"; process.exit(await runTests("${checkout}", process.env, ${JSON.stringify(args)}, () => {}));`,
    );

  test("are added up on the last line, and the next level runs after a failure", async () => {
    jest({
      unit: { numPassedTests: 5, numFailedTests: 2, numRuntimeErrorTestSuites: 1 },
      engine: { numPassedTests: 7, numFailedTests: 0, numPendingTests: 1 },
    });
    expect(await levels("unit", "engine")).toMatchObject({ code: 1, lastLine: "12 passed, 3 failed, 1 skipped" });
    jest({ unit: { numPassedTests: 5 }, engine: { numPassedTests: 7 } });
    expect(await levels("unit", "engine")).toMatchObject({ code: 0, lastLine: "12 passed, 0 failed" });
  });

  test("fail if one of them ran no test", async () => {
    jest({ unit: { numPassedTests: 5 }, contract: { numPassedTests: 0, numFailedTests: 0 } });
    expect(await levels("unit", "contract")).toMatchObject({
      code: 1,
      output: expect.stringMatching(/FAIL contract +ran no test/),
      lastLine: "5 passed, 0 failed",
    });
    expect(await levels("unit", "repository")).toMatchObject({ code: 1 });
  });
});
