// When faults strike: scripted ones in their order, then random ones by a seed. Chooses only; effects.ts says what they do.
import { type Effect, effectKinds } from "./effects";
import { Random } from "../../appliance/random";

/** A request as faults and gates look at it: its method, and its path with the query. */
export interface Aim {
  readonly method: string;
  readonly path: string;
}

/** Which requests are meant. */
export interface Target {
  /** A method, `*` for every request (the default), or a predicate. */
  on?: string | ((request: Aim) => boolean);
  /** A text that the path must contain: a session's ID, `objspec`. */
  path?: string;
}

/** A fault to come. */
export type Fault = Effect &
  Target & {
    /** Before (the default) the appliance carries the request out, so that it never does, or after. A GET is always carried out. */
    when?: "before" | "after";
    /** How many requests it strikes (1); Infinity: until cleared. */
    times?: number;
    /** How many matching requests pass first (0). */
    skip?: number;
  };

/** Chances between 0 and 1, drawn for each request from the seed, its path and its turn on that path. */
export interface RandomFaults {
  seed: string | number;
  /** A POST is carried out and its answer lost. */
  lostPostAnswers?: number;
  /** A POST is lost before it is carried out. */
  lostPosts?: number;
  /** Anything else fails in a way that passes. */
  otherFaults?: number;
}

/** A fault that strikes now. */
export interface Strike {
  readonly effect: Effect;
  readonly when: "before" | "after";
}

const lostAnswers: readonly Effect[] = [
  { kind: "reset" },
  { kind: "reset", answerBytes: 40 },
  { kind: "halfClose" },
  { kind: "halfClose", answerBytes: 200 },
  { kind: "truncated" },
  { kind: "html", status: 502 },
  { kind: "html", status: 503 },
];

const passing: readonly Effect[] = [
  ...lostAnswers,
  { kind: "failure", status: 429, message: "Too many requests.", retryAfter: 0 },
  { kind: "failure", status: 503, message: "Try again.", retryAfter: 0, retryAfterForm: "date" },
  { kind: "html", status: 200 },
];

/** The faults of one emulator. */
export class Faults {
  #script: Fault[] = [];
  readonly #turns = new Map<string, number>();

  constructor(public random: RandomFaults | undefined) {}

  /** Adds a fault at the end of the script. Throws a RangeError for an unknown kind. */
  add(fault: Fault): void {
    if (!effectKinds.includes(fault.kind))
      throw new RangeError(`there is no fault "${String(fault.kind)}"; there are ${effectKinds.join(", ")}`);
    this.#script.push({ ...fault });
  }

  /** Forgets the script and switches random faults off. */
  clear(): void {
    this.#script = [];
    this.random = undefined;
  }

  /** What strikes this request, if anything: the first scripted fault that means it, else chance. */
  strike(request: Aim): Strike | undefined {
    for (const fault of this.#script) {
      if (!isMeant(fault, request)) continue;
      if ((fault.skip ?? 0) > 0) {
        fault.skip = (fault.skip ?? 0) - 1;
        continue;
      }
      fault.times = (fault.times ?? 1) - 1;
      if (fault.times <= 0) this.#script = this.#script.filter((other) => other !== fault);
      return { effect: fault, when: fault.when ?? "before" };
    }
    return this.random && this.#chance(this.random, request);
  }

  #chance(
    { seed, lostPostAnswers = 0, lostPosts = 0, otherFaults = 0 }: RandomFaults,
    { method, path }: Aim,
  ): Strike | undefined {
    const route = `${method} ${path}`;
    const turn = this.#turns.get(route) ?? 0;
    this.#turns.set(route, turn + 1);
    // Drawn anew for each route and turn: what other sessions do at the same time changes nothing.
    const random = new Random(`${seed} ${route} ${turn}`);
    const draw = random.next();
    if (method !== "POST") return draw < otherFaults ? { effect: random.pick(passing), when: "before" } : undefined;
    if (draw < lostPostAnswers) return { effect: random.pick(lostAnswers), when: "after" };
    return draw < lostPostAnswers + lostPosts ? { effect: random.pick(lostAnswers), when: "before" } : undefined;
  }
}

/** Whether a fault or a gate means this request. */
export function isMeant({ on = "*", path = "" }: Target, request: Aim): boolean {
  if (!request.path.includes(path)) return false;
  return typeof on === "function" ? on(request) : on === "*" || on === request.method;
}
