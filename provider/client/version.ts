// The folder and the version of this package: for the User-Agent header, and for the files that it ships.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** `unknown` in a program that is bundled. */
export function packageVersion(): string {
  const folder = packageFolder();
  return (folder === undefined ? undefined : manifestIn(folder)?.version) ?? "unknown";
}

/** Searches upwards, because the build is one folder deeper than the sources. Absent in a program that is bundled. */
export function packageFolder(folder = __dirname): string | undefined {
  if (manifestIn(folder)?.name === "pulumi-fudo") return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : packageFolder(parent);
}

function manifestIn(folder: string): { name?: string; version?: string } | undefined {
  const file = join(folder, "package.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { name?: string; version?: string }) : undefined;
}
