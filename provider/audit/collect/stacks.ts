// Loads the states of the stacks: from the Pulumi CLI, a file, or standard input. The CLI does not get the API key.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { printable } from "../../client";
import { readState, type StackState } from "./stack-state";

export interface StateSources {
  /** Names for `pulumi stack export --stack`. */
  readonly stacks: readonly string[];
  /** Load every stack that `pulumi stack ls --all` lists. */
  readonly allStacks: boolean;
  /** Paths of exported states; `-` is standard input. */
  readonly files: readonly string[];
  /** The folder where the CLI runs. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadableStream;
}

/** One source, with its state or the reason why there is none. */
export type LoadedState = { readonly source: string } & ({ readonly state: StackState } | { readonly problem: string });

/** Loads every state. A state that cannot be read becomes a `problem`; nothing is thrown. */
export async function loadStates(sources: StateSources): Promise<LoadedState[]> {
  const listed = sources.allStacks ? await listStacks(sources) : [];
  const named = [...sources.stacks, ...listed.flatMap((stack) => (typeof stack === "string" ? [stack] : []))];
  const failed = listed.filter((stack) => typeof stack !== "string");
  const loaded: LoadedState[] = [...failed];
  // One after the other: each export holds a whole state in memory.
  for (const name of new Set(named)) loaded.push(await exportStack(name, sources));
  for (const file of new Set(sources.files)) loaded.push(await readStateFile(file, sources.stdin));
  return loaded;
}

async function listStacks(sources: StateSources): Promise<(string | LoadedState)[]> {
  const source = "all stacks of the backend";
  const { text, problem } = await pulumi(["stack", "ls", "--all", "--json"], sources);
  if (problem !== undefined) return [{ source, problem }];
  try {
    const stacks = JSON.parse(text) as { name: unknown }[];
    return stacks.map(({ name }) => {
      if (typeof name !== "string") throw new TypeError("a stack without a name");
      return name;
    });
  } catch {
    return [{ source, problem: "`pulumi stack ls` did not print a list of stacks" }];
  }
}

async function exportStack(name: string, sources: StateSources): Promise<LoadedState> {
  const source = printable(name, 200);
  const { text, problem } = await pulumi(["stack", "export", "--stack", name], sources);
  return problem === undefined ? toLoadedState(source, text) : { source, problem };
}

async function readStateFile(file: string, stdin: NodeJS.ReadableStream): Promise<LoadedState> {
  const source = file === "-" ? "standard input" : printable(file, 200);
  try {
    return toLoadedState(source, file === "-" ? await readAll(stdin) : await readFile(file, "utf8"));
  } catch (error) {
    return { source, problem: `cannot read the file (${(error as NodeJS.ErrnoException).code ?? "unreadable"})` };
  }
}

function toLoadedState(source: string, text: string): LoadedState {
  const state = readState(text);
  return state === undefined ? { source, problem: "not the JSON output of `pulumi stack export`" } : { source, state };
}

interface CliOutput {
  readonly text: string;
  /** Why the command failed. */
  readonly problem?: string;
}

/** Enough for an error message, in characters. */
const maxStderr = 65_536;

function pulumi(args: readonly string[], { folder, environment }: StateSources): Promise<CliOutput> {
  const { FUDO_API_KEY: _key, ...env } = environment;
  return new Promise((resolve) => {
    const child = spawn("pulumi", [...args, "--non-interactive", "--color=never"], {
      cwd: folder,
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      if (stderr.length < maxStderr) stderr += chunk;
    });
    child.on("error", ({ code }: NodeJS.ErrnoException) => {
      const problem =
        code === "ENOENT"
          ? "`pulumi` is not on PATH, or the --cwd folder does not exist; use --state with an exported state instead"
          : `cannot start \`pulumi\` (${code ?? "?"})`;
      resolve({ text: "", problem });
    });
    child.on("close", (code) => {
      const reason = code === null ? "stopped by a signal" : `exit code ${code}`;
      const problem = `\`pulumi ${args.slice(0, 2).join(" ")}\` failed (${reason}): ${printable(stderr)}`;
      resolve(code === 0 ? { text: Buffer.concat(stdout).toString("utf8") } : { text: "", problem });
    });
  });
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString("utf8");
}
