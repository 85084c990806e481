// The lists of one appliance as this run has seen them: who may share one request, which keys are known since when,
// and which keys somebody in this process has claimed. Decides nothing about shares.
import { FudoError, isFudoError } from "../../client/errors";
import { fingerprintOf } from "../../client/fingerprint";
import type { Client, Share } from "../../client/api";
import type { Clock } from "../../time/clock";

/** One good list. */
export interface Listed {
  readonly shares: readonly Share[];
  /** The appliance's clock when it answered, else ours: milliseconds since the epoch. */
  readonly applianceTime: number;
  /** The appliance's clock minus ours, at least; absent without a `Date` header. */
  readonly skew?: number;
  /** False where the appliance itself answered that it has no such session. */
  readonly sessionFound: boolean;
  /** Entries by fingerprint: more than one only for equal fingerprints of different keys. */
  byFingerprint(fingerprint: string): readonly Share[];
}

interface Session {
  /** When a key was first seen, as a count of lists and answers: see `mark`. */
  readonly known: Map<string, number>;
  readonly claimed: Set<string>;
  /** How many shares the last list showed. */
  length: number;
  baseline?: Promise<Listed>;
  /** The newest request that reads may still join, and when it was sent. */
  shared?: { readonly sentAt: number; readonly list: Promise<Listed> };
  /** A request that is not sent yet: everybody who comes before it is sent may join. */
  awaited?: { waiting: number; readonly list: Promise<Listed>; readonly send: () => void };
}

const sharedFor = 1000;

/** So many need not wait for more: a list of their own then costs less than their time. */
const enough = 5;

export class SessionLists {
  private readonly sessions = new Map<string, Session>();
  private count = 0;

  constructor(
    private readonly client: Pick<Client, "listShares">,
    private readonly clock: Clock,
  ) {}

  /** A list requested now. */
  async fresh(sessionId: string): Promise<Listed> {
    const session = this.session(sessionId);
    const shared = { sentAt: this.clock.now(), list: this.request(sessionId) };
    session.shared = shared;
    try {
      return await shared.list;
    } catch (error) {
      // Whoever waits for it shares the failure; whoever comes later asks again.
      if (session.shared === shared) delete session.shared;
      throw error;
    }
  }

  /** For reads: a list that was requested at most a second ago, else a fresh one. */
  shared(sessionId: string): Promise<Listed> {
    const { shared } = this.session(sessionId);
    return shared !== undefined && Math.abs(this.clock.now() - shared.sentAt) <= sharedFor
      ? shared.list
      : this.fresh(sessionId);
  }

  /** One list for everybody who asks before it is requested: when `ready` resolves, or `enough` wait for it. */
  awaited(sessionId: string, ready: () => Promise<void>): Promise<Listed> {
    const session = this.session(sessionId);
    const awaited = (session.awaited ??= this.awaiting(sessionId, ready));
    awaited.waiting += 1;
    if (awaited.waiting === enough) awaited.send();
    return awaited.list;
  }

  /**
   * How long a creation does well to wait for the next one, in milliseconds. It grows with the session's list: so does what a list
   * costs the appliance, and what the engine takes between two creations, as it saves its whole state each time.
   */
  patience(sessionId: string): number {
    return Math.min(this.session(sessionId).length / 2, 500);
  }

  private awaiting(sessionId: string, ready: () => Promise<void>): NonNullable<Session["awaited"]> {
    const { promise: full, resolve: send } = Promise.withResolvers<void>();
    const list = Promise.race([ready(), full]).then(() => {
      delete this.session(sessionId).awaited;
      return this.fresh(sessionId);
    });
    return { waiting: 0, list, send };
  }

  /** The session's list before its first POST of this run. A failure, and a session that is not there, is not kept. */
  baseline(sessionId: string): Promise<Listed> {
    const session = this.session(sessionId);
    session.baseline ??= this.fresh(sessionId)
      .then((listed) => demandSession(sessionId, listed))
      .catch((error: unknown) => {
        delete session.baseline;
        throw error;
      });
    return session.baseline;
  }

