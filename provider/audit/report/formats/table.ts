// The report for people at a terminal: the findings, then the shares that may give access, then the scope and the verdict.
// Nothing that somebody needs to act is cut off.
import { type Severity } from "../../model/finding-kinds";
import type { Report, ReportedFinding, ReportedShare } from "../../model/report-schema";
import { mayGiveAccess } from "../../model/status";
import { expiryText, labelsText, managedByText, moreText, scopeRows, shareCounts, timeLeft, verdict } from "../text";
import { grid, painter, type Cell, type Colour, type Paint } from "./grid";

export interface Terminal {
  /** Columns. */
  readonly width: number;
  readonly colour: boolean;
}

const minWidth = 80;
const maxWidth = 140;
/** A person does not read more; the JSON and CSV reports contain everything. */
const maxFindings = 200;
const maxShares = 100;

export function toTable(report: Report, { width, colour }: Terminal): string {
  const paint = painter(colour);
  const columns = Math.min(maxWidth, Math.max(minWidth, width));
  const parts = [
    findingsPart(report, columns, paint),
    sharesPart(report, columns, paint),
    scopePart(report, columns, paint),
    paint(verdictColour(report), verdict(report)),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function findingsPart({ findings }: Report, columns: number, paint: Paint): string {
  const texts = findings.slice(0, maxFindings).map((finding) => findingText(finding, columns, paint));
  return [...texts, ...more(findings.length - maxFindings, "finding")].join("\n\n");
}

function findingText(finding: ReportedFinding, columns: number, paint: Paint): string {
  const { severity, kind, sessionId, fingerprint = "(no key)", labels, declaredBy, message, nextSteps } = finding;
  const heading = `${paint(colours[severity], severity.toUpperCase())} ${paint("bold", kind)} ${sessionId}/${fingerprint}`;
  const label = labelsText(labels);
  const lines: Cell[] = [
    `${finding.status}, ${expiryText(finding)}`,
    ...declaredBy.map(({ urn }) => urn),
    ...(label === "" ? [] : [label]),
    message,
    ...nextSteps.map((step) => ["dim", `> ${step}`] as const),
  ];
  return `${heading}\n${grid(
    lines.map((line) => ["", line]),
    [2, columns - 2],
    paint,
  )}`;
}

/** The shares that may give access. Expired and removed ones are only counted. */
function sharesPart(report: Report, columns: number, paint: Paint): string {
  const open = report.shares.filter(mayGiveAccess);
  const widths = [11, 21, 18, 12];
  const rows = open
    .slice(0, maxShares)
    .map((share): Cell[] => [
      [statusColours[share.status] ?? "dim", share.status],
      share.sessionId,
      share.fingerprint ?? "",
      timeLeft(share),
      [`${managedByText(share)}${share.readonly === false ? ", interactive" : ""}`, labelsText(share.labels)]
        .filter(Boolean)
        .join("\n"),
    ]);
  const counts = `Shares: ${shareCounts(report)}`;
  if (rows.length === 0) return counts;
  const head = ["STATUS", "SESSION", "FINGERPRINT", "EXPIRES IN", "MANAGED BY"].map((name): Cell => ["dim", name]);
  const table = grid([head, ...rows], [...widths, columns - widths.reduce((sum, one) => sum + one, 0)], paint);
  return [table, ...more(open.length - maxShares, "share"), counts].join("\n");
}

function more(count: number, noun: string): string[] {
  return count > 0 ? [`${moreText(count, noun)}: see the JSON or CSV report`] : [];
}

function scopePart(report: Report, columns: number, paint: Paint): string {
  const { problems, notes } = report.completeness;
  const rows: Cell[][] = [
    ...scopeRows(report).map(([label, text]): Cell[] => [["dim", label], text]),
    ...problems.map((problem): Cell[] => [["yellow", "Problem"], problem]),
    ...notes.map((note): Cell[] => [
      ["dim", "Note"],
      ["dim", note],
    ]),
  ];
  return grid(rows, [11, columns - 11], paint);
}

const colours: Readonly<Record<Severity, Colour>> = { high: "red", medium: "yellow", low: "cyan", info: "dim" };
const statusColours: Readonly<Record<string, Colour>> = {
  active: "green",
  scheduled: "blue",
  missing: "yellow",
} satisfies Partial<Record<ReportedShare["status"], Colour>>;

function verdictColour({ findings, completeness }: Report): Colour[] {
  if (!completeness.complete) return ["bold", "yellow"];
  const [first] = findings;
  return ["bold", first === undefined ? "green" : colours[first.severity]];
}
