// Where everything is measured: one folder in which all contenders are installed from their tarballs, side by side, and
// below it a folder for each stack.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contenders } from "./candidates";
import { atEnd } from "./ending";

export interface Place {
  readonly folder: string;
  /** A file of an installed package. */
  installed(...path: string[]): string;
  /** A fresh folder for one stack: `project`, `state` and `home` are in it. */
  stackFolder(): string;
}

const root = join(__dirname, "..");

/** Packs and installs all contenders; gone when this process ends. */
export function preparePlace(): Place {
  const parent = join(root, ".engine", "bench");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "place-"));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const packed = contenders.map(({ package: name, source }) => [name, `file:./${pack(source, folder)}`]);
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
