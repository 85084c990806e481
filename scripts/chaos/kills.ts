// Kills runs at random moments, as a crash would: SIGKILL of `pulumi` and at random also of the provider. The next run takes
// over what the killed one has left.
import type { Emulator } from "../../provider/emulator";
import { Random } from "../../provider/emulator/random";
import type { Outcome, Running, Stack } from "../../test/support/engine";
import { afterKill } from "../../test/support/engine-interrupted";

/** A kill comes at most this many milliseconds per share after the first request of the run. */
const timePerShare = 15;
const timeForProvider = 60_000;

export interface KillOptions {
  readonly emulator: Emulator;
  readonly stack: Stack;
  readonly shares: number;
  readonly seed: string;
  /** How many runs are killed at most; then one may go on until it ends. */
  readonly kills: number;
}

export interface KilledOutcome extends Outcome {
  /** What was killed; undefined where the run ended before. */
  readonly killed?: "pulumi" | "pulumi and provider";
}

/** The runs of one program, from the first until one succeeds. */
export class KilledRuns {
  private kills = 0;
  private readonly random: Random;

  constructor(private readonly options: KillOptions) {
    this.random = new Random(`kills ${options.seed}`);
  }

  /** `pulumi up`: with FUDO_RECOVER=true after the first run that was killed or failed, as docs/recovery.md says. */
  async up(isFirst: boolean, timeoutMs: number): Promise<KilledOutcome> {
    const { stack, emulator, shares } = this.options;
    const env = isFirst ? {} : { FUDO_RECOVER: "true" };
    const gate = emulator.hold({ on: "*" });
    const running = stack.start(["up", "--yes", "--skip-preview"], { env, timeoutMs });
    const ended = running.done.then(() => "ended" as const);
    const first = await Promise.race([gate.arrived().then(() => "request" as const), ended]);
    gate.release();
    if (this.kills >= this.options.kills || first === "ended") return running.done;
    const delay = this.random.below(shares * timePerShare);
    const moment = await Promise.race([new Promise((resolve) => setTimeout(resolve, delay)), ended]);
    if (moment === "ended") return running.done;
    return this.kill(running);
  }

  private async kill(running: Running): Promise<KilledOutcome> {
    const both = this.random.next() < 0.5;
    // Looked up first: after the engine's death the provider ends by itself.
    const provider = await running.provider().catch(() => undefined);
    if (provider === undefined) return running.done;
    this.kills += 1;
    running.killEngine();
    if (both) killProcess(provider.pid);
    const outcome = await running.done;
    // A person needs some seconds for `pulumi cancel`. By then no POST of the killed run is on its way.
    await running.providerEnded(timeForProvider);
    await afterKill(this.options.stack);
    return { ...outcome, killed: both ? "pulumi and provider" : "pulumi" };
  }
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
