// The emulator compiled as in the package, for tests that run it in a process of its own.
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { transformSync } from "@swc/core";

const source = join(__dirname, "../../../provider/emulator");

/** Compiles the emulator into a temporary folder. `remove` deletes the folder. */
export function compileEmulator(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "fudo-emulator-"));
  const files = readdirSync(source, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".ts"))) {
    const { code } = transformSync(readFileSync(join(source, file), "utf8"), {
      jsc: { target: "es2023", parser: { syntax: "typescript" } },
      module: { type: "commonjs" },
    });
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file.replace(/ts$/, "js")), code);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/**
 * Compiles the emulator before the tests of a file, or of a `describe`. After them, ends the processes passed to `endLater`
 * and deletes the folder. `pathOf` is the path of a compiled file.
 */
export function compiledSuite(): { pathOf(file: string): string; endLater(child: ChildProcess): void } {
  let compiled: ReturnType<typeof compileEmulator>;
  const running: ChildProcess[] = [];
  beforeAll(() => (compiled = compileEmulator()));
  afterAll(() => {
    for (const child of running) child.kill("SIGKILL");
    compiled.remove();
  });
  return { pathOf: (file) => join(compiled.folder, file), endLater: (child) => void running.push(child) };
}
