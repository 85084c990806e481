// What one report remembers for the next: since when a share is known, when a list last contained it, and what was found.
// Pure; every time is milliseconds since the epoch.
import { isLiveStatus, millisecondsOf } from "../../../lifecycle";
import type { SessionResult } from "../../collect/appliance-shares";
import type { DeclaringResource } from "../../collect/previous-report";
import type { Status } from "../../model/status";
import { isSameResource } from "./stack-identity";
import { earlierStatuses, isManaging, isValidList, latest, type MatchedShare } from "./status-rules";

export interface ChainMemory {
  readonly firstReportedAt: number;
  /** Absent while no report has found the share in a list. */
  readonly lastListedAt?: number;
  /** Since when valid lists no longer contain the share. */
  readonly notListedSince?: number;
  /** When a report first found that the share works again after it was removed or missing. */
  readonly reactivatedAt?: number;
}

interface ShareNow {
  readonly status: Status;
  readonly now: number;
}

export function memoryOf(
  share: MatchedShare,
  result: SessionResult | undefined,
  { status, now }: ShareNow,
): ChainMemory {
  const { listed, previous } = share;
  const isNotListed = isValidList(result) && (status === "missing" || status === "not-listed");
  const notListedSince =
    listed !== undefined ? undefined : (previous?.notListedSince ?? (isNotListed ? now : undefined));
  const lastListedAt = listed !== undefined ? now : previous?.lastListedAt;
  const reactivatedAt = reactivatedAtOf(share, { status, now });
  return {
    firstReportedAt: previous?.firstReportedAt ?? now,
    ...(lastListedAt !== undefined && { lastListedAt }),
    ...(notListedSince !== undefined && { notListedSince }),
    ...(reactivatedAt !== undefined && { reactivatedAt }),
  };
}

/** A refresh records that the share works again, but it is no decision of a person: so this is remembered until the end. */
function reactivatedAtOf(share: MatchedShare, { status, now }: ShareNow): number | undefined {
  const { listed, declared, previous } = share;
  if (listed?.removed === true) return undefined;
  if (previous?.reactivatedAt !== undefined) return previous.reactivatedAt;
  // A 404 for the whole session says nothing about one share: when a right comes back, nothing works that did not before.
  const onlyByNotFound = previous?.status === "missing" && previous.notListedSince === undefined;
  const before = onlyByNotFound ? declared.map((one) => one.recorded) : earlierStatuses(share);
  const wasGone = before.some((status) => status === "removed" || status === "missing");
  const isKnown = wasGone || declared.some(({ reactivated }) => reactivated);
  return listed !== undefined && isLiveStatus(status) && isKnown ? now : undefined;
}

/** The resources that managed the share before, when none manages it now: from the state, else from the earlier report. */
export function onceManagedBy({ declared, previous }: MatchedShare): DeclaringResource[] {
  if (declared.some(isManaging)) return [];
  const found: DeclaringResource[] = [];
  for (const { stack, urn } of [...declared.filter(({ managed }) => managed), ...(previous?.declaredBy ?? [])]) {
    if (!found.some((other) => isSameResource(other, { stack, urn }))) found.push({ stack, urn });
  }
  return found;
}

/** The default of `fudo:maxDuration`. The limit of an audit can be shorter than the one under which a share was created. */
const defaultLongestWindow = 30 * 86_400_000;

/** The longest window that a share is expected to have. */
export function longestWindow(maxDuration: number): number {
  return Math.max(maxDuration, defaultLongestWindow);
}

/** When a share without a known end leaves the chain of reports: after the longest window. */
export function latestPossibleEnd({ previous }: MatchedShare, maxDuration: number): number {
  const starts = [previous?.firstReportedAt, previous?.since, millisecondsOf(previous?.createdAt)];
  const start = latest(starts.filter((time) => time !== undefined && Number.isFinite(time)) as number[]);
  return (start ?? Infinity) + longestWindow(maxDuration);
}
