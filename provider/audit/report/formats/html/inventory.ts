// The inventory of the HTML report: one row for each share. The filters read these rows, and search in their text.
import type { ReportedShare } from "../../../model/report-schema";
import { expiryText, managedByText, modeText, nameOf } from "../../text";
import { barId, rowId, type Anchors } from "./anchors";
import { html, type Markup } from "./markup";
import {
  empty,
  endText,
  kindBadges,
  labelLines,
  more,
  namesLine,
  noKey,
  ofShare,
  stacksOf,
  statusBadge,
  startText,
  vendorOf,
  type FindingSeverities,
} from "./share-parts";

/** Browsers become slow with more; the JSON and CSV reports contain everything. */
export const maxRows = 3000;

export function inventorySection(
  shares: readonly ReportedShare[],
  total: number,
  anchors: Anchors,
  severities: FindingSeverities,
): Markup | false {
  if (total === 0) return false;
  const columns = ["Share", "Session", "Status", "Mode", "Window", "Findings"];
  return html`<section id="inventory"><h2>Inventory</h2><div class="card wide"><table class="stacked" data-total="${total}">
<thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${shares.map((share) => row(share, anchors, severities))}</tbody></table>${more(total - shares.length, "share")}${empty("share")}</div></section>
`;
}

function row(share: ReportedShare, anchors: Anchors, severities: FindingSeverities): Markup {
  const { sessionId, fingerprint } = share;
  const hasStack = stacksOf(share).length > 0;
  return html`<tr${ofShare(share)}${anchors.id(rowId(share))}${filterAttributes(share)}>
<th scope="row"><bdi>${nameOf(share)}</bdi>${
    hasStack &&
    html`<div class="small soft"><bdi>${ownerText(share)}</bdi></div>
`
  }${labelLines(share)}</th>
<td data-name="Session" class="ids"><span class="mono">${sessionId}</span><br>
<span class="mono soft fingerprint">${fingerprint ?? noKey}</span>${namesLine(share)}</td>
<td data-name="Status" class="short">${statusBadge(share)}<div class="small soft">${seenTexts[share.seen]}</div></td>
<td data-name="Mode" class="short">${modeText(share)}</td>
<td data-name="Window" class="times">${anchors.link(barId(share), startText(share.validSince))}<br>
${endText(share.validTo)}<br>
<span class="soft">${expiryText(share)}</span></td>
<td data-name="Findings">${kindBadges(share, anchors, severities)}</td></tr>
`;
}

/** The name already has the resource when there is only one. */
function ownerText(share: ReportedShare): string {
  const { declaredBy, onceDeclaredBy } = share;
  const [only, ...others] = declaredBy.length > 0 ? declaredBy : onceDeclaredBy;
  if (only === undefined || others.length > 0) return managedByText(share);
  return declaredBy.length > 0 ? only.stack : `previously ${only.stack}`;
}

const seenTexts: Readonly<Record<ReportedShare["seen"], string>> = {
  listed: "listed",
  absent: "not in the list",
  "not-looked": "list not read",
  elsewhere: "on another appliance",
};

function filterAttributes(share: ReportedShare): Markup {
  const mode = modeText(share) || "unknown";
  const urns = [...share.declaredBy, ...share.onceDeclaredBy].map(({ urn }) => urn);
  const found = share.findings.length > 0 ? "yes" : "no";
  return html` data-vendor="${vendorOf(share)}" data-status="${share.status}" data-mode="${mode}" data-found="${found}" data-stacks="${stacksOf(share).join("\n")}" data-urns="${urns.join(" ")}"`;
}
