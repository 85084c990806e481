// The report as one self-contained HTML page: a timeline, the findings and the inventory. Its Content-Security-Policy makes
// sure that the page loads nothing from elsewhere.
import { createHash } from "node:crypto";
import { findingKinds, severities } from "../../../model/finding-kinds";
import type { Report, ReportedFinding, ReportedShare } from "../../../model/report-schema";
import { statusOrder } from "../../../model/status";
import { expiryText, labelsText, managedByText, modeText, moreText, scopeRows, timeLeft, verdict } from "../../text";
import { html, Markup } from "./markup";
import { script } from "./script";
import { style } from "./style";
import { filterAttributes, timeline } from "./timeline";

/** Browsers become slow with more; the JSON and CSV reports contain everything. */
const maxFindings = 1000;
const maxShares = 3000;

export function toHtml(report: Report): string {
  const { findings, completeness } = report;
  const tone =
    findings[0] === undefined ? (completeness.complete ? "none" : "medium") : findings[0].severity;
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
<main>
<header><h1>Session shares</h1><p class="verdict ${tone}">${verdict(report)}</p>
<dl class="card">${scopeRows(report).map(([label, text]) => html`<dt>${label}</dt><dd>${text}</dd>`)}</dl></header>
${problems(report)}
${tiles(report)}
${filters(report)}
<section><h2>Who has access, and until when</h2>${timeline(report)}</section>
${findings.length > 0 && html`<section><h2>Findings</h2>${findings.slice(0, maxFindings).map(findingCard)}${more(findings.length - maxFindings, "finding")}<p class="soft" data-empty hidden>No finding matches the filters.</p></section>`}
${inventory(report)}
<section><h2>Limits of this report</h2><ul class="notes card">${completeness.notes.map((note) => html`<li>${note}</li>`)}</ul></section>
<p class="small soft">fudo-audit ${report.version}. This page contains no keys and no links: a fingerprint identifies a share and gives no access.</p>
</main>
<script>${new Markup(script)}</script>
</body>
</html>
`;
  return page.text;
}

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; img-src data:; base-uri 'none'; form-action 'none'`;

function problems({ completeness }: Report): Markup | undefined {
  if (completeness.complete) return undefined;
  return html`<section><h2>Problems: what the audit could not read</h2><ul class="notes card">${completeness.problems.map((problem) => html`<li>${problem}</li>`)}</ul></section>`;
}

function tiles({ summary }: Report): Markup {
  const tile = (count: number, text: string, tone = "") =>
    html`<div class="tile ${count > 0 ? tone : ""}"><b>${count}</b><span>${text}</span></div>`;
  const findings = severities.map((severity) => tile(summary.findings[severity], severity, severity));
  const shares = statusOrder.map((status) => tile(summary.shares[status], status));
  return html`<div class="tiles"><section class="card"><h2>Findings</h2>${findings}</section><section class="card"><h2>Shares</h2>${shares}</section></div>`;
}

function filters({ shares }: Report): Markup {
  const vendors = [...new Set(shares.flatMap(({ labels }) => labels["vendor"] ?? []))].sort();
  const present = statusOrder.filter((status) => shares.some((share) => share.status === status));
  return html`<form class="card filters" hidden>
<label>Session or share<input name="session" type="search" placeholder="ID or fingerprint" autocomplete="off"></label>
${vendors.length > 0 && html`<label>Vendor<select name="vendor"><option value="">all</option>${vendors.map((vendor) => html`<option value="=${vendor}">${vendor}</option>`)}<option value="=">no vendor</option></select></label>`}
<label>Status<select name="status"><option value="">all</option>${present.map((status) => html`<option>${status}</option>`)}</select></label>
<label class="check"><input name="found" type="checkbox">only with findings</label>
<output></output>
</form>`;
}

function findingCard(finding: ReportedFinding): Markup {
  const { kind, severity, sessionId, fingerprint, status, message, nextSteps } = finding;
  const resources = finding.declaredBy.length > 0 ? finding.declaredBy : finding.onceDeclaredBy;
  const labels = labelsText(finding.labels);
  return html`<article class="card finding ${severity}"${filterAttributes(finding, true)}>
<h3><span class="badge ${severity}">${severity}</span>${findingKinds[kind].title}<span class="soft small">${kind}</span></h3>
<p><span class="mono">${sessionId} / ${fingerprint ?? "(no key)"}</span> <span class="badge ${status}">${status}</span> <span class="soft">${modeText(finding)} ${window(finding)}</span></p>
${resources.map(({ urn }) => html`<p class="mono soft">${urn}</p>`)}${labels !== "" && html`<p class="small">${labels}</p>`}
<p>${message}</p><ul class="steps soft">${nextSteps.map((step) => html`<li>${step}</li>`)}</ul>
</article>`;
}

function inventory({ shares }: Report): Markup {
  const rows = shares.slice(0, maxShares).map(
    (share) => html`<tr${filterAttributes(share, share.findings.length > 0)}>
<td class="tight"><span class="badge ${share.status}">${share.status}</span></td><td data-name="Session" class="mono">${share.sessionId}</td><td data-name="Share" class="mono">${share.fingerprint ?? ""}</td>
<td data-name="Window" class="tight">${window(share, html`<br>`)}</td><td data-name="Mode" class="tight">${modeText(share)}</td><td data-name="Managed by">${managedByText(share)}${Object.entries(share.labels).map(([name, label]) => html`<div class="labels">${name}=${label}</div>`)}</td>
<td data-name="Findings">${share.findings.map((kind) => html`<span class="badge ${findingKinds[kind].severity}">${kind}</span>`)}</td></tr>
`,
  );
  return html`<section><h2>Inventory</h2><div class="card wide"><table>
<thead><tr><th>Status</th><th>Session</th><th>Share</th><th>Window, UTC</th><th>Mode</th><th>Managed by</th><th>Findings</th></tr></thead>
<tbody>${rows}</tbody></table>${more(shares.length - maxShares, "share")}<p class="soft" data-empty hidden>No share matches the filters.</p></div></section>`;
}

/** `2025-05-15 13:07 to 2025-05-15 21:07 (in 7 h 59 min)`. */
function window(
  share: Pick<ReportedShare, "validSince" | "validTo" | "remainingSeconds" | "seen">,
  space: Markup | string = " ",
): Markup {
  const text = (instant = "?") => (instant.endsWith("infinity") ? "no start" : instant.slice(0, 16).replace("T", " "));
  const left = share.remainingSeconds === 0 ? "expired" : `in ${timeLeft(share)}`;
  const end = share.remainingSeconds === null ? expiryText(share) : `to ${text(share.validTo)} (${left})`;
  return html`${text(share.validSince)}${space}${end}`;
}

function more(count: number, noun: string): Markup | undefined {
  return count > 0 ? html`<p class="soft">${moreText(count, noun)}: see the JSON or CSV report.</p>` : undefined;
}
