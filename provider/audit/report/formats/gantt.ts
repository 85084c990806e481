// The access windows as a Mermaid gantt chart: one section for each session, one bar for each share that may give access.
// Of untrusted text, only letters, digits and a few other characters reach the chart.
import { findingKinds } from "../../model/finding-kinds";
import type { Report, ReportedShare } from "../../model/report-schema";
import { mayGiveAccess } from "../../model/status";
import { managedByText } from "../text";

/** More bars are not readable, and renderers reject a long chart. */
const maxBars = 50;
/** The length of the bar for a window without an end. */
const month = 30 * 86_400_000;

/** The source of the chart; `undefined` when there is nothing to draw. */
export function gantt({ shares, generatedAt }: Report): string | undefined {
  const open = shares.filter(mayGiveAccess);
  if (open.length === 0) return undefined;
  const now = Date.parse(generatedAt);
  const sessions = Map.groupBy(open.slice(0, maxBars), ({ sessionId }) => sessionId);
  const lines = [...sessions].flatMap(([sessionId, own]) => [
    `  section ${sessionId}`,
    ...own.map((share) => `  ${bar(share, now)}`),
  ]);
  const title =
    open.length > maxBars ? `  title ${maxBars} of ${open.length} windows` : "  title Who has access, and until when";
  // A session ID is wider than the default margin of the chart.
  return [
    `%%{init: {"gantt": {"leftPadding": 165}}}%%`,
    "gantt",
    title,
    "  dateFormat x",
    "  axisFormat %d %b %H:%M",
    ...lines,
  ].join("\n");
}

function bar({ fingerprint, status, validSince, validTo, findings, ...share }: ReportedShare, now: number): string {
  const start = instant(validSince) ?? now;
  const end = Math.max(start + 60_000, instant(validTo) ?? Math.max(now, start) + month);
  const tag = findings.some((kind) => findingKinds[kind].severity === "high")
    ? "crit, "
    : status === "active"
      ? "active, "
      : "";
  const kinds = findings.length > 0 ? ` ${findings.join(" ")}` : "";
  const name = chartText(`${(fingerprint ?? "no key").slice(0, 8)} ${managedByText(share)}${kinds}`);
  return `${name} :${tag}${start}, ${end}`;
}

function instant(text: string | undefined): number | undefined {
  const ms = text === undefined ? NaN : Date.parse(text);
  return Number.isFinite(ms) ? ms : undefined;
}

/** Mermaid has no quoting here: `:` ends a name, and `;` and `#` have a meaning too. */
function chartText(text: string): string {
  return text
    .replace(/[^\p{L}\p{N} ._/-]/gu, " ")
    .replace(/ +/g, " ")
    .trim()
    .slice(0, 80);
}
