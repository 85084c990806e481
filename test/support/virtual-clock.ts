// A clock that skips every pause: two minutes of retries take no time. Sleepers wake one after the other in the order of their
// wake-up times, as on a real clock, and only when no request is in flight. A seed makes the random numbers repeatable.
import { Random } from "../../provider/emulator/random";
import type { Clock } from "../../provider/time/clock";

interface Sleeper {
  readonly wakeUpTime: number;
  readonly ms: number;
  readonly wake: () => void;
  readonly clock: VirtualClock;
}

/** The time that several clocks share: each stands for one process of the same machine. */
interface SharedTime {
  skipped: number;
  sleepers: Sleeper[];
  /** Every pause that has ended so far, milliseconds. */
  readonly slept: number[];
}

export class VirtualClock implements Clock {
  readonly random: () => number;
  private requestsInFlight = 0;

  /** Stands still at `start` between sleeps, or runs with the given source. */
  constructor(
    private readonly start: number | (() => number) = Date.parse("2025-05-15T13:07:24.250Z"),
    seed: string | number = 1,
    private readonly time: SharedTime = { skipped: 0, sleepers: [], slept: [] },
  ) {
    const random = new Random(seed);
    this.random = () => random.next();
  }

  readonly now = (): number => (typeof this.start === "number" ? this.start : this.start()) + this.time.skipped;

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new Error("aborted"));
      const sleeper = { wakeUpTime: this.now() + ms, ms, wake: resolve, clock: this };
      signal?.addEventListener("abort", () => {
        this.time.sleepers = this.time.sleepers.filter((other) => other !== sleeper);
        reject(new Error("aborted"));
      });
      this.time.sleepers.push(sleeper);
      this.wakeWhenIdle();
    });

  /** Every pause that has ended so far, milliseconds. */
  get slept(): readonly number[] {
    return this.time.slept;
  }

  /** The same time with other random numbers: another process on the same machine. */
  shared(seed: string | number): VirtualClock {
    return new VirtualClock(this.start, seed, this.time);
  }

  advance(ms: number): void {
    this.time.skipped += ms;
  }

  /** Back to the start, for the next test. */
  reset(): void {
    this.time.skipped = 0;
    this.time.slept.length = 0;
  }

  /** While a request of this process is in flight, none of its sleepers wakes: a real clock would hardly move. */
  requestStarted(): void {
    this.requestsInFlight += 1;
  }

  requestEnded(): void {
    this.requestsInFlight -= 1;
    this.wakeWhenIdle();
  }

  private wakeWhenIdle(): void {
    // All promise callbacks that are due run before this.
    setImmediate(() => {
      const sleepers = this.time.sleepers.filter(({ clock }) => clock.requestsInFlight === 0);
      const [next] = sleepers.sort((a, b) => a.wakeUpTime - b.wakeUpTime);
      if (next === undefined) return;
      this.time.sleepers = this.time.sleepers.filter((other) => other !== next);
      this.advance(Math.max(0, next.wakeUpTime - this.now()));
      this.time.slept.push(next.ms);
      next.wake();
      this.wakeWhenIdle();
    });
  }
}
