// Other versions of Node.js for tests: the binary of the npm package for this platform, below .engine.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./repository";

/** The folder of the `node` of this version. */
export function nodeFolder(version: string): string {
  const folder = join(root, ".engine", "nodes", version);
  // The package `node` gets its binary from these packages too, but with an install script.
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const binaries = join(folder, "node_modules", name, "bin");
  if (existsSync(binaries)) return binaries;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  const args = ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", `${name}@${version}`];
  execFileSync("npm", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  return binaries;
}
