// The appliance's clock: the time of its source, plus the skew that a test sets.
import { quantity } from "../checks";

/** 100 years: a longer skew leaves the range of the appliance's times. */
const maxSkew = 3_155_760_000_000;

/** The appliance's clock, in milliseconds since the epoch: the time of its source, plus `skew`. */
export class ApplianceClock {
  #skew = 0;
  readonly #source: () => number;

  constructor(source: () => number) {
    this.#source = source;
  }

  /** How far the clock is ahead of its source, in milliseconds (negative: behind). The way to move the emulator's time. */
  get skew(): number {
    return this.#skew;
  }

  /** Throws a RangeError if this is not a number of at most 100 years. */
  set skew(milliseconds: number) {
    quantity("milliseconds", -maxSkew, maxSkew)("skew", milliseconds);
    this.#skew = milliseconds;
  }

  /** The time of the source alone. */
  source(): number {
    const now = this.#source();
    if (Number.isFinite(now)) return now;
    throw new RangeError(`the emulator's clock must return milliseconds since the epoch, but it returned ${now}`);
  }

  /** The appliance's time. */
  now(): number {
    return this.source() + this.#skew;
  }
}
