// The lists of work that follow from the findings: links to revoke by hand, and declarations that can be removed. Pure.
import type { FindingKind } from "../model/finding-kinds";
import type { AcceptedFinding } from "./acceptances";
import type { InventoryEntry } from "./inventory/inventory";

/** The findings that revoking the link resolves. */
const kindsToRevoke: readonly FindingKind[] = [
  "unmanaged",
  "orphaned",
  "reactivated",
  "unidentified",
  "replaced",
  "too-long",
];

export interface RevokableLink {
  readonly entry: InventoryEntry;
  readonly findings: readonly FindingKind[];
}

/** The links that somebody has to revoke in the admin panel, and why. Not the ones that a person accepted. */
export function linksToRevoke(findings: readonly AcceptedFinding[]): RevokableLink[] {
  const reasons = findings.filter((finding) => finding.accepted === undefined && isReason(finding));
  return [...Map.groupBy(reasons, ({ entry }) => entry)].map(([entry, found]) => ({
    entry,
    findings: found.map(({ kind }) => kind),
  }));
}

function isReason({ kind, severity, entry }: AcceptedFinding): boolean {
  // The run that may own the share is asked first: a revoked link cannot be recovered.
  if (kind === "unmanaged" && entry.mayBelongToRun) return false;
  // A window that an earlier limit allowed was somebody's decision.
  if (kind === "too-long" && severity === "low") return false;
  return kindsToRevoke.includes(kind);
}

/** Shares that a stack still declares although their window is over by the appliance's clock. */
export function expiredDeclarations(entries: readonly InventoryEntry[]): InventoryEntry[] {
  return entries.filter(({ managedBy, seen, to, now }) => managedBy.length > 0 && seen !== "elsewhere" && to <= now);
}
