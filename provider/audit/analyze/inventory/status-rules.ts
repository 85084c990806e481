// The rules that give a share its status: presence in the list, absence that counts, and the window. Pure; every time is
// milliseconds since the epoch.
import { absenceCounts, isLiveStatus, millisecondsOf, statusOf as statusByWindow } from "../../../lifecycle";
import type { ListedShare, SessionResult } from "../../collect/appliance-shares";
import type { PreviousShare } from "../../collect/previous-report";
import type { DeclaredShare } from "../../collect/stack-state";
import type { Presence, Status } from "../../model/status";

/** What the states, the appliance and the previous report contain about one share. */
export interface MatchedShare {
  readonly sessionId: string;
  /** Absent when the appliance lists the share without a key. */
  readonly fingerprint?: string;
  readonly declared: DeclaredShare[];
  listed?: ListedShare;
  previous?: PreviousShare;
}

/** Whether the session's list contains the share; `origins` are the names of the audited appliance. */
export function presenceOf(
  { declared, listed, previous }: MatchedShare,
  result: SessionResult | undefined,
  origins: readonly string[],
): Presence {
  if (listed !== undefined) return "listed";
  // A share that an earlier report found here does not move: somebody edited the state.
  const isElsewhere = declared.every(({ appliance }) => appliance !== undefined && !origins.includes(appliance));
  if (isElsewhere && declared.length > 0 && previous === undefined) return "elsewhere";
  if (isValidList(result)) return "absent";
  // A session that this API user cannot see says nothing about a link that no stack manages.
  return result?.outcome === "unknown" && isManaged(declared) ? "absent" : "not-looked";
}

/** True for a list that proves what it does not contain. */
export function isValidList(result: SessionResult | undefined): boolean {
  return result?.outcome === "answered" && result.provesAbsence;
}

/** A resource whose share another one has replaced manages it no longer. */
export function isManaging({ managed, pendingDelete }: DeclaredShare): boolean {
  return managed && !pendingDelete;
}

function isManaged(declared: readonly DeclaredShare[]): boolean {
  return declared.some(isManaging);
}

interface WindowAt {
  readonly seen: Presence;
  readonly since: number;
  readonly to: number;
  readonly now: number;
}

export function statusOf(share: MatchedShare, { seen, since, to, now }: WindowAt): Status {
  const { declared, listed } = share;
  const before = earlierStatuses(share);
  const removed = listed?.removed ?? before.includes("removed");
  const status = statusByWindow({ since, to, removed }, now);
  if (!isLiveStatus(status) || seen === "listed" || seen === "elsewhere") return status;
  // Without a newer answer, what was found before stays.
  if (before.includes("missing")) return "missing";
  if (wasNotListed(share)) return "not-listed";
  if (seen === "not-looked") return status;
  const counts = absenceCountsFor(share, now);
  if (!isManaged(declared)) return counts ? "not-listed" : status;
  if (counts) return "missing";
  return status === "scheduled" ? status : "not-listed";
}

/** What the last refresh and the earlier report found. A share that worked again after a refresh is what the report found. */
export function earlierStatuses({ declared, previous }: MatchedShare): (Status | undefined)[] {
  const recorded = previous?.reactivatedAt === undefined ? declared.map((share) => share.recorded) : [];
  return [...recorded, previous?.status];
}

/** True when the earlier report knew already that the list does not contain the share, and had to say nothing more. */
export function wasNotListed({ declared, previous }: MatchedShare): boolean {
  return !isManaged(declared) && previous?.notListedSince !== undefined && !previous.declared;
}

/** Whether absence from a valid list says anything about the share: the rule of the lifecycle, with what the audit knows. */
function absenceCountsFor({ declared, previous }: MatchedShare, now: number): boolean {
  const wasListed = previous?.lastListedAt !== undefined;
  // A window that is encrypted in the state proves nothing, unless a list has shown the share.
  const isEncrypted = declared.some(({ encryptedOutputs }) =>
    encryptedOutputs.some((name) => windowOutputs.includes(name)),
  );
  if (isEncrypted && !wasListed) return false;
  const createdAt = latest(defined([...declared.map((share) => share.createdAt), millisecondsOf(previous?.createdAt)]));
  const since = latest([...startsOf(declared), ...defined([previous?.since])]) ?? -Infinity;
  const to = Math.min(Infinity, ...endsOf(declared), ...defined([previous?.to]));
  return absenceCounts({ createdAt: createdAt ?? (wasListed ? -Infinity : undefined), since, to }, now);
}

/** The outputs that contain a share's window. */
export const windowOutputs = ["validSince", "validTo", "grantedSince", "grantedTo"];

export function startsOf(declared: readonly DeclaredShare[]): number[] {
  return defined(declared.flatMap(({ since, grantedSince }) => [since, grantedSince]));
}

export function endsOf(declared: readonly DeclaredShare[]): number[] {
  return defined(declared.flatMap(({ to, grantedTo }) => [to, grantedTo]));
}

export function defined<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}

export function latest(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => Math.max(a, b));
}
