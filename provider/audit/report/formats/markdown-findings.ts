// The findings in Markdown: a heading and the common steps for each kind, then a list with one entry for each share.
import type { Report } from "../../model/report-schema";
import { plural } from "../../model/wording";
import { acceptedFindings, groupFindings } from "../finding-groups";
import { expiryText, modeText, nameOf, namesInBrackets, otherLabelsText, stacksOf } from "../text";
import type { FindingGroup, GroupedFinding } from "../finding-groups";
import { list, moreLine, prose, short, step, type Room } from "./markdown-text";

/** A person does not read more; the JSON and CSV reports contain everything. */
const maxFindings = 200;

export function findingsSection(report: Report, room: Room): string[] {
  const total = report.findings.length - acceptedFindings(report).length;
  if (total === 0) return [];
  let shown = 0;
  const groups = groupFindings(report).flatMap((group) => {
    const heading = headingOf(group);
    if (shown >= maxFindings || !room.takes(heading)) return [];
    const entries = room.entries(group.findings, entryOf, "finding", maxFindings - shown).shown;
    shown += entries.length;
    return [heading, list(entries)];
  });
  return ["### Findings", ...groups, moreLine(total - shown, "finding")];
}

function headingOf({ severity, title, kind, findings, commonSteps }: FindingGroup): string {
  const count = findings.length > 1 ? `, ${plural(findings.length, "share")}` : "";
  const heading = `#### ${severity.toUpperCase()}: ${title} (\`${kind}\`${count})`;
  // A quotation, because two lists in a row would become one.
  const steps = commonSteps.map((text) => `> - ${step(text)}`).join("\n");
  return steps === "" ? heading : `${heading}\n\n${steps}`;
}

function entryOf({ finding, ownSteps }: GroupedFinding): string {
  const { kind, sessionId, fingerprint, status, message, labels, declaredBy } = finding;
  const id = fingerprint === undefined ? "no readable key" : `share \`${fingerprint}\``;
  const stacks = stacksOf(finding);
  const state = [status, expiryText(finding), modeText(finding)].filter(Boolean).join(", ");
  const lines = [
    `**${short(nameOf(finding), 200)}**: ${state}${stacks === "" ? "" : `, ${short(stacks, 300)}`}`,
    `Session \`${sessionId}\`${short(namesInBrackets(finding), 300)}, ${id}`,
    // A person has to choose one of these resources.
    ...(kind === "duplicate" ? declaredBy.map(({ urn }) => short(urn, 500)) : []),
    short(otherLabelsText(labels), 500),
    prose(message),
  ].filter(Boolean);
  // One line of Markdown: GitHub shows a line end as a space in a summary, and as a line break in a comment.
  return [lines.join("<br>"), ...ownSteps.map((text) => `  - ${step(text)}`)].join("\n");
}
