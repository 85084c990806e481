// Runs `fudo-audit doctor` against an emulator, on a virtual clock that the emulator should share (`clock: time.now`): the
// minute until the test share ends takes no time.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { run } from "../../provider/audit/run";
import type { Emulator } from "../../provider/emulator";
import type { VirtualClock } from "./virtual-clock";

export interface DoctorRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The appliance profile as text; undefined where none was written. */
  readonly profile: string | undefined;
}

export interface DoctorOptions {
  readonly time: VirtualClock;
  /** Arguments after `doctor` instead of a test share on the first session. */
  readonly args?: readonly string[];
  readonly isTTY?: boolean;
  /** What the user types. */
  readonly stdin?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Where the profile goes, instead of a file that is read and removed. */
  readonly output?: string;
}

/** `fudo-audit doctor --session ID --test-share --yes -o json=FILE`. */
export async function runDoctor(emulator: Emulator, options: DoctorOptions): Promise<DoctorRun> {
  const { time, isTTY = false, stdin = "" } = options;
  const { args = ["--session", emulator.sessions[0]!, "--test-share", "--yes"] } = options;
  const folder = mkdtempSync(join(tmpdir(), "fudo-doctor-"));
  const { output: file = join(folder, "profile.json") } = options;
  const out = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({ write: (text: string) => (out[name] += text), isTTY });
  try {
    const code = await run(["doctor", ...args, "-o", `json=${file}`], {
      environment: { FUDO_URL: emulator.url, FUDO_API_KEY: emulator.apiKey, ...options.environment },
      stdin: Object.assign(Readable.from([Buffer.from(stdin)]), { isTTY }),
      stdout: stream("stdout"),
      stderr: stream("stderr"),
      clock: time,
    });
    return { code, ...out, profile: readIfThere(file) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
