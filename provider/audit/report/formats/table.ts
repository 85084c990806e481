// The report for people at a terminal: the findings, then the shares that may give access, then the scope and the verdict,
// because a terminal shows the end. Nothing that somebody needs to act is cut off.
import { whereToRevoke } from "../../../lifecycle";
import { severities, type Severity } from "../../model/finding-kinds";
import type { Report } from "../../model/report-schema";
import { plural } from "../../model/wording";
import { acceptedFindings, groupFindings, type FindingGroup, type GroupedFinding } from "../finding-groups";
import {
  cutText,
  expiryText,
  modeText,
  nameOf,
  otherLabelsText,
  scopeRows,
  stacksOf,
  verdict,
  withoutBackticks,
} from "../text";
import { acceptedText, idText, linksBySession, uselessAcceptances } from "../work-lists";
import { grid, painter, paragraph, type Cell, type Colour, type Page } from "./grid";
import { sharesPart } from "./share-table";

export interface Terminal {
  /** Columns. */
  readonly width: number;
  readonly colour: boolean;
}

const minWidth = 24;
/** Longer lines are hard to read. */
const maxWidth = 140;
/** The width for a terminal that does not know its own. */
const unknownWidth = 100;
/** A person does not read more; the JSON and CSV reports contain everything. */
const maxFindings = 200;
const maxEntries = 100;

export function toTable(report: Report, { width, colour }: Terminal): string {
  const columns = Math.min(maxWidth, Math.max(minWidth, width > 0 ? width : unknownWidth));
  const page = { columns, paint: painter(colour) };
  const parts = [
    ...findingParts(report, page),
    acceptedPart(report, page),
    acceptancesPart(report, page),
    linksPart(report, page),
    sharesPart(report, page),
    scopePart(report, page),
    paragraph(verdict(report), page, { colour: verdictColour(report) }),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function findingParts(report: Report, page: Page): string[] {
  let room = maxFindings;
  const parts = groupFindings(report).flatMap((group) => {
    const shown = group.findings.slice(0, room);
    room -= shown.length;
    return shown.length === 0 ? [] : [groupText(group, shown, page)];
  });
  const total = report.findings.length - acceptedFindings(report).length;
  return [...parts, ...more(total - maxFindings, "finding", page)];
}

function groupText(group: FindingGroup, shown: readonly GroupedFinding[], page: Page): string {
  const { severity, title, kind, findings, commonSteps } = group;
  const count = findings.length > 1 ? `, ${plural(findings.length, "share")}` : "";
  const heading = `${severity.toUpperCase()}: ${title} (${kind}${count})`;
  return [
    paragraph(heading, page, { colour: ["bold", severityColours[severity]] }),
    ...commonSteps.map((step) => stepText(step, 2, page)),
    ...shown.map((one) => `\n${findingText(one, page)}`),
  ].join("\n");
}

function findingText({ finding, ownSteps }: GroupedFinding, page: Page): string {
  const { kind, declaredBy, labels, message, status } = finding;
  const state = [status, expiryText(finding), modeText(finding), stacksOf(finding)].filter(Boolean).join(", ");
  // A person has to choose one of these resources.
  const urns = kind === "duplicate" ? declaredBy.map(({ urn }) => urn) : [];
  const lines = [state, ...urns, otherLabelsText(labels), withoutBackticks(message)].filter(Boolean);
  return [
    paragraph(nameOf(finding), page, { indent: 2, colour: "bold" }),
    paragraph(idText(finding), page, { indent: 4, colour: "dim" }),
    ...lines.map((line) => paragraph(line, page, { indent: 4 })),
    ...ownSteps.map((step) => stepText(step, 4, page)),
  ].join("\n");
}

function stepText(step: string, indent: number, page: Page): string {
  return paragraph(`> ${withoutBackticks(step)}`, page, { indent, hanging: 2, colour: "dim" });
}

function acceptedPart(report: Report, page: Page): string {
  const accepted = acceptedFindings(report);
  if (accepted.length === 0) return "";
  const texts = accepted.slice(0, maxFindings).map((finding) => {
    const what = [finding.kind, expiryText(finding), idText(finding)].filter(Boolean).join(", ");
    const lines = [what, acceptedText(finding)];
    return [
      paragraph(nameOf(finding), page, { indent: 2 }),
      ...lines.map((line) => paragraph(line, page, { indent: 4, colour: "dim" })),
    ].join("\n");
  });
  const heading = title(`ACCEPTED: ${plural(accepted.length, "finding")}`, page);
  return [heading, ...texts, ...more(accepted.length - maxFindings, "accepted finding", page)].join("\n");
}

function acceptancesPart(report: Report, page: Page): string {
  const useless = uselessAcceptances(report);
  if (useless.length === 0) return "";
  return [
    title(`ENTRIES OF THE --accept FILE THAT ACCEPT NOTHING: ${useless.length}`, page),
    ...useless.slice(0, maxEntries).map((text) => item(text, 2, page)),
    ...more(useless.length - maxEntries, "acceptance", page),
  ].join("\n");
}

function linksPart(report: Report, page: Page): string {
  const count = report.linksToRevoke.length;
  if (count === 0) return "";
  let room = maxEntries;
  const texts = linksBySession(report).flatMap(({ sessionId, names, links }) => {
    const shown = links.slice(0, room);
    room -= shown.length;
    if (shown.length === 0) return [];
    const session = paragraph(`session ${sessionId}${names}`, page, { indent: 2 });
    return [session, ...shown.map(({ name, text }) => item(`${name}: ${text}`, 4, page))];
  });
  const heading = title(`LINKS TO REVOKE BY HAND: ${count}`, page);
  const where = paragraph(`For each of them: ${whereToRevoke}.`, page, { indent: 2, colour: "dim" });
  return [heading, where, ...texts, ...more(count - maxEntries, "link", page)].join("\n");
}

function item(text: string, indent: number, page: Page): string {
  return paragraph(`- ${text}`, page, { indent, hanging: 2 });
}

function title(text: string, page: Page): string {
  return paragraph(text, page, { colour: "bold" });
}

function more(count: number, noun: string, page: Page): string[] {
  return count > 0 ? [paragraph(cutText(count, noun), page)] : [];
}

function scopePart(report: Report, { columns, paint }: Page): string {
  const { problems, notes } = report.completeness;
  const hidden = problems.length - maxEntries;
  const over = report.expiredDeclarations.length;
  const expired = `${plural(over, "declaration")} of shares that expired can be removed (the JSON report lists them).`;
  const rows: Cell[][] = [
    ...scopeRows(report).map(([label, text]): Cell[] => [["dim", label], text]),
    ...(over > 0 ? [[["dim", "Expired"], expired] as Cell[]] : []),
    ...problems.slice(0, maxEntries).map((problem): Cell[] => [["yellow", "Problem"], withoutBackticks(problem)]),
    ...(hidden > 0 ? [[["yellow", "Problem"], cutText(hidden, "problem")] as Cell[]] : []),
    ...notes.map((note): Cell[] => [
      ["dim", "Note"],
      ["dim", withoutBackticks(note)],
    ]),
  ];
  return grid(rows, [11, columns - 10], paint);
}

const severityColours: Readonly<Record<Severity, Colour>> = {
  high: "red",
  medium: "yellow",
  low: "cyan",
  info: "blue",
};

function verdictColour({ summary, completeness }: Report): Colour[] {
  if (!completeness.complete) return ["bold", "yellow"];
  const highest = severities.find((severity) => summary.findings[severity] > 0);
  return ["bold", highest === undefined ? "green" : severityColours[highest]];
}
