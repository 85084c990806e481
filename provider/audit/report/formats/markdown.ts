// The report as Markdown for pipeline summaries and merge requests, with the access windows as a Mermaid gantt chart.
import type { Report, ReportedFinding } from "../../model/report-schema";
import { labelsText, mode, ownerText, plural, reach, remaining, shareCounts, verdict } from "../text";
import { gantt } from "./gantt";

/** Rows of a table; a pipeline's summary holds about a megabyte. */
const mostFindings = 200;

export function toMarkdown(report: Report): string {
  const { problems, notes } = report.completeness;
  const chart = gantt(report);
  const parts = [
    "## Fudo session shares",
    `**${verdict(report)}**`,
    list(reach(report).map(([label, text]) => `${label}: ${escaped(text)}`)),
    ...(problems.length > 0 ? ["### Could not be looked at", list(problems.map(escaped))] : []),
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
    .slice(0, mostFindings)
    .map((finding) => [
      finding.severity,
      finding.kind,
      `${finding.sessionId} ${finding.fingerprint ?? "without a key"}`,
      [finding.status, remaining(finding), mode(finding)].filter(Boolean).join(", "),
      [ownerText(finding), labelsText(finding.labels)].filter(Boolean).join(", "),
      `${finding.message} ${finding.nextSteps.join(" ")}`,
    ]);
  const head = ["Severity", "Finding", "Session, share", "Window", "Whose", "What, and what to do"];
  const lines = [head, head.map(() => "---"), ...rows.map((row) => row.map(escaped))].map(
    (cells) => `| ${cells.join(" | ")} |`,
  );
  const more =
    findings.length > mostFindings
      ? `\n\n… and ${plural(findings.length - mostFindings, "finding")} more: see the JSON report.`
      : "";
  return `${lines.join("\n")}${more}`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

/** Text as text: nothing in it becomes a table's edge, HTML, emphasis, a link, a mention or a reference. */
function escaped(text: string): string {
  const special = /[\\`*_{}[\]<>|&]|[@#!$~%^](?=\w)|\bh(?=ttps?:)|\bw(?=ww\.)/gi;
  // A reference to the character stops Markdown; a space of no width stops what platforms look for in the text afterwards.
  return text.replace(special, (found) =>
    /[\w@#!$~%^]/.test(found) && found !== "_" ? `${found}&#8203;` : `&#${found.codePointAt(0) ?? 32};`,
  );
}
