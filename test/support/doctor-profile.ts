// Runs `fudo-audit doctor --test-share` against an emulator, with a clock that skips every pause, and reads its profile.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ApplianceProfile, Emulator } from "../../provider/emulator";
import { Random } from "../../provider/emulator/random";
import type { Clock } from "../../provider/time/clock";
import { runDoctor as runCommand, type DoctorRun } from "./doctor";

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

/** Runs doctor on the session, with a test share or with GET requests only. */
export function runDoctor(
  emulator: Emulator,
  time: Clock,
  session: string,
  how: "test share" | "GET only" = "test share",
): Promise<DoctorRun> {
  const share = how === "test share" ? ["--test-share", "--yes"] : [];
  return runCommand(emulator, { time, args: ["--session", session, ...share] });
}

/** The profile that doctor wrote. */
export function profileIn({ profile, stdout, stderr }: DoctorRun): ApplianceProfile {
  if (profile === undefined) throw new Error(`doctor wrote no profile: ${stdout}${stderr}`);
  return JSON.parse(profile) as ApplianceProfile;
}
