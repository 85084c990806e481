// Runs one command of the Pulumi CLI and returns its JSON. The CLI does not get the API key, always ends, and what it prints
// is bounded: the audit must report a stack that it cannot read, and not wait for it.
import { spawn, type ChildProcess } from "node:child_process";
import { statSync } from "node:fs";
import { decodeText, printable } from "../../client";

export interface CliOptions {
  /** The folder where the CLI runs. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Milliseconds for one command. Only tests set it. */
  readonly commandLimit?: number;
}

/** What the command printed as JSON, or one sentence that says why there is none. */
export type CliResult =
  | { readonly json: unknown }
  | {
      readonly problem: string;
      /** The command waited until the limit, as the next one probably would. */
      readonly hangs?: boolean;
    };

/** The largest states take about a minute from a slow backend. A command that takes longer waits for something. */
const defaultCommandLimit = 5 * 60_000;
/** States of 100,000 resources have about this size, and a JavaScript string has at most twice as many characters. */
const maximumOutput = 256 * 1024 * 1024;
/** Of error messages, the first and the last part is enough. */
const maximumErrorPart = 32_768;

/** Runs `pulumi` with these arguments. Never throws. */
export async function pulumi(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const folderProblem = problemOfFolder(options.folder);
  if (folderProblem !== undefined) return { problem: folderProblem };
  const command = `\`pulumi ${args.slice(0, args[0] === "stack" ? 2 : 1).join(" ")}\``;
  const { problem, hangs, stdout, stderr } = await runCommand(args, options);
  if (problem !== undefined) return { problem: `${command} ${problem}${errorText(stderr)}`, hangs };
  try {
    return { json: JSON.parse(decodeText(stdout)) as unknown };
  } catch {
    // The error is dropped: V8 quotes the text in it, and the text may contain keys.
    return { problem: `${command} did not print JSON${firstLine(stdout)}` };
  }
}

function problemOfFolder(folder: string): string | undefined {
  const subject = `the --cwd folder ${printable(folder)}`;
  try {
    const status = statSync(folder, { throwIfNoEntry: false });
    if (status === undefined) return `${subject} does not exist`;
    return status.isDirectory() ? undefined : `${subject} is not a folder`;
  } catch (error) {
    return `${subject} cannot be used (${(error as NodeJS.ErrnoException).code ?? "?"})`;
  }
}

interface Finished {
  /** Why the command failed, after its name. */
  readonly problem?: string;
  readonly hangs: boolean;
  readonly stdout: Buffer;
  readonly stderr: string;
}

function runCommand(args: readonly string[], options: CliOptions): Promise<Finished> {
  const { folder, environment, commandLimit = defaultCommandLimit } = options;
  return new Promise((resolve) => {
    const child = spawn("pulumi", [...args, "--non-interactive", "--color=never"], {
      cwd: folder,
      env: childEnvironment(environment),
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that what the CLI starts ends with it.
      detached: true,
    });
    const release = endWithThisProcess(child);
    const output = collectOutput(child, (problem) => finish(problem));
    const timer = setTimeout(
      () => finish(`did not end within ${commandLimit / 1000} s, so the audit ended it`, true),
      commandLimit,
    );
    const finish = (problem?: string, hangs = false) => {
      clearTimeout(timer);
      release();
      kill(child);
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      resolve({ ...(problem !== undefined && { problem }), hangs, ...output() });
    };
    child.on("error", ({ code = "?" }: NodeJS.ErrnoException) =>
      finish(
        code === "ENOENT"
          ? "cannot run: `pulumi` is not on PATH; use --state with an exported state instead"
          : `cannot run (${code})`,
      ),
    );
    child.on("close", (code, signal) =>
      finish(code === 0 ? undefined : `failed (${code === null ? `ended by ${signal}` : `exit code ${code}`})`),
    );
  });
}

/** Collects what the child prints; calls `onFlood` when it is too much. */
function collectOutput(
  { stdout, stderr }: ReturnType<typeof spawn>,
  onFlood: (problem: string) => void,
): () => Pick<Finished, "stdout" | "stderr"> {
  const chunks: Buffer[] = [];
  let size = 0;
  let first = "";
  let last = "";
  stdout?.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maximumOutput) chunks.push(chunk);
    else onFlood(`printed more than ${maximumOutput / 1024 / 1024} MiB, so the audit ended it`);
  });
  stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    const room = maximumErrorPart - first.length;
    first += chunk.slice(0, room);
    last = (last + chunk.slice(room)).slice(-maximumErrorPart);
  });
  return () => ({ stdout: Buffer.concat(chunks), stderr: first + last });
}

/** The environment without what would change the command: the API key is not the CLI's business. */
function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // Engine: PULUMI_OPTION_<NAME> sets any option of the CLI, also --cwd, and PULUMI_STACK selects another stack.
  const isDropped = (name: string) => /^(FUDO_API_KEY|PULUMI_STACK|PULUMI_OPTION_.*)$/i.test(name);
  const kept = Object.entries(environment).filter(([name]) => !isDropped(name));
  return { ...Object.fromEntries(kept), PULUMI_SKIP_UPDATE_CHECK: "true" };
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** While the child runs, a signal that ends this process ends the child too. Returns the function that stops this. */
function endWithThisProcess(child: ChildProcess): () => void {
  const onExit = () => kill(child);
  const onSignal = (signal: NodeJS.Signals) => {
    kill(child);
    release();
    // Ends this process as the signal does without a handler, unless somebody else handles it.
    process.kill(process.pid, signal);
  };
  const release = () => {
    process.off("exit", onExit);
    for (const signal of signals) process.off(signal, onSignal);
  };
  process.on("exit", onExit);
  for (const signal of signals) process.on(signal, onSignal);
  return release;
}

/** Ends the child and its group at once: the commands only read, so that nothing is left half done. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group has ended.
  }
}

/** The error messages of the CLI first: warnings can come before them. */
function errorText(stderr: string): string {
  const lines = stderr.split(/\r?\n/).filter((line) => line.trim() !== "");
  const first = lines.findIndex((line) => /^error\b/i.test(line));
  const text = first < 0 ? lines : [...lines.slice(first), ...lines.slice(0, first)];
  return text.length === 0 ? "" : `: ${printable(text.join("\n"), 600)}`;
}

/** Quotes the line that is not part of the JSON: the first one, or the last one after JSON. */
function firstLine(stdout: Buffer): string {
  const start = decodeText(stdout.subarray(0, 4096));
  const line = start.split(/\r?\n/).find((text) => text.trim() !== "") ?? "";
  if (line === "") return ": it printed nothing";
  if (!/^\s*[{[]/.test(line)) return `. Its output starts with "${printable(line, 120)}"`;
  const end = stdout.subarray(-4096).toString("utf8").trimEnd().split(/\r?\n/).at(-1) ?? "";
  return `. Its output ends with "${printable(end, 120)}"`;
}
