// The report for people at a terminal: findings most urgent first, then who can look in, then how far the audit got. Colour
// and width come in as values; nothing is cut off that somebody needs to act.
import { styleText } from "node:util";
import Table from "cli-table3";
import { kinds, type Severity } from "../kinds";
import type { Report, ReportedFinding, ReportedShare } from "../report-schema";
import { labelsText, ownerText, plural, reach, remaining, shareCounts, verdict } from "../words";

export interface Terminal {
  /** Columns. */
  readonly width: number;
  readonly colour: boolean;
}

type Colour = "red" | "yellow" | "green" | "blue" | "cyan" | "bold" | "dim";
type Paint = (colour: Colour | Colour[], text: string) => string;

const narrowest = 60;
const widest = 140;
/** Rows of the register; all are in the other formats. */
const mostShares = 100;

export function toTable(report: Report, { width, colour }: Terminal): string {
  const paint: Paint = colour ? (colours, text) => styleText(colours, text, { validateStream: false }) : (_colours, text) => text;
  const columns = Math.min(widest, Math.max(narrowest, width));
  const parts = [findingsPart(report, columns, paint), sharesPart(report, columns, paint), reachPart(report, columns, paint), paint(verdictColour(report), verdict(report))];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function findingsPart({ findings }: Report, columns: number, paint: Paint): string {
  return findings.map((finding) => findingText(finding, columns, paint)).join("\n\n");
}

function findingText(finding: ReportedFinding, columns: number, paint: Paint): string {
  const { severity, kind, sessionId, fingerprint = "without a key", labels, declaredBy, message, nextSteps } = finding;
  const heading = `${paint(colours[severity], severity.toUpperCase())} ${paint("bold", kind)} ${sessionId}/${fingerprint}`;
  const label = labelsText(labels);
  const lines = [
    `${finding.status}, ${ending(finding)}`,
    ...declaredBy.map(({ urn }) => urn),
    ...(label === "" ? [] : [label]),
    message,
    ...nextSteps.map((step) => paint("dim", `> ${step}`)),
  ];
  return `${heading}\n${grid([], lines.map((line) => ["", line]), [2, columns - 2])}`;
}

function ending({ remainingSeconds }: ReportedFinding): string {
  return remainingSeconds === null ? "never ends" : `ends ${remaining({ remainingSeconds })}`;
}

/** Shares that can be opened, or might: ended and removed ones are only counted. */
function sharesPart(report: Report, columns: number, paint: Paint): string {
  const open = report.shares.filter(({ status }) => status === "active" || status === "scheduled" || status === "missing");
  const widths = [11, 21, 18, 12];
  const rows = open.slice(0, mostShares).map((share) => [
    paint(statusColours[share.status] ?? "dim", share.status),
    share.sessionId,
    share.fingerprint ?? "",
    remaining(share).replace("in ", ""),
    [`${ownerText(share)}${share.readonly === false ? ", interactive" : ""}`, labelsText(share.labels)].filter(Boolean).join("\n"),
  ]);
  const more = open.length > mostShares ? `\n… and ${plural(open.length - mostShares, "share")} more: see the JSON or CSV report` : "";
  const counts = `Shares: ${shareCounts(report)}`;
  if (rows.length === 0) return counts;
  const table = grid(["STATUS", "SESSION", "FINGERPRINT", "ENDS IN", "WHOSE"].map((name) => paint("dim", name)), rows, [...widths, columns - widths.reduce((sum, one) => sum + one, 0)]);
  return `${table}${more}\n${counts}`;
}

function reachPart(report: Report, columns: number, paint: Paint): string {
  const { problems, notes } = report.completeness;
  const rows = [
    ...reach(report).map(([label, text]) => [paint("dim", label), text]),
    ...problems.map((problem) => [paint("yellow", "Problem"), problem]),
    ...notes.map((note) => [paint("dim", "Note"), paint("dim", note)]),
  ];
  return grid([], rows, [11, columns - 11]);
}

function grid(head: string[], rows: string[][], widths: number[]): string {
  const none = { top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "", left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "" };
  const style = { head: [], border: [], "padding-left": 0, "padding-right": 1 };
  const table = new Table({ chars: none, style, head, colWidths: widths, wordWrap: true, wrapOnWordBoundary: true });
  for (const row of rows) table.push(row.map((cell, column) => breakable(cell, widths[column]! - 1)));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Words that are longer than a column (URNs, scripts without spaces) get places to break at; the table cuts them off else. */
function breakable(text: string, width: number): string {
  return text
    .replace(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]{8}/gu, "$& ")
    .replace(new RegExp(`[^\\s\\u001b]{${width}}`, "gu"), "$& ");
}

const colours: Readonly<Record<Severity, Colour>> = { high: "red", medium: "yellow", low: "cyan" };
const statusColours: Readonly<Record<string, Colour>> = { active: "green", scheduled: "blue", missing: "yellow" } satisfies Partial<Record<ReportedShare["status"], Colour>>;

function verdictColour({ findings, completeness }: Report): Colour[] {
  if (!completeness.complete) return ["bold", "yellow"];
  const [first] = findings;
  return ["bold", first === undefined ? "green" : colours[kinds[first.kind].severity]];
}
