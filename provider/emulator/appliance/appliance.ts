// The appliance's state in memory (sessions, shares, users, API keys, rights, clock, zone), and the actions of an
// administrator in the admin panel. The rules for lists are in visibility.ts, the rules for a POST in create-share.ts.
import { checkProperties } from "../checks";
import { Random } from "../random";
import { type ChangeTime, linkPath, type Session, type Share, type ShareRecord, type AttributeValue } from "./records";
import type { BehaviourFlags } from "./behaviour-flags";
import type { ApplianceClock } from "./clock";
import { type NewSession, type PanelShare, sessionChecks, shareChecks } from "./panel";
import { type Instant, instantOf, requireInstant, utcText, type Zone } from "./times";

/** The state, and every operation that changes it. */
export class Appliance {
  readonly sessions = new Map<string, Session>();
  /** API key to user ID. */
  readonly apiKeys = new Map<string, string>();
  readonly blockedUsers = new Set<string>();
  /** IDs of sessions and users, and keys of shares, that API users have no right to see. */
  readonly hiddenIds = new Set<string>();
  /** For the fault that shuffles a list. Nothing that a test could compare later comes from it. */
  readonly random: Random;
  readonly #shares = new Map<string, Share>();
  #counter = 0;

  constructor(
    readonly clock: ApplianceClock,
    readonly behaviour: BehaviourFlags,
    readonly seed: string,
    public zone: Zone,
  ) {
    this.random = new Random(seed);
  }

  /** Throws a RangeError if the session exists, or if a property is unknown or has the wrong type. */
  addSession(given: NewSession): Session {
    checkProperties("addSession", given, sessionChecks);
    const { id = this.#nextSessionId(), startedAt, finishedAt = null, attributes = {} } = given;
    if (this.sessions.has(id)) throw new RangeError(`session ${id} already exists`);
    const started = requireInstant("startedAt", startedAt ?? this.clock.now());
    const finished = finishedAt === null ? null : requireInstant("finishedAt", finishedAt);
    const session: Session = {
      id,
      attributes: { ...defaultSessionAttributes(id, started, finished, attributes["protocol"]), ...attributes },
      shares: new Map(),
      shareCount: 0,
      removed: false,
      listCount: 0,
    };
    this.sessions.set(id, session);
    return session;
  }

  /** The session, also if it was removed. Throws a RangeError if the session never existed. */
  requireSession(id: string): Session {
    const session = this.sessions.get(id);
    if (session === undefined) throw new RangeError(`session ${id} does not exist`);
    return session;
  }

  /** Creates a share in the panel. Throws a RangeError if the session never existed or an attribute has the wrong type. */
  addPanelShare(sessionId: string, share: PanelShare): Share {
    checkProperties("addShare", share, shareChecks);
    const { readonly = true, validSince = this.clock.now(), key } = share;
    if (key !== undefined && this.#shares.has(key)) throw new RangeError("addShare: a share with this key exists");
    const since = requireInstant("validSince", validSince);
    const { validTo = since.ms + 8 * 3_600_000 } = share;
    const window = { validSince: since, validTo: requireInstant("validTo", validTo) };
    return this.addShare(this.requireSession(sessionId), window, readonly, share);
  }

  /** Adds a share without checks: create-share.ts has checked API requests, and an administrator can do anything. */
  addShare(
    session: Session,
    window: { validSince: Instant; validTo: Instant },
    readonly: boolean,
    details: PanelShare = {},
  ): Share {
    const { createdAt, key } = this.#generate(session);
    const created = details.createdAt === undefined ? createdAt : requireInstant("createdAt", details.createdAt);
    const share: Share = {
      id: makeId(0x2340, ++this.#counter),
      sessionId: session.id,
      userId: details.userId ?? defaultUser,
      key: details.key ?? key,
      ...window,
      readonly,
      createdAt: created,
      modifiedAt: created,
      creation: this.#changeTime(session),
      revocation: undefined,
    };
    session.shares.set(share.key, share);
    this.#shares.set(share.key, share);
    return share;
  }

  /** Revokes a share, like Management > Sessions > ... > sharing. Throws a RangeError if no share has this key. */
  revoke(key: string): void {
    const share = this.#requireShare(key);
    share.revocation = this.#changeTime(this.requireSession(share.sessionId));
    share.modifiedAt = instantOf(this.clock.now());
  }

  /** Undoes a revocation, as a restored backup or a failover does. Throws a RangeError if no share has this key. */
  restore(key: string): void {
    this.#requireShare(key).revocation = undefined;
  }

  findShare(key: string): Share | undefined {
    return this.#shares.get(key);
  }

  /** Every share that was ever created, of one session or of all sessions. */
  shareRecords(sessionId?: string): ShareRecord[] {
    const shares = sessionId === undefined ? this.#shares : this.requireSession(sessionId).shares;
    return [...shares.values()].map(recordOf);
  }

  #requireShare(key: string): Share {
    const share = this.#shares.get(key);
    if (share === undefined) throw new RangeError("no share has this key");
    return share;
  }

  /** What the appliance generates for a share. The order of requests on other sessions cannot change it. */
  #generate(session: Session): { key: string; createdAt: Instant } {
    const random = new Random(`${this.seed} share ${session.id} ${++session.shareCount}`);
    // Appliance: creation times have microseconds. The clock has milliseconds only, so the rest is random.
    return { key: random.key(), createdAt: { ms: Math.floor(this.clock.now()), micros: random.below(1000) } };
  }

  #nextSessionId(): string {
    let count = this.sessions.size + 1;
    while (this.sessions.has(makeId(0x40c0, count))) count++;
    return makeId(0x40c0, count);
  }

