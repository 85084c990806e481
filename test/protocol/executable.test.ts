// The plugin's executable starts from wherever it is called.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firstLine } from "../support/drivers/rpc";
import { pluginEnvironment } from "../support/plugin-process";

const name = "pulumi-resource-fudo";
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi fudo "));
  mkdirSync(join(folder, "links"));
  mkdirSync(join(folder, "elsewhere", "links"), { recursive: true });
  symlinkSync(join(__dirname, "..", ".."), join(folder, "the package"), "dir");
  symlinkSync(join("..", "the package", name), join(folder, "links", "first"));
  symlinkSync("first", join(folder, "links", name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["a folder with a space in its name", join("the package", name)],
  ["a relative link to a relative link", join("links", name)],
])("%s", async (_, path) => {
  // With CDPATH the shell looks for `links` elsewhere first.
  const env = pluginEnvironment({ CDPATH: join(folder, "elsewhere") });
  const child = spawn("/bin/sh", [path], { cwd: folder, env });
  try {
    expect(await firstLine(child)).toMatch(/^\d+$/);
  } finally {
    child.kill("SIGKILL");
  }
});
