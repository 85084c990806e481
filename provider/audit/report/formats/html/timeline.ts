// The timeline of the HTML report: one bar on a common axis for each share that may give access. Positions are percentages
// in SVG attributes, so that the browser draws the page without a script or an inline style.
import type { ReportedShare } from "../../../model/report-schema";
import { expiryText, instant, modeText, nameOf } from "../../text";
import { barId, rowId, type Anchors } from "./anchors";
import { axisOf, percent, ticksOf, type Axis } from "./axis";
import { html, type Markup } from "./markup";
import {
  empty,
  kindBadges,
  more,
  noKey,
  ofShare,
  sessionNames,
  stacksOf,
  statusText,
  timeText,
  windowText,
  type FindingSeverities,
} from "./share-parts";

/** More bars are not readable. */
export const maxBars = 400;

export interface Timeline {
  readonly shares: readonly ReportedShare[];
  /** Shares that only the JSON and CSV reports show. */
  readonly hidden: number;
  readonly generatedAt: string;
}

export function timelineSection(
  { shares, hidden, generatedAt }: Timeline,
  anchors: Anchors,
  severities: FindingSeverities,
): Markup {
  const heading = html`<h2>Who has access, and until when</h2>`;
  if (shares.length === 0)
    return html`<section id="timeline">${heading}<p class="card soft">No share in this report may give access.</p></section>`;
  const axis = axisOf(shares, Date.parse(generatedAt));
  const sessions = Map.groupBy(shares, ({ sessionId }) => sessionId);
  return html`<section id="timeline">${heading}<p class="small soft">Times are in UTC. The dashed line is the time of this report, ${timeText(generatedAt)}.</p>
<div class="card"><div class="bar-row axis"><span></span>${axisLabels(axis)}</div>
${[...sessions].map(([sessionId, own]) => sessionGroup(sessionId, own, { axis, anchors, severities }))}${empty("share")}${more(hidden, "share")}
${legend(shares)}
</div></section>
`;
}

interface Context {
  readonly axis: Axis;
  readonly anchors: Anchors;
  readonly severities: FindingSeverities;
}

function sessionGroup(sessionId: string, shares: readonly ReportedShare[], context: Context): Markup {
  const names = shares.map(sessionNames).find((text) => text !== false) ?? false;
  return html`<div data-group><h3 class="session">Session <span class="mono">${sessionId}</span>${names !== false && html` <span class="soft">(${names})</span>`}</h3>
${shares.map((share) => row(share, context))}</div>
`;
}

function row(share: ReportedShare, { axis, anchors, severities }: Context): Markup {
  const summary = [statusText(share.status), modeText(share), expiryText(share)].filter(Boolean).join(", ");
  const name = nameOf(share);
  const stacks = stacksOf(share);
  return html`<div class="bar-row"${anchors.id(barId(share))}${ofShare(share)}>
<div class="who"><p class="name"><bdi>${anchors.link(rowId(share), name)}</bdi></p>
<p class="small soft">${stacks.length > 0 && html`<bdi>${stacks.join(", ")}</bdi>, `}share <span class="mono">${share.fingerprint ?? noKey}</span></p>
<p>${kindBadges(share, anchors, severities)}</p></div>
<div>${bar(share, axis, `${name}: ${windowText(share)}, ${summary}`)}<p class="small soft">${summary}</p></div>
</div>
`;
}

function axisLabels(axis: Axis): Markup {
  const ticks = ticksOf(axis);
  // A phone has no room for more than six labels.
  const isOdd = (index: number) => ticks.length > 6 && index % 2 === 1;
  const labels = ticks.map(({ at, text }, index) => {
    const x = percent(axis, at);
    // A label at an edge begins or ends there: in the middle of its tick it would be cut.
    const anchor = x < 10 ? "start" : x > 90 ? "end" : "middle";
    return html`<text x="${x.toFixed(3)}%" y="14" text-anchor="${anchor}" class="${isOdd(index) ? "odd" : "even"}">${text}</text>`;
  });
  return html`<svg class="track" aria-hidden="true">${labels}${nowLine(axis, 17)}</svg>`;
}

function nowLine(axis: Axis, top = 0): Markup {
  const x = percent(axis, axis.now).toFixed(3);
  return html`<line class="now" x1="${x}%" x2="${x}%" y1="${top}" y2="24"/>`;
}

/** Percent: a window that ends in minutes must be visible too. */
const minWidth = 0.7;

function bar(share: ReportedShare, axis: Axis, title: string): Markup {
  const grid = ticksOf(axis).map(({ at }) => {
    const x = percent(axis, at).toFixed(3);
    return html`<line class="grid" x1="${x}%" x2="${x}%" y1="0" y2="24"/>`;
  });
  const end = instant(share.validTo) ?? Infinity;
  const from = Math.min(100 - minWidth, percent(axis, instant(share.validSince) ?? axis.from));
  const width = Math.max(minWidth, percent(axis, Math.min(end, axis.to)) - from);
  const tone = `${share.status} ${share.severity ?? ""}`;
  const onwards = end > axis.to && html`<text class="onwards ${tone}" x="99.4%" y="17" text-anchor="end">»</text>`;
  return html`<svg class="track" role="img" aria-label="${title}">${grid}<rect class="bar ${tone}" x="${from.toFixed(3)}%" width="${width.toFixed(3)}%" y="4" height="16" rx="3"/>${onwards}${nowLine(axis)}</svg>`;
}

const legendItems: readonly (readonly [tone: string, text: string])[] = [
  ["active", "active"],
  ["scheduled", "scheduled"],
  ["missing", "missing"],
  ["not-listed", "not listed"],
  ["active low", "low finding"],
  ["active medium", "medium finding"],
  ["active high", "high finding"],
];

/** Only what the timeline shows. */
function legend(shares: readonly ReportedShare[]): Markup {
  const present = new Set(shares.flatMap(({ status, severity }) => [status as string, `active ${severity ?? ""}`]));
  const items = legendItems
    .filter(([tone]) => present.has(tone))
    .map(
      ([tone, text]) =>
        html`<li><svg aria-hidden="true"><rect class="bar ${tone}" x="1" y="1" width="24" height="10" rx="3"/></svg>${text}</li>`,
    );
  return html`<ul class="legend">${items}<li><svg aria-hidden="true"><line class="now" x1="13" x2="13" y1="0" y2="12"/></svg>time of this report</li></ul>`;
}
