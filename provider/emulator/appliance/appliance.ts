// The appliance in memory: sessions, shares, users with their API keys, rights, clock and zone, and what an administrator
// does to them in the panel. Knows no HTTP, no JSON, and nothing of what a list shows (visibility.ts) or a POST may ask (granting.ts).
import type { Random } from "./random";
import { linkPath, type Session, type Share, type ShareRecord, type Value } from "./records";
import type { Switches } from "./behaviour-flags";
import { type Instant, instantOf, utcText, type Zone } from "./times";

/** The appliance's clock: milliseconds since the epoch from a source, ahead of it (or behind) by `skew` milliseconds. */
export class ApplianceClock {
  skew = 0;

  constructor(readonly source: () => number) {}

  now(): number {
    return this.source() + this.skew;
  }
}

/** A share as an administrator makes it in the panel. Times in milliseconds since the epoch; Infinity is kept as `infinity`. */
export interface PanelShare {
  validSince?: number;
  validTo?: number;
  readonly?: boolean;
  userId?: string;
  key?: string;
  createdAt?: number;
}

/** A session as told to the emulator. Times in milliseconds since the epoch; `finishedAt` null or left out: it is live. */
export interface NewSession {
  id?: string;
  startedAt?: number;
  finishedAt?: number | null;
  /** Attributes of the vendor's table, in the vendor's spelling, laid over the defaults. */
  attributes?: Record<string, Value>;
}

/** The state, and all that changes it. */
export class Appliance {
  readonly sessions = new Map<string, Session>();
  /** API key to user ID. */
  readonly apiKeys = new Map<string, string>();
  readonly blockedUsers = new Set<string>();
  /** IDs of sessions and users, and keys of shares, that the API users have lost the right to see. */
  readonly unseen = new Set<string>();
  readonly #shares = new Map<string, Share>();
  #counter = 0;

  constructor(
    readonly clock: ApplianceClock,
    readonly switches: Switches,
    readonly random: Random,
    public zone: Zone,
  ) {}

  addSession({ id = this.#freeSessionId(), startedAt, finishedAt = null, attributes = {} }: NewSession): Session {
    if (this.sessions.has(id)) throw new RangeError(`there is already a session ${id}`);
    const started = instantOf(startedAt ?? this.clock.now());
    const finish = finishedAt === null ? null : instantOf(finishedAt);
    const all = { ...sessionDefaults(id, started, finish), ...attributes };
    const session: Session = { id, attributes: all, shares: new Map(), removed: false, lists: 0 };
    this.sessions.set(id, session);
    return session;
  }

  /** The session, removed ones included. Throws when there never was one. */
  knownSession(id: string): Session {
    const session = this.sessions.get(id);
    if (session === undefined) throw new RangeError(`there is no session ${id}`);
    return session;
  }

  /** Adds a share as given, past every rule: granting.ts has asked them before, an administrator need not. */
  addShare(
    session: Session,
    window: { validSince: Instant; validTo: Instant },
    readonly: boolean,
    given: PanelShare = {},
  ): Share {
    // The appliance stamps microseconds; the clock knows milliseconds, chance fills in the rest.
    const stamp =
      given.createdAt === undefined
        ? { ms: Math.floor(this.clock.now()), micros: this.random.below(1000) }
        : instantOf(given.createdAt);
    const share: Share = {
      id: numbered(0x2340, ++this.#counter),
      sessionId: session.id,
      userId: given.userId ?? defaultUser,
      key: given.key ?? this.random.key(),
      ...window,
      readonly,
      createdAt: stamp,
      modifiedAt: stamp,
      born: this.#moment(session),
      revoked: undefined,
    };
    session.shares.set(share.key, share);
    this.#shares.set(share.key, share);
    return share;
  }

  /** Deactivates a link, as in Management > Sessions > the session's menu > sharing. Throws when there is no such key. */
  revoke(key: string): void {
    const share = this.#share(key);
    share.revoked = this.#moment(this.knownSession(share.sessionId));
    share.modifiedAt = instantOf(this.clock.now());
  }

  /** Undoes a revocation: a restored backup, a fail-over. Throws when there is no such key. */
  restore(key: string): void {
    this.#share(key).revoked = undefined;
  }

  shareOf(key: string): Share | undefined {
    return this.#shares.get(key);
  }

  /** Every share there ever was, of one session or of all. */
  shareRecords(sessionId?: string): ShareRecord[] {
    const shares = sessionId === undefined ? this.#shares : this.knownSession(sessionId).shares;
    return [...shares.values()].map(recordOf);
  }

  #share(key: string): Share {
    const share = this.#shares.get(key);
    if (share === undefined) throw new RangeError("there is no share with this key");
    return share;
  }

  #freeSessionId(): string {
    let count = this.sessions.size + 1;
    while (this.sessions.has(numbered(0x40c0, count))) count++;
    return numbered(0x40c0, count);
  }

  #moment(session: Session): { lists: number; ms: number } {
    return { lists: session.lists, ms: this.clock.source() };
  }
}

/** The user whose API key the emulator makes at its start. */
export const defaultUser = numbered(0x1ae0, 1);

/** The ground truth of a share. */
export function recordOf(share: Share): ShareRecord {
  const { id, sessionId, userId, key, validSince, validTo, readonly, createdAt, modifiedAt, revoked } = share;
  return {
    id,
    sessionId,
    userId,
    key,
    link: linkPath(sessionId, key),
    validSince: utcText(validSince),
    validTo: utcText(validTo),
    readonly,
    createdAt: utcText(createdAt),
    modifiedAt: utcText(modifiedAt),
    removed: revoked !== undefined,
  };
}

// Appliance: all known IDs are a constant high part (the node's) and a small count, above 2^53 and below 2^63.
function numbered(prefix: number, count: number): string {
  return String((BigInt(prefix) << 48n) + BigInt(count));
}

function sessionDefaults(id: string, started: Instant, finish: Instant | null): Session["attributes"] {
  return {
    id,
    account_id: numbered(0x1960, 1),
    listener_id: numbered(0x1970, 1),
    safe_id: numbered(0x1980, 1),
    server_id: numbered(0x1990, 1),
    user_id: numbered(0x1ae0, 2),
    started_at: started,
    finished_at: finish,
    terminate_at: null,
    dump_mode: "all",
    protocol: "ssh",
    source_ip: "192.0.2.10",
    source_port: 50022,
    destination_ip: "198.51.100.20",
    destination_port: 22,
    paused: false,
    retention_locked: false,
    indexed: finish === null ? 0 : 2,
    size: 0,
    status: null,
    created_at: started,
    modified_at: finish ?? started,
    removed: null,
  };
}
