// Gates stop requests at a known point, so that a test can act in between without sleeping. Knows nothing of HTTP.
import { isMeant, type Aim, type Target } from "./faults/faults";

/** Before the appliance carries a request out, or after, with the answer still unsent. */
export type Point = "before" | "after";

/** A closed gate. */
export class Gate {
  readonly #held: (() => void)[] = [];
  readonly #watchers: { count: number; tell: () => void }[] = [];
  #open = false;

  constructor(
    readonly target: Target,
    readonly point: Point,
  ) {}

  /** How many requests stand at it now. */
  get waiting(): number {
    return this.#held.length;
  }

  /** Resolves as soon as so many requests stand at it. */
  arrived(count = 1): Promise<void> {
    if (this.waiting >= count) return Promise.resolve();
    return new Promise((tell) => this.#watchers.push({ count, tell }));
  }

  /** Lets so many requests go on, first come, first served; without a number all of them, and the gate stays open. */
  release(count?: number): void {
    if (count === undefined) this.#open = true;
    for (const go of this.#held.splice(0, count ?? Infinity)) go();
  }

  /** Resolves when the request may go on. */
  pass(): Promise<void> {
    if (this.#open) return Promise.resolve();
    return new Promise((go) => {
      this.#held.push(go);
      for (const { count, tell } of this.#watchers) if (this.waiting >= count) tell();
    });
  }
}

/** The gates of one emulator. */
export class Gates {
  readonly #gates = new Set<Gate>();

  close(target: Target, point: Point): Gate {
    const gate = new Gate(target, point);
    this.#gates.add(gate);
    return gate;
  }

  /** Passes every gate that means the request at this point, in the order they were closed. */
  async pass(request: Aim, point: Point): Promise<void> {
    for (const gate of this.#gates) if (gate.point === point && isMeant(gate.target, request)) await gate.pass();
  }
}
