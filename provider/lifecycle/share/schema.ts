// The resource's inputs and outputs: the one place that describes each property. Schema, SDKs and reference are generated
// from it. Nothing loads it at run time: loading zod takes longer than loading the rest of the lifecycle.
import { z } from "zod";
import { deletionPolicies } from "../settings";

const text = z.string();
const instant =
  "ISO 8601 instant with an offset or a time zone (2026-12-05T20:00[Europe/Warsaw]), at most milliseconds";
const replaces = "Changing it replaces the share.";

/** Inputs as `check` returns them: canonical instants and durations, defaults filled in. */
export const inputsSchema = z.strictObject({
  sessionId: text.describe(`ID of the session to share: a decimal 64-bit number, as text. ${replaces}`),
  validSince: text
    .optional()
    .describe(`Start of the window: ${instant}. Default: the moment of creation, kept afterwards. ${replaces}`),
  validTo: text
    .optional()
    .describe(`End of the window: ${instant}. Set exactly one of validTo and duration. ${replaces}`),
  duration: text
    .optional()
    .describe(
      `Length of the window: ISO 8601 duration such as PT8H or P2D (D is 24 hours, W is 168; no months or years). ${replaces}`,
    ),
  readonly: z
    .boolean()
    .describe(
      `True: the vendor can only view the session. False: the vendor can also act in a live session. Default: true. ${replaces}`,
    ),
  labels: z
    .record(z.string(), z.string())
    .describe("Who, why, which ticket. Kept in the state, never sent to the appliance."),
  adopt: text
    .optional()
    .describe("Fingerprint of an existing share. A create takes over exactly this share and sends no POST."),
  deletionPolicy: z
    .enum(deletionPolicies)
    .optional()
    .describe(
      '"abandon": a deletion removes the share from the state, and warns while its link works. "refuseWhileLive": a deletion fails while the link works. Default: the provider\'s setting.',
    ),
  recipients: z
    .array(z.string())
    .optional()
    .describe(
      "age public keys (age1…) of the people who may open the link. The URL is encrypted to them right after creation: the state then holds sealedUrl, and neither key, link nor url. Changing them seals the URL again and creates no new share.",
    ),
});

/** A credential is absent from the state of a share with recipients. */
const credential = (description: string) =>
  text.optional().describe(`${description}. A credential: always secret. Absent with recipients.`);

export const outputsSchema = inputsSchema.extend({
  validSince: text.describe("Start of the requested window, UTC."),
  validTo: text.describe("End of the requested window, UTC."),
  key: credential("The key of the link"),
  link: credential("The path that opens the session, with the key"),
  url: credential("The address for the vendor: origin and link"),
  sealedUrl: text
    .optional()
    .describe(
      "The address for the vendor, encrypted to recipients: an ASCII-armored age file, which `age -d` opens. Not a secret. Present only with recipients.",
    ),
  sealedRecipients: z
    .array(z.string())
    .optional()
    .describe(
      "The age public keys that open sealedUrl. They differ from recipients while the share cannot be sealed again.",
    ),
  sealedOrigin: text
    .optional()
    .describe("The origin in the sealed URL. Absent while it is an earlier one and the share cannot be sealed again."),
  fingerprint: text.describe(
    "First 16 hex digits of the SHA-256 of the key. It identifies the share and opens nothing.",
  ),
  appliance: text.describe("Origin of the appliance where the share lives."),
  grantedSince: text
    .optional()
    .describe(
      "Start that the appliance granted. Present only if it differs from the requested one by a minute or more.",
    ),
  grantedTo: text
    .optional()
    .describe("End that the appliance granted. Present only if it differs from the requested one by a minute or more."),
  createdAt: text
    .optional()
    .describe("When the appliance created the share, UTC. Absent until a list has shown the share."),
  modifiedAt: text
    .optional()
    .describe("When the appliance last changed the share, UTC. Absent until a list has shown the share."),
  removed: z.literal(true).optional().describe("The appliance says that the share was removed."),
  missing: z
    .literal(true)
    .optional()
    .describe("The share is no longer in the session's list, although its window is open."),
  reactivated: z
    .literal(true)
    .optional()
    .describe(
      "The share was recorded as removed or missing, and the appliance listed it as live again. Stays until the share is removed or missing again, or until the program sets adopt to the share's fingerprint.",
    ),
  userId: text.optional().describe("ID of the session's user. Present only if the appliance returns it."),
  shareId: text.optional().describe("The appliance's own ID of the share. Present only if the appliance returns it."),
});

export type SessionShareInputs = z.infer<typeof inputsSchema>;
export type SessionShareOutputs = z.infer<typeof outputsSchema>;
