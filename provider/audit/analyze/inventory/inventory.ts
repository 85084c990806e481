// Builds the inventory: one entry for each share that a stack declares, that the appliance lists, or that an earlier report
// contains and that is not over. Pure; every time is milliseconds since the epoch.
import { millisecondsOf } from "../../../lifecycle";
import { formatMilliseconds } from "../../../time/instants";
import type { ListedShare, SessionResult } from "../../collect/appliance-shares";
import type { DeclaringResource, PreviousReport, PreviousShare } from "../../collect/previous-report";
import type { DeclaredShare, PendingCreate } from "../../collect/stack-state";
import type { LoadedState } from "../../collect/stacks";
import type { Presence, Status } from "../../model/status";
import { latestPossibleEnd, memoryOf, onceManagedBy, type ChainMemory } from "./chain";
import { isOver, shareClock, type RunClock, type ShareClock } from "./clock";
import { matchShares } from "./match";
import { isYoungerThanState, mayBeResultOf, oldestStateTime, openCreates } from "./pending";
import { isSameResource } from "./stack-identity";
import { defined, endsOf, isManaging, latest, presenceOf, startsOf, statusOf, type MatchedShare } from "./status-rules";

/** A share and the resource that manages it now. */
export interface Successor extends DeclaringResource {
  readonly share: InventoryEntry;
}

export interface InventoryEntry extends ChainMemory {
  readonly sessionId: string;
  /** Absent when the appliance lists the share without a key. */
  readonly fingerprint?: string;
  readonly listed?: ListedShare;
  readonly previous?: PreviousShare;
  /** Resources that manage the share. */
  readonly managedBy: readonly DeclaredShare[];
  /** Resources that only look it up. */
  readonly lookedUpBy: readonly DeclaredShare[];
  /** Resources that managed the share before, when none manages it now. */
  readonly onceManagedBy: readonly DeclaringResource[];
  /** What these resources manage now. */
  readonly replacedBy: readonly Successor[];
  readonly status: Status;
  readonly seen: Presence;
  /** Start of the window as listed, or else as declared. */
  readonly since?: number;
  /** The latest end that is known; Infinity when there is none, or when the audit cannot read it. */
  readonly to: number;
  /** This machine's clock says that the window is over, and no response has the appliance's time: so it is not over yet. */
  readonly isEndInDoubt: boolean;
  /** Why the end is unknown: the state encrypts it, the appliance does not list it, or no report has seen it. */
  readonly unknownEnd?: "encrypted" | "not-listed" | "not-reported";
  /** UTC, with microseconds. */
  readonly createdAt?: string;
  readonly readonly?: boolean;
  /** Each state that has the share holds its link sealed. Absent when no state has the share. */
  readonly sealed?: boolean;
  /** The appliance's clock, else the local clock. */
  readonly now: number;
  /** Creates on the session that Pulumi has not finished: the share may be the result of one. */
  readonly pendingCreates: readonly PendingCreate[];
  /** A run that is under way may have created the share. */
  readonly mayBelongToRun: boolean;
}

export interface InventorySources {
  readonly declared: readonly DeclaredShare[];
  readonly states: readonly LoadedState[];
  readonly results: readonly SessionResult[];
  readonly previous: PreviousReport | undefined;
  /** The names of the audited appliance. */
  readonly origins: readonly string[];
  readonly maxDuration: number;
  /** The clock of the run. */
  readonly clock: RunClock;
}

/** One entry for each share. A share that only the earlier report contains has an entry until it is over. */
export function buildInventory(sources: InventorySources): InventoryEntry[] {
  const { states, maxDuration, clock: run } = sources;
  const results = new Map(sources.results.map((result) => [result.sessionId, result]));
  const pending = Map.groupBy(openCreates(states, run, maxDuration), ({ sessionId }) => sessionId);
  const oldestState = oldestStateTime(states);
  const entries = matchShares(sources, results).flatMap((share) => {
    const result = results.get(share.sessionId);
    const clock = shareClock(result, run);
    if (isForgotten(share, clock, sources)) return [];
    const entry = toEntry(share, result, clock, sources);
    const pendingCreates = (pending.get(share.sessionId) ?? []).filter((create) => mayBeResultOf(create, entry));
    const isYoung = isYoungerThanState(millisecondsOf(entry.createdAt), oldestState, clock);
    return [{ ...entry, pendingCreates, mayBelongToRun: isYoung || pendingCreates.length > 0 }];
  });
  return withSuccessors(entries);
}

/** True for a share that only the earlier report contains and that is over. */
function isForgotten(share: MatchedShare, clock: ShareClock, sources: InventorySources): boolean {
  if (share.listed !== undefined || share.declared.length > 0) return false;
  const { maxDuration, clock: run } = sources;
  return isOver(share.previous?.to ?? latestPossibleEnd(share, maxDuration), clock, run.localNow);
}

