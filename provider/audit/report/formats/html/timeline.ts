// The timeline of the HTML report: one bar for each share that can be opened, or might, against a common axis. Places are
// percentages in SVG attributes, so that the page needs neither script nor inline style to be drawn.
import { kinds, severities, type Severity } from "../../../model/finding-kinds";
import type { Report, ReportedShare } from "../../../model/report-schema";
import { ending, labelsText, mode, ownerText, plural } from "../../text";
import { html, type Markup } from "./markup";

const hour = 3_600_000;
const day = 24 * hour;
/** Bars; more cannot be looked at. */
const mostBars = 400;

/** What the filters of the page go by, on everything that belongs to a share. */
export function filterable(
  {
    sessionId,
    fingerprint = "",
    status,
    labels,
  }: Pick<ReportedShare, "sessionId" | "fingerprint" | "status" | "labels">,
  hasFindings: boolean,
): Markup {
  const vendor = labels["vendor"] ?? "";
  return html` data-share="${sessionId}/${fingerprint}" data-vendor="${vendor}" data-status="${status}" data-found="${hasFindings ? "yes" : "no"}"`;
}

/** The worst severity among a share's findings. */
export function worst({ findings }: Pick<ReportedShare, "findings">): Severity | undefined {
  return severities.find((severity) => findings.some((kind) => kinds[kind].severity === severity));
}

export function timeline({ shares, generatedAt }: Report): Markup {
  const open = shares.filter(({ status }) => status === "active" || status === "scheduled" || status === "missing");
  if (open.length === 0) return html`<p class="card soft">No window is open or to come.</p>`;
  const axis = axisOf(open, Date.parse(generatedAt));
  const sessions = Map.groupBy(open.slice(0, mostBars), ({ sessionId }) => sessionId);
  const groups = [...sessions].map(
    ([sessionId, own]) =>
      html`<div data-group><p class="group small">Session <span class="mono">${sessionId}</span></p>${own.map((share) => row(share, axis))}</div>`,
  );
  return html`<div class="card">
<div class="row axis"><p class="small soft">Times in UTC</p>${track(axis, undefined)}</div>
${groups}
<p class="soft" data-empty hidden>No share fits the filters.</p>
${open.length > mostBars && html`<p class="soft">… and ${plural(open.length - mostBars, "share")} more: see the JSON or CSV report.</p>`}
${legend()}
</div>`;
}

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly now: number;
}

/**
 * From a little before now to an end that two thirds of the windows reach: one window of months must not make a day's
 * window invisible. What goes on beyond is drawn to the edge, and its text says until when.
 */
function axisOf(shares: readonly ReportedShare[], now: number): Axis {
  const ends = shares.map(({ validTo }) => instant(validTo) ?? Infinity).sort((a, b) => a - b);
  const reached = (ends[Math.ceil((ends.length * 2) / 3) - 1] ?? now) - now;
  const length = horizons.find((candidate) => candidate >= reached) ?? 365 * day;
  return { from: now - length / 8, to: now + length, now };
}

const horizons = [8 * hour, 12 * hour, day, 2 * day, 4 * day, 7 * day, 14 * day, 30 * day, 60 * day, 120 * day];

function row(share: ReportedShare, axis: Axis): Markup {
  const about = [share.status, mode(share), ending(share)].filter(Boolean).join(", ");
  const labels = labelsText(share.labels);
  return html`<div class="row"${filterable(share, share.findings.length > 0)}>
<p><span class="mono">${share.fingerprint ?? "without a key"}</span> ${share.findings.map((kind) => html`<span class="badge ${kinds[kind].severity}">${kind}</span> `)}<br><span class="who">${ownerText(share)}${labels !== "" && html`<br>${labels}`}</span></p>
<div>${track(axis, share, about)}<span class="small soft">${about}</span></div>
</div>`;
}

function track(axis: Axis, share: ReportedShare | undefined, title = ""): Markup {
  const at = (ms: number) =>
    `${(Math.min(1, Math.max(0, (ms - axis.from) / (axis.to - axis.from))) * 100).toFixed(3)}%`;
  const ticks = ticksOf(axis).map((tick, index) =>
    share === undefined
      ? html`<text x="${at(tick.at)}" y="14" text-anchor="middle" class="${index % 2 === 1 ? "odd" : "even"}">${tick.text}</text>`
      : html`<line class="grid" x1="${at(tick.at)}" x2="${at(tick.at)}" y1="0" y2="24"/>`,
  );
  const now = html`<line class="now" x1="${at(axis.now)}" x2="${at(axis.now)}" y1="0" y2="24"/>`;
  if (share === undefined) return html`<svg class="track" aria-hidden="true">${ticks}</svg>`;
  const start = Math.min(axis.to, Math.max(axis.from, instant(share.validSince) ?? axis.from));
  const end = instant(share.validTo) ?? Infinity;
  // At least a sliver: what ends in minutes must still be seen.
  const width = Math.max(0.7, ((Math.min(end, axis.to) - start) / (axis.to - axis.from)) * 100);
  const bar = html`<rect class="bar ${share.status} ${worst(share) ?? ""}" x="${at(start - (start >= axis.to ? (axis.to - axis.from) / 100 : 0))}" width="${width.toFixed(3)}%" y="4" height="16" rx="3"/>`;
  const onwards =
    end > axis.to &&
    html`<text class="onwards ${worst(share) ?? ""} ${share.status}" x="99.4%" y="17" text-anchor="end">»</text>`;
  return html`<svg class="track" role="img" aria-label="${title}"><title>${share.validSince ?? "?"} to ${share.validTo ?? "?"}</title>${ticks}${bar}${onwards}${now}</svg>`;
}

function instant(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? "");
  return Number.isFinite(ms) ? ms : undefined;
}

const steps = [
  hour / 4,
  hour / 2,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  4 * day,
  7 * day,
  14 * day,
  30 * day,
  90 * day,
  365 * day,
  3650 * day,
];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function ticksOf({ from, to }: Axis): { at: number; text: string }[] {
  const step = steps.find((candidate) => (to - from) / candidate <= 7) ?? (to - from) / 6;
  const first = Math.ceil((from + (to - from) * 0.03) / step) * step;
  const count = Math.floor((to - (to - from) * 0.03 - first) / step) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const at = first + index * step;
    const date = new Date(at);
    const dayText = `${date.getUTCDate()} ${months[date.getUTCMonth()] ?? ""}`;
    if (step >= 300 * day) return { at, text: String(date.getUTCFullYear()) };
    return { at, text: step >= day ? dayText : `${dayText} ${date.toISOString().slice(11, 16)}` };
  });
}

function legend(): Markup {
  const item = (classes: string, text: string) =>
    html`<li><svg aria-hidden="true"><rect class="bar ${classes}" x="1" y="1" width="24" height="10" rx="3"/></svg>${text}</li>`;
  return html`<ul class="legend">${item("active", "open")}${item("scheduled", "to come")}${item("missing", "not listed")}${item("active low", "low")}${item("active medium", "medium")}${item("active high", "high finding")}<li><svg class="track-now" aria-hidden="true"><line stroke="currentColor" stroke-dasharray="3 3" x1="13" x2="13" y1="0" y2="12"/></svg>when this was made</li></ul>`;
}
