// Applies the entries of the `--accept` file to the findings. An accepted finding stays in the report and does not fail the
// command. An entry that accepts nothing is reported, because its author thinks that it does. Pure.
import type { Acceptance } from "../collect/acceptances";
import type { FindingKind } from "../model/finding-kinds";
import type { ReportedAcceptance } from "../model/report-schema";
import type { Finding } from "./rules/findings";
import type { InventoryEntry } from "./inventory/inventory";

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
  const byName = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const name of namesOf(finding)) {
      const others = byName.get(name) ?? [];
      others.push(finding);
      byName.set(name, others);
    }
  }
  const matches = acceptances.map((acceptance) => ({
    acceptance,
    findings: byName.get(nameOf(acceptance.finding, acceptance)) ?? [],
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
  // First: without a finding, an entry that is over hides nothing.
  if (matched.length === 0) return "unmatched";
  if (acceptance.until <= now) return "expired";
  return matched.some(({ entry }) => endsInTime(acceptance, entry)) ? "applied" : "too-late";
}

/** An acceptance that outlives the share is a mistake. A share without a known end is accepted until any date. */
function endsInTime({ until }: Acceptance, { to }: InventoryEntry): boolean {
  return until <= to;
}

type Name = Pick<Acceptance, "fingerprint" | "urn">;

function nameOf(kind: FindingKind, { fingerprint, urn }: Name): string {
  return `${kind} ${fingerprint === undefined ? `URN ${urn}` : `fingerprint ${fingerprint}`}`;
}

/** The names that an entry of the file can have for this finding. */
function namesOf({ kind, entry }: Finding): Set<string> {
  const { fingerprint, managedBy, onceManagedBy } = entry;
  const names: Name[] = [...managedBy, ...onceManagedBy].map(({ urn }) => ({ urn }));
  if (fingerprint !== undefined) names.push({ fingerprint });
  return new Set(names.map((name) => nameOf(kind, name)));
}
