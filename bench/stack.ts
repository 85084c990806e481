// A stack of one contender, and the engine's commands on it, timed. It must not know who is compared with whom.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startPulumi, type Running } from "../test/support/engine-command";
import { environmentOf } from "../test/support/engine-workspace";
import type { Appliance } from "./appliance";
import type { Contender } from "./candidates";
import { atEnd } from "./ending";
import type { Place } from "./workspace";

/** The commands that users wait for; `again` is an `up` that changes nothing. */
export const verbs = ["up", "again", "preview", "refresh", "destroy"] as const;
export type Verb = (typeof verbs)[number];

export interface Timed {
  readonly ms: number;
  /** CPU time of the command and all its processes in milliseconds, where the system tells (Linux). */
  readonly cpu?: number;
}

/** One entry of a deployment. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly [name: string]: unknown;
}

export interface Stack {
  readonly folder: string;
  /** Writes the program anew. */
  declare(shares: number): void;
  /** Throws where the command fails, or where one that must change nothing does. */
  run(verb: Verb): Promise<Timed>;
  /** The same command, to be watched while it runs. */
  start(verb: Verb): Running;
  /** The resources in the state; secrets in the clear where asked for. */
  resources(showSecrets?: boolean): Promise<readonly Resource[]>;
  /** Replaces the resources in the state. */
  import(resources: readonly Resource[]): Promise<void>;
  close(): void;
}

const flags = ["--parallel", "8", "--yes", "--skip-preview"];
const commands: Readonly<Record<Verb, readonly string[]>> = {
  up: ["up", ...flags],
  again: ["up", ...flags, "--expect-no-changes"],
  preview: ["preview", "--parallel", "8", "--expect-no-changes"],
  refresh: ["refresh", ...flags, "--expect-no-changes"],
  destroy: ["destroy", ...flags],
};
const timeoutMs = 3_600_000;

/** A project with the contender's program, and an empty stack that is configured for the appliance. */
export async function openStack(place: Place, contender: Contender, appliance: Appliance): Promise<Stack> {
  const folder = place.stackFolder();
  const project = join(folder, "project");
  const env = environmentOf(folder);
  const start = (args: readonly string[], input?: string) =>
    startPulumi([...args, "--non-interactive", "--color=never"], { cwd: project, env, input, timeoutMs });
  const pulumi = async (args: readonly string[], input?: string) => {
    const { code, all, stdout, ms } = await start(args, input).done;
    if (code !== 0)
      throw new Error(`${contender.name}: pulumi ${args.join(" ")} ended with ${code}:\n${all.slice(-4000)}`);
    return { stdout, ms };
  };
  const write = (name: string, value: unknown) =>
    writeFileSync(join(project, name), typeof value === "string" ? value : JSON.stringify(value));
  const exported = async (more: readonly string[] = []) =>
    JSON.parse((await pulumi(["stack", "export", ...more])).stdout) as {
      deployment: { resources: readonly Resource[] };
    };
  // JSON is YAML.
  write("Pulumi.yaml", { name: "bench", runtime: { name: "nodejs", options: { typescript: false } } });
  write("package.json", { name: "bench", private: true, main: "index.js" });
  write("sessions.json", appliance.sessions);
  await pulumi(["stack", "init", "dev"]);
  await pulumi(["config", "set", "fudo:url", appliance.url]);
  await pulumi(["config", "set", "--secret", "fudo:apiKey"], appliance.apiKey);
  return {
    folder,
    declare: (shares) => write("index.js", contender.program(shares)),
    run: async (verb) => {
      const before = childrenCpu();
      const { ms } = await pulumi(commands[verb]);
      return { ms, ...(before !== undefined && { cpu: (childrenCpu() ?? NaN) - before }) };
    },
    start: (verb) => start(commands[verb]),
    resources: async (showSecrets = false) =>
      (await exported(showSecrets ? ["--show-secrets"] : [])).deployment.resources,
    import: async (resources) => {
      const all = await exported();
      write("state.json", { ...all, deployment: { ...all.deployment, resources } });
      await pulumi(["stack", "import", "--file", "state.json"]);
    },
    close: atEnd(() => rmSync(folder, { recursive: true, force: true })),
  };
}

/** CPU time of all children of this process that have ended and were waited for, with theirs. */
function childrenCpu(): number | undefined {
  if (process.platform !== "linux") return undefined;
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ") ?? [];
  // Fields 16 and 17 of proc(5), in ticks of 10 ms; the first two went with the name.
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
