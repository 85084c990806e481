// The access windows as a Mermaid gantt chart: one section for each session, one bar for each share that can be opened, or
// might. Only letters, digits and a few signs of foreign text reach the chart.
import type { Report, ReportedShare } from "../../model/report-schema";
import { kinds } from "../../model/finding-kinds";
import { ownerText } from "../text";

/** Bars; more cannot be read, and renderers refuse charts that are too long. */
const mostBars = 50;
/** A window without an end is drawn so long. */
const month = 30 * 86_400_000;

/** The chart's source; undefined where there is nothing to draw. */
export function gantt({ shares, generatedAt }: Report): string | undefined {
  const open = shares.filter(({ status }) => status === "active" || status === "scheduled" || status === "missing");
  if (open.length === 0) return undefined;
  const now = Date.parse(generatedAt);
  const sessions = Map.groupBy(open.slice(0, mostBars), ({ sessionId }) => sessionId);
  const lines = [...sessions].flatMap(([sessionId, own]) => [
    `  section ${sessionId}`,
    ...own.map((share) => `  ${bar(share, now)}`),
  ]);
  const title =
    open.length > mostBars
      ? `  title ${mostBars} of ${open.length} windows`
      : "  title Who can look in, and until when";
  // A session ID is wider than the margin that the chart has by itself.
  return [
    `%%{init: {"gantt": {"leftPadding": 165}}}%%`,
    "gantt",
    title,
    "  dateFormat x",
    "  axisFormat %d %b %H:%M",
    ...lines,
  ].join("\n");
}

function bar({ fingerprint, status, validSince, validTo, findings, ...owners }: ReportedShare, now: number): string {
  const start = instant(validSince) ?? now;
  const end = Math.max(start + 60_000, instant(validTo) ?? Math.max(now, start) + month);
  const tag = findings.some((kind) => kinds[kind].severity === "high")
    ? "crit, "
    : status === "active"
      ? "active, "
      : "";
  const suspicion = findings.length > 0 ? ` ${findings.join(" ")}` : "";
  const name = plain(`${(fingerprint ?? "no key").slice(0, 8)} ${ownerText(owners)}${suspicion}`);
  return `${name} :${tag}${start}, ${end}`;
}

function instant(text: string | undefined): number | undefined {
  const ms = text === undefined ? NaN : Date.parse(text);
  return Number.isFinite(ms) ? ms : undefined;
}

/** Mermaid's grammar knows no quoting here: `:` ends a name, `;` and `#` begin others' meanings. */
function plain(text: string): string {
  return text
    .replace(/[^\p{L}\p{N} ._/-]/gu, " ")
    .replace(/ +/g, " ")
    .trim()
    .slice(0, 80);
}
