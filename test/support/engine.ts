// The real Pulumi engine for tests: a project, a stack with local state, the commands on it, and a record of everything
// that the engine wrote. It must not know what a share is.
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { startPulumi, type Outcome, type Running } from "./engine-command";
import { environmentOf, makePlace, type Modules } from "./engine-place";

export type { Outcome, Relative, Running } from "./engine-command";
export type { Modules } from "./engine-place";

/** A resource as `pulumi stack export` shows it; secrets stay encrypted. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly external?: boolean;
  readonly delete?: boolean;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly initErrors?: readonly string[];
}

/** The parsed state of a stack. */
export interface Deployment {
  readonly resources: readonly StateResource[];
  readonly pending_operations: ReadonlyArray<{ readonly resource: StateResource; readonly type: string }>;
}

/** What a test says of its stack. */
export interface StackOptions {
  /** Source of `index.js`, or of `index.ts` when `typescript` is set (slower: the language host type-checks). */
  readonly program: string;
  readonly typescript?: boolean;
  /** Default "linked". */
  readonly modules?: Modules;
  /** Stack configuration: a key without a colon belongs to the project. */
  readonly config?: Record<string, string>;
  /** Entered through stdin, as the README tells users to. The values are canaries. */
  readonly secretConfig?: Record<string, string>;
  readonly env?: Record<string, string | undefined>;
  /** Credentials, asked for when the test has ended, that nothing may have written in the clear. */
  readonly canaries?: () => readonly string[];
  /** For a program that is meant to throw: its own stack trace is no failure then. */
  readonly mayShowStackTraces?: boolean;
}

/** How one command differs from the stack's usual. */
export interface CommandOptions {
  readonly env?: Record<string, string | undefined>;
  readonly input?: string;
  /** Default 100 seconds; then the command is killed and its code is -1. */
  readonly timeoutMs?: number;
  /** False for output that shows credentials on purpose: it is left out of the record. */
  readonly record?: boolean;
}

/** A stack called `dev` of a project called `project`, alone in its folder. */
export interface Stack {
  /** Holds `project`, `state` (the backend), `home` (PULUMI_HOME) and `output` (one file for each command). */
  readonly folder: string;
  /** Any command; never throws. */
  pulumi(args: readonly string[], options?: CommandOptions): Promise<Outcome>;
  /** Any command, without waiting for it. */
  start(args: readonly string[], options?: CommandOptions): Running;
  /** Without a preview of its own, like refresh and destroy: ask for `preview` where it matters. */
  up(args?: readonly string[], options?: CommandOptions): Promise<Outcome>;
  preview(args?: readonly string[], options?: CommandOptions): Promise<Outcome>;
  refresh(args?: readonly string[], options?: CommandOptions): Promise<Outcome>;
  destroy(args?: readonly string[], options?: CommandOptions): Promise<Outcome>;
  export(): Promise<Deployment>;
  /** The stack's outputs; secrets in the clear when asked for, unrecorded. */
  outputs(showSecrets?: boolean): Promise<Record<string, unknown>>;
  setConfig(key: string, value: string, options?: { readonly secret?: boolean }): Promise<void>;
  writeProgram(source: string): void;
  /** Where one of the texts stands in anything the engine wrote: `state/…/dev.json: 3 times`. Never the text itself. */
  findings(texts: readonly string[]): string[];
  /** Ends left-over processes, looks for canaries and stack traces (throws when there are any), removes the folder. */
  close(): void;
}

const open = new Set<Stack>();

/** Closes what a test has left open; test/support/engine-jest.ts calls it after each test file. */
export function closeStacks(): void {
  const failures = [...open].flatMap((stack) => {
    try {
      stack.close();
      return [];
    } catch (error) {
      return [error as Error];
    }
  });
  if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join("\n"));
}

/** Makes a project with that program and an empty stack. */
export async function newStack(options: StackOptions): Promise<Stack> {
  const stack = stackIn(makePlace(options.modules ?? "linked"), options);
  open.add(stack);
  demandSuccess(await stack.pulumi(["stack", "init", "dev"]));
  for (const [key, value] of Object.entries(options.secretConfig ?? {})) await stack.setConfig(key, value, { secret: true });
  return stack;
}

