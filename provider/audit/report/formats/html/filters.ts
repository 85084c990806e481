// The form that filters the page, hidden until the script runs: a page without a script shows everything.
import type { ReportedShare } from "../../../model/report-schema";
import { statusOrder } from "../../../model/status";
import { modeText } from "../../text";
import { html, type Markup } from "./markup";
import { stacksOf, statusText, vendorOf } from "./share-parts";

export function filters(shares: readonly ReportedShare[]): Markup | false {
  if (shares.length === 0) return false;
  const statuses = statusOrder.filter((status) => shares.some((share) => share.status === status));
  const stacks = sorted(shares.flatMap(stacksOf));
  const unmanaged = shares.some((share) => stacksOf(share).length === 0);
  const modes = sorted(shares.map((share) => modeText(share) || "unknown"));
  return html`<form class="card filters" hidden aria-label="Filters">
<div class="field search"><label for="filter-q">Search</label><input id="filter-q" name="q" type="search" placeholder="label, session, stack, finding …" autocomplete="off"></div>
<details><summary>Filters</summary><div class="fields">
${vendorChoice(shares)}
${choice(
  "status",
  "Status",
  statuses.map((status) => [status, statusText(status)]),
)}
${choice("stack", "Stack", [...stacks.map((stack) => [`=${stack}`, stack] as const), ...(unmanaged ? [["=", "no stack"] as const] : [])])}
${choice(
  "mode",
  "Mode",
  modes.map((mode) => [mode, mode]),
)}
<label class="check"><input name="found" type="checkbox" value="yes">only with findings</label>
</div></details>
<p class="shown"><output></output> <button type="button" hidden>Clear filters</button></p>
</form>
<p class="printed" hidden></p>`;
}

function vendorChoice(shares: readonly ReportedShare[]): Markup | false {
  const vendors = sorted(shares.map(vendorOf)).filter((vendor) => vendor !== "");
  const options = vendors.map((vendor) => [`=${vendor}`, vendor] as const);
  return vendors.length > 0 && choice("vendor", "Vendor", [...options, ["=", "no vendor"]]);
}

/** The value of a name that a stack or a label contains begins with "=", so that no name is the choice "all". */
function choice(name: string, label: string, options: readonly (readonly [value: string, text: string])[]): Markup {
  return html`<div class="field"><label for="filter-${name}">${label}</label><select id="filter-${name}" name="${name}"><option value="">all</option>${options.map(([value, text]) => html`<option value="${value}">${shortened(text)}</option>`)}</select></div>`;
}

/** A list of choices is as wide as its longest text. */
function shortened(text: string): string {
  const letters = [...text];
  return letters.length > 60 ? `${letters.slice(0, 59).join("")}…` : text;
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort((a, b) => a.localeCompare(b, "en"));
}
