// The rules for a share's status, for absence from a list, and for repeated entries. The lifecycle, the functions and the
// audit all use these, so that the same share never has two statuses. Pure; instants are milliseconds since the epoch.
import type { Share } from "../../client/api";
import { laterEnd, laterStart, minute, type RecordedShare } from "./window";

/** `scheduled`: the window has not started. `active`: the window is open. */
export type ShareStatus = "scheduled" | "active" | "expired" | "removed";

/** What decides a status. A share without a known start has `since` -Infinity, one without a known end `to` Infinity. */
export interface StatusFacts {
  readonly since: number;
  readonly to: number;
  readonly removed: boolean;
}

/** The facts of a recorded share: the later start, and the later of the requested and the granted end. */
export function recordedFacts(share: RecordedShare): StatusFacts {
  return { since: laterStart(share), to: laterEnd(share), removed: share.removed === true };
}

export function statusOf({ since, to, removed }: StatusFacts, now: number): ShareStatus {
  if (removed) return "removed";
  if (to <= now) return "expired";
  return since > now ? "scheduled" : "active";
}

/** Neither expired nor known to be removed: the link opens the session, now or later. */
export function isLive(facts: StatusFacts, now: number): boolean {
  return isLiveStatus(statusOf(facts, now));
}

export function isLiveStatus(status: string): boolean {
  return status === "scheduled" || status === "active";
}

const absenceMargin = 5 * minute;

/**
 * Whether absence from a valid list says anything about a share: `since` is its latest known start, `to` its earliest
 * known end. Appliance: lists may hide expired and scheduled shares, and clocks differ, so the first and the last five
 * minutes of the window do not count.
 */
export function absenceCounts({ since, to }: Pick<StatusFacts, "since" | "to">, now: number): boolean {
  return since + absenceMargin <= now && now <= to - absenceMargin;
}

/**
 * One entry for each key, in the order of the list. Appliance: a list may repeat an entry; one that says `removed` wins.
 * Entries without a key cannot be compared and all stay.
 */
export function mergeRepeatedEntries(shares: readonly Share[]): readonly Share[] {
  const positions = new Map<string, number>();
  const merged: Share[] = [];
  for (const share of shares) {
    const position = share.key === undefined ? undefined : positions.get(share.key);
    if (position !== undefined) {
      if (share.removed) merged[position] = share;
      continue;
    }
    if (share.key !== undefined) positions.set(share.key, merged.length);
    merged.push(share);
  }
  return merged;
}
