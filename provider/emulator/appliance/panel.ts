// What an administrator enters in the admin panel, and its checks.
import { type Check, type Checks, isPlainObject, nonEmptyText, text, trueOrFalse } from "../checks";
import type { ObjectNames } from "./named-objects";
import type { AttributeValue } from "./records";
import { requireInstant } from "./times";

/**
 * A time: milliseconds since the epoch, where Infinity is stored as `infinity`, or text: ISO 8601 with an offset,
 * `infinity` or `-infinity`.
 */
export type PanelTime = number | string;

/** A share to create in the panel. */
export interface PanelShare {
  /** Start of the window (now). */
  validSince?: PanelTime;
  /** End of the window (eight hours after its start). */
  validTo?: PanelTime;
  /** `true`: the vendor can only watch (true). */
  readonly?: boolean;
  /** The `user_id` of the share (the user of the API key). */
  userId?: string;
  /** The key of the link (from the seed). */
  key?: string;
  /** When the share was created (now). */
  createdAt?: PanelTime;
}

/** A session to add. Without `finishedAt` (or with null) the session is live. */
export interface NewSession extends ObjectNames {
  /** The session's ID (the next one). */
  id?: string;
  /** When the session started (now). */
  startedAt?: PanelTime;
  /** When the session ended. Absent or null: it is live. */
  finishedAt?: PanelTime | null;
  /** Attributes by the names in the vendor's table; they override the defaults. */
  attributes?: Record<string, AttributeValue>;
}

const anyTime: Check = (name, value) => void requireInstant(name, value);

/** The checks of a share to create in the panel. */
export const shareChecks: Checks<PanelShare> = {
  validSince: anyTime,
  validTo: anyTime,
  readonly: trueOrFalse,
  userId: text,
  key: nonEmptyText,
  createdAt: anyTime,
};

/** The checks of a session to add. */
export const sessionChecks: Checks<NewSession> = {
  id: nonEmptyText,
  serverName: nonEmptyText,
  accountName: nonEmptyText,
  userName: nonEmptyText,
  startedAt: anyTime,
  finishedAt: (name, value) => value === null || anyTime(name, value),
  attributes: (name, value) => {
    if (!isPlainObject(value)) throw new RangeError(`${name} must be an object`);
    for (const [attribute, content] of Object.entries(value)) {
      if (typeof content === "number" && Number.isFinite(content)) continue;
      if (content !== null && typeof content !== "string" && typeof content !== "boolean")
        throw new RangeError(`${name}: ${attribute} must be text, a number, true, false or null`);
    }
  },
};
