// The lists of the HTML report beside the findings: links to revoke by hand, accepted findings, declarations that are over.
import { whereToRevoke } from "../../../../lifecycle";
import type {
  ExpiredDeclaration,
  LinkToRevoke,
  Report,
  ReportedAcceptance,
  ReportedFinding,
  ReportedShare,
} from "../../../model/report-schema";
import { plural } from "../../../model/wording";
import { managedByText, modeText, nameOf } from "../../text";
import { acceptanceStates } from "../../work-lists";
import { findingId, keyOf, rowId, type Anchors } from "./anchors";
import { html, type Markup } from "./markup";
import {
  count,
  empty,
  endText,
  more,
  namesLine,
  noKey,
  ofShare,
  startText,
  statusBadge,
  timeText,
} from "./share-parts";

/** As many as the page has findings. */
const maxEntries = 1000;

function table(columns: readonly string[], rows: readonly Markup[], group = true): Markup {
  return html`<div class="card wide"${group && html` data-group`}><table class="stacked"><thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>
${rows}</tbody></table></div>`;
}

/** A work list for people: it can be printed and ticked. */
export function revokeSection({ linksToRevoke, shares }: Report, anchors: Anchors): Markup | false {
  if (linksToRevoke.length === 0) return false;
  const byKey = new Map(shares.map((share) => [keyOf(share), share]));
  const rows = linksToRevoke.slice(0, maxEntries).map((link) => revokeRow(link, byKey.get(keyOf(link)), anchors));
  return html`<section id="revoke"><h2>Links to revoke by hand ${count(linksToRevoke.length, "link")}</h2>
<p>For each of them: ${whereToRevoke}.</p>
${table(["Done", "Session", "Share", "Window", "Mode", "Why"], rows)}${more(linksToRevoke.length - maxEntries, "link")}${empty("link")}</section>
`;
}

function revokeRow(link: LinkToRevoke, share: ReportedShare | undefined, anchors: Anchors): Markup {
  const { sessionId, fingerprint = noKey, validSince, validTo, findings } = link;
  const name = share === undefined ? "no stack" : nameOf(share);
  return html`<tr${ofShare(link)}><td data-name="Done"><input type="checkbox" aria-label="Done: ${sessionId} ${fingerprint}"></td>
<th scope="row" data-name="Session" class="ids"><span class="mono">${sessionId}</span>${namesLine(link)}</th>
<td data-name="Share"><bdi>${anchors.link(rowId(link), name)}</bdi><br><span class="mono soft fingerprint">${fingerprint}</span></td>
<td data-name="Window" class="times">${startText(validSince)}<br>
${endText(validTo)}</td><td data-name="Mode" class="short">${modeText(link)}</td>
<td data-name="Why">${findings.map((kind) => html`${anchors.link(findingId(kind, link), kind)}\n`)}</td></tr>
`;
}

export function acceptedSection(
  report: Report,
  accepted: readonly ReportedFinding[],
  anchors: Anchors,
): Markup | false {
  const idle = report.acceptances.filter(({ state }) => state !== "applied");
  if (accepted.length === 0 && idle.length === 0) return false;
  const rows = accepted.slice(0, maxEntries).map((finding) => acceptedRow(finding, anchors));
  return html`<section id="accepted">
${
  accepted.length > 0 &&
  html`<h2>Accepted findings ${count(accepted.length, "finding")}</h2>
${table(["Share", "Finding", "Status", "Reason", "Accepted until"], rows)}${more(accepted.length - maxEntries, "finding")}${empty("accepted finding")}`
}
${
  idle.length > 0 &&
  html`<h3>Entries of the acceptance file that accept nothing</h3>
${table(["Finding", "Share or resource", "Reason", "Until", "Why it accepts nothing"], idle.slice(0, maxEntries).map(idleRow), false)}${more(idle.length - maxEntries, "entry")}`
}</section>
`;
}

function acceptedRow(finding: ReportedFinding, anchors: Anchors): Markup {
  const { kind, sessionId, fingerprint = noKey, message, accepted } = finding;
  return html`<tr${anchors.id(findingId(kind, finding))}${ofShare(finding)}>
<th scope="row"><bdi>${anchors.link(rowId(finding), nameOf(finding))}</bdi><div class="soft small ids">Session <span class="mono">${sessionId}</span></div>${namesLine(finding)}
<div class="mono soft fingerprint">${fingerprint}</div></th>
<td data-name="Finding"><span class="short">${kind}</span><div class="soft small">${message}</div></td><td data-name="Status" class="short">${statusBadge(finding)}</td>
<td data-name="Reason">${accepted?.reason}</td><td data-name="Accepted until" class="times">${timeText(accepted?.until)}</td></tr>
`;
}

function idleRow({ finding, fingerprint, urn, reason, until, state }: ReportedAcceptance): Markup {
  return html`<tr><th scope="row" class="short">${finding}</th><td data-name="Share or resource"><span class="mono urn">${urn ?? fingerprint}</span></td>
<td data-name="Reason">${reason}</td><td data-name="Until" class="times">${timeText(until)}</td><td data-name="Why">${acceptanceStates[state]}</td></tr>
`;
}

export function expiredSection({ expiredDeclarations }: Report, anchors: Anchors): Markup | false {
  const rows = expiredDeclarations.slice(0, maxEntries).map((declaration) => expiredRow(declaration, anchors));
  return (
    rows.length > 0 &&
    html`<section id="expired"><h2>Declarations that are over</h2><details class="card"><summary>${plural(expiredDeclarations.length, "resource")} can be removed from the program</summary>
<ul class="notes">${rows}</ul>${more(expiredDeclarations.length - maxEntries, "resource")}</details></section>
`
  );
}

function expiredRow(declaration: ExpiredDeclaration, anchors: Anchors): Markup {
  const { urn, stack, validTo, sessionId } = declaration;
  const name = managedByText({ declaredBy: [{ urn, stack }], onceDeclaredBy: [] });
  return html`<li><bdi>${anchors.link(rowId(declaration), name)}</bdi>, session <span class="mono">${sessionId}</span>, expired ${timeText(validTo)}</li>
`;
}
