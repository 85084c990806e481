// The findings of the sample report in audit-report.ts, in the order and with the words of a real report.
import { findingKinds, type FindingKind, type Severity } from "../../provider/audit/model/finding-kinds";
import type { ReportedFinding } from "../../provider/audit/model/report-schema";
import type { sampleShares, SampleShare } from "./audit-shares";

export interface SampleFinding extends Pick<
  ReportedFinding,
  "kind" | "severity" | "message" | "nextSteps" | "accepted"
> {
  readonly share: SampleShare;
}

const revoke = "To revoke it: Management > Sessions > the session's menu > sharing > deactivate.";
const adopt = ({ sessionId, validSince = "", validTo = "", fingerprint = "" }: SampleShare) =>
  `To manage it in a stack: new SessionShare("…", { sessionId: "${sessionId}", validSince: "${validSince}", validTo: "${validTo}", readonly: true, adopt: "${fingerprint}" })`;
const again = ({ declaredBy }: SampleShare) =>
  `To grant access again: pulumi up --replace '${declaredBy[0]?.urn ?? ""}'`;
const readonlyStep =
  "If read-only access is enough, declare `readonly: true`. This creates a new share and does not revoke this one.";
const noStack = "No stack of the backend declares it.";
const acceptance = {
  reason: "The vendor needs the keyboard for the firmware (CHG-2077)",
  until: "2026-03-03T12:00:00.000Z",
};

/** The findings about these shares: the most urgent finding first. */
export function findingsFor(shares: typeof sampleShares): SampleFinding[] {
  const { other, endless, third, orphaned, replaced, accepted, long, night, gone, lost, removed } = shares;
  const finding = (
    kind: FindingKind,
    share: SampleShare,
    message: string,
    nextSteps: string[],
    more: { severity?: Severity; accepted?: ReportedFinding["accepted"] } = {},
  ): SampleFinding => ({ kind, severity: findingKinds[kind].severity, share, message, nextSteps, ...more });
  return [
    finding("unmanaged", endless, `The link works without an end. ${noStack}`, [
      revoke,
      "A stack cannot declare a share without an end date.",
    ]),
    finding("unmanaged", other, `The link works until 2026-03-10 19:00 UTC (in 8 d 7 h). ${noStack}`, [
      revoke,
      adopt(other),
    ]),
    finding("unmanaged", third, `The link works until 2026-03-03 06:00 UTC (in 18 h). ${noStack}`, [
      revoke,
      adopt(third),
    ]),
    finding(
      "orphaned",
      orphaned,
      "The link works until 2026-03-06 16:00 UTC (in 4 d 4 h). No audited stack declares it any more.",
      [revoke, adopt(orphaned)],
    ),
    finding("too-long", endless, "The window has no end. The limit is 30 d.", [revoke]),
    finding("replaced", replaced, "The old link of `acme-week` works until 2026-03-07 12:00 UTC (in 5 d).", [revoke]),
    finding("window-differs", night, "The appliance granted: mode readonly instead of interactive.", [
      "If the appliance granted too much, revoke the share: Management > Sessions > the session's menu > sharing > deactivate.",
      "Otherwise declare what the appliance granted (this creates a new share).",
    ]),
    finding(
      "removed",
      removed,
      "The share is declared until 2026-03-03 05:00 UTC (in 17 h). The appliance lists it as removed: someone revoked the access.",
      ["If the revocation was intended, remove the share from the program of acme-corp/shop/prod.", again(removed)],
    ),
    finding(
      "missing",
      lost,
      "The share is declared, but the session's list does not contain it. It was revoked or removed, or this API user cannot see it. The link may still work until 2026-03-03 05:00 UTC (in 17 h).",
      ["Check the session in the admin panel, then run `pulumi refresh` for acme-corp/shop/prod.", again(lost)],
    ),
    finding("missing-labels", long, "The declaration has no label `ticket`.", [
      "Add the labels in the program of acme-corp/the-order-system-of-the-second-data-centre/production-in-the-second-data-centre. This changes the state only, not the share.",
    ]),
    finding(
      "no-longer-listed",
      gone,
      "The previous report listed the share, and the session's list does not contain it now. It was revoked, or this API user cannot see it.",
      ["Check the shares of session 9223372036854775807 in the admin panel."],
    ),
    finding("expires-soon", long, "The share expires in 3 h.", [
      "If the vendor needs longer access, declare a new window (this creates a new share).",
    ]),
    finding("interactive", third, "Anyone with the link can act in the session.", [revoke]),
    finding("interactive", accepted, "Anyone with the link can act in the session.", [readonlyStep, revoke], {
      severity: "info",
      accepted: acceptance,
    }),
  ];
}
