// A short script in place of the Pulumi CLI, for tests of how the audit runs it.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes a `pulumi` that runs this JavaScript, and returns the PATH that finds it. The script can use `args`, `env` and
 * `print`, which prints JSON.
 */
export function fakePulumi(folder: string, script: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const start =
    "const args = process.argv.slice(2), env = process.env, print = (value) => console.log(JSON.stringify(value));";
  writeFileSync(join(bin, "pulumi"), `#!/usr/bin/env node\n${start}\n${script}\n`);
  chmodSync(join(bin, "pulumi"), 0o755);
  return `${bin}:${process.env["PATH"]}`;
}
