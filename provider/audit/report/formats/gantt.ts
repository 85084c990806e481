// The access windows as a Mermaid gantt chart: one section for each session, one bar for each share that may give access.
// Of untrusted text, only letters, digits and a few other characters reach the chart.
import { severities } from "../../model/finding-kinds";
import type { Report, ReportedShare } from "../../model/report-schema";
import { mayGiveAccess } from "../../model/status";
import { utcText } from "../../model/wording";
import { instant, nameOf } from "../text";

/** More bars are not readable, and renderers reject a long chart. */
const maxBars = 50;
const maxNameLength = 40;
const hour = 3_600_000;
const day = 24 * hour;
const month = 30 * day;
/** The length of the bar for a window without an end. */
const endless = month;
/** The chart shows this much before and after the report: a longer bar would make all others too small to see. */
const reach = 365 * day;

interface Bar {
  readonly share: ReportedShare;
  readonly start: number;
  readonly end: number;
  /** Why the bar ends before the window does. */
  readonly cut?: string;
}

/** The source of the chart; `undefined` when there is nothing to draw. */
export function gantt({ shares, generatedAt }: Report): string | undefined {
  const open = shares.filter(mayGiveAccess);
  if (open.length === 0) return undefined;
  const now = Date.parse(generatedAt);
  const bars = mostUrgent(open).map((share) => barOf(share, now));
  const sections = Map.groupBy(bars, ({ share }) => share.sessionId);
  const { interval, format } = axisFor(bars, now);
  const which = open.length > maxBars ? `${maxBars} of ${open.length} windows` : "Who has access, and until when";
  return [
    // A session ID is wider than the default margin of the chart.
    `%%{init: {"gantt": {"leftPadding": 165}}}%%`,
    "gantt",
    `  title ${which} (UTC)`,
    // Mermaid shows times in the reader's time zone. It takes these for local times, so the axis shows UTC.
    "  dateFormat YYYY-MM-DD HH:mm",
    `  axisFormat ${format}`,
    `  tickInterval ${interval}`,
    "  todayMarker off",
    "  section Report",
    `  now :milestone, ${chartTime(now)}, 0d`,
    ...[...sections].flatMap(([sessionId, own]) => [
      `  section ${sessionId}`,
      ...own.map((bar) => `  ${barLine(bar)}`),
    ]),
  ].join("\n");
}

/** Shares with the most severe findings first, as many as the chart can show, in the order of the report. */
function mostUrgent(open: readonly ReportedShare[]): readonly ReportedShare[] {
  if (open.length <= maxBars) return open;
  const rank = ({ severity }: ReportedShare) =>
    severity === undefined ? severities.length : severities.indexOf(severity);
  const chosen = new Set([...open].sort((a, b) => rank(a) - rank(b)).slice(0, maxBars));
  return open.filter((share) => chosen.has(share));
}

function barOf(share: ReportedShare, now: number): Bar {
  const since = instant(share.validSince) ?? now;
  const to = instant(share.validTo);
  const start = Math.min(Math.max(since, now - reach), now + reach);
  const end = Math.min(to ?? Math.max(now, start) + endless, now + reach);
  const cut =
    to === undefined ? (share.validTo === "infinity" ? "no end" : "unknown end") : `until ${utcText(to).slice(0, 10)}`;
  // A bar without a length is not drawn.
  const drawn = { share, start, end: Math.max(end, start + 60_000) };
  return to === undefined || to > end ? { ...drawn, cut } : drawn;
}

function barLine({ share, start, end, cut }: Bar): string {
  const tag = share.severity === "high" ? "crit, " : share.status === "active" ? "active, " : "";
  // The dot, because Mermaid reads a name that begins with `title` or `section` as a command.
  const name = `· ${chartText(nameOf(share))}`;
  return `${cut === undefined ? name : `${name}, ${cut}`} :${tag}${chartTime(start)}, ${chartTime(end)}`;
}

interface Axis {
  readonly interval: string;
  readonly format: string;
}

/** From the shortest chart on: at most ten ticks, and labels that fit between them. */
const axes: readonly (Axis & { readonly upTo: number })[] = [
  { upTo: 8 * hour, interval: "1hour", format: "%H:%M" },
  { upTo: day, interval: "3hour", format: "%H:%M" },
  { upTo: 3 * day, interval: "12hour", format: "%d %b %H:%M" },
  { upTo: 8 * day, interval: "1day", format: "%d %b" },
  { upTo: 70 * day, interval: "1week", format: "%d %b" },
  { upTo: 8 * month, interval: "1month", format: "%b %Y" },
];
const longAxis: Axis = { interval: "3month", format: "%b %Y" };

function axisFor(bars: readonly Bar[], now: number): Axis {
  const first = Math.min(now, ...bars.map(({ start }) => start));
  const last = Math.max(now, ...bars.map(({ end }) => end));
  return axes.find(({ upTo }) => last - first <= upTo) ?? longAxis;
}

/** `2026-03-02 12:00`. */
function chartTime(ms: number): string {
  return utcText(ms).replace(" UTC", "");
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Mermaid has no quoting here: `:` ends a name, and `;` and `#` have a meaning too. */
function chartText(text: string): string {
  const plain = text
    .replace(/[^\p{L}\p{M}\p{N} ._/-]/gu, " ")
    .replace(/ +/g, " ")
    .trim();
  const kept = [...graphemes.segment(plain)].slice(0, maxNameLength).map(({ segment }) => segment);
  return kept.join("").trim();
}
