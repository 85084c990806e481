// The one error class of the product and its closed set of codes. It must not know HTTP details beyond the status,
// and nothing of Pulumi.
import { plainCause, redact } from "./redact";

/** What went wrong, one word each; the README lists them and a test keeps both lists equal. */
export const errorCodes = [
  "config",
  "unreachable",
  "unauthorized",
  "not-found",
  "conflict",
  "rejected",
  "unavailable",
  "protocol",
  "limit",
  "uncertain",
  "refused",
  "cancelled",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * What is known of the request that failed: `no` = the appliance provably did not execute it, `unknown` = it may have.
 * Only `no` may be sent again when it was a POST.
 */
export type Executed = "no" | "unknown";

export interface FudoErrorDetails {
  readonly cause?: unknown;
  /** HTTP status, where an answer came. */
  readonly status?: number;
  /** Seconds the appliance asked to wait (`Retry-After`). */
  readonly retryAfter?: number;
  readonly executed?: Executed;
  /** True when the body was the appliance's own JSON failure, not a proxy's page. */
  readonly fromAppliance?: boolean;
}

const brand = Symbol.for("pulumi-fudo.error");

/**
 * Every failure that crosses a layer. `message` is one paragraph for people, without a stack. The constructor redacts
 * it, and keeps of a foreign `cause` only what may be printed.
 */
export class FudoError extends Error {
  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly executed: Executed;
  readonly fromAppliance: boolean;

  constructor(code: ErrorCode, message: string, details: FudoErrorDetails = {}) {
    super(redact(message), details.cause === undefined ? undefined : { cause: printableCause(details.cause) });
    this.name = "FudoError";
    this.code = code;
    this.status = details.status;
    this.retryAfter = details.retryAfter;
    this.executed = details.executed ?? "no";
    this.fromAppliance = details.fromAppliance ?? false;
  }
}

/** Recognised by brand: two copies of this package may be loaded in one process. */
export function isFudoError(value: unknown): value is FudoError {
  return typeof value === "object" && value !== null && brand in value;
}

function printableCause(cause: unknown): Error {
  return isFudoError(cause) ? cause : plainCause(cause);
}
