// The SDKs that `npm run sdk` generates are committed: they are what the schema says, and each one compiles.
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, textOf } from "../support/repository";

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], cwd: string): Result {
  const env = { ...process.env, GOWORK: "off" };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  return { status, stdout, stderr };
}

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(realpathSync(tmpdir()), "pulumi-fudo-sdks-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const minutes = 60_000;
const silent = { status: 0, stdout: "", stderr: "" };

test(
  "the committed SDKs are what the generators write",
  () => expect(run("node", ["scripts/sdk.mjs", "--check"], root)).toEqual(silent),
  10 * minutes,
);

test(
  "the check finds a file that was edited by hand, a file that is gone, and a file of nothing",
  () => {
    for (const name of ["scripts", "sdk", "tools/sdk", "provider/schema.json", "package.json"])
      cpSync(join(root, name), join(folder, name), { recursive: true });
    appendFileSync(join(folder, "sdk/nodejs-plugin/provider.ts"), "// by hand\n");
    rmSync(join(folder, "sdk/go/fudo/getSessions.go"));
    cpSync(join(folder, "sdk/python/pulumi_fudo/provider.py"), join(folder, "sdk/python/pulumi_fudo/old_share.py"));
    const { status, stderr } = run("node", ["scripts/sdk.mjs", "--check"], folder);
    expect(status).toBe(1);
    expect(stderr.trim().split("\n").sort()).toEqual([
      expect.stringMatching(/^sdk\/go\/fudo\/getSessions\.go differs/),
      expect.stringMatching(/^sdk\/nodejs-plugin\/provider\.ts differs/),
      expect.stringMatching(/^sdk\/python\/pulumi_fudo\/old_share\.py is generated from nothing/),
    ]);
  },
  10 * minutes,
);

test(
  "a schema with a mistake gives no SDK",
  () => {
    const schema = join(folder, "schema.json");
    writeFileSync(schema, textOf("provider/schema.json").replaceAll("#/types/fudo:index:", "#/types/fudo:index:No"));
    const target = join(folder, "sdk");
    const { status, stderr } = run("go", ["run", ".", schema, "1.0.0", target], join(root, "tools", "sdk"));
    expect(status).toBe(1);
    for (const name of ["NoSessionSummary", "NoSessionShareSummary"])
      expect(stderr).toContain(`type fudo:index:${name} not found in package fudo`);
    expect(existsSync(target)).toBe(false);
  },
  10 * minutes,
);

test(
  "the Go SDK compiles with the oldest Pulumi that it supports",
  () => expect(run("go", ["vet", "-mod=readonly", "./..."], join(root, "sdk", "go"))).toEqual(silent),
  10 * minutes,
);

test("the Python SDK compiles", () => {
  cpSync(join(root, "sdk", "python"), folder, { recursive: true });
  expect(run("python3", ["-m", "compileall", "-q", "pulumi_fudo"], folder)).toEqual(silent);
});

test("each SDK asks for the plugin of this version", () => {
  const { version } = JSON.parse(textOf("package.json")) as { version: string };
  const plugin = { resource: true, name: "fudo", version };
  for (const path of ["go/fudo", "python/pulumi_fudo"])
    expect(JSON.parse(textOf(`sdk/${path}/pulumi-plugin.json`))).toEqual(plugin);
  expect(textOf("sdk/nodejs-plugin/utilities.ts")).toContain(`let version = "${version}";`);
});
