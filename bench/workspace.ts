// The folder in which everything is measured: all candidates installed from their tarballs, and one folder per stack.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { candidates, emptyPlugin } from "./candidates";
import { onExit } from "./cleanup";

export interface Workspace {
  readonly folder: string;
  /** The path of a file of an installed package. */
  installed(...path: string[]): string;
  /** Creates a folder for one stack, with `project`, `state` and `home` in it. */
  stackFolder(): string;
}

const root = join(__dirname, "..");

/** Packs and installs all candidates; the folder is removed when this process ends. */
export function prepareWorkspace(): Workspace {
  const parent = join(root, ".engine", "bench");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "workspace-"));
  onExit(() => rmSync(folder, { recursive: true, force: true }));
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const packed = [...candidates, emptyPlugin].map(({ package: name, source }) => [
    name,
    `file:./${pack(source, folder)}`,
  ]);
  const dependencies = { "@pulumi/pulumi": devDependencies["@pulumi/pulumi"], ...Object.fromEntries(packed) };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  npm(["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"], folder);
  return {
    folder,
    installed: (...path) => join(folder, "node_modules", ...path),
    stackFolder: () => {
      const stack = mkdtempSync(join(folder, "stack-"));
      for (const name of ["project", "state", "home"]) mkdirSync(join(stack, name));
      return stack;
    },
  };
}

function pack(source: string, destination: string): string {
  const [packed] = JSON.parse(
    npm(["pack", "--json", "--ignore-scripts", "--pack-destination", destination], source),
  ) as [{ filename: string }];
  return packed.filename;
}

function npm(args: readonly string[], cwd: string): string {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
