// A clock on which a sleep is over at once: two minutes of patience cost nothing, and a seed makes chance repeatable.
// Sleepers beside one another add up.
import type { Clock } from "../../provider/client";
import { Random } from "../../provider/emulator/appliance/random";

export class VirtualClock implements Clock {
  /** Every pause so far, milliseconds. */
  readonly slept: number[] = [];
  readonly random: () => number;
  private skipped = 0;

  /** Stands still at `start` between sleeps, or runs with the source given instead. */
  constructor(
    private readonly start: number | (() => number) = Date.parse("2025-05-15T13:07:24.250Z"),
    seed: string | number = 1,
  ) {
    this.random = chance(seed);
  }

  readonly now = (): number => (typeof this.start === "number" ? this.start : this.start()) + this.skipped;

  readonly sleep = (ms: number): Promise<void> => {
    this.slept.push(ms);
    this.advance(ms);
    return Promise.resolve();
  };

  /** The same time with a chance of its own: another process on the same machine. */
  shared(seed: string | number): Clock {
    return { now: this.now, sleep: this.sleep, random: chance(seed) };
  }

  advance(ms: number): void {
    this.skipped += ms;
  }

  /** As it was at first. */
  reset(): void {
    this.skipped = 0;
    this.slept.length = 0;
  }
}

function chance(seed: string | number): () => number {
  const random = new Random(seed);
  return () => random.next();
}
