// Builds the report from the inventory: pure, and independent of the output format. Every text in it is safe to print: one
// line, no control characters, no credential.
import { printable } from "../../client";
import { formatMilliseconds } from "../../time/instants";
import type { Coverage } from "../analyze/coverage";
import { findingsOf, type Finding, type Policy } from "../analyze/findings";
import type { InventoryEntry } from "../analyze/inventory";
import type { SessionResult } from "../collect/appliance-shares";
import { findingKindNames, severities } from "../model/finding-kinds";
import { reportFormat, type Report, type ReportedFinding, type ReportedShare } from "../model/report-schema";
import { statuses, statusOrder } from "../model/status";

export interface ReportSources {
  readonly version: string;
  /** The local clock, milliseconds. */
  readonly now: number;
  readonly appliance: string;
  readonly stacks: Report["scope"]["stacks"];
  readonly allSessions: boolean;
  readonly policy: Policy;
  readonly entries: readonly InventoryEntry[];
  readonly results: readonly SessionResult[];
  readonly coverage: Coverage;
}

/** The report of one audit: the most urgent finding first, shares by status and end. */
export function makeReport(sources: ReportSources): Report {
  const { version, now, appliance, policy, entries, results, coverage } = sources;
  const analyzed = entries.map((entry) => ({ entry, findings: findingsOf(entry, policy) }));
  const findings = analyzed
    .flatMap((one) => one.findings)
    .sort(mostUrgentFirst)
    .map(reportFinding);
  const shares = analyzed
    .sort((a, b) => byStatus(a.entry, b.entry))
    .map(({ entry, findings: own }) => reportShare(entry, own));
  return {
    format: reportFormat,
    version,
    generatedAt: formatMilliseconds(now),
    appliance,
    scope: scopeOf(sources),
    completeness: coverage,
    summary: summaryOf(findings, shares),
    findings,
    shares,
    sessions: results.map(reportSession),
    acceptances: [],
    linksToRevoke: [],
    expiredDeclarations: [],
  };
}

function scopeOf({ stacks, policy, allSessions }: ReportSources): Report["scope"] {
  return {
    stacks,
    everyStack: policy.everyStack,
    sessions: allSessions ? "all-visible" : "named",
    maxDurationSeconds: policy.maxDuration / 1000,
    requiredLabels: [...policy.requiredLabels],
  };
}

function summaryOf(findings: readonly ReportedFinding[], shares: readonly ReportedShare[]): Report["summary"] {
  return {
    findings: {
      ...countEach(
        severities,
        findings.filter(({ accepted }) => accepted === undefined).map(({ severity }) => severity),
      ),
      accepted: findings.filter(({ accepted }) => accepted !== undefined).length,
    },
    shares: countEach(
      statuses,
      shares.map(({ status }) => status),
    ),
  };
}

function countEach<T extends string>(names: readonly T[], values: readonly T[]): Record<T, number> {
  const counts = names.map((name) => [name, values.filter((value) => value === name).length] as const);
  return Object.fromEntries(counts) as Record<T, number>;
}

function reportShare(entry: InventoryEntry, findings: readonly Finding[]): ReportedShare {
  const severity = severities.find((one) => findings.some((finding) => finding.severity === one));
  return {
    ...sharePropertiesOf(entry),
    ...(entry.listed?.createdAt !== undefined && { createdAt: entry.listed.createdAt }),
    findings: findings.map(({ kind }) => kind),
    ...(severity !== undefined && { severity }),
  };
}

function reportFinding({ kind, severity, entry, message, nextSteps }: Finding): ReportedFinding {
  return {
    kind,
    severity,
    ...sharePropertiesOf(entry),
    message: printable(message, 2000),
    nextSteps: nextSteps.map((step) => printable(step, 2000)),
  };
}

function sharePropertiesOf(entry: InventoryEntry): Omit<ReportedShare, "createdAt" | "findings" | "severity"> {
  const { sessionId, fingerprint, status, seen, since, to, unknownEnd, now } = entry;
  const { listed, managedBy, lookedUpBy, previous } = entry;
  const readonly =
    listed?.readonly ??
    [...managedBy, ...lookedUpBy].find((share) => share.readonly !== undefined)?.readonly ??
    previous?.readonly;
  const labels =
    managedBy.length > 0
      ? (Object.assign({}, ...managedBy.map((share) => share.labels)) as Record<string, string>)
      : previous?.labels;
  return {
    sessionId,
    ...(fingerprint !== undefined && { fingerprint }),
    status,
    seen,
    ...(since !== undefined && { validSince: instantText(since) }),
    ...(unknownEnd === undefined && { validTo: instantText(to) }),
    remainingSeconds: Number.isFinite(to) ? Math.max(0, Math.round((to - now) / 1000)) : to > 0 ? null : 0,
    ...(readonly !== undefined && { readonly }),
    ...(listed !== undefined && listed.unreadable.length > 0 && { unreadable: [...listed.unreadable] }),
    labels: { ...labels },
    declaredBy: managedBy.map(({ stack, urn }) => ({ stack, urn })),
    onceDeclaredBy: managedBy.length > 0 ? [] : [...(previous?.declaredBy ?? [])],
  };
}

function reportSession(result: SessionResult): Report["sessions"][number] {
  const { sessionId, outcome } = result;
  return {
    sessionId,
    outcome,
    ...(result.outcome === "answered" && { shares: result.shares.length }),
    ...(result.outcome === "failed" && { reason: result.reason }),
    ...(result.outcome === "answered" && result.problems.length > 0 && { problems: [...result.problems] }),
  };
}

function instantText(ms: number): string {
  return Number.isFinite(ms) ? formatMilliseconds(ms) : ms > 0 ? "infinity" : "-infinity";
}

/** By severity, then open windows first, then the latest end first. */
function mostUrgentFirst(a: Finding, b: Finding): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    rankOf(a.entry) - rankOf(b.entry) ||
    descending(a.entry.to, b.entry.to) ||
    findingKindNames.indexOf(a.kind) - findingKindNames.indexOf(b.kind) ||
    byName(a.entry, b.entry)
  );
}

/** Open windows first, then the earliest end first. */
function byStatus(a: InventoryEntry, b: InventoryEntry): number {
  return rankOf(a) - rankOf(b) || descending(b.to, a.to) || byName(a, b);
}

function rankOf({ status }: InventoryEntry): number {
  return statusOrder.indexOf(status);
}

function descending(a: number, b: number): number {
  return a === b ? 0 : a > b ? -1 : 1;
}

function byName(a: InventoryEntry, b: InventoryEntry): number {
  return a.sessionId.localeCompare(b.sessionId) || (a.fingerprint ?? "").localeCompare(b.fingerprint ?? "");
}
