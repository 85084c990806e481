// Writes a generated file. With `--check` on the command line, writes nothing and makes the script fail if the committed file
// differs.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const textOf = (path) => readFileSync(join(root, path), "utf8");

/** `path` is relative to the checkout. */
export function writeOrCheck(path, text) {
  const file = join(root, path);
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (!existsSync(file) || textOf(path) !== text)
    fail(`${path} differs from what it is generated from. Run \`npm run schema\` and review the difference.`);
}

export function fail(text) {
  console.error(text);
  process.exitCode = 1;
}
