// Runs the `pulumi` command and knows its family of processes, so that a test can kill any of them. It must not know
// stacks, programs or this product.
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
export interface Relative {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** A command on its way. */
export interface Running {
  readonly pid: number;
  /** Never rejects. */
  readonly done: Promise<Outcome>;
  /** Everything below the command now, parents before children. */
  family(): Relative[];
  /** The Node process that runs the dynamic provider (not the shell above it), as soon as there is one. */
  provider(): Promise<Relative>;
  /** SIGKILL of the CLI alone. Language host, shell and provider outlive it, as they do for users, until `end`. */
  killEngine(): void;
  /** SIGKILL of the provider process alone, as soon as there is one. */
  killProvider(): Promise<void>;
  /** Ctrl-C, as the terminal would send it. */
  interrupt(): void;
  /** A signal to the command alone, or to every process of its family, children first. */
  signal(name: NodeJS.Signals, to: "pulumi" | "all"): void;
  /** Waits until the provider process has ended by itself. Rejects after `timeoutMs`. */
  providerEnded(timeoutMs: number): Promise<void>;
  /** Kills the command and whatever it has left behind, by process ID. */
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
  let known: Relative[] = [];
  const family = () => (known = descendants(pid, known));
  const end = () => [...family(), { pid }].forEach((one) => kill(one.pid));
  const timer = setTimeout(end, timeoutMs);
  const done = outcome(child).finally(() => clearTimeout(timer));
  const provider = () => appearing(() => family().find(isProvider), done);
  return {
    pid,
    done,
    family,
    provider,
    killEngine: () => (family(), child.kill("SIGKILL")),
    killProvider: async () => kill((await provider()).pid),
    interrupt: () => child.kill("SIGINT"),
    signal: (name, to) => {
      const others = to === "all" ? family().reverse() : [];
      [...others, { pid }].forEach((one) => kill(one.pid, name));
    },
    providerEnded: (timeoutMs) => disappearing(() => family().find(isProvider), timeoutMs),
    end,
  };
}

function outcome(child: ChildProcess): Promise<Outcome> {
  const begun = performance.now();
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
    ms: Math.round(performance.now() - begun),
  });
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ ...ended(-1, null), all: error.message }));
    child.on("close", (code, signal) => resolve(ended(code, signal)));
  });
}

// The shell above it runs a `node -e` first, to find the script; that one names it in another form.
const isProvider = ({ command }: Relative) => /^\S*node \S*dynamic-provider\S* /.test(command);

// Engine: when the CLI dies its children go to process 1, so what was seen below it once stays in the family.
function descendants(root: number, known: readonly Relative[]): Relative[] {
  const everything = listProcesses();
  const family = new Map<number, Relative>();
  for (const before of known) {
    if (everything.some(({ pid, command }) => pid === before.pid && command === before.command))
      family.set(before.pid, before);
  }
  for (let size = -1; size !== family.size;) {
    size = family.size;
    for (const one of everything) if (one.parent === root || family.has(one.parent)) family.set(one.pid, one);
  }
  return [...family.values()];
}

function listProcesses(): Relative[] {
  const lines = execFileSync("ps", ["-axo", "pid=,ppid=,stat=,args="], { encoding: "utf8", maxBuffer: 1 << 24 }).split(
    "\n",
  );
  return lines.flatMap((line) => {
    // A zombie (Z) has ended; nobody has asked for its exit code yet.
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+[^Z\s]\S*\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

async function appearing<T>(look: () => T | undefined, over: Promise<Outcome>): Promise<T> {
  let ended: Outcome | undefined;
  void over.then((outcome) => (ended = outcome));
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (ended) throw new Error(`the command ended with ${ended.code} before there was a provider:\n${ended.all}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function disappearing(look: () => Relative | undefined, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (look() !== undefined) {
    if (Date.now() > deadline) throw new Error(`the provider process still runs after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
