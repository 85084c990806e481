// The report as Markdown for pipeline summaries and merge requests, with a Mermaid gantt chart of the access windows.
import type { Report, ReportedFinding } from "../../model/report-schema";
import { expiryText, labelsText, managedByText, modeText, moreText, scopeRows, shareCounts, verdict } from "../text";
import { gantt } from "./gantt";

/** A pipeline summary can be about one megabyte long. */
const maxFindings = 200;

export function toMarkdown(report: Report): string {
  const { problems, notes } = report.completeness;
  const chart = gantt(report);
  const parts = [
    "## Fudo session shares",
    `**${verdict(report)}**`,
    list(scopeRows(report).map(([label, text]) => `${label}: ${escaped(text)}`)),
    ...(problems.length > 0 ? ["### Problems", list(problems.map(escaped))] : []),
    ...(report.findings.length > 0 ? ["### Findings", findingsTable(report.findings)] : []),
    "### Access windows",
    `Shares: ${shareCounts(report)}.`,
    ...(chart === undefined ? [] : [`\`\`\`mermaid\n${chart}\n\`\`\``]),
    list(notes.map(escaped)),
  ];
  return `${parts.join("\n\n")}\n`;
}

function findingsTable(findings: readonly ReportedFinding[]): string {
  const rows = findings
    .slice(0, maxFindings)
    .map((finding) => [
      finding.severity,
      finding.kind,
      `${finding.sessionId} ${finding.fingerprint ?? "(no key)"}`,
      [finding.status, expiryText(finding), modeText(finding)].filter(Boolean).join(", "),
      [managedByText(finding), labelsText(finding.labels)].filter(Boolean).join(", "),
      `${finding.message} ${finding.nextSteps.join(" ")}`,
    ]);
  const head = ["Severity", "Finding", "Session, share", "Window", "Managed by", "Message and next steps"];
  const lines = [head, head.map(() => "---"), ...rows.map((row) => row.map(escaped))].map(
    (cells) => `| ${cells.join(" | ")} |`,
  );
  const more =
    findings.length > maxFindings
      ? `\n\n${moreText(findings.length - maxFindings, "finding")}: see the JSON report.`
      : "";
  return `${lines.join("\n")}${more}`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

/** Escapes text so that nothing in it becomes a table border, HTML, emphasis, a link, a mention or a reference. */
function escaped(text: string): string {
  const special = /[\\`*_{}[\]<>|&]|[@#!$~%^](?=\w)|\bh(?=ttps?:)|\bw(?=ww\.)/gi;
  // A character reference stops Markdown. A zero-width space stops what GitHub and GitLab search for in the text later.
  return text.replace(special, (found) =>
    /[\w@#!$~%^]/.test(found) && found !== "_" ? `${found}&#8203;` : `&#${found.codePointAt(0) ?? 32};`,
  );
}
