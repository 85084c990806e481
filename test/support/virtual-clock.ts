// A clock that only moves when somebody sleeps on it, then at once: two minutes of patience cost nothing, and a seed
// makes chance repeatable. Sleepers beside one another add up.
import type { Clock } from "../../provider/client";

export class VirtualClock implements Clock {
  /** Every pause so far, milliseconds. */
  readonly slept: number[] = [];

  constructor(
    private time = Date.parse("2025-05-15T13:07:24.250Z"),
    private seed = 1,
  ) {}

  readonly now = (): number => this.time;

  readonly sleep = (ms: number): Promise<void> => {
    this.slept.push(ms);
    this.advance(ms);
    return Promise.resolve();
  };

  /** Repeatable, in [0, 1). */
  readonly random = (): number => {
    this.seed = (Math.imul(this.seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.seed / 2 ** 32;
  };

  advance(ms: number): void {
    this.time += ms;
  }
}
