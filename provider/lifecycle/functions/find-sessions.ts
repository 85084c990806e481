// The functions getSessions and getSession: find sessions by what people know about them, such as the name of a server. A
// filter that cannot be applied is an error, because without it other sessions would match.
import type { Client, ObjectKind, Session } from "../../client/api";
import { FudoError } from "../../client/errors";
import { printable } from "../../client/redact/redact";
import { closestName } from "../did-you-mean";
import { knownNames, listNames, missingNames, objectKinds, type NameListing } from "./object-names";
import { noSessionError, severalSessionsError } from "./session-errors";
import type { SessionQuery } from "./session-arguments";
import { listAllSessions, selectSessions, summarizeSession, type SessionSummary } from "./sessions";

type SessionClient = Pick<Client, "listSessions" | "listNames">;

export interface FoundSessions {
  readonly sessions: SessionSummary[];
  /** Why there may be more sessions that match. */
  readonly incomplete?: string;
  /** Which names could not be looked up, and why. */
  readonly namesNote?: string;
}

interface Found {
  readonly sessions: readonly Session[];
  /** How many sessions the API user can see. */
  readonly visible: number;
  readonly listings: readonly NameListing[];
  readonly incomplete: string | undefined;
}

/** The sessions that match, newest first. Throws `FudoError`. */
export async function findSessions(client: SessionClient, query: SessionQuery): Promise<FoundSessions> {
  const found = await find("getSessions", client, query);
  return { ...summaryOf(found), ...(found.incomplete !== undefined && { incomplete: found.incomplete }) };
}

/** The only session that matches. Throws `FudoError` for none and for several, and where the appliance's list is incomplete. */
export async function findSession(
  client: SessionClient,
  query: SessionQuery,
): Promise<{ readonly session: SessionSummary; readonly namesNote?: string }> {
  // A higher limit would only hide how many sessions match.
  const found = await find("getSession", client, query.limit === 1 ? query : withoutLimit(query));
  if (found.incomplete !== undefined) {
    const consequence = "Another session may match, so getSession returns none";
    const advice = "Run the command again, or use getSessions, which returns the sessions that it found";
    throw new FudoError("protocol", `getSession: ${found.incomplete}. ${consequence}. ${advice}`);
  }
  const { sessions, namesNote } = summaryOf(found);
  const [session, ...others] = sessions;
  if (session === undefined) throw noSessionError(query, found.visible);
  if (others.length === 0) return { session, ...(namesNote !== undefined && { namesNote }) };
  const known = new Set(found.listings.map(({ kind }) => kind));
  const missing = objectKinds.filter((kind) => !known.has(kind));
  const listings = [...found.listings, ...(await listNames(client, missing))];
  throw severalSessionsError(query, summaryOf({ ...found, listings }).sessions);
}

function withoutLimit({ limit: _, ...query }: SessionQuery): SessionQuery {
  return query;
}

async function find(called: string, client: SessionClient, query: SessionQuery): Promise<Found> {
  const { sessions, incomplete, failure } = await listAllSessions(client);
  if (failure !== undefined) throw failure;
  const kinds = objectKinds.filter((kind) => query.names === true || query[`${kind}Name`] !== undefined);
  const listings = await listNames(client, kinds);
  const filters = listings.filter(({ kind }) => query[`${kind}Name`] !== undefined);
  const ids = new Map(filters.map((listing) => [listing.kind, idsNamed(called, listing, query)]));
  const matches = (session: Session) => [...ids].every(([kind, wanted]) => wanted.has(session[`${kind}Id`] ?? ""));
  return {
    sessions: selectSessions(sessions, query).filter(matches).slice(0, query.limit),
    visible: sessions.filter(({ removed }) => !removed).length,
    listings,
    incomplete: [incomplete, doubtOf(sessions, query), ...filters.map((listing) => listing.incomplete)].find(
      (text) => text !== undefined,
    ),
  };
}

/** The attribute that decides whether a session matches may be unreadable. */
function doubtOf(sessions: readonly Session[], query: SessionQuery): string | undefined {
  const needed = new Set<string>([
    ...Object.keys(query).map((name) => name.replace(/Name$/, "Id")),
    ...(query.live === undefined ? [] : ["finishedAt"]),
    ...(query.limit === undefined ? [] : ["startedAt"]),
  ]);
  const doubtful = sessions.filter(
    ({ removed, unreadable = [] }) => !removed && unreadable.some((name) => needed.has(name)),
  );
  const names = [...new Set(doubtful.flatMap(({ unreadable = [] }) => unreadable.filter((name) => needed.has(name))))];
  return names.length === 0
    ? undefined
    : `the list of sessions has ${doubtful.length} of ${sessions.length} entries with an attribute that cannot be read (${names.join(", ")})`;
}

function summaryOf({ sessions, listings }: Found) {
  const names = knownNames(listings);
  const missing = missingNames(sessions, listings);
  const reason = "this API user has no right to read them, or the appliance did not return them";
  return {
    sessions: sessions.map((session) => summarizeSession(session, names)),
    ...(missing !== "" && { namesNote: `the result does not have the names of all ${missing}: ${reason}` }),
  };
}

/** The IDs of all objects that have the name of the filter. Throws `FudoError` if the list has none or cannot be read. */
function idsNamed(called: string, listing: NameListing, query: SessionQuery): ReadonlySet<string> {
  const { kind, names, failure } = listing;
  const wanted = query[`${kind}Name`] ?? "";
  if (failure !== undefined) {
    const { code, status } = failure;
    const reason = `${called} cannot select by ${kind}Name, because the list of ${kind}s cannot be read`;
    throw new FudoError(code, `${reason}: ${failure.message}. Without that list, use ${kind}Id`, {
      ...(status !== undefined && { status }),
    });
  }
  // One letter with an accent can be one character or two.
  const isWanted = (name: string) => name.normalize() === wanted.normalize();
  const ids = [...names].filter(([, name]) => isWanted(name)).map(([id]) => id);
  if (ids.length > 0) return new Set(ids);
  throw new FudoError("rejected", `${called}: ${unknownName(listing, wanted)}`);
}

const maxNames = 10;

function unknownName({ kind, names, incomplete }: NameListing, wanted: string): string {
  const meant = closestName(wanted, [...names.values()]);
  const problem = `this API user sees no ${kind} with the name ${quoted(wanted)}`;
  const doubt = incomplete === undefined ? "" : `. It may exist: ${incomplete}`;
  // A result shows names without invisible characters, and at most 200 characters of them.
  const [twin] = [...names].find(([, name]) => printable(name, 200) === wanted) ?? [];
  if (twin !== undefined)
    return `${problem}. The name of ${kind} ${twin} has characters that are not shown: use ${kind}Id`;
  if (meant !== undefined) return `${problem}. Did you mean ${quoted(meant)}?${doubt}`;
  return `${problem}. ${visibleNames(kind, [...names.values()])}${doubt}`;
}

function visibleNames(kind: ObjectKind, names: readonly string[]): string {
  if (names.length === 0) return `It sees no ${kind} at all. Check its rights in the admin panel`;
  const distinct = [...new Set(names)].sort();
  const shown = distinct.slice(0, maxNames).map(quoted);
  const more = distinct.length > shown.length ? ` and ${distinct.length - shown.length} more` : "";
  return `It sees ${shown.join(", ")}${more}`;
}

function quoted(name: string): string {
  return `"${printable(name, 80)}"`;
}
