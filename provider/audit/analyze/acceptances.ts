// Applies the entries of the `--accept` file to the findings. An accepted finding stays in the report and does not fail the
// command. An entry that accepts nothing is reported, because its author thinks that it does. Pure.
import type { Acceptance } from "../collect/acceptances";
import type { ReportedAcceptance } from "../model/report-schema";
import type { Finding } from "./findings";
import type { InventoryEntry } from "./inventory";

export interface AcceptedFinding extends Finding {
  readonly accepted?: Acceptance;
}

export interface JudgedAcceptance extends Acceptance {
  readonly state: ReportedAcceptance["state"];
}

export interface AcceptedFindings {
  readonly findings: readonly AcceptedFinding[];
  readonly acceptances: readonly JudgedAcceptance[];
}

/** `now` is the appliance's clock. */
export function acceptFindings(
  findings: readonly Finding[],
  acceptances: readonly Acceptance[],
  now: number,
): AcceptedFindings {
  const matches = acceptances.map((acceptance) => ({
    acceptance,
    findings: findings.filter((finding) => isAbout(acceptance, finding)),
  }));
  const accepted = new Map<Finding, Acceptance>();
  for (const { acceptance, findings: matched } of matches) {
    if (acceptance.until <= now) continue;
    for (const finding of matched) if (endsInTime(acceptance, finding.entry)) accepted.set(finding, acceptance);
  }
  return {
    findings: findings.map((finding) => {
      const acceptance = accepted.get(finding);
      return acceptance === undefined ? finding : { ...finding, accepted: acceptance };
    }),
    acceptances: matches.map(({ acceptance, findings: matched }) => ({
      ...acceptance,
      state: stateOf(acceptance, matched, now),
    })),
  };
}

function stateOf(acceptance: Acceptance, matched: readonly Finding[], now: number): JudgedAcceptance["state"] {
  if (acceptance.until <= now) return "expired";
  if (matched.length === 0) return "unmatched";
  return matched.every(({ entry }) => endsInTime(acceptance, entry)) ? "applied" : "too-late";
}

/** An acceptance that outlives the share is a mistake. A share without a known end is accepted until any date. */
function endsInTime({ until }: Acceptance, { to }: InventoryEntry): boolean {
  return until <= to;
}

function isAbout({ finding: kind, fingerprint, urn }: Acceptance, { kind: found, entry }: Finding): boolean {
  if (kind !== found) return false;
  if (fingerprint !== undefined) return fingerprint === entry.fingerprint;
  return [...entry.managedBy, ...entry.onceManagedBy].some((resource) => resource.urn === urn);
}
