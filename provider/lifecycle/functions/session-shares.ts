// What one session's list says of its shares, without anything that opens one: the view of functions and audit.
import { fingerprintOf } from "../../client/fingerprint";
import { formatMilliseconds, formatMicroseconds, parseInstant } from "../../time/instants";
import type { Share } from "../../client/api";

/** `scheduled` = its window has not begun, `active` = its window is open. */
export type ShareStatus = "scheduled" | "active" | "ended" | "removed";

/** Instants are UTC, `infinity` where the appliance says so; what the appliance did not tell is absent. */
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

/** One summary for each entry; `now` by the appliance's clock, milliseconds since the epoch. */
export function summarize(shares: readonly Share[], now: number): SessionShareSummary[] {
  const seen = new Set<string>();
  const first = ({ key }: Share) => key === undefined || (!seen.has(key) && seen.add(key));
  return shares
    .filter(first)
    .map((share) => ({
      ...(share.key !== undefined && { fingerprint: fingerprintOf(share.key) }),
      status: statusOf(share, now),
      ...instants(share),
      ...(share.readonly !== undefined && { readonly: share.readonly }),
    }));
}

export function statusOf(share: Share, now: number): ShareStatus {
  if (share.removed) return "removed";
  const since = parsed(share.validSince)?.epochMs ?? -Infinity;
  const to = parsed(share.validTo)?.epochMs ?? Infinity;
  if (to <= now) return "ended";
  return since > now ? "scheduled" : "active";
}

function instants(share: Share): Partial<SessionShareSummary> {
  const window = (text: string | undefined) => shown(text, (instant) => formatMilliseconds(instant.epochMs));
  const moment = (text: string | undefined) => shown(text, formatMicroseconds);
  const all = {
    validSince: window(share.validSince),
    validTo: window(share.validTo),
    createdAt: moment(share.createdAt),
    modifiedAt: moment(share.modifiedAt),
  };
  return Object.fromEntries(Object.entries(all).filter(([, text]) => text !== undefined));
}

function parsed(text: string | undefined) {
  return text === undefined ? undefined : parseInstant(text);
}

function shown(
  text: string | undefined,
  format: (instant: NonNullable<ReturnType<typeof parseInstant>>) => string,
): string | undefined {
  const instant = parsed(text);
  if (instant === undefined) return undefined;
  if (Number.isFinite(instant.epochMs)) return format(instant);
  return instant.epochMs > 0 ? "infinity" : "-infinity";
}
