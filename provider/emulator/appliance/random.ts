// Repeatable chance: the same seed gives the same keys, faults and shuffles. Not for anything that must be hard to guess.

const keyLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A stream of draws from a seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: string | number) {
    this.#state = hash(String(seed));
  }

  /** At least 0, below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, at least 0, below the bound. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** One of the list, which must not be empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** The same entries in another order. */
  shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.below(rest.length), 1)[0] as T);
  }

  /** Letters and digits, as the appliance's keys are made of. */
  key(length = 64): string {
    return Array.from({ length }, () => keyLetters[this.below(keyLetters.length)]).join("");
  }
}

/** FNV-1a, 32 bits, stirred so that near texts part ways. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  return state ^ (state >>> 13);
}
