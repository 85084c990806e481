// The lists of a report as texts for people: links to revoke by hand, entries of the acceptance file, and declarations that
// can be removed.
import type { LinkToRevoke, Report, ReportedAcceptance, ReportedFinding, ReportedShare } from "../model/report-schema";
import { utcText } from "../model/wording";
import { modeText, nameOf, namesInBrackets, windowText } from "./text";

type Id = Pick<ReportedShare, "sessionId" | "fingerprint">;
type NamedId = Id & Pick<ReportedShare, "serverName" | "userName">;

/** `session 4665729213955833857 (server db-01, user ACME Support), share 706c61696e2d2d2d`. */
export function idText(share: NamedId): string {
  return `${sessionText(share)}, ${shareText(share)}`;
}

/** `session 4665729213955833857 (server db-01, user ACME Support)`. */
export function sessionText(share: NamedId): string {
  return `session ${share.sessionId}${namesInBrackets(share)}`;
}

/** `share 706c61696e2d2d2d`. */
export function shareText({ fingerprint }: Id): string {
  return fingerprint === undefined ? "no readable key" : `share ${fingerprint}`;
}

/** The links to revoke on one session: the admin panel lists the links of one session. */
export interface SessionLinks {
  readonly sessionId: string;
  /** ` (server db-01, user ACME Support)`, or nothing. */
  readonly names: string;
  readonly links: readonly { readonly name: string; readonly text: string }[];
}

/** The links to revoke, with what tells them apart in the admin panel: creation, window and mode. */
export function linksBySession({ linksToRevoke, shares }: Report): SessionLinks[] {
  const byId = new Map(shares.map((share) => [idOf(share), share]));
  return [...Map.groupBy(linksToRevoke, ({ sessionId }) => sessionId)].map(([sessionId, links]) => ({
    sessionId,
    names: links.map(namesInBrackets).find((names) => names !== "") ?? "",
    links: links.map((link) => {
      const share = link.fingerprint === undefined ? undefined : byId.get(idOf(link));
      return { name: share === undefined ? "no stack" : nameOf(share), text: linkText(link) };
    }),
  }));
}

/** `created 2026-03-02 11:00 UTC, valid 2026-03-02 11:00 to 2026-03-10 19:00 UTC, readonly, share …: unmanaged`. */
function linkText(link: LinkToRevoke): string {
  const { createdAt, fingerprint, findings } = link;
  const parts = [
    createdAt === undefined ? "" : `created ${timeText(createdAt)}`,
    `valid ${windowText(link)}`,
    modeText(link),
    fingerprint === undefined ? "no readable key" : `share ${fingerprint}`,
  ];
  return `${parts.filter(Boolean).join(", ")}: ${findings.join(", ")}`;
}

/** `not listed since 2026-03-02 12:00 UTC`, or nothing. */
export function notListedSince({ notListedSince: since }: Pick<ReportedShare, "notListedSince">): string {
  return since === undefined ? "" : `not listed since ${timeText(since)}`;
}

/** `Accepted until 2026-03-03 12:00 UTC: reason`. */
export function acceptedText({ accepted }: Pick<ReportedFinding, "accepted">): string {
  return accepted === undefined ? "" : `Accepted until ${timeText(accepted.until)}: ${accepted.reason}`;
}

/** Why an entry of the acceptance file accepts nothing, and what to do. */
export const acceptanceStates: Readonly<Record<ReportedAcceptance["state"], string>> = {
  applied: "It accepts a finding of this report.",
  expired: "It is over. Remove the entry, or decide again.",
  unmatched: "This report has no such finding. Remove the entry if a complete audit has none either.",
  "too-late": "It ends after the share. Choose a date that is not after the end of the share.",
};

/** The entries of the acceptance file that accept nothing, and why. */
export function uselessAcceptances({ acceptances }: Pick<Report, "acceptances">): string[] {
  return acceptances.filter(({ state }) => state !== "applied").map(acceptanceText);
}

function acceptanceText({ fingerprint, urn, finding, until, reason, state }: ReportedAcceptance): string {
  const subject = fingerprint === undefined ? (urn ?? "") : `share ${fingerprint}`;
  return `${finding}, ${subject}, until ${timeText(until)} (${reason}): ${acceptanceStates[state]}`;
}

/** The resources whose share expired. */
export function expiredDeclarationTexts({ expiredDeclarations }: Pick<Report, "expiredDeclarations">): string[] {
  return expiredDeclarations.map(({ stack, urn, validTo }) => {
    const end = validTo === undefined ? "" : `, expired ${timeText(validTo)}`;
    return `${nameOf({ labels: {}, declaredBy: [{ stack, urn }], onceDeclaredBy: [] })} (${stack})${end}`;
  });
}

function idOf({ sessionId, fingerprint = "" }: Id): string {
  return `${sessionId}/${fingerprint}`;
}

function timeText(instant: string): string {
  return instant.endsWith("infinity") ? "no end" : utcText(Date.parse(instant));
}
