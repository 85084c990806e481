// The vendor's tables of attributes, and what follows from their words: which are shown unasked, what objspec says, and
// in which order. Knows no HTTP and no rule of sharing.
import type { Appliance } from "./appliance";
import { linkPath, type Session, type Share, type Value } from "./records";
import type { Instant } from "./times";
import { knownRevoked } from "./visibility";

/** The properties that an attribute's specification may carry; false ones are left out. */
interface Specification {
  type: "string" | "datetime" | "boolean";
  required?: true;
  readonly?: true;
  unique?: true;
  immutable?: true;
  hidden?: true;
  expensive?: true;
  protected?: true;
}

/** An object's attributes with their values, null for those not set, in the order of the vendor's table. */
export type Attributes = Record<string, Value>;

/** An object's attributes, and what the table says of each. */
export interface Described {
  readonly values: Attributes;
  readonly specifications: Readonly<Record<string, Specification>>;
}

// Appliance: the names of the last four properties are guessed from the words of the vendor's table.
const shareAttributes: Record<string, Specification> = {
  id: { type: "string", readonly: true, unique: true, protected: true },
  session_id: { type: "string", required: true, immutable: true },
  user_id: { type: "string", required: true, readonly: true, immutable: true, hidden: true, expensive: true },
  key: { type: "string", readonly: true },
  valid_since: { type: "datetime", required: true, immutable: true },
  valid_to: { type: "datetime", required: true, immutable: true },
  readonly: { type: "boolean", required: true, immutable: true },
  link: { type: "string", readonly: true, expensive: true },
  created_at: { type: "datetime", readonly: true },
  modified_at: { type: "datetime", readonly: true },
  removed: { type: "boolean", readonly: true },
};

/** What `GET /api/v2/objspec/session_share` tells. */
export function shareSpecification({ switches }: Appliance): Record<string, Specification> {
  if (switches.objspecFlags === "guessed") return shareAttributes;
  return Object.fromEntries(
    Object.entries(shareAttributes).map(([name, specification]) => {
      const { type, required, readonly, unique } = specification;
      return [name, { type, ...(required && { required }), ...(readonly && { readonly }), ...(unique && { unique }) }];
    }),
  );
}

/** All attributes of a share as this appliance shows them, hidden and protected ones included. */
export function attributesOf(appliance: Appliance, session: Session, share: Share): Described {
  const { switches, zone } = appliance;
  const sessionId = switches.shownSessionId === "path" ? share.sessionId : otherSession(share.sessionId);
  const revoked = switches.removedShares === "flagged" && knownRevoked(appliance, session, share);
  const values = {
    id: share.id,
    session_id: sessionId,
    user_id: share.userId,
    key: share.key,
    valid_since: zone.text(share.validSince),
    valid_to: zone.text(share.validTo),
    readonly: share.readonly,
    link: linkPath(sessionId, share.key),
    created_at: zone.text(share.createdAt),
    modified_at: zone.text(share.modifiedAt),
    removed: revoked ? true : switches.removedOfLive === "false" ? false : null,
  };
  return { values, specifications: shareAttributes };
}

/** All attributes of a session as this appliance shows them. */
export function sessionAttributesOf({ zone }: Appliance, session: Session): Described {
  const isInstant = (value: Value | Instant): value is Instant => typeof value === "object" && value !== null;
  const entries = Object.entries(session.attributes).map(
    ([name, value]) => [name, isInstant(value) ? zone.text(value) : value] as const,
  );
  return { values: Object.fromEntries(entries), specifications: {} };
}

/**
 * What of an object's attributes is given: without `fields` all but null, hidden and protected ones; with `fields` those
 * named, null and hidden ones too, never protected ones.
 */
export function given(
  { switches }: Appliance,
  { values, specifications }: Described,
  fields?: readonly string[],
): Attributes {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => {
      const { hidden = false, protected: secret = false, expensive = false } = specifications[name] ?? {};
      if (fields !== undefined) return fields.includes(name) && !secret;
      if (value === null) return false;
      if (hidden || secret) return switches.hiddenAttributes === "shown";
      return !expensive || switches.expensiveAttributes === "shown";
    }),
  );
}

function otherSession(id: string): string {
  return /^\d+$/.test(id) ? String(BigInt(id) + 1n) : `${id}0`;
}
