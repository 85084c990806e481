// The resource's inputs and outputs: the one place where each property is described. Schema, SDKs and reference are
// made from here; at run time nothing loads it (zod costs a start more than all of the lifecycle).
import { z } from "zod";
import { deletionPolicies } from "../settings";

const instant = "ISO 8601 instant with an offset, at most milliseconds";

/** Inputs as `check` leaves them: instants and durations in canonical spelling, defaults filled in. */
export const inputsSchema = z.strictObject({
  sessionId: z
    .string()
    .describe("ID of the session to share: a decimal 64-bit number, as text. Changing it replaces the share."),
  validSince: z
    .string()
    .optional()
    .describe(
      `Start of the window: ${instant}. Default: the moment of creation, kept afterwards. Changing it replaces the share.`,
    ),
  validTo: z
    .string()
    .optional()
    .describe(`End of the window: ${instant}. Exactly one of validTo and duration. Changing it replaces the share.`),
  duration: z
    .string()
    .optional()
    .describe(
      "Length of the window: ISO 8601 duration such as PT8H or P2D (D is 24 hours, W 168; no months or years). Changing it replaces the share.",
    ),
  readonly: z
    .boolean()
    .describe(
      "True: the vendor can only look. False: the vendor can also act in a live session. Default true. Changing it replaces the share.",
    ),
  labels: z
    .record(z.string(), z.string())
    .describe("Who, why, which ticket: kept in the state, never sent to the appliance."),
  adopt: z
    .string()
    .optional()
    .describe(
      "Fingerprint of a share that exists: at creation take over exactly this one instead of making a new one.",
    ),
  deletionPolicy: z
    .enum(deletionPolicies)
    .optional()
    .describe(
      '"abandon" (forget the share, and warn while its link can be opened) or "refuseWhileLive". Default: the provider\'s setting.',
    ),
});

export const outputsSchema = inputsSchema.extend({
  validSince: z.string().describe("Start of the window that was asked for, UTC."),
  validTo: z.string().describe("End of the window that was asked for, UTC."),
  key: z.string().describe("The key of the link. A credential: always secret."),
  link: z.string().describe("The path that opens the session, with the key. A credential: always secret."),
  url: z.string().describe("The address to give to the vendor: origin and link. A credential: always secret."),
  fingerprint: z.string().describe("First 16 hex digits of SHA-256 of the key: says which share, opens nothing."),
  appliance: z.string().describe("Origin of the appliance where the share lives."),
  grantedSince: z
    .string()
    .optional()
    .describe("Start that the appliance granted, only where it differs by a minute or more."),
  grantedTo: z
    .string()
    .optional()
    .describe("End that the appliance granted, only where it differs by a minute or more."),
  createdAt: z
    .string()
    .optional()
    .describe("When the appliance created the share, UTC; absent until a list has told it."),
  modifiedAt: z
    .string()
    .optional()
    .describe("When the appliance last changed the share, UTC; absent until a list has told it."),
  removed: z.literal(true).optional().describe("The appliance says that the share was removed."),
  missing: z.literal(true).optional().describe("The share should be there and was not in the appliance's list."),
  userId: z.string().optional().describe("Only when the appliance gives it unasked."),
  shareId: z.string().optional().describe("Only when the appliance gives it unasked."),
});

export type SessionShareInputs = z.infer<typeof inputsSchema>;
export type SessionShareOutputs = z.infer<typeof outputsSchema>;