  /** What is known up to now: give it to `unknownSince` after a POST to see what came later. */
  mark(): number {
    return this.count;
  }

  /** Entries that no list completed before `mark` has shown and nobody in this process owns. */
  unknownSince(mark: number, sessionId: string, listed: Listed): Share[] {
    const { claimed } = this.session(sessionId);
    const seen = new Set<string>();
    return listed.shares.filter(({ key }) => {
      if (key === undefined || claimed.has(key) || seen.has(key)) return false;
      seen.add(key);
      return this.isNewSince(mark, sessionId, key);
    });
  }

  /** True where no list completed before `mark` has shown the key. */
  isNewSince(mark: number, sessionId: string, key: string): boolean {
    return (this.session(sessionId).known.get(key) ?? Infinity) > mark;
  }

  /** True for the first to claim the key; a key has one owner in a process. */
  claim(sessionId: string, key: string): boolean {
    const { known, claimed } = this.session(sessionId);
    if (claimed.has(key)) return false;
    claimed.add(key);
    if (!known.has(key)) known.set(key, ++this.count);
    return true;
  }

  private async request(sessionId: string): Promise<Listed> {
    const listed = await this.answer(sessionId);
    this.count += 1;
    const session = this.session(sessionId);
    session.length = listed.shares.length;
    const { known } = session;
    for (const { key } of listed.shares) {
      if (key !== undefined && !known.has(key)) known.set(key, this.count);
    }
    return listed;
  }

  private async answer(sessionId: string): Promise<Listed> {
    try {
      const { shares, applianceTime } = await this.client.listShares(sessionId);
      return listedFrom(shares, applianceTime, this.clock.now(), true);
    } catch (error) {
      // Appliance: its own 404 says that the session is not (or no longer) there for this API user; a proxy's says nothing.
      if (isFudoError(error) && error.code === "not-found" && error.fromAppliance) {
        return listedFrom([], undefined, this.clock.now(), false);
      }
      throw error;
    }
  }

  private session(sessionId: string): Session {
    const session = this.sessions.get(sessionId) ?? { known: new Map(), claimed: new Set(), length: 0 };
    this.sessions.set(sessionId, session);
    return session;
  }
}

function demandSession(sessionId: string, listed: Listed): Listed {
  if (listed.sessionFound) return listed;
  throw new FudoError(
    "not-found",
    `session ${sessionId}: the appliance shows no such session to this API user. Check the ID, and that the user behind the API key may see it.`,
  );
}

function listedFrom(
  shares: readonly Share[],
  applianceTime: number | undefined,
  now: number,
  sessionFound: boolean,
): Listed {
  return {
    shares,
    sessionFound,
    applianceTime: applianceTime ?? now,
    ...(applianceTime !== undefined && { skew: applianceTime - now }),
    byFingerprint: (fingerprint) => indexOf(shares).get(fingerprint) ?? [],
  };
}

type Index = ReadonlyMap<string, readonly Share[]>;

/** One index for each list: a list that did not change comes from the client as it was. */
const indexes = new WeakMap<readonly Share[], Index>();

function indexOf(shares: readonly Share[]): Index {
  const index = indexes.get(shares) ?? newIndex(shares);
  indexes.set(shares, index);
  return index;
}

function newIndex(shares: readonly Share[]): Index {
  const index = new Map<string, Share[]>();
  for (const share of shares) {
    if (share.key === undefined) continue;
    const fingerprint = fingerprintOf(share.key);
    const entries = index.get(fingerprint);
    const before = entries?.findIndex(({ key }) => key === share.key) ?? -1;
    if (entries === undefined) index.set(fingerprint, [share]);
    else if (before < 0) entries.push(share);
    // Appliance: a list may repeat an entry; that it was removed is not taken back by the next.
    else if (share.removed) entries[before] = share;
  }
  return index;
}
