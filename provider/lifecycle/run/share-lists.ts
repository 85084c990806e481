// The valid lists that this run has received: which requests may share one, which keys they have shown since when, and which
// keys a resource of this process manages.
import { FudoError, isFudoError } from "../../client/errors";
import { fingerprintOf } from "../../client/fingerprint";
import type { Client, Share, ShareList } from "../../client/api";
import type { Clock } from "../../time/clock";
import { mergeRepeatedEntries } from "../share/status";

/** One valid list, with one entry for each key. */
export interface ValidList {
  readonly shares: readonly Share[];
  /** The appliance's clock when it responded, else this machine's: milliseconds since the epoch. */
  readonly applianceTime: number;
  /** The appliance's clock minus this machine's, at least. Absent without a `Date` header. */
  readonly skew?: number;
  /** False where the appliance itself responded that it has no such session. */
  readonly sessionFound: boolean;
  /** False where the response is no proof that a share is absent. */
  readonly provesAbsence: boolean;
  /** What could not be read or is doubtful, one sentence each. */
  readonly problems: readonly string[];
  /** Entries by fingerprint: more than one only if different keys have the same fingerprint. */
  byFingerprint(fingerprint: string): readonly Share[];
}

interface SessionLists {
  /** The sequence number at which a list first showed a key. */
  readonly seen: Map<string, number>;
  readonly managed: Set<string>;
  /** The problems that a warning has named. */
  readonly reported: Set<string>;
  snapshot?: Promise<ValidList>;
  newest?: ValidList;
  /** The newest request that reads may still join, and when it was sent. */
  latest?: { readonly sentAt: number; readonly list: Promise<ValidList> };
}

const maxProblems = 5;

/** Reads that start this long after a list's request may use it. */
const coalescingWindow = 1000;

export class ShareLists {
  private readonly sessions = new Map<string, SessionLists>();
  private sequence = 0;
  private lowestSkew = 0;

  constructor(
    private readonly client: Pick<Client, "listShares">,
    private readonly clock: Clock,
  ) {}

  /** A list that is requested now. */
  async fetch(sessionId: string, signal: AbortSignal): Promise<ValidList> {
    const session = this.session(sessionId);
    const latest = { sentAt: this.clock.now(), list: this.request(sessionId, signal) };
    session.latest = latest;
    try {
      return await latest.list;
    } catch (error) {
      // Reads that have joined share the failure. A later one sends its own request.
      if (session.latest === latest) delete session.latest;
      throw error;
    }
  }

  /** For reads: a list that was requested at most a second ago, else one that is requested now. */
  coalesced(sessionId: string, signal: AbortSignal): Promise<ValidList> {
    const { latest } = this.session(sessionId);
    if (latest === undefined || Math.abs(this.clock.now() - latest.sentAt) > coalescingWindow) {
      return this.fetch(sessionId, signal);
    }
    return latest.list;
  }

  /** The session's list before the first POST of this run. A failure, and a session that does not exist, is not kept. */
  snapshot(sessionId: string, signal: AbortSignal): Promise<ValidList> {
    const session = this.session(sessionId);
    session.snapshot ??= this.fetch(sessionId, signal)
      .then((list) => requireSession(sessionId, list))
      .catch((error: unknown) => {
        delete session.snapshot;
        throw error;
      });
    return session.snapshot;
  }

  /** The list that this run has received last. Absent before the first one. */
  newest(sessionId: string): ValidList | undefined {
    return this.session(sessionId).newest;
  }

  /** Warns about what is doubtful in a list, once in a run for each session and problem. */
  reportProblems(sessionId: string, { problems }: ValidList, warn: (text: string) => void): void {
    const { reported } = this.session(sessionId);
    const added = [...new Set(problems)].filter((problem) => !reported.has(problem));
    added.forEach((problem) => reported.add(problem));
    added.slice(0, maxProblems).forEach((problem) => warn(`session ${sessionId}: ${problem}`));
    const rest = added.length - maxProblems;
    if (rest > 0)
      warn(`session ${sessionId}: ${rest} more problems in the list of its shares; fudo-audit names them all`);
  }