type EntryWithoutRun = Omit<InventoryEntry, "pendingCreates" | "mayBelongToRun">;

function toEntry(
  share: MatchedShare,
  result: SessionResult | undefined,
  clock: ShareClock,
  { origins }: InventorySources,
): EntryWithoutRun {
  const { declared, ...rest } = share;
  const { listed, previous } = rest;
  const seen = presenceOf(share, result, origins);
  const since = listed?.since ?? latest(startsOf(declared)) ?? previous?.since;
  // An end that an earlier report saw counts until a list shows the end again.
  const end = latest([...defined([listed?.to]), ...endsOf(declared), ...defined([listed?.to ?? previous?.to])]);
  const to = end ?? Infinity;
  const now = nowOf(clock, share, to);
  const isEndInDoubt = now < clock.now;
  const unknownEnd = end === undefined ? unknownEndOf(share) : undefined;
  const status = statusOf(share, { seen, since: since ?? -Infinity, to, now });
  const managedBy = declared.filter(isManaging);
  const readonly =
    listed?.readonly ?? declared.find((one) => one.readonly !== undefined)?.readonly ?? previous?.readonly;
  const createdAt = listed?.createdAt ?? previous?.createdAt ?? declaredCreation(declared);
  return {
    ...rest,
    managedBy,
    lookedUpBy: declared.filter(({ managed }) => !managed),
    onceManagedBy: onceManagedBy(share),
    replacedBy: [],
    status,
    seen,
    ...(since !== undefined && { since }),
    to,
    isEndInDoubt,
    ...(unknownEnd !== undefined && { unknownEnd }),
    ...(createdAt !== undefined && { createdAt }),
    ...(readonly !== undefined && { readonly }),
    // A look-up and a replaced resource hold the link in their state, too.
    ...(declared.length > 0 && { sealed: declared.every((one) => one.sealed) }),
    now,
    ...memoryOf(share, result, { status, now }),
  };
}

/** Kept for the next report: that a list has shown the share decides whether its absence counts. */
function declaredCreation(declared: readonly DeclaredShare[]): string | undefined {
  const createdAt = latest(defined(declared.map((share) => share.createdAt)).filter(Number.isFinite));
  return createdAt === undefined ? undefined : formatMilliseconds(createdAt);
}

/** Without the appliance's clock, a share that was not over in the earlier report is not over now: nothing newer is known. */
function nowOf({ now, source }: ShareClock, { previous }: MatchedShare, to: number): number {
  const wasLive = previous !== undefined && previous.status !== "expired";
  return source === "local" && wasLive ? Math.min(now, to - 1000) : now;
}

function unknownEndOf({ declared, listed }: MatchedShare): InventoryEntry["unknownEnd"] {
  if (listed !== undefined) return "not-listed";
  return declared.some(({ encryptedOutputs }) => encryptedOutputs.includes("validTo")) ? "encrypted" : "not-reported";
}

/** Adds what the resources that managed a share before manage now. */
function withSuccessors(entries: readonly InventoryEntry[]): InventoryEntry[] {
  const successorOf = successors(entries, ({ managedBy }) => managedBy.map((one) => [one, [one]]));
  const renamedSuccessorOf = successors(entries, ({ previous, managedBy }) =>
    (previous?.declaredBy ?? []).map((name) => [name, managedBy]),
  );
  return entries.map((entry) => {
    const { onceManagedBy: before, previous } = entry;
    const found = before.flatMap(successorOf);
    if (found.length > 0) return { ...entry, replacedBy: found };
    // The resource may have another name now: then it manages the share that it managed in the earlier report.
    const renamed = previous?.findings.has("replaced") === true ? before.flatMap(renamedSuccessorOf) : [];
    if (renamed.length === 0) return entry;
    const names = renamed.map(({ stack, urn }) => ({ stack, urn }));
    return { ...entry, replacedBy: renamed, onceManagedBy: [...before, ...names] };
  });
}

/** Finds successors by a name of their resource. An index, because there can be thousands of shares. */
function successors(
  entries: readonly InventoryEntry[],
  names: (entry: InventoryEntry) => readonly (readonly [DeclaringResource, readonly DeclaringResource[]])[],
): (resource: DeclaringResource) => Successor[] {
  const byUrn = new Map<string, { readonly name: DeclaringResource; readonly successor: Successor }[]>();
  for (const share of entries) {
    for (const [name, resources] of names(share)) {
      const others = byUrn.get(name.urn) ?? [];
      others.push(...resources.map(({ stack, urn }) => ({ name, successor: { stack, urn, share } })));
      byUrn.set(name.urn, others);
    }
  }
  return (resource) =>
    (byUrn.get(resource.urn) ?? []).flatMap(({ name, successor }) =>
      isSameResource(resource, name) ? [successor] : [],
    );
}
