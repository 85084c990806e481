// The wire schema for sessions. The vendor documents their attributes but shows no response, so an attribute of an
// unexpected type is omitted, and only an entry without an ID makes the response invalid.
import { z } from "zod";
import type { Session, SessionPage } from "./api";
import type { SuccessResponse } from "./response";
import { assertListSize, identifier, instant, isRemoved, readAttribute, removal } from "./share-schema";

const optional = <T>(schema: z.ZodType<T>) => schema.optional().catch(undefined);

const session = z.object({
  id: identifier,
  account_id: optional(identifier),
  safe_id: optional(identifier),
  server_id: optional(identifier),
  user_id: optional(identifier),
  protocol: optional(z.string()),
  started_at: optional(instant),
  finished_at: optional(instant),
  created_at: optional(instant),
  removed: optional(removal),
});
const sessions = z.array(session);

/** `GET /api/v2/session`. Throws `protocol` or `limit`. */
export function readSessions(response: SuccessResponse): SessionPage {
  assertListSize(response, "session");
  return { sessions: readAttribute(response, "session", sessions).map(toSession) };
}

function toSession(entry: z.infer<typeof session>): Session {
  const { id, account_id, safe_id, server_id, user_id, protocol, started_at, finished_at, created_at } = entry;
  return {
    id: String(id),
    removed: isRemoved(entry.removed),
    ...(account_id !== undefined && { accountId: String(account_id) }),
    ...(safe_id !== undefined && { safeId: String(safe_id) }),
    ...(server_id !== undefined && { serverId: String(server_id) }),
    ...(user_id !== undefined && { userId: String(user_id) }),
    ...(protocol !== undefined && { protocol }),
    ...(started_at !== undefined && { startedAt: started_at }),
    ...(finished_at !== undefined && { finishedAt: finished_at }),
    ...(created_at !== undefined && { createdAt: created_at }),
  };
}
