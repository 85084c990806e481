// Decides whether and when a failed request is retried. A pure function of the failure and the time so far.
import type { FudoError } from "./errors";
import { isTransient } from "./http/transport-errors";

/** Retries end after this many milliseconds. A request that has started may take longer. */
const retryLimit = 120_000;
/** Limits while the appliance has not responded in this process: a mistyped address must fail soon. */
const firstContactLimit = 1_500;
const firstContactAttempts = 3;

const firstMaximumDelay = 500;
const lastMaximumDelay = 15_000;
const minimumDelay = 100;

export interface Failure {
  readonly method: "GET" | "POST";
  readonly error: FudoError;
  /** Attempts made so far. */
  readonly attempt: number;
  /** Milliseconds since the first attempt started. */
  readonly elapsed: number;
  /** True when this client has received any response from the appliance. */
  readonly hasResponded: boolean;
  /** In [0, 1). */
  readonly random: number;
}

/**
 * Milliseconds to wait before the next attempt; undefined to give up. A GET is retried after a transient failure, a POST
 * only when the appliance provably did not execute it. Delays double, with full jitter, and are never shorter than
 * `Retry-After`. If the delay would exceed the remaining time, the failure is returned at once.
 */
export function nextDelay({ method, error, attempt, elapsed, hasResponded, random }: Failure): number | undefined {
  const repeatable = method === "GET" || error.executed === "no";
  if (!repeatable || !isTransient(error)) return undefined;
  const reachable = hasResponded || error.code === "unavailable";
  if (!reachable && attempt >= firstContactAttempts) return undefined;
  const remaining = (reachable ? retryLimit : firstContactLimit) - elapsed;
  const delay = (error.retryAfter ?? 0) * 1000 + jitter(attempt, random);
  return delay > remaining ? undefined : delay;
}

function jitter(attempt: number, random: number): number {
  const maximum = Math.min(lastMaximumDelay, firstMaximumDelay * 2 ** (attempt - 1));
  return minimumDelay + random * (maximum - minimumDelay);
}
