// The findings grouped by kind, as the readable formats show them: what to do stands once for each group.
import { findingKindNames, findingKinds, severities, type FindingKind, type Severity } from "../model/finding-kinds";
import type { Report, ReportedFinding } from "../model/report-schema";

/** Findings of one kind and severity. */
export interface FindingGroup {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly title: string;
  /** What to do, the same for each finding of the group. */
  readonly commonSteps: readonly string[];
  readonly findings: readonly GroupedFinding[];
}

export interface GroupedFinding {
  readonly finding: ReportedFinding;
  /** What to do only for this share: the line that adopts it, the command with its URN. */
  readonly ownSteps: readonly string[];
}

/** The findings that count, grouped: the most severe group first. `acceptedFindings` has the others. */
export function groupFindings({ findings }: Pick<Report, "findings">): FindingGroup[] {
  const counting = findings.filter(({ accepted }) => accepted === undefined);
  const groups = Map.groupBy(counting, ({ severity, kind }) => `${severity} ${kind}`);
  return severities.flatMap((severity) =>
    findingKindNames.flatMap((kind) => {
      const own = groups.get(`${severity} ${kind}`);
      return own === undefined ? [] : [toGroup(kind, severity, own)];
    }),
  );
}

/** The findings that the file of `--accept` accepts. */
export function acceptedFindings({ findings }: Pick<Report, "findings">): ReportedFinding[] {
  return findings.filter(({ accepted }) => accepted !== undefined);
}

function toGroup(kind: FindingKind, severity: Severity, findings: readonly ReportedFinding[]): FindingGroup {
  const counts = new Map<string, number>();
  for (const { nextSteps } of findings) {
    for (const step of new Set(nextSteps)) counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  const isCommon = (step: string) =>
    counts.get(step) === findings.length && !(findings.length === 1 && findings.some((one) => names(step, one)));
  return {
    kind,
    severity,
    title: findingKinds[kind].title,
    commonSteps: [...counts.keys()].filter(isCommon),
    findings: inOrder(kind, findings).map((finding) => ({
      finding,
      ownSteps: finding.nextSteps.filter((step) => !isCommon(step)),
    })),
  };
}

/** The report has the latest end first: that link works longest. Of the shares that expire soon, the first end is urgent. */
function inOrder(kind: FindingKind, findings: readonly ReportedFinding[]): readonly ReportedFinding[] {
  const left = ({ remainingSeconds }: ReportedFinding) => remainingSeconds ?? Infinity;
  return kind === "expires-soon" ? findings.toSorted((a, b) => left(a) - left(b)) : findings;
}

/** True when the step is about this share only. A group of one finding has steps that only look common. */
function names(step: string, { fingerprint, declaredBy }: ReportedFinding): boolean {
  const ids = [...(fingerprint === undefined ? [] : [fingerprint]), ...declaredBy.map(({ urn }) => urn)];
  return ids.some((id) => step.includes(id));
}
