// Builds the report from the inventory: pure, and independent of the output format. Every text in it is safe to print: one
// line, no control characters, no credential.
import { printable } from "../../client";
import { formatMilliseconds } from "../../time/instants";
import type { AcceptedFinding, JudgedAcceptance } from "../analyze/acceptances";
import type { Analysis } from "../analyze/analyze";
import type { InventoryEntry } from "../analyze/inventory/inventory";
import { expiredDeclarations, linksToRevoke, type RevokableLink } from "../analyze/work-lists";
import type { SessionResult } from "../collect/appliance-shares";
import type { NameLookUp } from "../collect/session-names";
import { findingKindNames, severities } from "../model/finding-kinds";
import {
  reportFormat,
  type ExpiredDeclaration,
  type LinkToRevoke,
  type Report,
  type ReportedAcceptance,
  type ReportedFinding,
  type ReportedShare,
} from "../model/report-schema";
import { statuses, statusOrder } from "../model/status";

/** The report of one audit: the most urgent finding first, shares by status and end. */
export function makeReport(analysis: Analysis, { names, notes }: NameLookUp): Report {
  const { version, now, appliance, entries, results, coverage, acceptances } = analysis;
  const sorted = analysis.findings.toSorted(mostUrgentFirst);
  const byEntry = Map.groupBy(sorted, ({ entry }) => entry);
  const findings = sorted.map((finding) => reportFinding(finding, names));
  const sortedEntries = entries.toSorted(byStatus);
  const shares = sortedEntries.map((entry) => reportShare(entry, byEntry.get(entry) ?? [], names));
  return {
    format: reportFormat,
    version,
    generatedAt: formatMilliseconds(now),
    appliance,
    scope: scopeOf(analysis),
    completeness: { ...coverage, notes: [...coverage.notes, ...notes] },
    summary: summaryOf(findings, shares),
    findings,
    shares,
    sessions: results.map(reportSession),
    acceptances: acceptances.map(reportAcceptance),
    linksToRevoke: linksToRevoke(sorted).map((link) => reportLink(link, names)),
    expiredDeclarations: expiredDeclarations(sortedEntries).flatMap(reportExpired),
  };
}

function scopeOf({ stacks, policy, allSessions, previousReportAt }: Analysis): Report["scope"] {
  return {
    stacks: [...stacks],
    everyStack: policy.everyStack,
    sessions: allSessions ? "all-visible" : "named",
    maxDurationSeconds: policy.maxDuration / 1000,
    requiredLabels: [...policy.requiredLabels],
    ...(policy.endsWithin !== undefined && { endsWithinSeconds: policy.endsWithin / 1000 }),
    ...(previousReportAt !== undefined && { previousReportAt: formatMilliseconds(previousReportAt) }),
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

type Names = NameLookUp["names"];

/** On another appliance, the same ID is another session. */
function namesOf({ sessionId, seen }: InventoryEntry, names: Names) {
  return seen === "elsewhere" ? undefined : names.get(sessionId);
}

function reportShare(entry: InventoryEntry, findings: readonly AcceptedFinding[], names: Names): ReportedShare {
  const counting = findings.filter(({ accepted }) => accepted === undefined);
  const severity = severities.find((one) => counting.some((finding) => finding.severity === one));
  const kinds = new Set(findings.map(({ kind }) => kind));
  return {
    ...sharePropertiesOf(entry, names),
    ...(entry.createdAt !== undefined && { createdAt: entry.createdAt }),
    ...(entry.sealed !== undefined && { sealed: entry.sealed }),
    findings: findingKindNames.filter((kind) => kinds.has(kind)),
    ...(severity !== undefined && { severity }),
  };
}

function reportFinding(
  { kind, severity, entry, message, nextSteps, accepted }: AcceptedFinding,
  names: Names,
): ReportedFinding {
  return {
    kind,
    severity,
    ...sharePropertiesOf(entry, names),
    message: printable(message, 2000),
    nextSteps: nextSteps.map((step) => printable(step, 2000)),
    ...(accepted !== undefined && { accepted: { reason: accepted.reason, until: instantText(accepted.until) } }),
  };
}

function sharePropertiesOf(
  entry: InventoryEntry,
  names: Names,
): Omit<ReportedShare, "createdAt" | "sealed" | "findings" | "severity"> {
  const { sessionId, fingerprint, status, seen, readonly, listed, managedBy, onceManagedBy } = entry;
  return {
    sessionId,
    ...namesOf(entry, names),
    ...(fingerprint !== undefined && { fingerprint }),
    status,
    seen,
    ...windowPropertiesOf(entry),
    ...(readonly !== undefined && { readonly }),
    ...(listed !== undefined && listed.unreadable.length > 0 && { unreadable: [...listed.unreadable] }),
    labels: labelsOf(entry),
    declaredBy: managedBy.map(({ stack, urn }) => ({ stack, urn })),
    onceDeclaredBy: onceManagedBy.map(({ stack, urn }) => ({ stack, urn })),
    firstReportedAt: instantText(entry.firstReportedAt),
    ...(entry.lastListedAt !== undefined && { lastListedAt: instantText(entry.lastListedAt) }),
    ...(entry.notListedSince !== undefined && { notListedSince: instantText(entry.notListedSince) }),
    ...(entry.reactivatedAt !== undefined && { reactivatedAt: instantText(entry.reactivatedAt) }),
  };
}

function windowPropertiesOf({ since, to, unknownEnd, now }: InventoryEntry) {
  return {
    ...(since !== undefined && { validSince: instantText(since) }),
    ...(unknownEnd === undefined && { validTo: instantText(to) }),
    remainingSeconds: Number.isFinite(to) ? Math.max(0, Math.round((to - now) / 1000)) : to > 0 ? null : 0,
  };
}

/** Labels are not assigned to an object: the name `__proto__` would be lost. */
function labelsOf({ managedBy, previous }: InventoryEntry): Record<string, string> {
  const sources = managedBy.length > 0 ? managedBy : [previous];
  return Object.fromEntries(sources.flatMap((source) => Object.entries(source?.labels ?? {})));
}

function reportAcceptance({ fingerprint, urn, finding, reason, until, state }: JudgedAcceptance): ReportedAcceptance {
  return {
    ...(fingerprint !== undefined && { fingerprint }),
    ...(urn !== undefined && { urn }),
    finding,
    reason,
    until: instantText(until),
    state,
  };
}

function reportLink({ entry, findings }: RevokableLink, names: Names): LinkToRevoke {
  const { sessionId, fingerprint, createdAt, readonly } = entry;
  const { validSince, validTo } = windowPropertiesOf(entry);
  return {
    sessionId,
    ...namesOf(entry, names),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(createdAt !== undefined && { createdAt }),
    ...(validSince !== undefined && { validSince }),
    ...(validTo !== undefined && { validTo }),
    ...(readonly !== undefined && { readonly }),
    findings: [...findings],
  };
}

function reportExpired({ managedBy, sessionId, fingerprint = "", to }: InventoryEntry): ExpiredDeclaration[] {
  return managedBy.map(({ stack, urn }) => ({ stack, urn, sessionId, fingerprint, validTo: instantText(to) }));
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

/** Accepted findings last; by severity, then open windows first, then the latest end first. */
function mostUrgentFirst(a: AcceptedFinding, b: AcceptedFinding): number {
  return (
    Number(a.accepted !== undefined) - Number(b.accepted !== undefined) ||
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
