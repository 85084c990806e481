// The real Pulumi engine for tests: a project, a stack with local state, the commands on it, and a record of everything
// that the engine wrote. It must not know what a share is.
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { startPulumi, type Outcome, type Running } from "./engine-command";
import { environmentOf, makePlace, type Modules } from "./engine-workspace";

export type { Outcome, Relative, Running } from "./engine-command";
export type { Modules } from "./engine-workspace";

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

const open = new Set<Stack>();

/** Closes what a test has left open; test/support/jest-engine.ts calls it after each test file. */
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
  const stack = new Stack(makePlace(options.modules ?? "linked"), options);
  open.add(stack);
  demandSuccess(await stack.pulumi(["stack", "init", "dev"]));
  for (const [key, value] of Object.entries(options.secretConfig ?? {}))
    await stack.setConfig(key, value, { secret: true });
  return stack;
}

/** A stack called `dev` of a project called `project`, alone in its folder. */
export class Stack {
  readonly #options: StackOptions;
  readonly #project: string;
  readonly #program: string;
  readonly #secrets: string[];
  readonly #commands: Running[] = [];

  /** Use `newStack`. `folder` holds `project`, `state` (the backend), `home` (PULUMI_HOME) and `output` (a file for each command). */
  constructor(
    readonly folder: string,
    options: StackOptions,
  ) {
    this.#options = options;
    this.#project = join(folder, "project");
    this.#program = options.typescript === true ? "index.ts" : "index.js";
    this.#secrets = Object.values(options.secretConfig ?? {});
    writeProject(this.#project, options, this.#program);
  }

  /** Any command, without waiting for it. */
  start(args: readonly string[], { env, input, timeoutMs = 100_000, record = true }: CommandOptions = {}): Running {
    const environment = environmentOf(this.folder, { ...this.#options.env, ...env });
    const command = startPulumi([...args, "--non-interactive", "--color=never"], {
      cwd: this.#project,
      env: environment,
      input,
      timeoutMs,
    });
    const log = join(this.folder, "output", `${this.#commands.push(command)}.log`);
    const written = ({ all }: Outcome) => record && writeFileSync(log, `$ pulumi ${args.join(" ")}\n${all}\n`);
    return { ...command, done: command.done.then((outcome) => (written(outcome), outcome)) };
  }

  /** Any command; never throws. */
  pulumi(args: readonly string[], options?: CommandOptions): Promise<Outcome> {
    return this.start(args, options).done;
  }

  /** Without a preview of its own, like refresh and destroy: ask for `preview` where it matters. */
  up(args: readonly string[] = [], options?: CommandOptions): Promise<Outcome> {
    return this.pulumi(["up", "--yes", "--skip-preview", ...args], options);
  }

  preview(args: readonly string[] = [], options?: CommandOptions): Promise<Outcome> {
    return this.pulumi(["preview", ...args], options);
  }

  refresh(args: readonly string[] = [], options?: CommandOptions): Promise<Outcome> {
    return this.pulumi(["refresh", "--yes", "--skip-preview", ...args], options);
  }

  destroy(args: readonly string[] = [], options?: CommandOptions): Promise<Outcome> {
    return this.pulumi(["destroy", "--yes", "--skip-preview", ...args], options);
  }

  /** The state; throws when there is no such stack. */
  async export(): Promise<Deployment> {
    const { stdout } = demandSuccess(await this.pulumi(["stack", "export"]));
    const { deployment } = JSON.parse(stdout) as { deployment: Partial<Deployment> };
    return { resources: deployment.resources ?? [], pending_operations: deployment.pending_operations ?? [] };
  }

  /** The stack's outputs; secrets in the clear when asked for, unrecorded. */
  async outputs(showSecrets = false): Promise<Record<string, unknown>> {
    const shown = showSecrets ? ["--show-secrets"] : [];
    const { stdout } = demandSuccess(
      await this.pulumi(["stack", "output", "--json", ...shown], { record: !showSecrets }),
    );
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** Through stdin; a secret one is a canary from now on. */
  async setConfig(key: string, value: string, { secret = false }: { readonly secret?: boolean } = {}): Promise<void> {
    if (secret) this.#secrets.push(value);
    demandSuccess(await this.pulumi(["config", "set", secret ? "--secret" : "--plaintext", key], { input: value }));
  }

  writeProgram(source: string): void {
    writeFileSync(join(this.#project, this.#program), source);
  }

  /** Where one of the texts stands in anything that the engine wrote: `state/…/dev.json: 3 times`. Never the text itself. */
  findings(texts: readonly string[]): string[] {
    return search(this.folder, texts);
  }

  /** Ends left-over processes, looks for canaries and stack traces (throws when there are any), removes the folder. */
  close(): void {
    open.delete(this);
    for (const command of this.#commands) command.end();
    const { canaries, mayShowStackTraces = false } = this.#options;
    const leaks = this.findings([...this.#secrets, ...(canaries?.() ?? [])]).map(
      (place) => `a credential stands in the clear in ${place}`,
    );
    // Engine: it indents a trace by as much as it likes, and puts each line behind the resource's name, too.
    const traces = (mayShowStackTraces ? [] : this.findings(["    at "])).map(
      (place) => `a stack trace stands in ${place}`,
    );
    if (leaks.length + traces.length > 0) throw new Error([...leaks, ...traces, `(kept: ${this.folder})`].join("\n"));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function writeProject(
  project: string,
  { program, typescript = false, config = {} }: StackOptions,
  programFile: string,
): void {
  const write = (name: string, value: unknown) =>
    writeFileSync(join(project, name), typeof value === "string" ? value : JSON.stringify(value, null, 2));
  // JSON is YAML.
  write("Pulumi.yaml", { name: "project", runtime: { name: "nodejs", options: { typescript } } });
  write("package.json", { name: "project", private: true, main: programFile });
  write(programFile, program);
  const named = Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `project:${key}`, value]);
  if (named.length > 0) write("Pulumi.dev.yaml", { config: Object.fromEntries(named) as Record<string, string> });
  if (typescript)
    write("tsconfig.json", {
      compilerOptions: {
        target: "ES2023",
        module: "node16",
        moduleResolution: "node16",
        strict: true,
        skipLibCheck: true,
      },
    });
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
