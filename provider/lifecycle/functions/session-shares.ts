// The function getSessionShares: checks its arguments and summarizes the shares of one session without keys and links.
import { FudoError } from "../../client/errors";
import { fingerprintOf } from "../../client/fingerprint";
import { formatMilliseconds, formatMicroseconds, parseInstant, type Instant } from "../../time/instants";
import type { Share } from "../../client/api";
import { sessionIdShape } from "../share/id";

/** `scheduled` = the window has not started, `active` = the window is open. */
export type ShareStatus = "scheduled" | "active" | "expired" | "removed";

/** Instants are UTC, or `infinity` if the appliance returns that. What the appliance does not return is absent. */
export interface SessionShareSummary {
  /** Absent for an entry that the appliance listed without a key. */
  readonly fingerprint?: string;
  readonly status: ShareStatus;
  readonly validSince?: string;
  readonly validTo?: string;
  readonly readonly?: boolean;
  readonly createdAt?: string;
  readonly modifiedAt?: string;
}

/** The arguments of getSessionShares, checked. Throws `rejected`. */
export function checkSessionSharesArgs(args: { readonly sessionId?: unknown } | undefined): { sessionId: string } {
  const sessionId = args?.sessionId;
  if (typeof sessionId !== "string" || !sessionIdShape.test(sessionId)) {
    throw new FudoError("rejected", "getSessionShares: sessionId must be the session's decimal ID as text");
  }
  return { sessionId };
}

/** One summary for each share. `now` is the time by the appliance's clock, in milliseconds since the epoch. */
export function summarizeShares(shares: readonly Share[], now: number): SessionShareSummary[] {
  const seen = new Set<string>();
  const isFirst = ({ key }: Share) => key === undefined || (!seen.has(key) && seen.add(key));
  return shares
    .filter(isFirst)
    .map((share) => ({
      ...(share.key !== undefined && { fingerprint: fingerprintOf(share.key) }),
      status: statusOf(share, now),
      ...instantsOf(share),
      ...(share.readonly !== undefined && { readonly: share.readonly }),
    }));
}

function statusOf(share: Share, now: number): ShareStatus {
  if (share.removed) return "removed";
  const since = parsed(share.validSince)?.epochMs ?? -Infinity;
  const to = parsed(share.validTo)?.epochMs ?? Infinity;
  if (to <= now) return "expired";
  return since > now ? "scheduled" : "active";
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

function parsed(text: string | undefined): Instant | undefined {
  return text === undefined ? undefined : parseInstant(text);
}

function formatted(text: string | undefined, format: (instant: Instant) => string): string | undefined {
  const instant = parsed(text);
  if (instant === undefined) return undefined;
  if (Number.isFinite(instant.epochMs)) return format(instant);
  return instant.epochMs > 0 ? "infinity" : "-infinity";
}
