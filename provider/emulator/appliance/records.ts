// The data that the appliance stores for a session and for a share; the rules are in the other files of this folder.
import type { Instant } from "./times";

/** The value of a session's attribute. A response includes null only if the request names the attribute in `fields`. */
export type AttributeValue = string | number | boolean | null;

/** A brokered connection, live or recorded. */
export interface Session {
  readonly id: string;
  /** In the order of the vendor's table. Instants are formatted for each response, because the zone can change. */
  readonly attributes: Readonly<Record<string, AttributeValue | Instant>>;
  readonly shares: Map<string, Share>;
  removed: boolean;
  /** How many shares were created; with the seed and the session's ID it decides the next key. */
  shareCount: number;
  /** How many lists of its shares were returned so far; `lagRequests` counts in lists. */
  listCount: number;
}

/** When a share changed, in both units of replication lag: lists returned by then, and milliseconds. */
export interface ChangeTime {
  readonly listCount: number;
  readonly ms: number;
}

/** Time-limited access to one session. */
export interface Share {
  readonly id: string;
  readonly sessionId: string;
  readonly userId: string;
  readonly key: string;
  readonly validSince: Instant;
  readonly validTo: Instant;
  readonly readonly: boolean;
  readonly createdAt: Instant;
  modifiedAt: Instant;
  readonly creation: ChangeTime;
  revocation: ChangeTime | undefined;
}

/** The true state of a share, for tests. Instants are in UTC: `2025-05-15T13:07:00.000Z`, or with microseconds. */
export interface ShareRecord {
  /** The appliance's own ID of the share. */
  id: string;
  /** The ID of the session that the link opens. */
  sessionId: string;
  /** The `user_id` of the share. */
  userId: string;
  /** The key of the link: a credential. */
  key: string;
  /** The path of the link, without the origin. */
  link: string;
  /** Start of the granted window. */
  validSince: string;
  /** End of the granted window. */
  validTo: string;
  /** `true`: the vendor can only watch. */
  readonly: boolean;
  /** When the share was created, with microseconds. */
  createdAt: string;
  /** When the share last changed, with microseconds. */
  modifiedAt: string;
  /** Revoked in the admin panel. */
  removed: boolean;
}

// Appliance: every known ID has a constant high part (the node) and a small counter, and lies between 2^53 and 2^63.
export function makeId(prefix: number, count: number): string {
  return String((BigInt(prefix) << 48n) + BigInt(count));
}

/** The path of the link that opens a share. */
export function linkPath(sessionId: string, key: string): string {
  return `/sessions/${sessionId}/?key=${key}`;
}

/** Whether a session is over: only its recording remains. */
export function isFinished(session: Session): boolean {
  return session.attributes.finished_at !== null;
}
