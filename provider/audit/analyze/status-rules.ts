// The rules that give a share its status: presence in the list, absence that counts, and the window. Pure; every time is
// milliseconds since the epoch.
import { absenceCounts, isLiveStatus, statusOf as statusByWindow } from "../../lifecycle";
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
  const isAbsent = result.outcome === "unknown" || (result.outcome === "answered" && result.provesAbsence);
  return isAbsent ? "absent" : "not-looked";
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
  const removed = listed?.removed === true || (listed === undefined && before.includes("removed"));
  const status = statusByWindow({ since, to, removed }, now);
  if (!isLiveStatus(status)) return status;
  const isMissing = seen === "absent" && (before.includes("missing") || shouldBeListed(share, now));
  return isMissing || (seen === "not-looked" && before.includes("missing")) ? "missing" : status;
}

/** Whether the list should contain the share. A window that is encrypted in the state proves nothing. */
function shouldBeListed({ declared, previous }: MatchedShare, now: number): boolean {
  if (declared.some(({ encryptedOutputs }) => encryptedOutputs.some((name) => windowOutputs.includes(name))))
    return false;
  const starts = declared.length > 0 ? startsOf(declared) : defined([previous?.since]);
  const ends = declared.length > 0 ? endsOf(declared) : defined([previous?.to]);
  const createdAt = latest(defined([...declared.map((share) => share.createdAt), previous?.createdAt]));
  return absenceCounts({ createdAt, since: latest(starts) ?? -Infinity, to: Math.min(Infinity, ...ends) }, now);
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
