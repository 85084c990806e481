// The rules for a share's status, for absence from a list, and for repeated entries. The lifecycle, the functions and the
// audit all use these, so that the same share never has two statuses. Pure; instants are milliseconds since the epoch.
import type { Share } from "../../client/api";
import type { ShareStatus } from "./status-name";
import { laterEnd, laterStart, millisecondsOf, minute, type RecordedShare } from "./window";

export type { ShareStatus } from "./status-name";

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

/** Appliance: its clock decides, and clocks differ by minutes. */
const clockMargin = 5 * minute;

/** Whether the link may still open the session: live, or within five minutes after the end. */
export function mayBeLive(facts: StatusFacts, now: number): boolean {
  return isLive(facts, now - clockMargin);
}

export interface AbsenceFacts extends Pick<StatusFacts, "since" | "to"> {
  /** When the appliance created the share. Absent while no list has shown the share. */
  readonly createdAt: number | undefined;
}

/**
 * Whether absence from a list says anything about a share. It does so only for a list that proves absence, and a share that
 * some list has shown. `since` is its latest known start, `to` its earliest known end. Appliance: replicas lag, lists may
 * hide expired and scheduled shares, and clocks differ. So the five minutes after the creation and the first and the last five
 * minutes of the window do not count.
 */
export function absenceCounts({ createdAt, since, to }: AbsenceFacts, now: number): boolean {
  if (createdAt === undefined) return false;
  return Math.max(createdAt, since) + clockMargin <= now && now <= to - clockMargin;
}

/** Whether a listed share may be removed. An unreadable `removed` counts as live in warnings, but nothing takes over that share. */
export function mayBeRemoved({ removed, unreadable = [] }: Pick<Share, "removed" | "unreadable">): boolean {
  return removed || unreadable.includes("removed");
}

/**
 * One entry for each key, in the order of the list. Appliance: a list may repeat an entry; one that says `removed` wins, and
 * what is unreadable in either stays unreadable. A window or mode that differs is unreadable too. Entries without a key cannot
 * be compared and all stay.
 */
export function mergeRepeatedEntries(shares: readonly Share[]): readonly Share[] {
  const positions = new Map<string, number>();
  const merged: Share[] = [];
  for (const share of shares) {
    const position = share.key === undefined ? undefined : positions.get(share.key);
    const first = position === undefined ? undefined : merged[position];
    if (position === undefined || first === undefined) {
      if (share.key !== undefined) positions.set(share.key, merged.length);
      merged.push(share);
    } else {
      merged[position] = mergeEntries(first, share);
    }
  }
  return merged;
}

function mergeEntries(first: Share, second: Share): Share {
  const contradictions = comparedAttributes.filter(({ of }) => differ(of(first), of(second)));
  const unreadable = [
    ...new Set([
      ...(first.unreadable ?? []),
      ...(second.unreadable ?? []),
      ...contradictions.map(({ attribute }) => attribute),
    ]),
  ];
  const merged = { ...(second.removed ? second : first) };
  for (const { property } of contradictions) delete merged[property];
  return unreadable.length === 0 ? merged : { ...merged, unreadable };
}

/** Attributes that decide who has access until when. Where two entries contradict each other, no value is better than a wrong one. */
const comparedAttributes = [
  { property: "validSince", attribute: "valid_since", of: ({ validSince }: Share) => millisecondsOf(validSince) },
  { property: "validTo", attribute: "valid_to", of: ({ validTo }: Share) => millisecondsOf(validTo) },
  { property: "readonly", attribute: "readonly", of: ({ readonly }: Share) => readonly },
] as const;

function differ(one: number | boolean | undefined, other: number | boolean | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}
