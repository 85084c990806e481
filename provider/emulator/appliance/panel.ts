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
  validSince?: PanelTime;
  validTo?: PanelTime;
  readonly?: boolean;
  userId?: string;
  key?: string;
  createdAt?: PanelTime;
}

/** A session to add. Without `finishedAt` (or with null) the session is live. */
export interface NewSession extends ObjectNames {
  id?: string;
  startedAt?: PanelTime;
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
