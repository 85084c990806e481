// Looks up the names of server, account and user for the sessions of a report, because people do not know the IDs. Names
// decide nothing: the report lacks those that cannot be looked up, and a note says why.
import { isFudoError, type Client, type Session } from "../../client";
import {
  failureText,
  knownNames,
  listNames,
  missingNames,
  namesOf,
  objectKinds,
  type SessionNames,
} from "../../lifecycle/functions/object-names";
import { plural } from "../model/wording";

export interface NameLookUp {
  /** By the ID of the session. */
  readonly names: ReadonlyMap<string, SessionNames>;
  /** Why names are missing: sentences. */
  readonly notes: readonly string[];
}

type NameClient = Pick<Client, "listSessions" | "listNames">;

/** So many IDs make a request line of two kilobytes. */
const idsPerRequest = 100;
/** A failed request is not repeated: an audit without names is better than one that takes minutes longer. */
const withoutRetries = { signal: AbortSignal.abort() };

/** The names for these sessions. `visible` are the sessions that the audit has read already. Throws no `FudoError`. */
export async function lookUpNames(
  sessionIds: readonly string[],
  visible: readonly Session[],
  client: NameClient,
): Promise<NameLookUp> {
  const known = new Map(visible.map((session) => [session.id, session]));
  const unknown = sessionIds.filter((id) => !known.has(id));
  const failure = await readSessions(unknown, known, client);
  const sessions = sessionIds.flatMap((id) => known.get(id) ?? []);
  const kinds = objectKinds.filter((kind) => sessions.some((session) => session[`${kind}Id`] !== undefined));
  const listings = await listNames(client, kinds, withoutRetries);
  const names = knownNames(listings);
  const missing = missingNames(sessions, listings);
  return {
    names: new Map(sessions.map((session) => [session.id, namesOf(session, names)])),
    notes: [
      ...(sessions.length < sessionIds.length ? [withoutSession(sessionIds.length - sessions.length, failure)] : []),
      ...(missing === "" ? [] : [withoutNames(missing)]),
    ],
  };
}

/** Adds these sessions to the known ones. Returns why it could not. */
async function readSessions(
  ids: readonly string[],
  known: Map<string, Session>,
  client: NameClient,
): Promise<string | undefined> {
  for (let first = 0; first < ids.length; first += idsPerRequest) {
    const asked = ids.slice(first, first + idsPerRequest);
    try {
      const request = { offset: 0, limit: asked.length, ids: asked };
      const { sessions } = await client.listSessions(request, withoutRetries);
      // Appliance: one that ignores the filter returns other sessions, which nobody looks up.
      for (const session of sessions) known.set(session.id, session);
    } catch (error) {
      if (!isFudoError(error)) throw error;
      return failureText(error);
    }
  }
  return undefined;
}

function withoutSession(count: number, failure: string | undefined): string {
  const cause =
    failure === undefined
      ? "the appliance's list of sessions does not show them"
      : `the audit could not read the list of sessions (${failure})`;
  return `No names of server, account and user for ${plural(count, "session")}: ${cause}. Names change no finding.`;
}

function withoutNames(missing: string): string {
  return `Names are missing: ${missing}. The API user has no right to read them, or the appliance did not return them. Names change no finding.`;
}
