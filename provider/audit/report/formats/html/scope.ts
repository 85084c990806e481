// The head of the HTML report: the verdict, what was audited, and what the audit could not read; and the list of stacks.
import type { Report, ReportedStack } from "../../../model/report-schema";
import { plural } from "../../../model/wording";
import { scopeRows, shareCounts, verdict } from "../../text";
import { html, type Markup } from "./markup";
import { prose } from "./prose";

/** More problems are folded, so that the findings stay in sight. */
const maxOpenProblems = 5;

export function pageHeader(report: Report): Markup {
  const rows = scopeRows(report).filter(([label]) => label !== "Stacks");
  const withShares = report.scope.stacks.filter(({ shares }) => shares > 0).length;
  const stacks = `${plural(report.scope.stacks.length, "stack")}${report.scope.everyStack ? " (all of the backend)" : ""}, ${withShares} with shares`;
  return html`<header><h1>Session shares</h1><p class="verdict ${toneOf(report)}">${verdict(report)}</p>
<dl class="scope">${rows.map(([label, text]) => html`<div><dt>${label}</dt><dd>${text}</dd></div>\n`)}
<div><dt>Stacks</dt><dd>${report.scope.stacks.length > 0 ? html`<a href="#stacks">${stacks}</a>` : "none"}</dd></div>
<div><dt>Shares</dt><dd>${shareCounts(report)}</dd></div></dl></header>
`;
}

/** The colour of the verdict: that of the most severe finding that counts, and never the calm one for an incomplete audit. */
function toneOf({ summary, completeness }: Report): string {
  const { high, medium, low } = summary.findings;
  if (high > 0) return "high";
  if (medium > 0 || !completeness.complete) return "medium";
  return low > 0 ? "low" : "none";
}

export function problemsSection({ completeness }: Report): Markup | false {
  const { problems, complete } = completeness;
  if (complete && problems.length === 0) return false;
  const items = problems.map((problem) => html`<li>${prose(problem)}</li>\n`);
  const rest = items.slice(maxOpenProblems);
  return html`<section id="problems"><h2>Problems: what the audit could not read</h2><div class="card"><ul class="notes">${items.slice(0, maxOpenProblems)}</ul>${
    rest.length > 0 &&
    html`<details><summary>${plural(rest.length, "more problem")}</summary><ul class="notes">${rest}</ul></details>`
  }</div></section>
`;
}

export function notesSection({ completeness: { notes } }: Report): Markup | false {
  return (
    notes.length > 0 &&
    html`<section id="limits"><h2>Limits of this report</h2><ul class="notes card">${notes.map((note) => html`<li>${prose(note)}</li>`)}</ul></section>
`
  );
}

/** Stacks with shares or problems one by one; the others as a count that opens. */
export function stacksSection({ scope: { stacks } }: Report): Markup | false {
  if (stacks.length === 0) return false;
  const shown = stacks.filter(({ shares, problem }) => shares > 0 || problem !== undefined);
  const empty = stacks.filter(({ shares, problem }) => shares === 0 && problem === undefined);
  const items = (list: readonly ReportedStack[]) =>
    html`<ul class="notes">${list.map((stack) => html`<li>${stackText(stack)}</li>\n`)}</ul>`;
  return html`<section id="stacks"><h2>Stacks</h2><div class="card">${shown.length > 0 && items(shown)}${
    empty.length > 0 &&
    html`<details><summary>${plural(empty.length, "stack")} without shares</summary>${items(empty)}</details>`
  }</div></section>
`;
}

function stackText({ source, stack, shares, problem }: ReportedStack): Markup {
  const name = html`<bdi>${source}</bdi>${stack !== undefined && stack !== source && html` (<bdi>${stack}</bdi>)`}`;
  return problem === undefined ? html`${name}: ${plural(shares, "share")}` : html`${name}: not read. ${prose(problem)}`;
}
