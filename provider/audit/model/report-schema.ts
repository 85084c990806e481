// The schema of the JSON report: its types, its documentation, and the check of the file that `--previous` names. A
// change here changes a public format.
import { z } from "zod";
import { findingKindNames, severities, type FindingKind } from "./finding-kinds";
import { presences, statuses, type Status } from "./status";

/** Stands in each report. The number rises only when a program that reads older reports would misread a new one. */
export const reportFormat = "fudo-audit-report/2";

const instant = z.string().regex(/^(-?infinity|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(\d{3})?Z)$/);
const sessionId = z
  .string()
  .regex(/^\d{1,19}$/)
  .describe("The decimal ID of the session.");
const fingerprint = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .describe("First 16 hex digits of SHA-256 of the key: identifies the share and gives no access.");
const count = z.int().nonnegative();
const kind = z.enum(findingKindNames as [FindingKind, ...FindingKind[]]);
const severity = z.enum(severities);
const resource = z.object({
  stack: z.string().describe("organization/project/stack, or project/stack when the organization is not known."),
  urn: z.string(),
});
const accepted = z.object({
  reason: z.string(),
  until: instant.describe("The finding counts again after this instant."),
});

const nameText = z.string().max(200).optional();
const sessionNames = {
  serverName: nameText.describe("The name of the session's server. Absent when the API user may not read it."),
  accountName: nameText.describe("The name of the session's account on the server."),
  userName: nameText.describe("The name of the session's user."),
};

const shareProperties = {
  sessionId,
  ...sessionNames,
  fingerprint: fingerprint.optional().describe("Absent when the appliance lists the share without a readable key."),
  status: z
    .enum(statuses)
    .describe(
      "scheduled: the window has not begun. active: the window is open. not-listed: a valid list does not contain the share, which does not prove that it was revoked. missing: the list should contain the share and does not.",
    ),
  seen: z
    .enum(presences)
    .describe(
      "Whether the session's list contains the share. not-looked: the audit could not read the list, or the list does not prove what it does not contain. elsewhere: the share is on another appliance.",
    ),
  validSince: instant.optional().describe("Start of the window as listed, or else as declared."),
  validTo: instant
    .optional()
    .describe(
      "The latest end that is known, UTC. infinity: the share has no end. Absent: the end is encrypted in the state, or the list does not show it.",
    ),
  remainingSeconds: count
    .nullable()
    .describe(
      "Time until validTo by the appliance's clock. 0: the window is over. null: there is no end, or the end is encrypted or not listed.",
    ),
  readonly: z.boolean().optional().describe("false: anyone with the link can act in the session."),
  unreadable: z
    .array(z.string())
    .optional()
    .describe(
      "The attributes of the share in the session's list that the audit cannot read, as the vendor spells them.",
    ),
  labels: z.record(z.string(), z.string()).describe("As declared. [encrypted] replaces an encrypted value."),
  declaredBy: z.array(resource).describe("The resources that manage the share."),
  onceDeclaredBy: z
    .array(resource)
    .describe("The resources that managed the share according to an earlier report, when none manages it now."),
  firstReportedAt: instant
    .optional()
    .describe("When the first report in the chain of `--previous` contained the share, by the appliance's clock."),
  lastListedAt: instant
    .optional()
    .describe("When a report last found the share in the session's list, by the appliance's clock."),
  notListedSince: instant
    .optional()
    .describe("Since when valid lists of the session no longer contain the share. Absent when the list contains it."),
  reactivatedAt: instant
    .optional()
    .describe("When a report first found that the share works again after it was removed or missing."),
};

const share = z.object({
  ...shareProperties,
  createdAt: instant.optional().describe("When the appliance created the share, UTC."),
  sealed: z
    .boolean()
    .optional()
    .describe(
      "true: the states hold the link of the share only sealed, so only its recipients can open it. false: a state holds its key or link, or no sealed link that the audit can read. Absent when no audited state has the share.",
    ),
  findings: z.array(kind).describe("The kinds of its findings, accepted ones included."),
  severity: severity.optional().describe("The highest severity of its findings; accepted ones do not count."),
});

const finding = z.object({
  kind,
  severity,
  ...shareProperties,
  message: z.string().describe("What the audit found, for people."),
  nextSteps: z.array(z.string()).describe("What to do about it, one alternative each, for people."),
  accepted: accepted.optional().describe("From the file of `--accept`: the finding does not fail the command."),
  notification: z
    .literal("pending")
    .optional()
    .describe("The webhook has not accepted a notification about the finding: the next audit sends it again."),
});

