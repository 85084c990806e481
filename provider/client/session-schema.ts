// The wire schema for sessions. The vendor documents their attributes but shows no response, so an attribute of an
// unexpected type is omitted, and only an entry without an ID makes the response invalid.
import { z } from "zod";
import type { SuccessResponse } from "./response";
import { assertListSize, identifier, instant, isRemoved, readAttribute } from "./share-schema";

/** One entry of `GET /api/v2/session`. Instants are the appliance's own text (see `parseInstant`), IDs decimal text. */
export interface Session {
  readonly id: string;
  readonly leaderSessionId?: string;
  readonly accountId?: string;
  readonly listenerId?: string;
  readonly safeId?: string;
  readonly serverId?: string;
  readonly userId?: string;
  readonly startedAt?: string;
  /** Absent while the session is live. */
  readonly finishedAt?: string;
  readonly terminateAt?: string;
  readonly createdAt?: string;
  readonly modifiedAt?: string;
  readonly protocol?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly loginReason?: string;
  readonly type?: string;
  readonly subsystem?: string;
  readonly sourceIp?: string;
  readonly destinationIp?: string;
  readonly destinationAddress?: string;
  readonly paused?: boolean;
  readonly retentionLocked?: boolean;
  readonly removed: boolean;
}

export interface SessionPage {
  readonly sessions: readonly Session[];
}

const attributes = {
  ids: ["leader_session_id", "account_id", "listener_id", "safe_id", "server_id", "user_id"],
  instants: ["started_at", "finished_at", "terminate_at", "created_at", "modified_at"],
  texts: [
    "protocol",
    "status",
    "reason",
    "login_reason",
    "type",
    "subsystem",
    "source_ip",
    "destination_ip",
    "destination_address",
  ],
  flags: ["paused", "retention_locked"],
} as const;

const text = z.string();
const flag = z.boolean();
const sessions = z.array(z.looseObject({ id: identifier }));

/** `GET /api/v2/session`. Throws `protocol` or `limit`. */
export function readSessions(response: SuccessResponse): SessionPage {
  assertListSize(response, "session");
  return { sessions: readAttribute(response, "session", sessions).map(toSession) };
}

function toSession(entry: Readonly<Record<string, unknown>> & { id: string | number }): Session {
  const session: Record<string, unknown> = { id: String(entry.id), removed: isRemoved(entry["removed"] as string) };
  const take = (names: readonly string[], schema: z.ZodType) => {
    for (const name of names) {
      const result = schema.safeParse(entry[name]);
      if (result.success) session[camelCase(name)] = schema === identifier ? String(result.data) : result.data;
    }
  };
  take(attributes.ids, identifier);
  take(attributes.instants, instant);
  take(attributes.texts, text);
  take(attributes.flags, flag);
  return session as unknown as Session;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
