// Loads the states of the stacks: from the Pulumi CLI, a file, or standard input.
import { printable } from "../../client";
import { pulumi, type CliOptions } from "./pulumi-cli";
import { readState, type StackState } from "./stack-state";
import { readStateFile, readStateStream } from "./state-file";
import { object } from "./state-json";

export interface StateSources extends CliOptions {
  /** Names for `pulumi stack export --stack`. */
  readonly stacks: readonly string[];
  /** Load every stack that `pulumi stack ls --all` lists. */
  readonly allStacks: boolean;
  /** Paths of exported states; `-` is standard input. */
  readonly files: readonly string[];
  readonly stdin: NodeJS.ReadableStream;
  /** Called before each state with the number of states that are loaded, and how many there are. */
  readonly onState?: (done: number, total: number) => void;
}

/** One source, with its state or the reason why there is none. */
export type LoadedState = {
  /** As the command line or the backend names it. */
  readonly source: string;
  /** The name for `pulumi stack export`; absent for a file and for standard input. */
  readonly exportedAs?: string;
} & ({ readonly state: StackState } | { readonly problem: string; readonly hangs?: boolean });

export interface LoadedStates {
  readonly states: readonly LoadedState[];
  /** The backend was asked for all its stacks and has none. */
  readonly emptyBackend: boolean;
}

const allStacksSource = "all stacks of the backend";

/** Loads every state. A state that cannot be read becomes a `problem`; nothing is thrown. */
export async function loadStates(sources: StateSources): Promise<LoadedStates> {
  const { stacks, allStacks, files, stdin, onState = () => undefined } = sources;
  const listed = allStacks ? await listStacks(sources) : { names: [] };
  const states: LoadedState[] = "problem" in listed ? [{ source: allStacksSource, problem: listed.problem }] : [];
  const names = [...new Set([...stacks, ...("names" in listed ? listed.names : [])])];
  const paths = [...new Set(files)];
  const total = names.length + paths.length;
  // One after the other: each export holds a whole state in memory.
  let hangs = false;
  for (const [index, name] of names.entries()) {
    onState(index, total);
    const loaded: LoadedState = hangs ? notExported(name) : await exportStack(name, sources);
    hangs ||= "problem" in loaded && loaded.hangs === true;
    states.push(loaded);
  }
  for (const [index, file] of paths.entries()) {
    onState(names.length + index, total);
    const source = file === "-" ? "standard input" : printable(file, 200);
    states.push({ source, ...(file === "-" ? await readStateStream(stdin) : readStateFile(file)) });
  }
  return { states, emptyBackend: allStacks && "names" in listed && listed.names.length === 0 };
}

async function listStacks(options: CliOptions): Promise<{ names: string[] } | { problem: string }> {
  const result = await pulumi(["stack", "ls", "--all", "--json"], options);
  if ("problem" in result) return result;
  const names = Array.isArray(result.json) ? result.json.map((stack: unknown) => object(stack)?.["name"]) : undefined;
  if (names?.every((name) => typeof name === "string" && name !== "") === true) return { names: names as string[] };
  return { problem: "`pulumi stack ls` did not print a list of stacks with their names" };
}

/** Reads the state of one stack with the Pulumi CLI. */
export async function exportStack(name: string, options: CliOptions): Promise<LoadedState> {
  const named = { source: printable(name, 200), exportedAs: name };
  const result = await pulumi(["stack", "export", "--stack", name], options);
  if ("problem" in result) return { ...named, ...result };
  const [stack = "", ...before] = name.split("/").reverse();
  // A name of two parts is organization and stack.
  const state = readState(result.json, before.at(-1));
  if (state === undefined) return { ...named, problem: "`pulumi stack export` printed other JSON than a state" };
  const project = before.length === 2 ? before[0] : undefined;
  return { ...named, state: { ...state, problems: [...anotherStack(state, stack, project), ...state.problems] } };
}

/** A backend that does not answer would keep the audit waiting once for each stack. */
function notExported(name: string): LoadedState {
  const problem = "the audit did not export it, because `pulumi stack export` did not end for another stack";
  return { source: printable(name, 200), exportedAs: name, problem };
}

/** The CLI must have exported the stack that the audit asked for. An empty state has no name. */
function anotherStack({ stack: found }: StackState, asked: string, project: string | undefined): string[] {
  if (found === undefined) return [];
  const [stack, foundProject] = found.split("/").reverse();
  if (stack === asked && (project === undefined || foundProject === project)) return [];
  return [
    `\`pulumi stack export\` printed the state of another stack, ${found}. Check the settings of \`pulumi\` in the environment`,
  ];
}

/** The entry for a backend without stacks, when nothing else is in scope: an audit of nothing must not look like a clean one. */
export function emptyBackend(backend: string): LoadedState {
  return { source: allStacksSource, problem: `${backend} holds no stack, and nothing else is in scope` };
}

/** The backend that `pulumi` is logged in to: another one than intended may hold the stacks. */
export async function backendName(options: CliOptions): Promise<string> {
  const result = await pulumi(["whoami", "--verbose", "--json"], options);
  const url = "json" in result ? object(result.json)?.["url"] : undefined;
  return typeof url === "string" ? `the Pulumi backend ${printable(url, 200)}` : "the Pulumi backend";
}