const acceptance = z.object({
  fingerprint: fingerprint.optional(),
  urn: z.string().optional(),
  finding: kind,
  ...accepted.shape,
  state: z
    .enum(["applied", "expired", "unmatched", "too-late"])
    .describe(
      "applied: it accepts a finding of this report. expired: `until` is over. unmatched: this report has no such finding. too-late: `until` is after the end of the share, so the finding counts.",
    ),
});

const linkToRevoke = z.object({
  sessionId,
  ...sessionNames,
  fingerprint: fingerprint.optional(),
  createdAt: instant.optional(),
  validSince: instant.optional(),
  validTo: instant.optional(),
  readonly: z.boolean().optional(),
  findings: z.array(kind).describe("Why the link should be revoked."),
});

const expiredDeclaration = z.object({ ...resource.shape, sessionId, fingerprint, validTo: instant.optional() });

const stack = z.object({
  source: z.string().describe("As the command line names it: a stack, a file, or standard input."),
  stack: z
    .string()
    .optional()
    .describe("organization/project/stack, or project/stack when the organization is not known."),
  shares: count.describe("Number of shares in the state."),
  problem: z.string().optional().describe("Why the audit could not read the state."),
});

const session = z.object({
  sessionId,
  outcome: z
    .enum(["answered", "unknown", "failed", "not-asked"])
    .describe(
      "answered: the audit read the session's list. unknown: the appliance does not have the session, or this API user cannot see it. failed: the request failed. not-asked: the audit stopped before this request.",
    ),
  shares: count.optional().describe("Number of shares in the session's list."),
  reason: z.string().optional().describe("Why the request failed."),
  problems: z.array(z.string()).optional().describe("What makes the session's list incomplete or doubtful."),
});

/** The report. Objects may get more properties within one format number; a reader ignores the ones it does not know. */
export const reportSchema = z.object({
  format: z.literal(reportFormat),
  version: z.string().describe("Version of the package that wrote the report."),
  generatedAt: instant.describe("By the clock of the machine that ran the audit."),
  appliance: z.string().describe("Origin of the audited appliance."),
  scope: z.object({
    stacks: z.array(stack),
    everyStack: z.boolean().describe("The audit read every stack of a Pulumi backend."),
    sessions: z
      .enum(["named", "all-visible"])
      .describe("named: the sessions of the stacks, of --session and of the previous report."),
    maxDurationSeconds: z.number().positive().describe("A longer window is a finding."),
    requiredLabels: z.array(z.string()).describe("The labels that `--require-label` names."),
    endsWithinSeconds: z.number().positive().optional().describe("From `--ends-within`."),
    previousReportAt: instant.optional().describe("`generatedAt` of the report that `--previous` names."),
  }),
  completeness: z.object({
    complete: z.boolean().describe("The audit read everything in scope."),
    clock: z
      .enum(["appliance", "local"])
      .optional()
      .describe("Whose clock decided what is over. local: no response had the appliance's time. Absent: appliance."),
    sessions: z.object({ inScope: count, answered: count, unknown: count, failed: count, notAsked: count }),
    problems: z.array(z.string()).describe("What the audit could not read, and why. Empty when complete."),
    notes: z.array(z.string()).describe("What this audit cannot see, and what it assumes."),
  }),
  summary: z.object({
    findings: z
      .object({ high: count, medium: count, low: count, info: count, accepted: count })
      .describe("By severity, without the accepted ones."),
    shares: z.object(Object.fromEntries(statuses.map((status) => [status, count])) as Record<Status, typeof count>),
  }),
  findings: z.array(finding).describe("The most urgent finding comes first."),
  shares: z
    .array(share)
    .describe(
      "The inventory: every share that a stack declares, that the appliance lists, or that had not expired in the previous report.",
    ),
  sessions: z.array(session),
  acceptances: z.array(acceptance).describe("Each entry of the file that `--accept` names."),
  linksToRevoke: z.array(linkToRevoke).describe("The work list: links to revoke by hand in the admin panel."),
  expiredDeclarations: z
    .array(expiredDeclaration)
    .describe("Resources whose share expired: they can be removed from the program."),
});

export type Report = z.infer<typeof reportSchema>;
export type ReportedShare = z.infer<typeof share>;
export type ReportedFinding = z.infer<typeof finding>;
export type ReportedStack = z.infer<typeof stack>;
export type ReportedAcceptance = z.infer<typeof acceptance>;
export type LinkToRevoke = z.infer<typeof linkToRevoke>;
export type ExpiredDeclaration = z.infer<typeof expiredDeclaration>;

/** The documented JSON schema (draft 7). */
export function reportJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(reportSchema, { target: "draft-7", io: "input" });
  return { $schema, title: "Report of fudo-audit", ...rest };
}
