// Runs `fudo-audit doctor --test-share` against an emulator, with a clock that skips every pause, and reads its profile.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { run } from "../../provider/audit/run";
import type { ApplianceProfile, Emulator } from "../../provider/emulator";
import { Random } from "../../provider/emulator/random";
import type { Clock } from "../../provider/time/clock";

/** Time that stands still, except that a pause moves it: a minute of waiting takes no time. */
export class SkippingClock implements Clock {
  readonly random: () => number;

  constructor(
    private time: number,
    seed: string | number,
  ) {
    const random = new Random(seed);
    this.random = () => random.next();
  }

  readonly now = (): number => this.time;

  readonly sleep = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    await nextTurn();
    signal?.throwIfAborted();
    this.time += Math.ceil(milliseconds);
  };
}

export interface DoctorRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The text of the profile; undefined if doctor wrote none. */
  readonly text: string | undefined;
}

/** Runs doctor on the session, with a test share or with GET requests only. */
export async function runDoctor(
  emulator: Emulator,
  clock: Clock,
  session: string,
  how: "test share" | "GET only" = "test share",
): Promise<DoctorRun> {
  const folder = mkdtempSync(join(tmpdir(), "fudo-doctor-"));
  const file = join(folder, "profile.json");
  const out = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({ write: (text: string) => (out[name] += text), isTTY: false });
  try {
    const share = how === "test share" ? ["--test-share", "--yes"] : [];
    const code = await run(["doctor", "--session", session, ...share, "-o", `json=${file}`], {
      environment: { FUDO_URL: emulator.url, FUDO_API_KEY: emulator.apiKey },
      stdin: Readable.from([]),
      stdout: stream("stdout"),
      stderr: stream("stderr"),
      clock,
    });
    return { code, ...out, text: textIn(file) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The profile that doctor wrote. */
export function profileIn({ text, stdout, stderr }: DoctorRun): ApplianceProfile {
  if (text === undefined) throw new Error(`doctor wrote no profile: ${stdout}${stderr}`);
  return JSON.parse(text) as ApplianceProfile;
}

function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