  /** How far the appliance's clock was behind this machine's in this run, at most: 0 or less, in milliseconds. */
  clockBehind(): number {
    return this.lowestSkew;
  }

  /** Grows with each list. Take it before a POST and pass it to `newSince` to get what lists have shown only later. */
  sequenceNumber(): number {
    return this.sequence;
  }

  /** Entries that no list before `sequenceNumber` has shown and that no resource of this process manages. */
  newSince(sequenceNumber: number, sessionId: string, list: ValidList): Share[] {
    const { managed } = this.session(sessionId);
    return list.shares.filter(
      ({ key }) => key !== undefined && !managed.has(key) && this.isNewSince(sequenceNumber, sessionId, key),
    );
  }

  /** True where no list before `sequenceNumber` has shown the key. */
  isNewSince(sequenceNumber: number, sessionId: string, key: string): boolean {
    return (this.session(sessionId).seen.get(key) ?? Infinity) > sequenceNumber;
  }

  /** Records that a resource of this process manages the key. False if one does already. */
  manage(sessionId: string, key: string): boolean {
    const { seen, managed } = this.session(sessionId);
    if (managed.has(key)) return false;
    managed.add(key);
    if (!seen.has(key)) seen.set(key, ++this.sequence);
    return true;
  }

  isManaged(sessionId: string, key: string): boolean {
    return this.session(sessionId).managed.has(key);
  }

  private async request(sessionId: string, signal: AbortSignal): Promise<ValidList> {
    const list = await this.response(sessionId, signal);
    this.sequence += 1;
    const session = this.session(sessionId);
    session.newest = list;
    const { seen } = session;
    for (const { key } of list.shares) {
      if (key !== undefined && !seen.has(key)) seen.set(key, this.sequence);
    }
    return list;
  }

  private async response(sessionId: string, signal: AbortSignal): Promise<ValidList> {
    try {
      const list = await this.client.listShares(sessionId, { signal });
      const now = this.clock.now();
      this.lowestSkew = Math.min(this.lowestSkew, (list.applianceTime ?? now) - now);
      return validList(list, now, true);
    } catch (error) {
      // Appliance: its own 404 says that this API user sees no such session. A proxy's 404 says nothing.
      if (isFudoError(error) && error.code === "not-found" && error.fromAppliance) {
        return validList({ shares: [], provesAbsence: true, problems: [] }, this.clock.now(), false);
      }
      throw error;
    }
  }

  private session(sessionId: string): SessionLists {
    const session = this.sessions.get(sessionId) ?? { seen: new Map(), managed: new Set(), reported: new Set() };
    this.sessions.set(sessionId, session);
    return session;
  }
}

function requireSession(sessionId: string, list: ValidList): ValidList {
  if (list.sessionFound) return list;
  throw new FudoError(
    "not-found",
    `session ${sessionId}: the appliance shows no such session to this API user. Check the ID, and that the API user may view the session.`,
  );
}

function validList(list: ShareList, now: number, sessionFound: boolean): ValidList {
  const { shares, applianceTime, provesAbsence, problems } = list;
  const merged = mergeRepeatedEntries(shares);
  let index: ReadonlyMap<string, readonly Share[]> | undefined;
  return {
    shares: merged,
    sessionFound,
    provesAbsence,
    problems,
    applianceTime: applianceTime ?? now,
    ...(applianceTime !== undefined && { skew: applianceTime - now }),
    byFingerprint: (fingerprint) => (index ??= indexByFingerprint(merged)).get(fingerprint) ?? [],
  };
}

function indexByFingerprint(shares: readonly Share[]): ReadonlyMap<string, readonly Share[]> {
  const index = new Map<string, Share[]>();
  for (const share of shares) {
    if (share.key === undefined) continue;
    const fingerprint = fingerprintOf(share.key);
    const entries = index.get(fingerprint);
    if (entries === undefined) index.set(fingerprint, [share]);
    else entries.push(share);
  }
  return index;
}