function stackIn(folder: string, options: StackOptions): Stack {
  const project = join(folder, "project");
  const secrets = Object.values(options.secretConfig ?? {});
  const commands: Running[] = [];
  const programFile = options.typescript === true ? "index.ts" : "index.js";
  const start = (args: readonly string[], { env, input, timeoutMs = 100_000, record = true }: CommandOptions = {}) => {
    const environment = environmentOf(folder, { ...options.env, ...env });
    const command = startPulumi([...args, "--non-interactive", "--color=never"], { cwd: project, env: environment, input, timeoutMs });
    const log = join(folder, "output", `${commands.push(command)}.log`);
    const written = ({ all }: Outcome) => record && writeFileSync(log, `$ pulumi ${args.join(" ")}\n${all}\n`);
    return { ...command, done: command.done.then((outcome) => (written(outcome), outcome)) };
  };
  const pulumi = (args: readonly string[], more?: CommandOptions) => start(args, more).done;
  const verb = (name: string, flags: readonly string[]) => (args: readonly string[] = [], more?: CommandOptions) => pulumi([name, ...flags, ...args], more);
  const findings = (texts: readonly string[]) => search(folder, texts);
  const stack: Stack = {
    folder,
    pulumi,
    start,
    up: verb("up", ["--yes", "--skip-preview"]),
    preview: verb("preview", []),
    refresh: verb("refresh", ["--yes", "--skip-preview"]),
    destroy: verb("destroy", ["--yes", "--skip-preview"]),
    export: async () => {
      const { deployment } = JSON.parse(demandSuccess(await pulumi(["stack", "export"])).stdout) as { deployment: Partial<Deployment> };
      return { resources: deployment.resources ?? [], pending_operations: deployment.pending_operations ?? [] };
    },
    outputs: async (showSecrets = false) =>
      JSON.parse(demandSuccess(await pulumi(["stack", "output", "--json", ...(showSecrets ? ["--show-secrets"] : [])], { record: !showSecrets })).stdout) as Record<string, unknown>,
    setConfig: async (key, value, { secret = false } = {}) => {
      if (secret) secrets.push(value);
      demandSuccess(await pulumi(["config", "set", secret ? "--secret" : "--plaintext", key], { input: value }));
    },
    writeProgram: (source) => writeFileSync(join(project, programFile), source),
    findings,
    close: () => {
      open.delete(stack);
      for (const command of commands) command.end();
      const leaks = findings([...secrets, ...(options.canaries?.() ?? [])]).map((place) => `a credential stands in the clear in ${place}`);
      const traces = options.mayShowStackTraces === true ? [] : findings(["\n    at ", "\\n    at "]).map((place) => `a stack trace stands in ${place}`);
      if (leaks.length + traces.length > 0) throw new Error([...leaks, ...traces, `(kept: ${folder})`].join("\n"));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  writeProject(project, options, programFile);
  return stack;
}

function writeProject(project: string, { program, typescript = false, config = {} }: StackOptions, programFile: string): void {
  const write = (name: string, value: unknown) => writeFileSync(join(project, name), typeof value === "string" ? value : JSON.stringify(value, null, 2));
  // JSON is YAML.
  write("Pulumi.yaml", { name: "project", runtime: { name: "nodejs", options: { typescript } } });
  write("package.json", { name: "project", private: true, main: programFile });
  write(programFile, program);
  const named = Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `project:${key}`, value]);
  if (named.length > 0) write("Pulumi.dev.yaml", { config: Object.fromEntries(named) as Record<string, string> });
  if (typescript) write("tsconfig.json", { compilerOptions: { target: "ES2023", module: "node16", moduleResolution: "node16", strict: true, skipLibCheck: true } });
}

function search(folder: string, texts: readonly string[]): string[] {
  return filesIn(folder).flatMap((path) => {
    const content = readFileSync(path, "utf8");
    const times = texts.reduce((sum, text) => sum + content.split(text).length - 1, 0);
    return times === 0 ? [] : [`${relative(folder, path)}: ${times} times`];
  });
}

// Not `recursive: true`: Node 22 and later follow the link to node_modules, and so the whole checkout, again and again.
function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : entry.isFile() ? [path] : [];
  });
}

function demandSuccess(outcome: Outcome): Outcome {
  if (outcome.code !== 0) throw new Error(`pulumi ended with ${outcome.code}:\n${outcome.all}`);
  return outcome;
}
