// publint and "Are the types wrong?" find nothing in the packed tarball, and no rule of theirs is switched off.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../support/repository";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pulumi-fudo-check-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Packs that folder and checks the tarball. */
function check(source: string): { status: number | null; stdout: string; stderr: string } {
  spawnSync("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: source });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;
  const args = [join(root, "scripts", "package-check.mjs"), join(folder, tarball)];
  const { status, stdout, stderr } = spawnSync("node", args, { encoding: "utf8" });
  return { status, stdout, stderr };
}

test("they find nothing in this package", () => {
  expect(check(root)).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("they find declarations that one way of resolving modules does not reach, and a file that does not exist", () => {
  const types = { types: "./lib/part.d.ts", default: "./lib/part.js" };
  const manifest = { name: "broken", version: "1.0.0", main: "gone.js", exports: { "./part": types } };
  mkdirSync(join(folder, "lib"));
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "lib", "part.js"), "exports.part = 1;\n");
  writeFileSync(join(folder, "lib", "part.d.ts"), "export declare const part: number;\n");
  const { status, stdout } = check(folder);
  expect(status).toBe(1);
  expect(stdout).toContain("publint: ");
  expect(stdout).toContain("types: ");
});
