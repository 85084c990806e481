// The real Pulumi engine for tests: a project, a stack with local state, its commands, and a record of everything that the
// engine wrote. Knows nothing of shares.
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { startPulumi, type Outcome, type Running } from "./engine-command";
import { environmentOf, makeWorkspace, type Modules } from "./engine-workspace";

export type { Outcome, ProcessInfo, Running } from "./engine-command";
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

/** The options of a test's stack. */
export interface StackOptions {
  /** Source of `index.js`, or of `index.ts` when `typescript` is set (slower: the language host type-checks). */
  readonly program: string;
  readonly typescript?: boolean;
  /** Default "linked". */
  readonly modules?: Modules;
  /** The stack configuration. A key without a colon belongs to the project. */
  readonly config?: Record<string, string>;
  /** Set through stdin, as the README recommends. The values are canaries. */
  readonly secretConfig?: Record<string, string>;
  readonly env?: Record<string, string | undefined>;
  /** Credentials that nothing may have written in the clear. Called when the test has ended. */
  readonly canaries?: () => readonly string[];
  /** For a program that throws on purpose: its stack trace then does not fail the test. */
  readonly mayShowStackTraces?: boolean;
}

/** The options of one command. */
export interface CommandOptions {
  readonly env?: Record<string, string | undefined>;
  readonly input?: string;
  /** Default: 100 seconds. Then the command is killed, and its code is -1. */
  readonly timeoutMs?: number;
  /** False for output that shows credentials on purpose: it is not recorded. */
  readonly record?: boolean;
}

const open = new Set<Stack>();

/** Closes the stacks that a test has left open. test/support/jest-engine.ts calls it after each test file. */
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
  const stack = new Stack(makeWorkspace(options.modules ?? "linked"), options);
  open.add(stack);
  requireSuccess(await stack.pulumi(["stack", "init", "dev"]));
  for (const [key, value] of Object.entries(options.secretConfig ?? {}))
    await stack.setConfig(key, value, { secret: true });
  return stack;
}

/** A stack called `dev` of a project called `project`, in a folder that no other stack uses. */
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

  /** Starts any command and does not wait for it. */
  start(args: readonly string[], { env, input, timeoutMs = 100_000, record = true }: CommandOptions = {}): Running {
    const environment = environmentOf(this.folder, { ...this.#options.env, ...env });
    const command = startPulumi([...args, "--non-interactive", "--color=never"], {
      cwd: this.#project,
      env: environment,
      input,
      timeoutMs,
    });
    const log = join(this.folder, "output", `${this.#commands.push(command)}.log`);
    const writeLog = ({ all }: Outcome) => record && writeFileSync(log, `$ pulumi ${args.join(" ")}\n${all}\n`);
    return { ...command, done: command.done.then((outcome) => (writeLog(outcome), outcome)) };
  }

  /** Runs any command. Never throws. */
  pulumi(args: readonly string[], options?: CommandOptions): Promise<Outcome> {
    return this.start(args, options).done;
  }

  /** Runs without the CLI's own preview, like refresh and destroy. Call `preview` where it matters. */
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

  /** The state. Throws if there is no such stack. */
  async export(): Promise<Deployment> {
    const { stdout } = requireSuccess(await this.pulumi(["stack", "export"]));
    const { deployment } = JSON.parse(stdout) as { deployment: Partial<Deployment> };
    return { resources: deployment.resources ?? [], pending_operations: deployment.pending_operations ?? [] };
  }

  /** The stack's outputs. With `showSecrets`, secrets are in the clear and the command is not recorded. */
  async outputs(showSecrets = false): Promise<Record<string, unknown>> {
    const shown = showSecrets ? ["--show-secrets"] : [];
    const { stdout } = requireSuccess(
      await this.pulumi(["stack", "output", "--json", ...shown], { record: !showSecrets }),
    );
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** Sets a value through stdin. A secret value is a canary from now on. */
  async setConfig(key: string, value: string, { secret = false }: { readonly secret?: boolean } = {}): Promise<void> {
    if (secret) this.#secrets.push(value);
    requireSuccess(await this.pulumi(["config", "set", secret ? "--secret" : "--plaintext", key], { input: value }));
  }

  writeProgram(source: string): void {
    writeFileSync(join(this.#project, this.#program), source);
  }

  /** The files written by the engine that contain one of the texts: `state/…/dev.json: 3 times`. Never the text itself. */
  occurrences(texts: readonly string[]): string[] {
    return search(this.folder, texts);
  }

  /** Ends the processes that are left, searches for canaries and stack traces (throws if there are any), removes the folder. */
  close(): void {
    open.delete(this);
    for (const command of this.#commands) command.end();
    const { canaries, mayShowStackTraces = false } = this.#options;
    const leaks = this.occurrences([...this.#secrets, ...(canaries?.() ?? [])]).map(
      (file) => `a credential is in the clear in ${file}`,
    );
    // Engine: the depth of a trace's indent varies, and each line may follow the resource's name.
    const traces = (mayShowStackTraces ? [] : this.occurrences(["    at "])).map(
      (file) => `a stack trace is in ${file}`,
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

// Not `recursive: true`: Node 22 and later follow the link to node_modules and would read the whole checkout each time.
function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : entry.isFile() ? [path] : [];
  });
}

function requireSuccess(outcome: Outcome): Outcome {
  if (outcome.code !== 0) throw new Error(`pulumi ended with ${outcome.code}:\n${outcome.all}`);
  return outcome;
}
