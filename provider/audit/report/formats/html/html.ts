// The report as one self-contained HTML page: a timeline to look at, the findings, the register. It asks for nothing outside
// of itself, which its own security policy makes sure of.
import { createHash } from "node:crypto";
import { kinds, severities } from "../../../model/finding-kinds";
import type { Report, ReportedFinding, ReportedShare } from "../../../model/report-schema";
import { labelsText, mode, ownerText, plural, reach, remaining, verdict } from "../../text";
import { script } from "./script";
import { style } from "./style";
import { html, Markup } from "./markup";
import { filterable, timeline } from "./timeline";

/** Rows and cards; browsers become slow beyond, and the other formats have all. */
const mostFindings = 1000;
const mostShares = 3000;

export function toHtml(report: Report): string {
  const { findings, completeness } = report;
  const tone =
    findings[0] === undefined ? (completeness.complete ? "none" : "medium") : kinds[findings[0].kind].severity;
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
<dl class="card">${reach(report).map(([label, text]) => html`<dt>${label}</dt><dd>${text}</dd>`)}</dl></header>
${problems(report)}
${tiles(report)}
${filters(report)}
<section><h2>Who can look in, and until when</h2>${timeline(report)}</section>
${findings.length > 0 && html`<section><h2>Findings</h2>${findings.slice(0, mostFindings).map(findingCard)}${more(findings.length - mostFindings, "finding")}<p class="soft" data-empty hidden>No finding fits the filters.</p></section>`}
${register(report)}
<section><h2>What this report cannot tell</h2><ul class="notes card">${completeness.notes.map((note) => html`<li>${note}</li>`)}</ul></section>
<p class="small soft">fudo-audit ${report.version}. Keys and links are not in this page: a fingerprint says which share, and opens nothing.</p>
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
  return html`<section><h2>Could not be looked at</h2><ul class="notes card">${completeness.problems.map((problem) => html`<li>${problem}</li>`)}</ul></section>`;
}

function tiles({ summary }: Report): Markup {
  const tile = (count: number, text: string, tone = "") =>
    html`<div class="tile ${count > 0 ? tone : ""}"><b>${count}</b><span>${text}</span></div>`;
  const findings = severities.map((severity) => tile(summary.findings[severity], severity, severity));
  const shares = order.map((status) => tile(summary.shares[status], status));
  return html`<div class="tiles"><section class="card"><h2>Findings</h2>${findings}</section><section class="card"><h2>Shares</h2>${shares}</section></div>`;
}

const order = [
  "active",
  "scheduled",
  "missing",
  "removed",
  "ended",
] as const satisfies readonly ReportedShare["status"][];

function filters({ shares }: Report): Markup {
  const vendors = [...new Set(shares.flatMap(({ labels }) => labels["vendor"] ?? []))].sort();
  const present = order.filter((status) => shares.some((share) => share.status === status));
  return html`<form class="card filters" hidden>
<label>Session or share<input name="session" type="search" placeholder="ID or fingerprint" autocomplete="off"></label>
${vendors.length > 0 && html`<label>Vendor<select name="vendor"><option value="">all</option>${vendors.map((vendor) => html`<option value="=${vendor}">${vendor}</option>`)}<option value="=">without one</option></select></label>`}
<label>Status<select name="status"><option value="">all</option>${present.map((status) => html`<option>${status}</option>`)}</select></label>
<label class="check"><input name="found" type="checkbox">with findings only</label>
<output></output>
</form>`;
}

function findingCard(finding: ReportedFinding): Markup {
  const { kind, severity, sessionId, fingerprint, status, message, nextSteps } = finding;
  const owners = finding.declaredBy.length > 0 ? finding.declaredBy : finding.onceDeclaredBy;
  const labels = labelsText(finding.labels);
  return html`<article class="card finding ${severity}"${filterable(finding, true)}>
<h3><span class="badge ${severity}">${severity}</span>${kinds[kind].title}<span class="soft small">${kind}</span></h3>
<p><span class="mono">${sessionId} / ${fingerprint ?? "without a key"}</span> <span class="badge ${status}">${status}</span> <span class="soft">${mode(finding)} ${window(finding)}</span></p>
${owners.map(({ urn }) => html`<p class="mono soft">${urn}</p>`)}${labels !== "" && html`<p class="small">${labels}</p>`}
<p>${message}</p><ul class="steps soft">${nextSteps.map((step) => html`<li>${step}</li>`)}</ul>
</article>`;
}

function register({ shares }: Report): Markup {
  const rows = shares.slice(0, mostShares).map(
    (share) => html`<tr${filterable(share, share.findings.length > 0)}>
<td class="tight"><span class="badge ${share.status}">${share.status}</span></td><td data-name="Session" class="mono">${share.sessionId}</td><td data-name="Share" class="mono">${share.fingerprint ?? ""}</td>
<td data-name="Window" class="tight">${window(share, html`<br>`)}</td><td data-name="Mode" class="tight">${mode(share)}</td><td data-name="Whose">${ownerText(share)}${Object.entries(share.labels).map(([name, label]) => html`<div class="labels">${name}=${label}</div>`)}</td>
<td data-name="Findings">${share.findings.map((kind) => html`<span class="badge ${kinds[kind].severity}">${kind}</span>`)}</td></tr>
`,
  );
  return html`<section><h2>Register</h2><div class="card wide"><table>
<thead><tr><th>Status</th><th>Session</th><th>Share</th><th>Window, UTC</th><th>Mode</th><th>Whose</th><th>Findings</th></tr></thead>
<tbody>${rows}</tbody></table>${more(shares.length - mostShares, "share")}<p class="soft" data-empty hidden>No share fits the filters.</p></div></section>`;
}

/** `2025-05-15 13:07 to 2025-05-15 21:07 (in 7 h 59 min)`. */
function window(
  share: Pick<ReportedShare, "validSince" | "validTo" | "remainingSeconds">,
  space: Markup | string = " ",
): Markup {
  const text = (instant = "?") => (instant.endsWith("infinity") ? "no start" : instant.slice(0, 16).replace("T", " "));
  const end = share.remainingSeconds === null ? remaining(share) : `to ${text(share.validTo)} (${remaining(share)})`;
  return html`${text(share.validSince)}${space}${end}`;
}

function more(count: number, noun: string): Markup | undefined {
  return count > 0
    ? html`<p class="soft">… and ${plural(count, noun)} more: see the JSON or CSV report.</p>`
    : undefined;
}
