// The rules that give a share its status: presence in the list, absence that counts, and the window. Pure; every time is
// milliseconds since the epoch.
import type { ListedShare, SessionResult } from "../collect/appliance-shares";
import type { PreviousShare } from "../collect/previous-report";
import type { DeclaredShare } from "../collect/stack-state";
import type { Presence, Status } from "../model/status";

/** What the states, the appliance and the previous report contain about one share. */
export interface MatchedShare {
  readonly sessionId: string;
  /** Absent when the appliance lists the share without a key. */
  readonly fingerprint?: string;
  readonly declared: DeclaredShare[];
  listed?: ListedShare;
  previous?: PreviousShare;
}

/** Whether the session's list contains the share; `origin` is the audited appliance. */
export function presenceOf(
  { declared, listed }: MatchedShare,
  result: SessionResult | undefined,
  origin: string,
): Presence {
  if (listed !== undefined) return "listed";
  const isElsewhere = declared.length > 0 && declared.every(({ appliance = origin }) => appliance !== origin);
  if (isElsewhere || result === undefined) return "elsewhere";
  return result.outcome === "answered" || result.outcome === "unknown" ? "absent" : "not-looked";
}

interface WindowAt {
  readonly seen: Presence;
  readonly since: number;
  readonly to: number;
  readonly now: number;
}

export function statusOf(share: MatchedShare, { seen, since, to, now }: WindowAt): Status {
  const { declared, listed, previous } = share;
  const before = declared.length > 0 ? declared.map(({ recorded }) => recorded) : [previous?.status];
  if (listed?.removed === true || (listed === undefined && before.includes("removed"))) return "removed";
  if (to <= now) return "expired";
  if (seen === "absent" && (before.includes("missing") || absenceCounts(share, now))) return "missing";
  if (seen === "not-looked" && before.includes("missing")) return "missing";
  return since > now ? "scheduled" : "active";
}

const absenceMargin = 5 * 60_000;

/**
 * Whether the list should contain the share: only between the later start and the earlier end, five minutes inside both.
 * Appliance: it may hide expired and scheduled shares, and its clock may differ.
 */
function absenceCounts({ declared, previous }: MatchedShare, now: number): boolean {
  if (declared.some(({ encryptedOutputs }) => encryptedOutputs.some((name) => windowOutputs.includes(name))))
    return false;
  const starts = declared.length > 0 ? startsOf(declared) : defined([previous?.since]);
  const ends = declared.length > 0 ? endsOf(declared) : defined([previous?.to]);
  return (latest(starts) ?? -Infinity) + absenceMargin <= now && now <= Math.min(Infinity, ...ends) - absenceMargin;
}

/** The outputs that contain a share's window. */
export const windowOutputs = ["validSince", "validTo", "grantedSince", "grantedTo"];

export function startsOf(declared: readonly DeclaredShare[]): number[] {
  return defined(declared.flatMap(({ since, grantedSince }) => [since, grantedSince]));
}

export function endsOf(declared: readonly DeclaredShare[]): number[] {
  return defined(declared.flatMap(({ to, grantedTo }) => [to, grantedTo]));
}

export function defined(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}

export function latest(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values);
}
