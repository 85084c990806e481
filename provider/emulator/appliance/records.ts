// What the appliance keeps of a session and of a share. Only shapes; the rules stand in appliance.ts and granting.ts.
import type { Instant } from "./times";

/** A value of a session's attribute; null is kept, but not given unless asked for. */
export type Value = string | number | boolean | null;

/** A brokered connection. */
export interface Session {
  readonly id: string;
  /** In the order of the vendor's table; instants stay instants, the zone is applied when they are shown. */
  readonly attributes: Readonly<Record<string, Value | Instant>>;
  readonly shares: Map<string, Share>;
  removed: boolean;
  /** Lists of shares answered so far: lagging replicas count by them. */
  lists: number;
}

/** A moment in a session's life, by both measures of a lagging replica. */
export interface Moment {
  readonly lists: number;
  readonly ms: number;
}

/** A time-limited grant on one session. */
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
  readonly born: Moment;
  revoked: Moment | undefined;
}

/** The ground truth of a share, as told to tests: instants in UTC (`2025-05-15T13:07:00.000Z`, microseconds added where there are any). */
export interface ShareRecord {
  id: string;
  sessionId: string;
  userId: string;
  key: string;
  /** The path of the link, without the origin. */
  link: string;
  validSince: string;
  validTo: string;
  readonly: boolean;
  createdAt: string;
  modifiedAt: string;
  /** Revoked in the admin panel. */
  removed: boolean;
}

/** The path that opens a share. */
export function linkPath(sessionId: string, key: string): string {
  return `/sessions/${sessionId}/?key=${key}`;
}

/** Whether a session has ended, and lives on as a recording only. */
export function finished(session: Session): boolean {
  return session.attributes.finished_at !== null;
}
