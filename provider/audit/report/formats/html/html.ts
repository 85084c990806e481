// The report as one self-contained HTML page: the findings, a timeline and the inventory. Its Content-Security-Policy makes
// sure that the page loads nothing from elsewhere.
import { createHash } from "node:crypto";
import type { Report } from "../../../model/report-schema";
import { mayGiveAccess } from "../../../model/status";
import { acceptedFindings, groupFindings, type FindingGroup } from "../../finding-groups";
import { Anchors, barId, findingId, rowId } from "./anchors";
import { filters } from "./filters";
import { findingsSection } from "./findings";
import { inventorySection, maxRows } from "./inventory";
import { acceptedSection, expiredSection, revokeSection } from "./lists";
import { html, Markup } from "./markup";
import { notesSection, pageHeader, problemsSection, stacksSection } from "./scope";
import { script } from "./script";
import { FindingSeverities, firstShares } from "./share-parts";
import { style } from "./style";
import { maxBars, timelineSection } from "./timeline";

/** Browsers become slow with more; the JSON and CSV reports contain everything. */
const maxFindings = 1000;

export function toHtml(report: Report): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Session shares of ${report.appliance}</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the report</a>
${pageHeader(report)}
${mainPart(report)}
<footer><p class="small soft">fudo-audit ${report.version}. This page contains no keys and no links to sessions: a fingerprint identifies a share and gives no access.</p></footer>
<script>${new Markup(script)}</script>
</body>
</html>
`;
  return page.text;
}

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; img-src data:; base-uri 'none'; form-action 'none'`;

function mainPart(report: Report): Markup {
  const { shares, generatedAt } = report;
  const rows = firstShares(shares, maxRows);
  const open = shares.filter(mayGiveAccess);
  const bars = firstShares(open, maxBars);
  const { groups, hidden } = firstFindings(groupFindings(report));
  const accepted = acceptedFindings(report);
  const shown = [...groups.flatMap(({ findings }) => findings.map(({ finding }) => finding)), ...accepted];
  const anchors = new Anchors([
    ...rows.map(rowId),
    ...bars.map(barId),
    ...shown.map((finding) => findingId(finding.kind, finding)),
  ]);
  const severities = new FindingSeverities(report.findings);
  const sections: (readonly [id: string, name: string, section: Markup | false])[] = [
    ["problems", "Problems", problemsSection(report)],
    ["findings", "Findings", findingsSection(groups, hidden, anchors)],
    ["revoke", "Links to revoke", revokeSection(report, anchors)],
    ["accepted", "Accepted findings", acceptedSection(report, accepted, anchors)],
    [
      "timeline",
      "Timeline",
      timelineSection({ shares: bars, hidden: open.length - bars.length, generatedAt }, anchors, severities),
    ],
    ["inventory", "Inventory", inventorySection(rows, shares.length, anchors, severities)],
    ["expired", "Expired declarations", expiredSection(report, anchors)],
    ["stacks", "Stacks", stacksSection(report)],
    ["limits", "Limits", notesSection(report)],
  ];
  const present = sections.filter(([, , section]) => section !== false);
  return html`<nav aria-label="Sections"><ul>${present.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>\n`)}</ul></nav>
<main id="content">
${filters(rows)}
${present.map(([, , section]) => section)}</main>`;
}

/** The first findings of the groups in their order, and how many are left out. */
function firstFindings(groups: readonly FindingGroup[]): { groups: FindingGroup[]; hidden: number } {
  let left = maxFindings;
  const first = groups.map((group) => {
    const findings = group.findings.slice(0, left);
    left -= findings.length;
    return { ...group, findings };
  });
  const total = groups.reduce((sum, { findings }) => sum + findings.length, 0);
  return { groups: first.filter(({ findings }) => findings.length > 0), hidden: Math.max(0, total - maxFindings) };
}
