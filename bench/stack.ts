// A stack of one candidate, the engine's commands on it with their times, and the resources in its state.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startPulumi, type Running } from "../test/support/engine-command";
import { environmentOf } from "../test/support/engine-workspace";
import type { Appliance } from "./appliance";
import type { Candidate } from "./candidates";
import { onExit } from "./cleanup";
import type { Workspace } from "./workspace";

/** The commands that users wait for; `noop` is an `up` that changes nothing. */
export const commands = ["up", "noop", "preview", "refresh", "destroy"] as const;
export type Command = (typeof commands)[number];

export interface Timed {
  readonly ms: number;
  /** CPU time of the command and all its processes in milliseconds; Linux only. */
  readonly cpu?: number;
}

/** One resource of a deployment. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly [name: string]: unknown;
}

export interface Stack {
  readonly folder: string;
  /** Writes a program with this many shares. */
  declare(shares: number): void;
  /** Throws if the command fails, or if it changes something that it must not change. */
  run(command: Command): Promise<Timed>;
  /** Starts the same command without waiting for it, so that the caller can watch it. */
  start(command: Command): Running;
  /** The resources in the state. `showSecrets` decrypts the secrets. */
  resources(showSecrets?: boolean): Promise<readonly Resource[]>;
  /** Replaces the resources in the state. */
  import(resources: readonly Resource[]): Promise<void>;
  close(): void;
}

const flags = ["--parallel", "8", "--yes", "--skip-preview"];
const argumentsOf: Readonly<Record<Command, readonly string[]>> = {
  up: ["up", ...flags],
  noop: ["up", ...flags, "--expect-no-changes"],
  preview: ["preview", "--parallel", "8", "--expect-no-changes"],
  refresh: ["refresh", ...flags, "--expect-no-changes"],
  destroy: ["destroy", ...flags],
};
const timeoutMs = 3_600_000;

/** Creates a project with the candidate's program, and an empty stack that is configured for the appliance. */
export async function openStack(workspace: Workspace, candidate: Candidate, appliance: Appliance): Promise<Stack> {
  const folder = workspace.stackFolder();
  const project = join(folder, "project");
  const env = environmentOf(folder);
  const start = (args: readonly string[], input?: string) =>
    startPulumi([...args, "--non-interactive", "--color=never"], { cwd: project, env, input, timeoutMs });
  const pulumi = async (args: readonly string[], input?: string) => {
    const { code, all, stdout, ms } = await start(args, input).done;
    if (code !== 0)
      throw new Error(`${candidate.name}: pulumi ${args.join(" ")} exited with code ${code}:\n${all.slice(-4000)}`);
    return { stdout, ms };
  };
  const write = (name: string, value: unknown) =>
    writeFileSync(join(project, name), typeof value === "string" ? value : JSON.stringify(value));
  const exported = async (more: readonly string[] = []) =>
    JSON.parse((await pulumi(["stack", "export", ...more])).stdout) as {
      deployment: { resources: readonly Resource[] };
    };
  // JSON is valid YAML.
  write("Pulumi.yaml", {
    name: "bench",
    runtime: { name: "nodejs", options: { typescript: false } },
    ...candidate.project,
  });
  write("package.json", { name: "bench", private: true, main: "index.js" });
  write("sessions.json", appliance.sessions);
  await pulumi(["stack", "init", "dev"]);
  await pulumi(["config", "set", "fudo:url", appliance.url]);
  await pulumi(["config", "set", "--secret", "fudo:apiKey"], appliance.apiKey);
  return {
    folder,
    declare: (shares) => write("index.js", candidate.program(shares)),
    run: async (command) => {
      const before = childrenCpu();
      const { ms } = await pulumi(argumentsOf[command]);
      return { ms, ...(before !== undefined && { cpu: (childrenCpu() ?? NaN) - before }) };
    },
    start: (command) => start(argumentsOf[command]),
    resources: async (showSecrets = false) =>
      (await exported(showSecrets ? ["--show-secrets"] : [])).deployment.resources,
    import: async (resources) => {
      const all = await exported();
      write("state.json", { ...all, deployment: { ...all.deployment, resources } });
      await pulumi(["stack", "import", "--file", "state.json"]);
    },
    close: onExit(() => rmSync(folder, { recursive: true, force: true })),
  };
}

/** Whether a resource of the state is a share, not the stack or a provider. */
export function isShare({ type }: Resource): boolean {
  return type.endsWith(":SessionShare");
}

// Engine: `stack export --show-secrets` writes a secret in this form, and `stack import` encrypts it.
export function secretValue(text: string): unknown {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(text) };
}

/** CPU time of all ended children of this process, with their own children. */
function childrenCpu(): number | undefined {
  if (process.platform !== "linux") return undefined;
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ") ?? [];
  // Fields 16 and 17 of proc(5), in ticks of 10 ms. Splitting after the name removed the first two fields.
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
