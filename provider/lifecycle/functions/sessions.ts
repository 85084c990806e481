// The sessions that the API user can see: reads their list, selects some of them, and summarizes them for programs. The
// audit reads the list, too.
import type { Client, Session } from "../../client/api";
import type { FudoError } from "../../client/errors";
import { printable } from "../../client/redact/redact";
import { formatMicroseconds, parseInstant } from "../../time/instants";
import { listAllPages } from "./all-pages";
import { namesOf, type KnownNames } from "./object-names";
import type { SessionQuery } from "./session-arguments";

export interface SessionListing {
  readonly sessions: readonly Session[];
  /** Why the list may be incomplete. Absent when each page continued the page before, up to the end. */
  readonly incomplete?: string;
  /** The error that ended the list, if there was one. */
  readonly failure?: FudoError;
}

/** Every session that the API user can see. A `FudoError` is returned in the listing, not thrown. */
export async function listAllSessions(
  client: Pick<Client, "listSessions">,
  onPage?: (found: number) => void,
): Promise<SessionListing> {
  const fetchPage = async (page: { offset: number; limit: number }) => {
    const { sessions, problems } = await client.listSessions(page);
    return { entries: sessions, problems };
  };
  const { entries: sessions, ...rest } = await listAllPages("sessions", fetchPage, onPage);
  return { sessions, ...rest };
}

/** A session. IDs are decimal text, instants are UTC. What the appliance does not return is absent. */
export interface SessionSummary {
  /** The session's ID: the `sessionId` of a share. */
  readonly id: string;
  /** True while the appliance returns no end for the session. */
  readonly live: boolean;
  /** The appliance's name for it: `ssh`, `rdp`, `vnc` … */
  readonly protocol?: string;
  /** The user who is connected. */
  readonly userId?: string;
  /** The server that the user is connected to. */
  readonly serverId?: string;
  /** The safe that allows the connection. */
  readonly safeId?: string;
  /** The account on the server. */
  readonly accountId?: string;
  /**
   * The name of the user. Set if the query has `userName` or `names: true`, and if this API user may read users. At most 200
   * characters, safe to print.
   */
  readonly userName?: string;
  /**
   * The name of the server. Set if the query has `serverName` or `names: true`, and if this API user may read servers. At most
   * 200 characters, safe to print.
   */
  readonly serverName?: string;
  /**
   * The name of the account. Set if the query has `accountName` or `names: true`, and if this API user may read accounts. At
   * most 200 characters, safe to print.
   */
  readonly accountName?: string;
  /** When the session started. */
  readonly startedAt?: string;
  /** When the session ended. Absent while it is live. */
  readonly finishedAt?: string;
}

const identifiers = ["userId", "serverId", "safeId", "accountId"] as const;

/** The matching sessions, newest first by their start. Removed sessions are omitted. Names and `limit` are not applied. */
export function selectSessions(sessions: readonly Session[], query: SessionQuery): Session[] {
  const matches = (session: Session) =>
    !session.removed &&
    identifiers.every((name) => query[name] === undefined || session[name] === query[name]) &&
    (query.protocol === undefined || session.protocol?.toLowerCase() === query.protocol.toLowerCase()) &&
    (query.live === undefined || isLive(session) === query.live);
  return sessions.filter(matches).sort(newestFirst);
}

function isLive({ finishedAt }: Session): boolean {
  return finishedAt === undefined || finishedAt === "infinity";
}

function newestFirst(a: Session, b: Session): number {
  const [first, second] = [startOf(a), startOf(b)];
  if (first !== second) return first > second ? -1 : 1;
  // Appliance: an ID is the node's prefix and a counter, so on one node the greater ID is the newer session.
  return b.id.length - a.id.length || (a.id < b.id ? 1 : -1);
}

function startOf({ startedAt, createdAt }: Session): number {
  return parseInstant(startedAt ?? createdAt ?? "")?.epochMs ?? -Infinity;
}

/** A session without what a program must not see. A name has at most 200 characters. */
export function summarizeSession(session: Session, names: KnownNames = new Map()): SessionSummary {
  const instant = (text: string | undefined) => {
    const parsed = text === undefined ? undefined : parseInstant(text);
    return parsed && formatMicroseconds(parsed);
  };
  const { userName, serverName, accountName } = namesOf(session, names);
  const { id, protocol, userId, serverId, safeId, accountId, startedAt, finishedAt } = session;
  const optional = {
    protocol: protocol && printable(protocol, 40),
    userId,
    serverId,
    safeId,
    accountId,
    userName,
    serverName,
    accountName,
    startedAt: instant(startedAt),
    finishedAt: instant(finishedAt),
  };
  return {
    id,
    live: isLive(session),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}
