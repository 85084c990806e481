// The appliance's state in memory (sessions, shares, users, API keys, rights, clock, zone), and the actions of an
// administrator in the admin panel. The rules for lists are in visibility.ts, the rules for a POST in create-share.ts.
import { checkProperties } from "../checks";
import { Random } from "../random";
import {
  type AttributeValue,
  type ChangeTime,
  linkPath,
  makeId,
  type Session,
  type Share,
  type ShareRecord,
} from "./records";
import type { BehaviourFlags } from "./behaviour-flags";
import type { ApplianceClock } from "./clock";
import { NamedObjects } from "./named-objects";
import { type NewSession, type PanelShare, sessionChecks, shareChecks } from "./panel";
import { type Instant, instantOf, requireInstant, utcText, type Zone } from "./times";

/** The state, and every operation that changes it. */
export class Appliance {
  readonly sessions = new Map<string, Session>();
  readonly objects = new NamedObjects(defaultUser);
  /** API key to user ID. */
  readonly apiKeys = new Map<string, string>();
  readonly blockedUsers = new Set<string>();
  /** IDs of sessions, servers, accounts and users, and keys of shares, that API users have no right to see. */
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
    const defaults = defaultsOf(attributes["protocol"]);
    const objects = this.objects.add(given, attributes, defaults);
    const session: Session = {
      id,
      attributes: { ...sessionAttributes(id, started, finished, defaults), ...attributes, ...objects },
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

/** What a session of a protocol is like by default. */
interface ProtocolDefaults {
  readonly protocol: string;
  readonly port: number;
  readonly serverName: string;
  readonly accountName: string;
  readonly userName: string;
}

/** The protocols of the sessions that exist at the start, with their usual ports. */
const protocolDefaults: readonly ProtocolDefaults[] = [
  { protocol: "ssh", port: 22, serverName: "db-01", accountName: "root@db-01", userName: "ACME Support" },
  { protocol: "rdp", port: 3389, serverName: "ts-01", accountName: "administrator@ts-01", userName: "ACME Support" },
  { protocol: "vnc", port: 5900, serverName: "hmi-01", accountName: "operator@hmi-01", userName: "ACME Support" },
  { protocol: "http", port: 443, serverName: "erp-01", accountName: "admin@erp-01", userName: "ACME Support" },
];

/** The protocol of the session with this number at the start: each of them in turn. */
export function protocolAt(number: number): string {
  return protocolDefaults[number % protocolDefaults.length]?.protocol ?? "ssh";
}

/** A protocol that the table does not contain has the values of ssh. */
function defaultsOf(protocol: AttributeValue = "ssh"): ProtocolDefaults {
  return protocolDefaults.find((row) => row.protocol === protocol) ?? (protocolDefaults[0] as ProtocolDefaults);
}

function sessionAttributes(
  id: string,
  started: Instant,
  finished: Instant | null,
  defaults: ProtocolDefaults,
): Session["attributes"] {
  const number = protocolDefaults.indexOf(defaults);
  return {
    id,
    account_id: null,
    listener_id: makeId(0x1970, number + 1),
    safe_id: makeId(0x1980, 1),
    server_id: null,
    user_id: null,
    started_at: started,
    finished_at: finished,
    terminate_at: null,
    dump_mode: "all",
    protocol: defaults.protocol,
    source_ip: "192.0.2.10",
    source_port: 50022,
    destination_ip: `198.51.100.${20 + number}`,
    destination_port: defaults.port,
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
