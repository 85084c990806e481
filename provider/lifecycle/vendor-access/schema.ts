// The component's inputs and outputs: the one place that describes each property for schema and SDKs. Nothing loads it at run
// time.
import { z } from "zod";
import { inputsSchema } from "../share/schema";

const text = z.string();
const { validSince, validTo, duration, readonly, deletionPolicy, recipients } = inputsSchema.shape;
const bySession = z.record(z.string(), z.string());
const replacesAll = (description: string | undefined) =>
  (description ?? "").replace("Changing it replaces the share.", "Changing it replaces each share.");

/** `sessions` has a type of its own in the schema: the filters of getSessions. */
export const accessInputsSchema = z.strictObject({
  vendor: text.describe("Name of the vendor. Each share gets it as the label vendor, unless labels has one."),
  sessionIds: z
    .array(text)
    .optional()
    .describe(
      "IDs of the sessions to share: decimal 64-bit numbers, as text. Set exactly one of sessionIds and sessions.",
    ),
  sessions: z
    .looseObject({})
    .optional()
    .describe(
      "Filters that select the sessions to share, as for getSessions. Each preview and each up runs them again. Finding no session is an error, and so is a list that is incomplete.",
    ),
  validSince: validSince.describe(replacesAll(validSince.description)),
  validTo: validTo.describe(replacesAll(validTo.description)),
  duration: duration.describe(replacesAll(duration.description)),
  readonly: readonly.optional().describe(replacesAll(readonly.description)),
  labels: bySession.optional().describe("Labels of each share: who, why, which ticket."),
  deletionPolicy: deletionPolicy.describe(deletionPolicy.description ?? ""),
  recipients: recipients.describe(recipients.description ?? ""),
  aliases: bySession
    .optional()
    .describe(
      "SessionShares of this stack that become children of the component without a new link: by session ID, the name of a share that has no parent, or the URN of any share.",
    ),
});

export const accessOutputsSchema = z.strictObject({
  sessionIds: z.array(text).describe("IDs of the sessions that are shared."),
  links: bySession
    .optional()
    .describe("The URL of each session, by session ID. Credentials: always secret. Absent with recipients."),
  sealedLinks: bySession
    .optional()
    .describe(
      "The encrypted URL of each session, by session ID: ASCII-armored age files. Not secret. Present only with recipients.",
    ),
  handOver: text.describe(
    "Text to send to the vendor: window, mode, and the link of each session. Secret, except with recipients: then it contains the encrypted URLs.",
  ),
  calendar: text.describe(
    "iCalendar file with one event for the window. It contains session IDs and fingerprints, and no link: not secret. Its UID stays the same when the window changes.",
  ),
});
