// Seeded random numbers and keys: the same seed gives the same keys, faults and shuffles. Do not use them for real secrets.
import { createHash } from "node:crypto";

const keyLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Pseudo-random numbers from a seed (mulberry32). */
export class Random {
  readonly #seed: string;
  #state: number;
  #keyCount = 0;

  constructor(seed: string | number) {
    this.#seed = String(seed);
    this.#state = hash(this.#seed);
  }

  /** A number from 0 (included) to 1 (excluded). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to the bound (excluded). */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** One entry of the list; the list must not be empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** A copy of the list in random order. */
  shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.below(rest.length), 1)[0] as T);
  }

  /**
   * A key of 64 letters and digits, like the appliance's keys. Not made of the numbers above: their 32 bits would give two
   * of 100,000 shares the same key.
   */
  key(): string {
    const bytes = createHash("sha512").update(`${this.#seed} key ${++this.#keyCount}`).digest();
    return Array.from(bytes, (byte) => keyLetters[byte % keyLetters.length]).join("");
  }
}

/** FNV-1a (32 bits), with a final mix so that similar seeds give different numbers. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  return state ^ (state >>> 13);
}
