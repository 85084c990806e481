// A clock on which every sleep ends at once, so that two minutes of retries take no time. A seed makes random numbers
// repeatable. Parallel sleeps add up.
import type { Clock } from "../../provider/time/clock";
import { Random } from "../../provider/emulator/random";

export class VirtualClock implements Clock {
  /** Every sleep so far, in milliseconds. */
  readonly slept: number[] = [];
  readonly random: () => number;
  private skipped = 0;

  /** Stands still at `start` between sleeps, or advances with the function given instead. */
  constructor(
    private readonly start: number | (() => number) = Date.parse("2025-05-15T13:07:24.250Z"),
    seed: string | number = 1,
  ) {
    this.random = seededRandom(seed);
  }

  readonly now = (): number => (typeof this.start === "number" ? this.start : this.start()) + this.skipped;

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted) return Promise.reject(new Error("aborted"));
    this.slept.push(ms);
    this.advance(ms);
    return Promise.resolve();
  };

  /** The same time with other random numbers, for another process on the same machine. */
  shared(seed: string | number): Clock {
    return { now: this.now, sleep: this.sleep, random: seededRandom(seed) };
  }

  advance(ms: number): void {
    this.skipped += ms;
  }

  /** Returns to the start. */
  reset(): void {
    this.skipped = 0;
    this.slept.length = 0;
  }
}

function seededRandom(seed: string | number): () => number {
  const random = new Random(seed);
  return () => random.next();
}
