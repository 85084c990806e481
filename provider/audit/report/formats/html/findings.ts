// The findings of the HTML report, grouped by kind: what to do once for each group, then one entry for each share.
import type { ReportedFinding } from "../../../model/report-schema";
import { type FindingGroup, type GroupedFinding } from "../../finding-groups";
import { modeText, nameOf } from "../../text";
import { findingId, rowId, type Anchors } from "./anchors";
import { html, type Markup } from "./markup";
import { proseAbout, step } from "./prose";
import { badge, count, empty, expiryBadge, labelLines, more, ofShare, sessionText, statusBadge } from "./share-parts";

/** `hidden` findings are only in the JSON and CSV reports. */
export function findingsSection(groups: readonly FindingGroup[], hidden: number, anchors: Anchors): Markup | false {
  if (groups.length === 0) return false;
  return html`<section id="findings"><h2>Findings</h2>
${groups.map((group) => groupCard(group, anchors))}${more(hidden, "finding")}${empty("finding")}</section>
`;
}

function groupCard({ kind, severity, title, commonSteps, findings }: FindingGroup, anchors: Anchors): Markup {
  const [first] = findings;
  const message = commonMessage(findings);
  return html`<section class="card finding ${severity}" data-group>
<h3>${badge(severity, severity)} ${title} <span class="soft small">${kind}</span> ${count(findings.length, "share")}</h3>
${first !== undefined && message !== undefined && html`<p>${proseAbout(message, first.finding)}</p>`}
${first !== undefined && steps(commonSteps, first.finding)}
<ul class="shares">${findings.map((one) => entry(one, message === undefined, anchors))}</ul>
</section>
`;
}

/** A message that is the same for each share of a group of several stands once. */
function commonMessage(findings: readonly GroupedFinding[]): string | undefined {
  const messages = new Set(findings.map(({ finding }) => finding.message));
  const [message] = messages;
  return findings.length > 1 && messages.size === 1 ? message : undefined;
}

function entry({ finding, ownSteps }: GroupedFinding, withMessage: boolean, anchors: Anchors): Markup {
  const resources = finding.declaredBy.length > 0 ? finding.declaredBy : finding.onceDeclaredBy;
  return html`<li${anchors.id(findingId(finding.kind, finding))}${ofShare(finding)}>
<div class="share"><h4><bdi>${anchors.link(rowId(finding), nameOf(finding))}</bdi></h4><span>${sessionText(finding)}</span><span>${statusBadge(finding)} ${expiryBadge(finding)} <span class="soft">${modeText(finding)}</span></span></div>
${withMessage && html`<p>${proseAbout(finding.message, finding)}</p>`}
${steps(ownSteps, finding)}
${labelLines(finding)}${resources.map(({ urn }) => html`<p class="mono soft urn">${urn}</p>`)}
</li>
`;
}

function steps(texts: readonly string[], finding: ReportedFinding): Markup | false {
  return texts.length > 0 && html`<ul class="steps">${texts.map((text) => html`<li>${step(text, finding)}</li>`)}</ul>`;
}
