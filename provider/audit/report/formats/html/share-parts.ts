// Parts of the HTML report that several sections use: badges, the window, labels, and the attributes of the filters.
import type { FindingKind, Severity } from "../../../model/finding-kinds";
import type { ReportedFinding, ReportedShare } from "../../../model/report-schema";
import { plural, utcText } from "../../../model/wording";
import { expiryText, moreText } from "../../text";
import { findingId, keyOf, type Anchors } from "./anchors";
import { html, type Markup } from "./markup";

/** Marks an element of a share: the filters show and hide it together with the share's row in the inventory. */
export function ofShare(share: Parameters<typeof keyOf>[0]): Markup {
  return html` data-share="${keyOf(share)}"`;
}

/** The label `vendor`; a label named like a property of every object is no vendor. */
export function vendorOf({ labels }: Pick<ReportedShare, "labels">): string {
  return Object.hasOwn(labels, "vendor") ? (labels["vendor"] ?? "") : "";
}

/** The stacks that declare the share, or declared it. */
export function stacksOf({
  declaredBy,
  onceDeclaredBy,
}: Pick<ReportedShare, "declaredBy" | "onceDeclaredBy">): string[] {
  return [...new Set([...declaredBy, ...onceDeclaredBy].map(({ stack }) => stack))];
}

export function badge(text: string, tone: string): Markup {
  return html`<span class="badge ${tone}">${text}</span>`;
}

export function statusText(status: ReportedShare["status"]): string {
  return status.replaceAll("-", " ");
}

export function statusBadge({ status }: Pick<ReportedShare, "status">): Markup {
  return badge(statusText(status), status);
}

/** The findings of a share, each as a link to its text. */
export function kindBadges(share: ReportedShare, anchors: Anchors, severities: FindingSeverities): Markup[] {
  return share.findings.map(
    (kind) => html`${anchors.link(findingId(kind, share), kindBadge(kind, severities.of(kind, share)))} `,
  );
}

function kindBadge(kind: FindingKind, severity: Severity | undefined): Markup {
  return severity === undefined ? badge(`${kind} (accepted)`, "") : badge(kind, severity);
}

/** The severity of each finding: a finding can have another severity than its kind, and an accepted one has none. */
export class FindingSeverities {
  readonly #severities: ReadonlyMap<string, Severity | undefined>;

  constructor(findings: readonly ReportedFinding[]) {
    this.#severities = new Map(
      findings.map((finding) => [
        findingId(finding.kind, finding),
        finding.accepted === undefined ? finding.severity : undefined,
      ]),
    );
  }

  of(kind: FindingKind, share: ReportedShare): Severity | undefined {
    return this.#severities.get(findingId(kind, share));
  }
}

/** `2025-05-15 13:07 UTC to 2025-05-15 21:07 UTC`. */
export function windowText({ validSince, validTo }: Pick<ReportedShare, "validSince" | "validTo">): string {
  return `${startText(validSince)} ${endText(validTo)}`;
}

export function startText(validSince: string | undefined): string {
  return validSince === "-infinity" ? "no start" : timeText(validSince);
}

export function endText(validTo: string | undefined): string {
  return validTo === "infinity" ? "without an end" : `to ${timeText(validTo)}`;
}

type Names = Pick<ReportedShare, "serverName" | "userName">;

/** `server db-01, user ACME Support`, or nothing. */
export function sessionNames({ serverName, userName }: Names): Markup | false {
  const server = serverName !== undefined && html`server <bdi>${serverName}</bdi>`;
  const user = userName !== undefined && html`user <bdi>${userName}</bdi>`;
  if (server === false || user === false) return server || user;
  return html`${server}, ${user}`;
}

/** The names under the ID of a session. */
export function namesLine(share: Names): Markup | false {
  const names = sessionNames(share);
  return names !== false && html`<div class="small soft">${names}</div>`;
}

/** The session, named, and the small fingerprint. */
export function sessionText(share: Names & Pick<ReportedShare, "sessionId" | "fingerprint">): Markup {
  const { sessionId, fingerprint } = share;
  const names = sessionNames(share);
  return html`Session <span class="mono">${sessionId}</span>${names !== false && html` (${names})`} <span class="mono soft fingerprint">${fingerprint ?? noKey}</span>`;
}

/** Stands where a fingerprint would. */
export const noKey = "without a readable key";

/** `2025-05-15 13:07 UTC`. */
export function timeText(instant: string | undefined): string {
  if (instant === undefined) return "an unknown time";
  return instant.endsWith("infinity") ? instant : utcText(Date.parse(instant));
}

export function expiryBadge(
  share: Pick<ReportedShare, "status" | "remainingSeconds" | "validTo" | "seen">,
): Markup | false {
  return (
    share.status !== "expired" && share.status !== "removed" && html`<span class="left">${expiryText(share)}</span>`
  );
}

/** The labels but the vendor, which is part of the name. */
export function labelLines({ labels }: Pick<ReportedShare, "labels">): Markup[] {
  return Object.entries(labels)
    .filter(([name]) => name !== "vendor")
    .map(([name, value]) => html`<div class="labels"><bdi>${name}</bdi> = <bdi>${value}</bdi></div>\n`);
}

/** The count in a heading; the filters replace it with `1 of 3 shares`. */
export function count(number: number, noun: string): Markup {
  return html`<span class="count" data-count="${noun}">${plural(number, noun)}</span>`;
}

/** The shares of a list that is cut: those with findings first, in the order of the report. */
export function firstShares(shares: readonly ReportedShare[], limit: number): ReportedShare[] {
  if (shares.length <= limit) return [...shares];
  const chosen = new Set(
    [
      ...shares.filter(({ findings }) => findings.length > 0),
      ...shares.filter(({ findings }) => findings.length === 0),
    ].slice(0, limit),
  );
  return shares.filter((share) => chosen.has(share));
}

export function more(number: number, noun: string): Markup | false {
  return number > 0 && html`<p class="soft">${moreText(number, noun)}: see the JSON or CSV report.</p>`;
}

/** What a list says when the filters hide all of it. */
export function empty(noun: string): Markup {
  return html`<p class="soft" data-empty hidden>No ${noun} matches the filters.</p>`;
}
