// What a person does after a killed run, before the next one: docs/recovery.md, first step.
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "./engine";

/** Unlocks the stack, and repairs its state folder where the kill came in the middle of a write. */
export async function afterKill(stack: Stack): Promise<void> {
  removeEmptyAttributes(join(stack.folder, "state", ".pulumi", "stacks"));
  const { code, all } = await stack.pulumi(["cancel", "--yes"]);
  if (code !== 0) throw new Error(`pulumi cancel ended with ${code}:\n${all}`);
}

// Engine: its file backend writes `NAME.json.attrs` in place. An empty one makes every command fail with "failed to load
// checkpoint: EOF". Without the file the state can be read.
function removeEmptyAttributes(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    if (name.endsWith(".attrs") && statSync(path).size === 0) rmSync(path);
  }
}
