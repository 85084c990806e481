// What a test declares: a scripted fault, or the probabilities of random ones.
import type { RequestFilter } from "../request-filter";
import type { FaultEffect } from "./effects";

/** A scripted fault. */
export type Fault = FaultEffect &
  RequestFilter & {
    /** `before` (the default): the appliance never executes the request. `after`: it does. It always executes a GET. */
    when?: "before" | "after";
    /** How many requests the fault applies to (1); Infinity: until the faults are cleared. */
    times?: number;
    /** How many matching requests to leave alone first (0). */
    skip?: number;
  };

/** Probabilities from 0 to 1. Seed, path and the request's number on that path decide whether a fault applies. */
export interface RandomFaults {
  /** The same seed gives the same faults. */
  seed: string | number;
  /** The appliance executes a POST, but its response is lost. */
  lostPostResponses?: number;
  /** A POST is lost before the appliance executes it. */
  lostPosts?: number;
  /** Any other request fails temporarily. */
  otherFaults?: number;
}
