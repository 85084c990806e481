// The version of this package, for the User-Agent header.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Searches upwards, because the build is one folder deeper than the sources. `unknown` in a program that is bundled. */
export function packageVersion(folder = __dirname): string {
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    const { name, version } = JSON.parse(readFileSync(file, "utf8")) as { name?: string; version?: string };
    if (name === "pulumi-fudo" && version !== undefined) return version;
  }
  const parent = dirname(folder);
  return parent === folder ? "unknown" : packageVersion(parent);
}
