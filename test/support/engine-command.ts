// Runs the `pulumi` command and finds the processes below it, so that a test can kill any of them. Knows nothing of stacks,
// programs or this product.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";

/** How a command ended. `code` is -1 when a signal ended it. `all` is stdout and stderr in the order of arrival. */
export interface Outcome {
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly all: string;
  readonly ms: number;
}

/** One process below the engine, as `ps` shows it. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** A running command. */
export interface Running {
  readonly pid: number;
  /** Never rejects. */
  readonly done: Promise<Outcome>;
  /** Everything below the command now, parents before children. */
  descendants(): ProcessInfo[];
  /** The Node process that runs the dynamic provider (not the shell above it) or the plugin, as soon as there is one. */
  provider(): Promise<ProcessInfo>;
  /** SIGKILL of the CLI alone. Language host, shell and provider keep running until `end`, as they do for users. */
  killEngine(): void;
  /** SIGKILL of the provider process alone, as soon as there is one. */
  killProvider(): Promise<void>;
  /** Ctrl-C, as the terminal would send it. */
  interrupt(): void;
  /** A signal to the command alone, or also to every process below it, children first. */
  signal(name: NodeJS.Signals, to: "pulumi" | "all"): void;
  /** Resolves when the provider process has exited without a signal of the test. Rejects after `timeoutMs`. */
  providerEnded(timeoutMs: number): Promise<void>;
  /** Kills the command and every process that it has left behind, by process ID. */
  end(): void;
}

interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string | undefined;
  readonly timeoutMs: number;
}

/** Starts `pulumi` with these arguments. */
export function startPulumi(args: readonly string[], { cwd, env, input, timeoutMs }: CommandOptions): Running {
  const child = spawn("pulumi", args, { cwd, env, stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"] });
  child.stdin?.end(input);
  const pid = child.pid ?? 0;
  let seen: ProcessInfo[] = [];
  const descendants = () => (seen = listDescendants(pid, seen));
  const end = () => [...descendants(), { pid }].forEach((one) => kill(one.pid));
  const timer = setTimeout(end, timeoutMs);
  const done = outcome(child).finally(() => clearTimeout(timer));
  const provider = () => waitUntilFound(() => descendants().find(isProvider), done);
  return {
    pid,
    done,
    descendants,
    provider,
    killEngine: () => (descendants(), child.kill("SIGKILL")),
    killProvider: async () => kill((await provider()).pid),
    interrupt: () => child.kill("SIGINT"),
    signal: (name, to) => {
      const others = to === "all" ? descendants().reverse() : [];
      [...others, { pid }].forEach((one) => kill(one.pid, name));
    },
    providerEnded: (timeoutMs) => waitUntilGone(() => descendants().find(isProvider), timeoutMs),
    end,
  };
}

function outcome(child: ChildProcess): Promise<Outcome> {
  const startedAt = performance.now();
  const text = { stdout: "", stderr: "", all: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (part: string) => {
      text[name] += part;
      text.all += part;
    });
  }
  const ended = (code: number | null, signal: NodeJS.Signals | null) => ({
    ...text,
    code: code ?? -1,
    signal,
    ms: Math.round(performance.now() - startedAt),
  });
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ ...ended(-1, null), all: error.message }));
    child.on("close", (code, signal) => resolve(ended(code, signal)));
  });
}

// The dynamic provider, or the plugin. The shell above the first one runs a `node -e` to find the script. That command line
// names the script in another form.
const isProvider = ({ command }: ProcessInfo) => /^\S*node \S*(dynamic-provider\S*|plugin\/command\.js) /.test(command);

// Engine: when the CLI dies, its children move to process 1. A process that was below it once therefore stays in the result.
function listDescendants(root: number, seen: readonly ProcessInfo[]): ProcessInfo[] {
  const everything = listProcesses();
  const found = new Map<number, ProcessInfo>();
  for (const before of seen) {
    if (everything.some(({ pid, command }) => pid === before.pid && command === before.command))
      found.set(before.pid, before);
  }
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const one of everything) if (one.parent === root || found.has(one.parent)) found.set(one.pid, one);
  }
  return [...found.values()];
}

function listProcesses(): ProcessInfo[] {
  const lines = execFileSync("ps", ["-axo", "pid=,ppid=,stat=,args="], { encoding: "utf8", maxBuffer: 1 << 24 }).split(
    "\n",
  );
  return lines.flatMap((line) => {
    // A zombie (Z) has exited, and its parent has not read the exit code yet.
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+[^Z\s]\S*\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

async function waitUntilFound<T>(find: () => T | undefined, commandDone: Promise<Outcome>): Promise<T> {
  let ended: Outcome | undefined;
  void commandDone.then((outcome) => (ended = outcome));
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (ended) throw new Error(`the command ended with ${ended.code} before a provider process started:\n${ended.all}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function waitUntilGone(find: () => ProcessInfo | undefined, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (find() !== undefined) {
    if (Date.now() > deadline) throw new Error(`the provider process is still running after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has already exited.
  }
}
