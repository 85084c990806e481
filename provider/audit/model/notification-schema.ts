// The schema of the JSON that `--webhook` posts: its type and its documentation. A change here changes a public format.
import { z } from "zod";
import { reportSchema } from "./report-schema";

/** Stands in each notification. The number rises only when a receiver of older notifications would misread a new one. */
export const notificationFormat = "fudo-audit-notification/1";

const { findings, version, generatedAt, appliance, completeness, summary } = reportSchema.shape;
const { high, medium, low } = summary.shape.findings.shape;

export const notificationSchema = z.object({
  text: z
    .string()
    .max(2000)
    .describe(
      "The findings in a few lines, for a chat system. It has only words of fudo-audit, IDs and times: no text of labels, stacks or the appliance, which could contain links or mentions.",
    ),
  format: z.literal(notificationFormat),
  version,
  generatedAt,
  appliance,
  complete: completeness.shape.complete,
  counts: z.object({ high, medium, low }).describe("All new findings by severity, the omitted ones included."),
  findings: z
    .array(findings.element.omit({ accepted: true, notification: true }))
    .describe("The new findings, as in the JSON report. The most urgent finding comes first."),
  omitted: z
    .int()
    .nonnegative()
    .describe("How many new findings are left out, because a notification is limited in size."),
});

export type Notification = z.infer<typeof notificationSchema>;

/** The documented JSON schema (draft 7). */
export function notificationJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(notificationSchema, { target: "draft-7", io: "input" });
  return { $schema, title: "Notification of fudo-audit", ...rest };
}
