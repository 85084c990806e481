// A share's ID, the shapes of IDs, and which of its properties are secret, immutable or state-only.

/** The types of the resource: of the dynamic class, and of the plugin. States hold them. */
export const shareTypes = {
  dynamic: "pulumi-nodejs:dynamic/fudo:SessionShare",
  plugin: "fudo:index:SessionShare",
} as const;

/** The outputs that are credentials: they open a session. */
export const secretOutputs = ["key", "link", "url"] as const;

/** Inputs that cannot change on an existing share (the vendor's page: "Immutable"). */
export const immutableInputs = ["sessionId", "validSince", "validTo", "duration", "readonly"] as const;

/** Inputs that only the state holds. */
export const stateOnlyInputs = ["labels", "adopt", "deletionPolicy", "recipients"] as const;

/** The outputs of a share with `recipients`, in the place of the credentials. */
export const sealedOutputs = ["sealedUrl", "sealedRecipients", "sealedOrigin"] as const;

/** Outputs that a program cannot know before the share exists. A test compares them with the schema. */
export const computedOutputs = [
  ...secretOutputs,
  ...sealedOutputs,
  "validSince",
  "validTo",
  "fingerprint",
  "appliance",
  "grantedSince",
  "grantedTo",
  "createdAt",
  "modifiedAt",
  "removed",
  "missing",
  "reactivated",
  "userId",
  "shareId",
] as const;

/** `<sessionId>/<fingerprint>`. */
export function shareId(sessionId: string, fingerprint: string): string {
  return `${sessionId}/${fingerprint}`;
}

export const idShape = /^(0|[1-9][0-9]{0,18})\/([0-9a-f]{16})$/;
export const sessionIdShape = /^(0|[1-9][0-9]{0,18})$/;
/** The appliance's IDs of users and shares. */
export const foreignIdShape = /^\d{1,19}$/;
export const fingerprintShape = /^[0-9a-f]{16}$/;
