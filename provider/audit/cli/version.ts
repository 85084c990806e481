// The version of this package, read from its package.json.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Searches upwards: the build is two folders deeper than the sources. */
export function version(folder = __dirname): string {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return version(dirname(folder));
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
