// Fetches the shares of each session from the appliance. Keys become fingerprints here: the rest of the audit has no keys.
import { fingerprintOf, isFudoError, printable, type Client, type FudoError, type Share } from "../../client";
import { mergeRepeatedEntries, millisecondsOf } from "../../lifecycle";
import { formatMicroseconds, parseInstant } from "../../time/instants";
import { clockSkew, maximumSkew, skewText } from "../model/clock-skew";
import { plural } from "../model/wording";

/**
 * A share in a session's list. Instants are milliseconds since the epoch, ±Infinity when there is none, and absent when the
 * list does not contain them or they cannot be read.
 */
export interface ListedShare {
  /** Absent when the appliance lists the share without a readable key. */
  readonly fingerprint?: string;
  readonly removed: boolean;
  readonly since?: number;
  readonly to?: number;
  readonly readonly?: boolean;
  /** UTC, with microseconds. */
  readonly createdAt?: string;
  /** The attributes that cannot be read, as the vendor spells them. */
  readonly unreadable: readonly string[];
}

/**
 * The result for one session. `unknown`: the appliance itself reports that it does not have the session, or that this API
 * user cannot see it. `not-asked`: the audit stopped before this request.
 */
export type SessionResult = {
  readonly sessionId: string;
  /** The appliance's clock when it responded, also with an error: milliseconds. Absent without such a response. */
  readonly applianceTime?: number;
} & (
  | {
      readonly outcome: "answered";
      readonly shares: readonly ListedShare[];
      /** The appliance's clock, milliseconds. */
      readonly now: number;
      /** Whether a share that is not in `shares` is certainly not in the list. */
      readonly provesAbsence: boolean;
      /** What makes this list incomplete or doubtful: without a full stop. */
      readonly problems: readonly string[];
    }
  | { readonly outcome: "unknown" }
  | { readonly outcome: "failed"; readonly reason: string }
  | { readonly outcome: "not-asked" }
);

export interface FetchOptions {
  readonly client: Pick<Client, "listShares">;
  readonly now: () => number;
  /** Called after each session with the number of sessions done. */
  readonly onResult: (done: number) => void;
}

const concurrency = 8;
/** After so many failures that each took their timeout and retries, the appliance is down: the rest would take hours. */
const maxSlowFailures = 2 * concurrency;

/**
 * One result for each session, in the same order. Throws only `config`: no request can be sent. Any other error of the
 * appliance is the result of its session.
 */
export async function fetchSessions(sessionIds: readonly string[], options: FetchOptions): Promise<SessionResult[]> {
  const results = new Map<string, SessionResult>();
  const waiting = sessionIds[Symbol.iterator]();
  const hasStopped = stopRule();
  let stopped = false;
  const work = async () => {
    for (const sessionId of waiting) {
      if (stopped) return;
      const [result, error] = await fetchSession(sessionId, options);
      if (error?.code === "config") throw error;
      results.set(sessionId, result);
      options.onResult(results.size);
      stopped ||= hasStopped(error);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return sessionIds.map((sessionId) => results.get(sessionId) ?? { sessionId, outcome: "not-asked" });
}

/**
 * Decides after each result whether the audit sends no more requests. A rejected key is rejected for every session, and more
 * attempts may block its user. Unreachable sessions cost their time each. A fast answer, such as a 403, is about its session.
 */
function stopRule(): (error: FudoError | undefined) => boolean {
  let hasResponse = false;
  let slowFailures = 0;
  return (error) => {
    hasResponse ||= error === undefined || error.status !== undefined;
    if (error === undefined) slowFailures = 0;
    else if (error.code === "unreachable" || error.code === "unavailable") slowFailures += 1;
    return error?.status === 401 || slowFailures >= (hasResponse ? maxSlowFailures : concurrency);
  };
}

async function fetchSession(
  sessionId: string,
  { client, now }: FetchOptions,
): Promise<[result: SessionResult, error?: FudoError]> {
  try {
    const before = now();
    const { shares, applianceTime, provesAbsence, problems } = await client.listShares(sessionId);
    const after = now();
    const skew = applianceTime === undefined ? 0 : clockSkew(applianceTime, before, after);
    const unique = mergeRepeatedEntries(shares);
    const doubts = [...problems, ...contradictions(shares, unique)];
    const fingerprints = unique.flatMap(({ key }) => (key === undefined ? [] : [fingerprintOf(key)]));
    if (new Set(fingerprints).size < fingerprints.length) {
      const reason = "two keys in the list have the same fingerprint, so the audit cannot tell their shares apart";
      const answer = { sessionId, ...(applianceTime !== undefined && { applianceTime }) };
      return [{ ...answer, outcome: "failed", reason }];
    }
    const result: SessionResult = {
      sessionId,
      outcome: "answered",
      ...(applianceTime !== undefined && { applianceTime }),
      now: applianceTime ?? after,
      shares: unique.map(toListedShare),
      // Any entry without a key can be the share that a stack declares.
      provesAbsence: provesAbsence && unique.every(({ key }) => key !== undefined),
      problems: Math.abs(skew) > maximumSkew ? [...doubts, skewText(skew)] : doubts,
    };
    return [result];
  } catch (error) {
    if (!isFudoError(error)) throw error;
    const { applianceTime } = error;
    const answer = { sessionId, ...(applianceTime !== undefined && { applianceTime }) };
    // Appliance: its own 404 is about the session. A 404 from a proxy or for a wrong path is not.
    if (error.code === "not-found" && error.fromAppliance) return [{ ...answer, outcome: "unknown" }];
    return [{ ...answer, outcome: "failed", reason: printable(error.message) }, error];
  }
}

/** The client reports what it cannot read in one entry; this is about entries of one key that differ. */
function contradictions(listed: readonly Share[], unique: readonly Share[]): string[] {
  if (unique.length === listed.length) return [];
  const known = new Set(listed.flatMap(({ key, unreadable = [] }) => unreadable.map((name) => `${key} ${name}`)));
  const found = unique.filter(({ key, unreadable = [] }) => unreadable.some((name) => !known.has(`${key} ${name}`)));
  return found.length === 0 ? [] : [`the list repeats ${plural(found.length, "share")} with another window or mode`];
}

function toListedShare(share: Share): ListedShare {
  const created = share.createdAt === undefined ? undefined : parseInstant(share.createdAt);
  const [since, to] = [millisecondsOf(share.validSince), millisecondsOf(share.validTo)];
  return {
    ...(share.key !== undefined && { fingerprint: fingerprintOf(share.key) }),
    removed: share.removed,
    ...(since !== undefined && { since }),
    ...(to !== undefined && { to }),
    ...(share.readonly !== undefined && { readonly: share.readonly }),
    ...(created !== undefined && { createdAt: formatMicroseconds(created) }),
    unreadable: share.unreadable ?? [],
  };
}
