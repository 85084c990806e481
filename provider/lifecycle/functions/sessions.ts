// Which sessions there are: the appliance's list read to its end, and what of it a program or an audit asked for. It must
// not know how a page travels.
import { isFudoError, type FudoError } from "../../client/errors";
import { formatMicroseconds, parseInstant } from "../../time/instants";
import { printable } from "../../client/redact";
import type { Session, SessionDirectory } from "../../client/session-schema";

/** Entries asked for at a time. */
const pageSize = 500;
/** A list that goes on for longer is taken for one that never ends. */
const mostPages = 2000;

export interface SessionListing {
  readonly sessions: readonly Session[];
  /** Why the list is not known to be whole; absent when it ended with an empty page. */
  readonly incomplete?: string;
  /** The failure that ended it, where one did. */
  readonly failure?: FudoError;
}

/**
 * Every session that the API user may see. The vendor documents `offset` and `limit` and no answer: only an empty page
 * proves the end, and a page that brings nothing new means that paging is not honoured. Never throws `FudoError`.
 */
export async function listAllSessions(
  directory: SessionDirectory,
  onPage: (found: number) => void = () => undefined,
): Promise<SessionListing> {
  const found = new Map<string, Session>();
  const end = (incomplete?: string, failure?: FudoError): SessionListing => ({
    sessions: [...found.values()],
    ...(incomplete !== undefined && { incomplete }),
    ...(failure !== undefined && { failure }),
  });
  for (let page = 0; page < mostPages; page += 1) {
    try {
      const known = found.size;
      const { sessions } = await directory.listSessions({ offset: known, limit: pageSize });
      if (sessions.length === 0) return end();
      for (const session of sessions) found.set(session.id, session);
      if (found.size === known)
        return end(
          "the list of sessions repeats itself instead of ending: the appliance does not honour offset and limit as assumed",
        );
      onPage(found.size);
    } catch (error) {
      if (isFudoError(error)) return end(`the list of sessions could not be read to its end: ${error.message}`, error);
      throw error;
    }
  }
  return end(`the list of sessions did not end after ${mostPages} pages`);
}

/** What a program may ask for; everything given must hold. */
export interface SessionQuery {
  readonly userId?: string;
  readonly serverId?: string;
  readonly safeId?: string;
  readonly accountId?: string;
  /** As the appliance spells it: `ssh`, `rdp`, `vnc` …; upper and lower case are one. */
  readonly protocol?: string;
  /** `true`: not finished; `false`: finished, a recording. */
  readonly live?: boolean;
  /** At most so many, the newest. */
  readonly limit?: number;
}

/** A session as programs see it: IDs decimal text, instants UTC; what the appliance did not tell is absent. */
export interface SessionSummary {
  readonly id: string;
  /** No end has been told. */
  readonly live: boolean;
  readonly protocol?: string;
  readonly userId?: string;
  readonly serverId?: string;
  readonly safeId?: string;
  readonly accountId?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

const identifiers = ["userId", "serverId", "safeId", "accountId"] as const;

/** The sessions that fit, newest first by their start; removed ones are left out. */
export function selectSessions(sessions: readonly Session[], query: SessionQuery): SessionSummary[] {
  const fits = (session: Session) =>
    !session.removed &&
    identifiers.every((name) => query[name] === undefined || session[name] === query[name]) &&
    (query.protocol === undefined || session.protocol?.toLowerCase() === query.protocol.toLowerCase()) &&
    (query.live === undefined || isLive(session) === query.live);
  return sessions.filter(fits).sort(newestFirst).slice(0, query.limit).map(summarizeSession);
}

function isLive({ finishedAt }: Session): boolean {
  return finishedAt === undefined || finishedAt === "infinity";
}

function newestFirst(a: Session, b: Session): number {
  const [first, second] = [begun(a), begun(b)];
  if (first !== second) return first > second ? -1 : 1;
  // Appliance: IDs are a node's prefix and a count, so the greater one is the later one of a node.
  return b.id.length - a.id.length || (a.id < b.id ? 1 : -1);
}

function begun({ startedAt, createdAt }: Session): number {
  return parseInstant(startedAt ?? createdAt ?? "")?.epochMs ?? -Infinity;
}

function summarizeSession(session: Session): SessionSummary {
  const instant = (text: string | undefined) => {
    const parsed = text === undefined ? undefined : parseInstant(text);
    return parsed && formatMicroseconds(parsed);
  };
  const { id, protocol, userId, serverId, safeId, accountId, startedAt, finishedAt } = session;
  const told = {
    protocol: protocol && printable(protocol, 40),
    userId,
    serverId,
    safeId,
    accountId,
    startedAt: instant(startedAt),
    finishedAt: instant(finishedAt),
  };
  return {
    id,
    live: isLive(session),
    ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
  };
}
