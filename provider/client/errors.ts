// The product's one error class, FudoError, and its closed set of codes.
import { plainCause, redact } from "./redact/redact";

/** What went wrong. The README lists the same codes; a test compares the two lists. */
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
 * Whether the appliance executed the failed request: `no` = provably not, `unknown` = it may have. A POST may be retried
 * only after `no`.
 */
export type Executed = "no" | "unknown";

export interface FudoErrorDetails {
  readonly cause?: unknown;
  /** HTTP status, if a response arrived. */
  readonly status?: number;
  /** Seconds to wait before a retry, from the `Retry-After` header. */
  readonly retryAfter?: number;
  readonly executed?: Executed;
  /** True when the body was the appliance's own JSON failure, not the page of a proxy. */
  readonly fromAppliance?: boolean;
  /** The appliance's clock, from the `Date` header of the response: milliseconds since the epoch. */
  readonly applianceTime?: number;
  /** True where `config` means that a setting is missing, not malformed. */
  readonly isSettingMissing?: boolean;
}

const brand = Symbol.for("pulumi-fudo.error");

/**
 * Every failure that crosses a layer. `message` is one paragraph for the operator, without a stack. The constructor
 * redacts it, and copies from a `cause` that is not a FudoError only what is safe to print.
 */
export class FudoError extends Error {
  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly executed: Executed;
  readonly fromAppliance: boolean;
  readonly applianceTime: number | undefined;
  readonly isSettingMissing: boolean;

  constructor(code: ErrorCode, message: string, details: FudoErrorDetails = {}) {
    super(redact(message), details.cause === undefined ? undefined : { cause: printableCause(details.cause) });
    this.name = "FudoError";
    this.code = code;
    this.status = details.status;
    this.retryAfter = details.retryAfter;
    this.executed = details.executed ?? "no";
    this.fromAppliance = details.fromAppliance ?? false;
    this.applianceTime = details.applianceTime;
    this.isSettingMissing = details.isSettingMissing ?? false;
  }
}

/** Checks a brand instead of `instanceof`, because one process may load two copies of this package. */
export function isFudoError(value: unknown): value is FudoError {
  return typeof value === "object" && value !== null && brand in value;
}

function printableCause(cause: unknown): Error {
  return isFudoError(cause) ? cause : plainCause(cause);
}
