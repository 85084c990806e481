// Gates hold requests at a defined point, so that a test can look at or change something without sleeping.
import { checkProperties, oneOf, wholeNumber } from "../checks";
import { matches, type RequestFilter, requestFilterChecks, type RequestLine } from "./request-filter";

/** Before the appliance executes a request, or after it, when the response is not sent yet. */
export type GatePosition = "before" | "after";

/** A gate that holds requests until it is released. */
export class Gate {
  readonly #held: { resume: () => void; abandon: (reason: Error) => void }[] = [];
  #waiters: { count: number; resolve: () => void; reject: (reason: Error) => void }[] = [];
  #isOpen = false;
  #closed: Error | undefined;

  constructor(
    /** Which requests it holds. */
    readonly filter: RequestFilter,
    /** When it holds them. */
    readonly position: GatePosition,
  ) {}

  /** How many requests the gate holds now. */
  get waiting(): number {
    return this.#held.length;
  }

  /** Resolves when the gate holds at least `count` requests. Rejects when the emulator is closed before. */
  async arrived(count = 1): Promise<void> {
    wholeNumber(1, Number.MAX_SAFE_INTEGER)("arrived: count", count);
    if (this.waiting >= count) return;
    if (this.#closed !== undefined) throw this.#closed;
    await new Promise<void>((resolve, reject) => this.#waiters.push({ count, resolve, reject }));
  }

  /** Lets `count` requests continue, the oldest first. Without a count: lets all continue, and stays open. */
  release(count?: number): void {
    if (count === undefined) this.#isOpen = true;
    else wholeNumber(0, Number.MAX_SAFE_INTEGER)("release: count", count);
    for (const { resume } of this.#held.splice(0, count ?? Infinity)) resume();
  }

  /** Resolves when the request can continue. */
  async pass(): Promise<void> {
    if (this.#closed !== undefined) throw this.#closed;
    if (this.#isOpen) return;
    await new Promise<void>((resume, abandon) => {
      this.#held.push({ resume, abandon });
      for (const { count, resolve } of this.#waiters) if (this.waiting >= count) resolve();
      this.#waiters = this.#waiters.filter(({ count }) => this.waiting < count);
    });
  }

  /** Nothing arrives any more: the emulator closes. */
  close(): void {
    this.#closed = new Error("the emulator was closed, so no more requests arrive at this gate");
    for (const { reject } of this.#waiters.splice(0)) reject(this.#closed);
    for (const { abandon } of this.#held.splice(0)) abandon(this.#closed);
  }
}

/** The gates of one emulator. */
export class Gates {
  readonly #gates = new Set<Gate>();
  #isClosed = false;

  /** Adds a closed gate. Throws an error that names the first property of the filter that is unknown or wrong. */
  add(filter: RequestFilter & { when?: GatePosition }): Gate {
    checkProperties("hold", filter, { ...requestFilterChecks, when: oneOf("before", "after") });
    const gate = new Gate(filter, filter.when ?? "before");
    this.#gates.add(gate);
    if (this.#isClosed) gate.close();
    return gate;
  }

  /** The emulator closes: no request passes or arrives any more. */
  close(): void {
    this.#isClosed = true;
    for (const gate of this.#gates) gate.close();
  }

  /** Waits at every gate for this request and position, in the order in which the gates were added. */
  async pass(request: RequestLine, position: GatePosition): Promise<void> {
    for (const gate of this.#gates) if (gate.position === position && matches(gate.filter, request)) await gate.pass();
  }
}
