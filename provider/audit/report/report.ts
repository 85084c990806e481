// Puts the report together from what was looked at: pure, no format. Everything in it is safe to print: one line, no
// control characters, no credential.
import { formatMilliseconds, printable } from "../../client";
import { findingsOf, type Finding, type Policy } from "../analyze/findings";
import { kindNames, kinds, severities } from "../model/finding-kinds";
import type { Completeness } from "../analyze/coverage";
import type { SessionAnswer } from "../collect/appliance-shares";
import { statuses, type Entry } from "../analyze/inventory";
import { reportFormat, type Report, type ReportedFinding, type ReportedShare } from "../model/report-schema";

export interface ReportSources {
  readonly version: string;
  /** Local clock, milliseconds. */
  readonly now: number;
  readonly appliance: string;
  readonly stacks: Report["scope"]["stacks"];
  readonly allSessions: boolean;
  readonly policy: Policy;
  readonly entries: readonly Entry[];
  readonly answers: readonly SessionAnswer[];
  readonly completeness: Completeness;
}

/** The report of one run; findings most urgent first, shares by status and end. */
export function makeReport({
  version,
  now,
  appliance,
  stacks,
  allSessions,
  policy,
  entries,
  answers,
  completeness,
}: ReportSources): Report {
  const judged = entries.map((entry) => ({ entry, findings: findingsOf(entry, policy) }));
  const findings = judged
    .flatMap((one) => one.findings)
    .sort(mostUrgentFirst)
    .map(reportFinding);
  const shares = judged
    .sort((a, b) => byStatus(a.entry, b.entry))
    .map(({ entry, findings: own }) => reportShare(entry, own));
  const countOf = <T extends string>(names: readonly T[], of: readonly T[]) =>
    Object.fromEntries(names.map((name) => [name, of.filter((one) => one === name).length])) as Record<T, number>;
  return {
    format: reportFormat,
    version,
    generatedAt: formatMilliseconds(now),
    appliance,
    scope: {
      stacks,
      everyStack: policy.everyStack,
      sessions: allSessions ? "all-visible" : "named",
      maxDurationSeconds: policy.maxDuration / 1000,
      requiredLabels: [...policy.requiredLabels],
    },
    completeness,
    summary: {
      findings: countOf(
        severities,
        findings.map(({ severity }) => severity),
      ),
      shares: countOf(
        statuses,
        shares.map(({ status }) => status),
      ),
    },
    findings,
    shares,
    sessions: answers.map(reportSession),
  };
}

function reportShare(entry: Entry, findings: readonly Finding[]): ReportedShare {
  return {
    ...factsOf(entry),
    ...(entry.listed?.createdAt !== undefined && { createdAt: entry.listed.createdAt }),
    findings: findings.map(({ kind }) => kind),
  };
}

function reportFinding({ kind, entry, message, nextSteps }: Finding): ReportedFinding {
  return {
    kind,
    severity: kinds[kind].severity,
    ...factsOf(entry),
    message: printable(message, 2000),
    nextSteps: nextSteps.map((step) => printable(step, 2000)),
  };
}

function factsOf(entry: Entry): Omit<ReportedShare, "createdAt" | "findings"> {
  const { sessionId, fingerprint, status, seen, since, to, hiddenEnd, now, listed, owners, lookedUpBy, earlier } =
    entry;
  const readonly =
    listed?.readonly ??
    [...owners, ...lookedUpBy].find((share) => share.readonly !== undefined)?.readonly ??
    earlier?.readonly;
  const labels =
    owners.length > 0
      ? (Object.assign({}, ...owners.map((owner) => owner.labels)) as Record<string, string>)
      : earlier?.labels;
  return {
    sessionId,
    ...(fingerprint !== undefined && { fingerprint }),
    status,
    seen,
    ...(since !== undefined && { validSince: instantText(since) }),
    ...(!hiddenEnd && { validTo: instantText(to) }),
    remainingSeconds: Number.isFinite(to) ? Math.max(0, Math.round((to - now) / 1000)) : to > 0 ? null : 0,
    ...(readonly !== undefined && { readonly }),
    labels: { ...labels },
    declaredBy: owners.map(({ stack, urn }) => ({ stack, urn })),
    onceDeclaredBy: owners.length > 0 ? [] : [...(earlier?.declaredBy ?? [])],
  };
}

function reportSession(answer: SessionAnswer): Report["sessions"][number] {
  const { sessionId, outcome } = answer;
  return {
    sessionId,
    outcome,
    ...(answer.outcome === "answered" && { shares: answer.shares.length }),
    ...(answer.outcome === "failed" && { reason: answer.reason }),
  };
}

function instantText(ms: number): string {
  return Number.isFinite(ms) ? formatMilliseconds(ms) : ms > 0 ? "infinity" : "-infinity";
}

/** By severity, then what is open now, then what stays open longest. */
function mostUrgentFirst(a: Finding, b: Finding): number {
  return (
    severities.indexOf(kinds[a.kind].severity) - severities.indexOf(kinds[b.kind].severity) ||
    openness(a.entry) - openness(b.entry) ||
    descending(a.entry.to, b.entry.to) ||
    kindNames.indexOf(a.kind) - kindNames.indexOf(b.kind) ||
    byName(a.entry, b.entry)
  );
}

const order = ["active", "scheduled", "missing", "removed", "ended"];

function openness({ status }: Entry): number {
  return order.indexOf(status);
}

/** What is open first, and of that what ends next. */
function byStatus(a: Entry, b: Entry): number {
  return openness(a) - openness(b) || descending(b.to, a.to) || byName(a, b);
}

function descending(a: number, b: number): number {
  return a === b ? 0 : a > b ? -1 : 1;
}

function byName(a: Entry, b: Entry): number {
  return a.sessionId.localeCompare(b.sessionId) || (a.fingerprint ?? "").localeCompare(b.fingerprint ?? "");
}
