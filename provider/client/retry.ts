// When a failed request is sent again: pure policy, without a clock of its own.
import type { FudoError } from "./errors";
import { isPassing } from "./transport-errors";

/** How long a request is tried in all, in milliseconds; an exchange that has begun may end later. */
const patience = 120_000;
/** The same for an appliance that never answered in this process: a mistyped address must fail soon. */
const strangersPatience = 1_500;
const strangersAttempts = 3;

const firstCeiling = 500;
const lastCeiling = 15_000;
const least = 100;

export interface Failure {
  readonly method: "GET" | "POST";
  readonly error: FudoError;
  /** Attempts made so far. */
  readonly attempt: number;
  /** Milliseconds since the first attempt began. */
  readonly elapsed: number;
  /** True when this client has had any answer from the appliance in this process. */
  readonly heard: boolean;
  /** In [0, 1). */
  readonly random: number;
}

/**
 * Milliseconds to wait before the next attempt; undefined to give up. A GET is repeated after passing failures, a POST
 * only when it provably was not executed. Waits double, with full jitter; `Retry-After` is honoured, and when it asks
 * for more than the patience that is left, the answer is given at once.
 */
export function nextDelay({ method, error, attempt, elapsed, heard, random }: Failure): number | undefined {
  const repeatable = method === "GET" || error.executed === "no";
  if (!repeatable || !isPassing(error)) return undefined;
  const known = heard || error.code === "unavailable";
  if (!known && attempt >= strangersAttempts) return undefined;
  const left = (known ? patience : strangersPatience) - elapsed;
  const delay = (error.retryAfter ?? 0) * 1000 + jitter(attempt, random);
  return delay > left ? undefined : delay;
}

function jitter(attempt: number, random: number): number {
  const ceiling = Math.min(lastCeiling, firstCeiling * 2 ** (attempt - 1));
  return least + random * (ceiling - least);
}
