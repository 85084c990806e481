// What names a share and which of its properties are of which kind. Constants and pure functions.

/** The outputs that open a session for whoever holds them. */
export const secretOutputs = ["key", "link", "url"] as const;

/** Inputs that cannot change on an existing share (the vendor's page: "Immutable"). */
export const immutableInputs = ["sessionId", "validSince", "validTo", "duration", "readonly"] as const;

/** Inputs that live in the state alone. */
export const stateOnlyInputs = ["labels", "adopt", "deletionPolicy"] as const;

/** `<sessionId>/<fingerprint>`. */
export function shareId(sessionId: string, fingerprint: string): string {
  return `${sessionId}/${fingerprint}`;
}

export const idShape = /^(0|[1-9][0-9]{0,18})\/([0-9a-f]{16})$/;
export const sessionIdShape = /^(0|[1-9][0-9]{0,18})$/;
/** An ID that the appliance gives to users and shares: documented as decimal, taken where it is one plain word. */
export const foreignIdShape = /^[\w.:-]{1,64}$/;
export const fingerprintShape = /^[0-9a-f]{16}$/;
