// Reads the list of sessions. The vendor documents their attributes but shows no response, so an attribute that cannot be read
// is omitted, and the session names it. An entry without a readable ID is left out, and the page says so.
import type { Session, SessionPage } from "../api";
import { readId, readInstant, readText, unreadable } from "./attributes";
import { entriesOf, entryProblem, freshness } from "./list-envelope";
import type { SuccessResponse } from "../http/response";
import { isRemoved } from "./share-schema";

/** How each attribute of an entry is read, and its name in `Session`. */
const attributes = [
  ["id", "id", readId],
  ["account_id", "accountId", readId],
  ["safe_id", "safeId", readId],
  ["server_id", "serverId", readId],
  ["user_id", "userId", readId],
  ["protocol", "protocol", readText],
  ["started_at", "startedAt", readInstant],
  ["finished_at", "finishedAt", readInstant],
  ["created_at", "createdAt", readInstant],
] as const;

/** `GET /api/v2/session`. Throws `protocol` or `limit`. */
export function readSessions(response: SuccessResponse): SessionPage {
  const { entries, problems } = entriesOf(response, "session", "id");
  const sessions = entries.flatMap((entry) => toSession(entry, response.time) ?? []);
  const omitted = entryProblem(
    entries.length - sessions.length,
    entries.length,
    "without a decimal ID; they are left out",
  );
  return { sessions, problems: [...problems, ...freshness(response), ...(omitted === undefined ? [] : [omitted])] };
}

function toSession(entry: unknown, now: number): Session | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const given = entry as Record<string, unknown>;
  const readings = attributes.map(([wireName, name, reader]) => [name, reader(given[wireName])] as const);
  const { id, ...read }: Record<string, unknown> = Object.fromEntries(
    readings.filter(([, value]) => value !== undefined && value !== unreadable),
  );
  if (typeof id !== "string") return undefined;
  const failed = readings.flatMap(([name, value]) => (value === unreadable ? [name] : []));
  const removed = isRemoved(given["removed"], now) === true;
  return { id, ...read, removed, ...(failed.length > 0 && { unreadable: failed }) };
}
