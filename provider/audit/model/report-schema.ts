// The report as data: the one source of its types, of the documented JSON schema, and of the check of an earlier report. A
// change here is a change of a public format.
import { z } from "zod";
import { kindNames, severities, type Kind } from "./finding-kinds";
import { sightings, statuses } from "../analyze/inventory";

/** Stands in each report; the number grows only when a reader of older reports would misread a new one. */
export const reportFormat = "fudo-audit-report/1";

const instant = z.string().regex(/^(-?infinity|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(\d{3})?Z)$/);
const sessionId = z
  .string()
  .regex(/^\d{1,19}$/)
  .describe("The session's decimal ID.");
const fingerprint = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .describe("First 16 hex digits of SHA-256 of the key: says which share, opens nothing.");
const count = z.int().nonnegative();
const kind = z.enum(kindNames as [Kind, ...Kind[]]);
const owner = z.object({ stack: z.string().describe("project/stack"), urn: z.string() });

const facts = {
  sessionId,
  fingerprint: fingerprint.optional().describe("Absent for an entry that the appliance lists without a key."),
  status: z
    .enum(statuses)
    .describe(
      "scheduled = its window has not begun, active = its window is open, missing = it should be listed and is not.",
    ),
  seen: z.enum(sightings).describe("What the session's list shows of it; elsewhere = it lives on another appliance."),
  validSince: instant.optional().describe("Start of the window, as listed or else as declared."),
  validTo: instant
    .optional()
    .describe(
      "The later of all ends that are known, UTC; infinity where there is none; absent where it is encrypted in the state.",
    ),
  remainingSeconds: count
    .nullable()
    .describe(
      "Until validTo by the appliance's clock; 0 when it is over, null when there is no end, or none that can be read.",
    ),
  readonly: z.boolean().optional().describe("false: whoever opens the link can act in the session."),
  labels: z.record(z.string(), z.string()).describe("As declared; an encrypted value reads [encrypted]."),
  declaredBy: z.array(owner).describe("The resources that own the share."),
  onceDeclaredBy: z.array(owner).describe("Who owned it by an earlier report, where nobody does now."),
};

const share = z.object({
  ...facts,
  createdAt: instant.optional().describe("When the appliance created it, UTC."),
  findings: z.array(kind).describe("The kinds of its findings."),
});

const finding = z.object({
  kind,
  severity: z.enum(severities),
  ...facts,
  message: z.string().describe("What is true, for people."),
  nextSteps: z.array(z.string()).describe("What to do about it, one way out each, for people."),
});

const stack = z.object({
  source: z.string().describe("As it was asked for: a stack's name, a file, standard input."),
  stack: z.string().optional().describe("project/stack, as its URNs have it."),
  shares: count,
  problem: z.string().optional().describe("Why its state could not be read."),
});

const session = z.object({
  sessionId,
  outcome: z
    .enum(["answered", "unknown", "failed", "not-asked"])
    .describe("unknown = the appliance says that there is none, or none that this API user may see."),
  shares: count.optional().describe("Entries of its list."),
  reason: z.string().optional().describe("Why it failed."),
});

/** The report. Objects may gain properties within one format number; readers pass over those they do not know. */
export const reportSchema = z.object({
  format: z.literal(reportFormat),
  version: z.string().describe("Of the package that wrote it."),
  generatedAt: instant.describe("By the clock of the machine that ran the audit."),
  appliance: z.string().describe("Origin of the appliance that was asked."),
  scope: z.object({
    stacks: z.array(stack),
    everyStack: z.boolean().describe("Every stack of a Pulumi backend was asked for and read."),
    sessions: z
      .enum(["named", "all-visible"])
      .describe("named = those of the stacks, of --session and of the earlier report."),
    maxDurationSeconds: z.number().positive(),
    requiredLabels: z.array(z.string()),
  }),
  completeness: z.object({
    complete: z.boolean().describe("Everything in scope could be looked at."),
    sessions: z.object({ inScope: count, answered: count, unknown: count, failed: count, notAsked: count }),
    problems: z.array(z.string()).describe("What could not be looked at, and why; empty when complete."),
    notes: z.array(z.string()).describe("What this kind of audit cannot see, and what was assumed."),
  }),
  summary: z.object({
    findings: z.object({ high: count, medium: count, low: count }),
    shares: z.object({ scheduled: count, active: count, ended: count, removed: count, missing: count }),
  }),
  findings: z.array(finding).describe("Most urgent first."),
  shares: z
    .array(share)
    .describe("The register: every share that is declared, listed, or known from the earlier report as not yet ended."),
  sessions: z.array(session),
});

export type Report = z.infer<typeof reportSchema>;
export type ReportedShare = z.infer<typeof share>;
export type ReportedFinding = z.infer<typeof finding>;
export type ReportedStack = z.infer<typeof stack>;

/** The documented JSON schema (draft 7). */
export function reportJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(reportSchema, { target: "draft-7", io: "input" });
  return { $schema, title: "Report of fudo-audit", ...rest };
}
