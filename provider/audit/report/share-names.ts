// Names shares for programs that compare reports: the same share has the same name in the next report, also without a key.
import type { FindingKind } from "../model/finding-kinds";
import type { ReportedShare } from "../model/report-schema";

type Named = Pick<ReportedShare, "sessionId" | "fingerprint" | "validSince" | "validTo">;

/**
 * `SESSION/FINGERPRINT`, which is also the ID of the resource. A share without a readable key has its window instead: a
 * number alone would change when another such share appears.
 */
export function shareName({ sessionId, fingerprint, validSince = "?", validTo = "?" }: Named): string {
  return `${sessionId}/${fingerprint ?? `unidentified, ${validSince} to ${validTo}`}`;
}

/** The name of each share, all different: of equal names, the second and later ones are numbered, ` (2)`. */
export function distinctNames<T extends Named>(
  shares: readonly T[],
  nameOf: (share: T) => string = shareName,
): string[] {
  const seen = new Map<string, number>();
  return shares.map((share) => {
    const name = nameOf(share);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

/** What identifies each finding in the next report: its share and its kind. */
export function findingNames(findings: readonly (Named & { readonly kind: FindingKind })[]): string[] {
  return distinctNames(findings, (finding) => `${shareName(finding)}/${finding.kind}`);
}
