// The version of this package, from its package.json: two folders further up in the build than in the sources.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export function version(folder = __dirname): string {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return version(dirname(folder));
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
