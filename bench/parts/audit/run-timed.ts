// Runs a Node.js script as a separate process, and measures its time and peak memory.
import { spawn } from "node:child_process";
import { once } from "node:events";

export interface Timed {
  readonly code: number;
  readonly ms: number;
  readonly peakBytes: number;
  readonly output: string;
}

const printPeakMemory =
  'data:text/javascript,process.on("exit",()=>console.error("peak",process.resourceUsage().maxRSS))';

/** Runs `node ARGUMENTS`; `output` is standard output and standard error. */
export async function runTimed(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Timed> {
  const begun = performance.now();
  const child = spawn("node", ["--import", printPeakMemory, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [code] = (await once(child, "close")) as [number];
  const [, kilobytes = "NaN"] = /^peak (\d+)$/m.exec(output) ?? [];
  return { code, ms: Math.round(performance.now() - begun), peakBytes: Number(kilobytes) * 1024, output };
}
