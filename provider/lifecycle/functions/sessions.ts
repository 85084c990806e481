// The function getSessions: checks its arguments, reads all pages of the session list and selects sessions. The audit
// uses it too.
import type { Client, Session } from "../../client/api";
import { FudoError, isFudoError } from "../../client/errors";
import { printable } from "../../client/redact/redact";
import { formatMicroseconds, parseInstant } from "../../time/instants";
import { assertKnownArguments } from "./unknown-argument";

/** Entries requested per page. */
const pageSize = 500;
/** The maximum number of sessions, because a faulty list may bring new ones on each page. */
const maximumSessions = 100_000;
/** The maximum number of pages, because a faulty list may never end. */
const maximumPages = 2000;

export interface SessionListing {
  readonly sessions: readonly Session[];
  /** Why the list may be incomplete. Absent when each page continued the page before, up to the end. */
  readonly incomplete?: string;
  /** The error that ended the list, if there was one. */
  readonly failure?: FudoError;
}

/**
 * Every session that the API user can see. The vendor documents `offset` and `limit` but shows no response, so a short page
 * does not prove the end of the list, and an empty page may be a failure. So each request starts at the last session of the
 * page before: a page without new sessions ends the list, and a page without known ones is a problem. A `FudoError` is
 * returned in the listing, not thrown.
 */
export async function listAllSessions(
  client: Pick<Client, "listSessions">,
  onPage: (found: number) => void = () => undefined,
): Promise<SessionListing> {
  const found = new Map<string, Session>();
  const problems = new Set<string>();
  const listing = (end?: string, failure?: FudoError): SessionListing => ({
    sessions: [...found.values()].slice(0, maximumSessions),
    ...((end !== undefined || problems.size > 0) && {
      incomplete: end ?? `the list of sessions is incomplete: ${[...problems].slice(0, 3).join("; ")}`,
    }),
    ...(failure !== undefined && { failure }),
  });
  let previous: readonly Session[] = [];
  for (let page = 0; page < maximumPages; page += 1) {
    try {
      const before = found.size;
      const overlaps = hasSeveral(previous);
      const offset = overlaps ? before - 1 : before;
      const { sessions, problems: onThisPage } = await client.listSessions({ offset, limit: pageSize });
      for (const problem of onThisPage) problems.add(problem);
      if (overlaps && !sessions.some(({ id }) => found.has(id))) problems.add(gap);
      const isFirstPage = sessions[0]?.id === firstOf(found) && hasSeveral(sessions);
      const isEnd = sessions.length === 0 || (overlaps && !isFirstPage);
      for (const session of sessions) found.set(session.id, session);
      // Entries that were left out shift the offset, so a page can repeat although the appliance supports pagination.
      if (found.size === before) return listing(isEnd || problems.size > 0 ? undefined : samePage);
      onPage(Math.min(found.size, maximumSessions));
      if (found.size > maximumSessions) return listing(tooMany);
      previous = sessions;
    } catch (error) {
      if (!isFudoError(error)) throw error;
      return listing(`the list of sessions is incomplete because a request failed: ${error.message}`, error);
    }
  }
  return listing(`the list of sessions does not end: reading stopped after ${maximumPages} pages`);
}

function firstOf(found: ReadonlyMap<string, Session>): string | undefined {
  for (const id of found.keys()) return id;
  return undefined;
}

/** After such a page, the next one can repeat a session and still show a new one. */
function hasSeveral(page: readonly Session[]): boolean {
  return page.some(({ id }) => id !== page[0]?.id);
}

const tooMany = `the list of sessions is incomplete: reading stopped after ${maximumSessions} sessions`;
const samePage = "the appliance does not support pagination: it returned the same page again";
const gap = "a page does not continue the page before, so sessions may be missing. Run the command again";

/** Selects sessions. All filters that are set must match. */
export interface SessionQuery {
  readonly userId?: string;
  readonly serverId?: string;
  readonly safeId?: string;
  readonly accountId?: string;
  /** The appliance's name for it: `ssh`, `rdp`, `vnc` … Case does not matter. */
  readonly protocol?: string;
  /** `true`: sessions that are not finished. `false`: finished sessions (recordings). */
  readonly live?: boolean;
  /** The maximum number of sessions; the newest are returned. */
  readonly limit?: number;
}

interface ArgumentRule {
  readonly isValid: (value: unknown) => boolean;
  readonly expected: string;
}

const identifierRule: ArgumentRule = {
  isValid: (value) => typeof value === "string" && /^\d{1,19}$/.test(value),
  expected: "a decimal ID as text",
};
const argumentRules: Readonly<Record<keyof SessionQuery, ArgumentRule>> = {
  userId: identifierRule,
  serverId: identifierRule,
  safeId: identifierRule,
  accountId: identifierRule,
  protocol: {
    isValid: (value) => typeof value === "string" && /^[\w-]{1,40}$/.test(value),
    expected: 'a name such as "ssh"',
  },
  live: { isValid: (value) => typeof value === "boolean", expected: "true or false" },
  limit: {
    isValid: (value) => Number.isInteger(value) && (value as number) > 0,
    expected: "a whole number greater than zero",
  },
};

/** The arguments of getSessions, checked, without those that are not set. Throws `rejected`. */
export function checkSessionsArgs(args: object): SessionQuery {
  assertKnownArguments("getSessions", args, Object.keys(argumentRules));
  const given = Object.entries(args).filter(([, value]) => value !== undefined && value !== null);
  for (const [name, value] of given) {
    const rule = argumentRules[name as keyof SessionQuery];
    if (!rule.isValid(value)) throw new FudoError("rejected", `getSessions: ${name} must be ${rule.expected}`);
  }
  return Object.fromEntries(given);
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
  /** When the session started. */
  readonly startedAt?: string;
  /** When the session ended. Absent while it is live. */
  readonly finishedAt?: string;
}

const identifiers = ["userId", "serverId", "safeId", "accountId"] as const;

/** The matching sessions, newest first by their start. Removed sessions are omitted. */
export function selectSessions(sessions: readonly Session[], query: SessionQuery): SessionSummary[] {
  const matches = (session: Session) =>
    !session.removed &&
    identifiers.every((name) => query[name] === undefined || session[name] === query[name]) &&
    (query.protocol === undefined || session.protocol?.toLowerCase() === query.protocol.toLowerCase()) &&
    (query.live === undefined || isLive(session) === query.live);
  return sessions.filter(matches).sort(newestFirst).slice(0, query.limit).map(summarizeSession);
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

function summarizeSession(session: Session): SessionSummary {
  const instant = (text: string | undefined) => {
    const parsed = text === undefined ? undefined : parseInstant(text);
    return parsed && formatMicroseconds(parsed);
  };
  const { id, protocol, userId, serverId, safeId, accountId, startedAt, finishedAt } = session;
  const optional = {
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
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}
