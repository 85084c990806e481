// The vendor's tables of attributes: their order, which of them a response includes, and what objspec returns.
import type { Appliance } from "./appliance";
import type { BehaviourFlags } from "./behaviour-flags";
import { linkPath, type Session, type Share, type AttributeValue } from "./records";
import type { Instant } from "./times";
import { isRevocationVisible } from "./visibility";

/** The properties of an attribute in the vendor's table; false ones are omitted. */
interface AttributeSpec {
  type: "string" | "datetime" | "boolean";
  required?: true;
  readonly?: true;
  unique?: true;
  immutable?: true;
  hidden?: true;
  expensive?: true;
  protected?: true;
}

/** An object's attributes with their values, in the order of the vendor's table; null if an attribute is not set. */
export type Attributes = Record<string, AttributeValue>;

/** An object's attributes, and the specification of each. */
export interface AttributeSet {
  readonly values: Attributes;
  readonly specifications: Readonly<Record<string, AttributeSpec>>;
}

// Appliance: the vendor's table describes the last four properties in prose; their names here are guessed.
const shareAttributes: Record<string, AttributeSpec> = {
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

/** The response to `GET /api/v2/objspec/session_share`. */
export function shareSpecification({ behaviour }: Appliance): Record<string, AttributeSpec> {
  if (behaviour.objspecFlags === "guessed") return shareAttributes;
  return Object.fromEntries(
    Object.entries(shareAttributes).map(([name, specification]) => {
      const { type, required, readonly, unique } = specification;
      return [name, { type, ...(required && { required }), ...(readonly && { readonly }), ...(unique && { unique }) }];
    }),
  );
}

/** All attributes of a share as this appliance formats them, including hidden and protected ones. */
export function shareAttributesOf(appliance: Appliance, session: Session, share: Share): AttributeSet {
  const { behaviour, zone } = appliance;
  const sessionId = behaviour.shownSessionId === "path" ? share.sessionId : otherSessionId(share.sessionId);
  const revoked = behaviour.removedShares === "flagged" && isRevocationVisible(appliance, session, share);
  const values = {
    id: share.id,
    session_id: sessionId,
    user_id: share.userId,
    key: share.key,
    valid_since: zone.format(share.validSince),
    valid_to: zone.format(share.validTo),
    readonly: share.readonly,
    link: linkPath(sessionId, share.key),
    created_at: zone.format(share.createdAt),
    modified_at: zone.format(share.modifiedAt),
    removed: revoked ? true : behaviour.removedOfLive === "false" ? false : null,
  };
  return { values, specifications: shareAttributes };
}

/** All attributes of a session as this appliance formats them. */
export function sessionAttributesOf({ zone }: Appliance, session: Session): AttributeSet {
  const isInstant = (value: AttributeValue | Instant): value is Instant => typeof value === "object" && value !== null;
  const entries = Object.entries(session.attributes).map(
    ([name, value]) => [name, isInstant(value) ? zone.format(value) : value] as const,
  );
  return { values: Object.fromEntries(entries), specifications: {} };
}

/** The attributes of a server, an account or a user. The vendor documents many more. */
export function objectAttributesOf([id, name]: readonly [string, string]): AttributeSet {
  return { values: { id, name, blocked: false }, specifications: {} };
}

/**
 * The attributes that a response includes. Without `fields`: all except null, hidden and protected ones. With `fields`:
 * the named ones, also null and hidden ones, but never protected ones.
 */
export function selectAttributes(
  { behaviour }: Appliance,
  { values, specifications }: AttributeSet,
  fields?: readonly string[],
): Attributes {
  const selected = Object.entries(values).filter(([name, value]) => {
    const { hidden = false, protected: isProtected = false, expensive = false } = specifications[name] ?? {};
    if (fields !== undefined) return fields.includes(name) && !isProtected;
    if (value === null) return false;
    if (hidden || isProtected) return behaviour.hiddenAttributes === "shown";
    return !expensive || behaviour.expensiveAttributes === "shown";
  });
  const format = booleanFormats[behaviour.booleans];
  return Object.fromEntries(
    selected.map(([name, value]) => [name, typeof value === "boolean" ? format(value) : value]),
  );
}

const booleanFormats: Readonly<Record<BehaviourFlags["booleans"], (value: boolean) => AttributeValue>> = {
  json: (value) => value,
  letters: (value) => (value ? "t" : "f"),
  words: String,
  numbers: Number,
};

function otherSessionId(id: string): string {
  return /^\d+$/.test(id) ? String(BigInt(id) + 1n) : `${id}0`;
}
