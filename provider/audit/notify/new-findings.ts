// Decides which findings a notification is about: the ones that no earlier notification was about.
import type { PreviousFinding, PreviousReport } from "../collect/previous-report";
import type { Report, ReportedFinding } from "../model/report-schema";
import { findingNames } from "../report/share-names";

/** The findings that the previous report does not have, and the ones that the webhook has not accepted yet. */
export function newFindings({ findings }: Report, previous: PreviousReport | undefined): ReportedFinding[] {
  const known = names(previous?.findings ?? [], (finding) => counts(finding) && finding.notification === undefined);
  return select(findings, (finding, name) => counts(finding) && !known.has(name));
}

/** The findings that the webhook of an earlier audit has not accepted yet. */
export function pendingFindings({ findings }: Report, previous: PreviousReport | undefined): ReportedFinding[] {
  const pending = names(previous?.findings ?? [], ({ notification }) => notification !== undefined);
  return select(findings, (finding, name) => counts(finding) && pending.has(name));
}

/** The report, which tells the next audit that the webhook has not accepted these findings. */
export function withPending(report: Report, pending: readonly ReportedFinding[]): Report {
  const findings = report.findings.map((finding) =>
    pending.includes(finding) ? { ...finding, notification: "pending" as const } : finding,
  );
  return { ...report, findings };
}

/** Nobody has to act on the other findings: they never fail the command. */
function counts({ severity, accepted }: Pick<PreviousFinding, "severity" | "accepted">): boolean {
  return severity !== "info" && accepted === undefined;
}

function names(findings: readonly PreviousFinding[], matches: (finding: PreviousFinding) => boolean): Set<string> {
  return new Set(findingNames(findings).filter((_, index) => matches(findings[index]!)));
}

function select(
  findings: readonly ReportedFinding[],
  matches: (finding: ReportedFinding, name: string) => boolean,
): ReportedFinding[] {
  const all = findingNames(findings);
  return findings.filter((finding, index) => matches(finding, all[index] ?? ""));
}
