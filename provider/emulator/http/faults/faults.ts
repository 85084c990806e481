// Decides which fault applies to a request: scripted faults first, in their order, then random ones from a seed. In
// effects.ts is what each fault does to a response.
import { Random } from "../../random";
import { matches, type RequestLine } from "../request-filter";
import type { FaultEffect } from "./effects";
import type { Fault, RandomFaults } from "./fault";
import { checkFault, checkRandomFaults } from "./parameters";

/** The fault that applies to a request. */
export interface ActiveFault {
  readonly effect: FaultEffect;
  readonly when: "before" | "after";
}

const lostResponses: readonly FaultEffect[] = [
  { kind: "reset" },
  { kind: "reset", responseBytes: 40 },
  { kind: "halfClose" },
  { kind: "halfClose", responseBytes: 200 },
  { kind: "truncated" },
  { kind: "html", status: 502 },
  { kind: "html", status: 503 },
];

const transientFailures: readonly FaultEffect[] = [
  ...lostResponses,
  { kind: "failure", status: 429, message: "Too many requests.", retryAfter: 0 },
  { kind: "failure", status: 503, message: "Try again.", retryAfter: 0, retryAfterForm: "date" },
  { kind: "html", status: 200 },
];

/** The faults of one emulator. */
export class Faults {
  #script: Fault[] = [];
  readonly #requestCounts = new Map<string, number>();

  #random: RandomFaults | undefined;

  constructor(random: RandomFaults | undefined) {
    this.random = random;
  }

  get random(): RandomFaults | undefined {
    return this.#random;
  }

  /** Throws an error that names the first property that is unknown or wrong. */
  set random(faults: RandomFaults | undefined) {
    if (faults !== undefined) checkRandomFaults(faults);
    this.#random = faults && { ...faults };
  }

  /** Adds a fault to the end of the script. Throws an error that names the first parameter that is wrong. */
  add(fault: Fault): void {
    checkFault(fault);
    this.#script.push({ ...fault });
  }

  /** Removes all scripted faults and turns random faults off. */
  clear(): void {
    this.#script = [];
    this.random = undefined;
  }

  /** The fault for this request, if any: the first matching one of the script, otherwise a random one. */
  next(request: RequestLine): ActiveFault | undefined {
    for (const fault of this.#script) {
      if (!matches(fault, request)) continue;
      if ((fault.skip ?? 0) > 0) {
        fault.skip = (fault.skip ?? 0) - 1;
        continue;
      }
      fault.times = (fault.times ?? 1) - 1;
      if (fault.times <= 0) this.#script = this.#script.filter((other) => other !== fault);
      return { effect: fault, when: fault.when ?? "before" };
    }
    return this.random && this.#nextRandom(this.random, request);
  }

  #nextRandom(
    { seed, lostPostResponses = 0, lostPosts = 0, otherFaults = 0 }: RandomFaults,
    { method, path }: RequestLine,
  ): ActiveFault | undefined {
    const route = `${method} ${path}`;
    const count = this.#requestCounts.get(route) ?? 0;
    this.#requestCounts.set(route, count + 1);
    // A new generator for each request: requests on other sessions, sent at the same time, cannot change the result.
    const random = new Random(`${seed} ${route} ${count}`);
    const value = random.next();
    if (method !== "POST")
      return value < otherFaults ? { effect: random.pick(transientFailures), when: "before" } : undefined;
    if (value < lostPostResponses) return { effect: random.pick(lostResponses), when: "after" };
    return value < lostPostResponses + lostPosts ? { effect: random.pick(lostResponses), when: "before" } : undefined;
  }
}
