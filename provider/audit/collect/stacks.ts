// Where states come from: the Pulumi CLI, a file, or standard input. Knows processes and files, and nothing of what a
// state says. The API key is not handed to the CLI.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { printable } from "../../client";
import { readState, type StackState } from "./stack-state";

export interface StateSources {
  /** Names for `pulumi stack export --stack`. */
  readonly stacks: readonly string[];
  /** All that `pulumi stack ls --all` names. */
  readonly allStacks: boolean;
  /** Paths of exports; `-` is standard input. */
  readonly files: readonly string[];
  /** Where the CLI runs. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadableStream;
}

/** One source, and its state or why there is none. */
export type LoadedState = { readonly source: string } & ({ readonly state: StackState } | { readonly problem: string });

/** Every state that was asked for; what cannot be read is told in its place, never thrown. */
export async function loadStates(sources: StateSources): Promise<LoadedState[]> {
  const listed = sources.allStacks ? await listStacks(sources) : [];
  const named = [...sources.stacks, ...listed.flatMap((stack) => (typeof stack === "string" ? [stack] : []))];
  const failed = listed.filter((stack) => typeof stack !== "string");
  const loaded: LoadedState[] = [...failed];
  // One after the other: each export holds a whole state.
  for (const name of new Set(named)) loaded.push(await exported(name, sources));
  for (const file of new Set(sources.files)) loaded.push(await fromFile(file, sources.stdin));
  return loaded;
}

async function listStacks(sources: StateSources): Promise<(string | LoadedState)[]> {
  const source = "all stacks of the backend";
  const { text, problem } = await pulumi(["stack", "ls", "--all", "--json"], sources);
  if (problem !== undefined) return [{ source, problem }];
  try {
    const stacks = JSON.parse(text) as { name: string }[];
    return stacks.map(({ name }) => name);
  } catch {
    return [{ source, problem: "`pulumi stack ls` answered something that is not a list of stacks" }];
  }
}

async function exported(name: string, sources: StateSources): Promise<LoadedState> {
  const source = printable(name, 200);
  const { text, problem } = await pulumi(["stack", "export", "--stack", name], sources);
  return problem === undefined ? asState(source, text) : { source, problem };
}

async function fromFile(file: string, stdin: NodeJS.ReadableStream): Promise<LoadedState> {
  const source = file === "-" ? "standard input" : printable(file, 200);
  try {
    return asState(source, file === "-" ? await all(stdin) : await readFile(file, "utf8"));
  } catch (error) {
    return { source, problem: `the file cannot be read (${(error as NodeJS.ErrnoException).code ?? "unreadable"})` };
  }
}

function asState(source: string, text: string): LoadedState {
  const state = readState(text);
  return state === undefined
    ? { source, problem: "this is not the JSON that `pulumi stack export` prints" }
    : { source, state };
}

interface Answer {
  readonly text: string;
  readonly problem?: string;
}

function pulumi(args: readonly string[], { folder, environment }: StateSources): Promise<Answer> {
  const { FUDO_API_KEY: _key, ...env } = environment;
  return new Promise((resolve) => {
    const child = spawn("pulumi", [...args, "--non-interactive", "--color=never"], {
      cwd: folder,
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: Buffer[] = [];
    let complaint = "";
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (complaint += chunk));
    child.on("error", ({ code }: NodeJS.ErrnoException) => {
      const advice =
        code === "ENOENT"
          ? "there is no `pulumi` on PATH, or no such folder; use --state with an export instead"
          : `\`pulumi\` does not start (${code ?? "?"})`;
      resolve({ text: "", problem: advice });
    });
    child.on("close", (code) => {
      const text = Buffer.concat(output).toString("utf8");
      resolve(
        code === 0
          ? { text }
          : {
              text: "",
              problem: `\`pulumi ${args.slice(0, 2).join(" ")}\` ended with ${code ?? "a signal"}: ${printable(complaint)}`,
            },
      );
    });
  });
}

async function all(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString("utf8");
}
