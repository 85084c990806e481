// Builds the inventory: one entry for each share that a stack declares, that the appliance lists, or that had not expired
// in the previous report. Pure; every time is milliseconds since the epoch.
import { shareId } from "../../lifecycle";
import type { SessionResult } from "../collect/appliance-shares";
import type { PreviousShare } from "../collect/previous-report";
import type { DeclaredShare } from "../collect/stack-state";
import type { Presence, Status } from "../model/status";
import { defined, endsOf, latest, presenceOf, startsOf, statusOf, type MatchedShare } from "./status-rules";

export interface InventoryEntry extends Omit<Readonly<MatchedShare>, "declared"> {
  /** Resources that manage the share. */
  readonly managedBy: readonly DeclaredShare[];
  /** Resources that only look it up. */
  readonly lookedUpBy: readonly DeclaredShare[];
  readonly status: Status;
  readonly seen: Presence;
  /** Start of the window as listed, or else as declared. */
  readonly since?: number;
  /** The latest end that is known; Infinity when there is none, or when the audit cannot read it. */
  readonly to: number;
  /** Why the end is unknown: the state encrypts it, or the appliance lists the share without an end that can be read. */
  readonly unknownEnd?: "encrypted" | "not-listed";
  /** The appliance's clock when it responded, else the local clock. */
  readonly now: number;
}

export interface InventorySources {
  readonly declared: readonly DeclaredShare[];
  readonly results: readonly SessionResult[];
  readonly previous: readonly PreviousShare[];
  /** Origin of the audited appliance. */
  readonly origin: string;
  /** The local clock. */
  readonly now: number;
}

/** One entry for each share. An expired share that only the previous report contains has no entry. */
export function buildInventory(sources: InventorySources): InventoryEntry[] {
  const results = new Map(sources.results.map((result) => [result.sessionId, result]));
  return matchShares(sources)
    .map((share) => toEntry(share, results.get(share.sessionId), sources))
    .filter(
      ({ listed, managedBy, lookedUpBy, to, now }) =>
        listed !== undefined || managedBy.length + lookedUpBy.length > 0 || to > now,
    );
}

function matchShares({ declared, results, previous }: InventorySources): MatchedShare[] {
  const matched = new Map<string, MatchedShare>();
  const withoutKey: MatchedShare[] = [];
  const shareOf = (sessionId: string, fingerprint: string) => {
    const id = shareId(sessionId, fingerprint);
    const share = matched.get(id) ?? { sessionId, fingerprint, declared: [] };
    matched.set(id, share);
    return share;
  };
  for (const share of declared) shareOf(share.sessionId, share.fingerprint).declared.push(share);
  for (const share of previous) shareOf(share.sessionId, share.fingerprint).previous = share;
  for (const result of results) {
    for (const listed of result.outcome === "answered" ? result.shares : []) {
      if (listed.fingerprint === undefined) withoutKey.push({ sessionId: result.sessionId, declared: [], listed });
      else shareOf(result.sessionId, listed.fingerprint).listed = listed;
    }
  }
  return [...matched.values(), ...withoutKey];
}

function toEntry(
  share: MatchedShare,
  result: SessionResult | undefined,
  { origin, now: localNow }: InventorySources,
): InventoryEntry {
  const { declared, ...rest } = share;
  const { listed, previous } = rest;
  const now = result?.outcome === "answered" ? result.now : localNow;
  const seen = presenceOf(share, result, origin);
  const since = listed?.since ?? (declared.length > 0 ? latest(startsOf(declared)) : previous?.since);
  const end = latest([
    ...defined([listed?.to]),
    ...endsOf(declared),
    ...(listed || declared.length > 0 ? [] : defined([previous?.to])),
  ]);
  const to = end ?? Infinity;
  const unknownEnd = end === undefined ? unknownEndOf(share) : undefined;
  return {
    ...rest,
    managedBy: declared.filter(({ managed }) => managed),
    lookedUpBy: declared.filter(({ managed }) => !managed),
    status: statusOf(share, { seen, since: since ?? -Infinity, to, now }),
    seen,
    ...(since !== undefined && { since }),
    to,
    ...(unknownEnd !== undefined && { unknownEnd }),
    now,
  };
}

function unknownEndOf({ declared, listed }: MatchedShare): InventoryEntry["unknownEnd"] {
  if (listed !== undefined) return "not-listed";
  return declared.some(({ encryptedOutputs }) => encryptedOutputs.includes("validTo")) ? "encrypted" : undefined;
}
