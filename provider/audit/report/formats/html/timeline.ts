// The timeline of the HTML report: one bar on a common axis for each share that may give access. Positions are percentages
// in SVG attributes, so that the browser draws the page without a script or an inline style.
import { findingKinds, severities, type Severity } from "../../../model/finding-kinds";
import type { Report, ReportedShare } from "../../../model/report-schema";
import { mayGiveAccess } from "../../../model/status";
import { expiryText, labelsText, managedByText, modeText, moreText } from "../../text";
import { html, type Markup } from "./markup";

const hour = 3_600_000;
const day = 24 * hour;
/** More bars are not readable. */
const maxBars = 400;

/** The attributes that the filters of the page read, on every element of a share. */
export function filterAttributes(
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

/** The highest severity among the findings of a share. */
function worstSeverity({ findings }: Pick<ReportedShare, "findings">): Severity | undefined {
  return severities.find((severity) => findings.some((kind) => findingKinds[kind].severity === severity));
}

export function timeline({ shares, generatedAt }: Report): Markup {
  const open = shares.filter(mayGiveAccess);
  if (open.length === 0) return html`<p class="card soft">No share is active, scheduled or missing.</p>`;
  const axis = axisOf(open, Date.parse(generatedAt));
  const sessions = Map.groupBy(open.slice(0, maxBars), ({ sessionId }) => sessionId);
  const groups = [...sessions].map(
    ([sessionId, own]) =>
      html`<div data-group><p class="group small">Session <span class="mono">${sessionId}</span></p>${own.map((share) => row(share, axis))}</div>`,
  );
  return html`<div class="card">
<div class="row axis"><p class="small soft">Times in UTC</p>${track(axis, undefined)}</div>
${groups}
<p class="soft" data-empty hidden>No share matches the filters.</p>
${open.length > maxBars && html`<p class="soft">${moreText(open.length - maxBars, "share")}: see the JSON or CSV report.</p>`}
${legend()}
</div>`;
}

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly now: number;
}

/**
 * From shortly before now to an end that covers two thirds of the windows: one window of several months must not make a
 * window of one day invisible. A longer bar ends at the edge, and its text has the end.
 */
function axisOf(shares: readonly ReportedShare[], now: number): Axis {
  const ends = shares.map(({ validTo }) => instant(validTo) ?? Infinity).sort((a, b) => a - b);
  const covered = (ends[Math.ceil((ends.length * 2) / 3) - 1] ?? now) - now;
  const length = horizons.find((candidate) => candidate >= covered) ?? 365 * day;
  return { from: now - length / 8, to: now + length, now };
}

const horizons = [8 * hour, 12 * hour, day, 2 * day, 4 * day, 7 * day, 14 * day, 30 * day, 60 * day, 120 * day];

function row(share: ReportedShare, axis: Axis): Markup {
  const summary = [share.status, modeText(share), expiryText(share)].filter(Boolean).join(", ");
  const labels = labelsText(share.labels);
  return html`<div class="row"${filterAttributes(share, share.findings.length > 0)}>
<p><span class="mono">${share.fingerprint ?? "(no key)"}</span> ${share.findings.map((kind) => html`<span class="badge ${findingKinds[kind].severity}">${kind}</span> `)}<br><span class="who">${managedByText(share)}${labels !== "" && html`<br>${labels}`}</span></p>
<div>${track(axis, share, summary)}<span class="small soft">${summary}</span></div>
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
  // A minimum width: a window that ends in minutes must be visible too.
  const width = Math.max(0.7, ((Math.min(end, axis.to) - start) / (axis.to - axis.from)) * 100);
  const bar = html`<rect class="bar ${share.status} ${worstSeverity(share) ?? ""}" x="${at(start - (start >= axis.to ? (axis.to - axis.from) / 100 : 0))}" width="${width.toFixed(3)}%" y="4" height="16" rx="3"/>`;
  const onwards =
    end > axis.to &&
    html`<text class="onwards ${worstSeverity(share) ?? ""} ${share.status}" x="99.4%" y="17" text-anchor="end">»</text>`;
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
  return html`<ul class="legend">${item("active", "active")}${item("scheduled", "scheduled")}${item("missing", "missing")}${item("active low", "low finding")}${item("active medium", "medium finding")}${item("active high", "high finding")}<li><svg class="track-now" aria-hidden="true"><line stroke="currentColor" stroke-dasharray="3 3" x1="13" x2="13" y1="0" y2="12"/></svg>time of this report</li></ul>`;
}
