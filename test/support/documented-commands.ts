// The shell commands that a page of the documentation shows, and a shell that runs them as they stand.
import { execFile } from "node:child_process";
import { textOf } from "./repository";

/** The n-th shell block of the section whose heading starts with this text. Throws if there is none. */
export function documentedCommands(page: string, heading: string, index = 0): string {
  const section = textOf(page)
    .split(/^##+ /m)
    .find((text) => text.startsWith(heading));
  const block = [...(section ?? "").matchAll(/^```sh\n([^`]*)```/gm)][index]?.[1];
  if (block === undefined) throw new Error(`${page} has no shell block ${index} under "${heading}"`);
  return block;
}

/** Runs the commands until one fails. `output` is stdout and stderr. */
export function runShell(
  script: string,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) =>
    execFile("sh", ["-ec", script], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` }),
    ),
  );
}
