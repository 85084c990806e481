// Runs a project of examples/testing as a user does: a copy of it, the packed package, and commands such as `npm test`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { environmentOf, makeWorkspace } from "./engine-workspace";
import { root } from "./repository";

export interface TestingExample {
  /** Runs a command in the project. `output`: stdout and stderr without colours. */
  run(
    command: string,
    args: readonly string[],
    env?: Record<string, string>,
  ): Promise<{ code: number; output: string }>;
  remove(): void;
}

export function testingExample(name: string): TestingExample {
  const workspace = makeWorkspace("npm-testing");
  const cwd = join(workspace, "project");
  cpSync(join(root, "examples", "testing", name), cwd, { recursive: true });
  return {
    run: async (command, args, env) => {
      const child = spawn(command, args, {
        cwd,
        env: environmentOf(workspace, env),
        stdio: ["ignore", "pipe", "pipe"],
      });
      let text = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += String(chunk)));
      const [code] = (await once(child, "close")) as [number];
      return { code, output: stripVTControlCharacters(text) };
    },
    remove: () => rmSync(workspace, { recursive: true, force: true }),
  };
}
