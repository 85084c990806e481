// The emulator compiled as in the package, for tests that run it in a process of its own.
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
