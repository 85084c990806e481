// Gates hold requests at a defined point, so that a test can look at or change something without sleeping.
import { matches, type RequestFilter, type RequestLine } from "./request-filter";

/** Before the appliance executes a request, or after it, when the response is not sent yet. */
export type GatePosition = "before" | "after";

/** A gate that holds requests until it is released. */
export class Gate {
  readonly #held: (() => void)[] = [];
  readonly #waiters: { count: number; resolve: () => void }[] = [];
  #isOpen = false;

  constructor(
    readonly filter: RequestFilter,
    readonly position: GatePosition,
  ) {}

  /** How many requests the gate holds now. */
  get waiting(): number {
    return this.#held.length;
  }

  /** Resolves when the gate holds at least `count` requests. */
  arrived(count = 1): Promise<void> {
    if (this.waiting >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ count, resolve }));
  }

  /** Lets `count` requests continue, the oldest first. Without a count: lets all continue, and stays open. */
  release(count?: number): void {
    if (count === undefined) this.#isOpen = true;
    for (const resume of this.#held.splice(0, count ?? Infinity)) resume();
  }

  /** Resolves when the request can continue. */
  pass(): Promise<void> {
    if (this.#isOpen) return Promise.resolve();
    return new Promise((resume) => {
      this.#held.push(resume);
      for (const { count, resolve } of this.#waiters) if (this.waiting >= count) resolve();
    });
  }
}

/** The gates of one emulator. */
export class Gates {
  readonly #gates = new Set<Gate>();

  /** Adds a closed gate. */
  add(filter: RequestFilter, position: GatePosition): Gate {
    const gate = new Gate(filter, position);
    this.#gates.add(gate);
    return gate;
  }

  /** Waits at every gate for this request and position, in the order in which the gates were added. */
  async pass(request: RequestLine, position: GatePosition): Promise<void> {
    for (const gate of this.#gates) if (gate.position === position && matches(gate.filter, request)) await gate.pass();
  }
}
