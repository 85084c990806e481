// The function getSessionShares: checks its arguments and summarizes the shares of one session without keys and links.
import { FudoError } from "../../client/errors";
import { fingerprintOf } from "../../client/fingerprint";
import { formatMilliseconds, formatMicroseconds, parseInstant, type Instant } from "../../time/instants";
import type { Share } from "../../client/api";
import { sessionIdShape } from "../share/id";
import { mergeRepeatedEntries, statusOf, type StatusFacts } from "../share/status";
import type { ShareStatus } from "../share/status-name";
import { millisecondsOf } from "../share/window";
import { assertKnownArguments } from "./unknown-argument";

export type { ShareStatus };

/** A share without its credentials. Instants are UTC, or `infinity` if the appliance returns that. What the appliance does not return is absent. */
export interface SessionShareSummary {
  /** First 16 hex digits of SHA-256 of the key. Absent for an entry that the appliance listed without a key. */
  readonly fingerprint?: string;
  /** By the appliance's clock. */
  readonly status: ShareStatus;
  /** Start of the window. */
  readonly validSince?: string;
  /** End of the window. */
  readonly validTo?: string;
  /** `true`: the vendor can only watch. */
  readonly readonly?: boolean;
  /** When the appliance created the share, with microseconds. */
  readonly createdAt?: string;
  /** When the appliance last changed the share, with microseconds. */
  readonly modifiedAt?: string;
}

/** The arguments of getSessionShares, checked. Throws `rejected`. */
export function checkSessionSharesArgs(args: { readonly sessionId?: unknown } | undefined): { sessionId: string } {
  assertKnownArguments("getSessionShares", args ?? {}, ["sessionId"]);
  const sessionId = args?.sessionId;
  if (typeof sessionId !== "string" || !sessionIdShape.test(sessionId)) {
    throw new FudoError("rejected", "getSessionShares: sessionId must be the session's decimal ID as text");
  }
  return { sessionId };
}

/** One summary for each share. `now` is the time by the appliance's clock, in milliseconds since the epoch. */
export function summarizeShares(shares: readonly Share[], now: number): SessionShareSummary[] {
  return mergeRepeatedEntries(shares).map((share) => ({
    ...(share.key !== undefined && { fingerprint: fingerprintOf(share.key) }),
    status: statusOf(factsOf(share), now),
    ...instantsOf(share),
    ...(share.readonly !== undefined && { readonly: share.readonly }),
  }));
}

function factsOf({ validSince, validTo, removed }: Share): StatusFacts {
  return { since: millisecondsOf(validSince) ?? -Infinity, to: millisecondsOf(validTo) ?? Infinity, removed };
}

function instantsOf(share: Share): Partial<SessionShareSummary> {
  const milliseconds = (text: string | undefined) => formatted(text, ({ epochMs }) => formatMilliseconds(epochMs));
  const microseconds = (text: string | undefined) => formatted(text, formatMicroseconds);
  const all = {
    validSince: milliseconds(share.validSince),
    validTo: milliseconds(share.validTo),
    createdAt: microseconds(share.createdAt),
    modifiedAt: microseconds(share.modifiedAt),
  };
  return Object.fromEntries(Object.entries(all).filter(([, text]) => text !== undefined));
}

function formatted(text: string | undefined, format: (instant: Instant) => string): string | undefined {
  const instant = text === undefined ? undefined : parseInstant(text);
  if (instant === undefined) return undefined;
  if (Number.isFinite(instant.epochMs)) return format(instant);
  return instant.epochMs > 0 ? "infinity" : "-infinity";
}
