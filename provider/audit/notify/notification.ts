// Writes a notification about new findings: bounded, and with a text that a chat system can show.
import { findingKinds } from "../model/finding-kinds";
import { notificationFormat, type Notification } from "../model/notification-schema";
import type { Report, ReportedFinding } from "../model/report-schema";
import { plural } from "../model/wording";
import { shareName } from "../report/share-names";
import { moreText } from "../report/text";

/** Bytes of the JSON. Mattermost accepts 300,000 by default. */
const maximumSize = 200_000;
const maximumFindings = 100;
/** Findings that the text names. Discord accepts 2,000 characters. */
const maximumLines = 10;

const countedSeverities = ["high", "medium", "low"] as const;

/** The body of the request. `findings` are the new ones, the most urgent finding first. */
export function notificationBody(report: Report, findings: readonly ReportedFinding[]): string {
  const { version, generatedAt, appliance, completeness } = report;
  const counts = Object.fromEntries(
    countedSeverities.map((severity) => [severity, findings.filter((one) => one.severity === severity).length]),
  ) as Notification["counts"];
  const head = {
    text: textOf(report, findings, counts),
    version,
    generatedAt,
    appliance,
    complete: completeness.complete,
    counts,
  };
  const sent = findings.slice(0, maximumFindings).map(({ accepted: _, notification: __, ...finding }) => finding);
  for (;;) {
    const omitted = findings.length - sent.length;
    const notification: Notification = { format: notificationFormat, ...head, findings: sent, omitted };
    const body = JSON.stringify(notification);
    if (Buffer.byteLength(body) <= maximumSize || sent.length === 0) return body;
    sent.pop();
  }
}

function textOf(
  { appliance, completeness }: Report,
  findings: readonly ReportedFinding[],
  counts: Notification["counts"],
): string {
  const bySeverity = countedSeverities.filter((severity) => counts[severity] > 0);
  const list = bySeverity.map((severity) => `${counts[severity]} ${severity}`).join(", ");
  const left = findings.length - maximumLines;
  return [
    `fudo-audit: ${plural(findings.length, "new finding")} on ${appliance} (${list})`,
    ...findings.slice(0, maximumLines).map(lineOf),
    ...(left > 0 ? [`${moreText(left, "finding")}: see the report`] : []),
    ...(completeness.complete ? [] : ["The audit is INCOMPLETE: see the report"]),
  ].join("\n");
}

function lineOf(finding: ReportedFinding): string {
  const { kind, severity, validTo } = finding;
  const end = validTo === undefined || finding.fingerprint === undefined ? "" : `, until ${validTo}`;
  return `${severity}: ${findingKinds[kind].title} (${kind}), ${shareName(finding)}${end}`;
}
