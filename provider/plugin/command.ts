// The process `pulumi-resource-fudo`, as the engine starts it. An old Node.js can parse this file, so that it prints a
// sentence and not a SyntaxError: it loads the rest only on a supported version.
import type * as Server from "./server";

/** One sentence that says why this version of Node.js is not supported; undefined if it is supported. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return undefined;
  return `pulumi-resource-fudo requires Node.js 22.19 or newer, but this is Node.js ${version}. Put a newer \`node\` first on PATH.`;
}

function fail(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

function start(): void {
  const problem = nodeProblem(process.versions.node);
  if (problem !== undefined) return fail(problem);
  // Engine: the first argument that is no option is the address of the engine's service.
  const engineAddress = process.argv.slice(2).find((argument) => argument.charAt(0) !== "-");
  (require("./server") as typeof Server).serve(engineAddress).then(
    // Engine: it reads the port from the first line of standard output.
    (port) => process.stdout.write(`${port}\n`),
    (error) =>
      fail(`pulumi-resource-fudo cannot listen on a port of this machine: ${String((error as Error).message)}`),
  );
}

if (require.main === module) start();