  #changeTime(session: Session): ChangeTime {
    return { listCount: session.listCount, ms: this.clock.source() };
  }
}

/** The user that owns the API key created when the emulator starts. */
export const defaultUser = makeId(0x1ae0, 1);

/** The true state of a share, independent of what lists show. */
export function recordOf(share: Share): ShareRecord {
  const { id, sessionId, userId, key, validSince, validTo, readonly, createdAt, modifiedAt, revocation } = share;
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
    removed: revocation !== undefined,
  };
}

// Appliance: every known ID has a constant high part (the node) and a small counter, and lies between 2^53 and 2^63.
function makeId(prefix: number, count: number): string {
  return String((BigInt(prefix) << 48n) + BigInt(count));
}

/** The protocols of the sessions that exist at the start, with their usual ports. */
const protocolPorts: Readonly<Record<string, number>> = { ssh: 22, rdp: 3389, vnc: 5900, http: 443 };

/** The protocol of the session with this number at the start: each of them in turn. */
export function protocolAt(number: number): string {
  const protocols = Object.keys(protocolPorts);
  return protocols[number % protocols.length] ?? "ssh";
}

function defaultSessionAttributes(
  id: string,
  started: Instant,
  finished: Instant | null,
  protocol: AttributeValue = "ssh",
): Session["attributes"] {
  const known = Math.max(0, Object.keys(protocolPorts).indexOf(String(protocol)));
  return {
    id,
    account_id: makeId(0x1960, known + 1),
    listener_id: makeId(0x1970, known + 1),
    safe_id: makeId(0x1980, 1),
    server_id: makeId(0x1990, known + 1),
    user_id: makeId(0x1ae0, 2),
    started_at: started,
    finished_at: finished,
    terminate_at: null,
    dump_mode: "all",
    protocol,
    source_ip: "192.0.2.10",
    source_port: 50022,
    destination_ip: `198.51.100.${20 + known}`,
    destination_port: protocolPorts[String(protocol)] ?? 22,
    paused: false,
    retention_locked: false,
    indexed: finished === null ? 0 : 2,
    size: 0,
    status: null,
    created_at: started,
    modified_at: finished ?? started,
    removed: null,
  };
}
