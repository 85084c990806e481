// The report for people at a terminal: findings most urgent first, then who can look in, then how far the audit got. Colour
// and width come in as values; nothing is cut off that somebody needs to act.
import { kinds, type Severity } from "../../model/finding-kinds";
import type { Report, ReportedFinding, ReportedShare } from "../../model/report-schema";
import { ending, labelsText, ownerText, plural, reach, remaining, shareCounts, verdict } from "../text";
import { grid, painter, type Cell, type Colour, type Paint } from "./grid";

export interface Terminal {
  /** Columns. */
  readonly width: number;
  readonly colour: boolean;
}

const narrowest = 80;
const widest = 140;
/** What a person reads of a long report; all is in the JSON and CSV reports. */
const mostFindings = 200;
const mostShares = 100;

export function toTable(report: Report, { width, colour }: Terminal): string {
  const paint = painter(colour);
  const columns = Math.min(widest, Math.max(narrowest, width));
  const parts = [
    findingsPart(report, columns, paint),
    sharesPart(report, columns, paint),
    reachPart(report, columns, paint),
    paint(verdictColour(report), verdict(report)),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function findingsPart({ findings }: Report, columns: number, paint: Paint): string {
  const texts = findings.slice(0, mostFindings).map((finding) => findingText(finding, columns, paint));
  return [...texts, ...more(findings.length - mostFindings, "finding")].join("\n\n");
}

function findingText(finding: ReportedFinding, columns: number, paint: Paint): string {
  const { severity, kind, sessionId, fingerprint = "without a key", labels, declaredBy, message, nextSteps } = finding;
  const heading = `${paint(colours[severity], severity.toUpperCase())} ${paint("bold", kind)} ${sessionId}/${fingerprint}`;
  const label = labelsText(labels);
  const lines: Cell[] = [
    `${finding.status}, ${ending(finding)}`,
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

/** Shares that can be opened, or might: ended and removed ones are only counted. */
function sharesPart(report: Report, columns: number, paint: Paint): string {
  const open = report.shares.filter(
    ({ status }) => status === "active" || status === "scheduled" || status === "missing",
  );
  const widths = [11, 21, 18, 12];
  const rows = open
    .slice(0, mostShares)
    .map((share): Cell[] => [
      [statusColours[share.status] ?? "dim", share.status],
      share.sessionId,
      share.fingerprint ?? "",
      remaining(share).replace("in ", ""),
      [`${ownerText(share)}${share.readonly === false ? ", interactive" : ""}`, labelsText(share.labels)]
        .filter(Boolean)
        .join("\n"),
    ]);
  const counts = `Shares: ${shareCounts(report)}`;
  if (rows.length === 0) return counts;
  const head = ["STATUS", "SESSION", "FINGERPRINT", "ENDS IN", "WHOSE"].map((name): Cell => ["dim", name]);
  const table = grid([head, ...rows], [...widths, columns - widths.reduce((sum, one) => sum + one, 0)], paint);
  return [table, ...more(open.length - mostShares, "share"), counts].join("\n");
}

function more(count: number, noun: string): string[] {
  return count > 0 ? [`… and ${plural(count, noun)} more: see the JSON or CSV report`] : [];
}

function reachPart(report: Report, columns: number, paint: Paint): string {
  const { problems, notes } = report.completeness;
  const rows: Cell[][] = [
    ...reach(report).map(([label, text]): Cell[] => [["dim", label], text]),
    ...problems.map((problem): Cell[] => [["yellow", "Problem"], problem]),
    ...notes.map((note): Cell[] => [
      ["dim", "Note"],
      ["dim", note],
    ]),
  ];
  return grid(rows, [11, columns - 11], paint);
}

const colours: Readonly<Record<Severity, Colour>> = { high: "red", medium: "yellow", low: "cyan" };
const statusColours: Readonly<Record<string, Colour>> = {
  active: "green",
  scheduled: "blue",
  missing: "yellow",
} satisfies Partial<Record<ReportedShare["status"], Colour>>;

function verdictColour({ findings, completeness }: Report): Colour[] {
  if (!completeness.complete) return ["bold", "yellow"];
  const [first] = findings;
  return ["bold", first === undefined ? "green" : colours[kinds[first.kind].severity]];
}
