// A report for tests of the formats: three sessions, fourteen shares, and at least one entry in each of its lists. It is
// written by hand, so that a change of the analysis does not change what the formats must be able to show.
import { severities, type FindingKind } from "../../provider/audit/model/finding-kinds";
import type { Report, ReportedFinding, ReportedShare } from "../../provider/audit/model/report-schema";
import { statuses, statusOrder } from "../../provider/audit/model/status";
import { findingsFor, type SampleFinding } from "./audit-findings";
import { day, hour, instant, now, prod, sampleShares, sessions, urnOf, type SampleShare } from "./audit-shares";

function reportedShare(own: SampleShare, findings: readonly SampleFinding[]): ReportedShare {
  const kinds: FindingKind[] = findings.filter((finding) => finding.share === own).map(({ kind }) => kind);
  const counted = findings.filter((finding) => finding.share === own && finding.accepted === undefined);
  const severity = severities.find((one) => counted.some((finding) => finding.severity === one));
  return { ...own, findings: kinds, ...(severity !== undefined && { severity }) };
}

function reportedFinding({ share: { createdAt: _, ...own }, ...finding }: SampleFinding): ReportedFinding {
  return { ...finding, ...own };
}

function countOf<T extends string>(names: readonly T[], values: readonly T[]): Record<T, number> {
  const counts = names.map((name) => [name, values.filter((value) => value === name).length]);
  return Object.fromEntries(counts) as Record<T, number>;
}

/** The report; each call returns a new copy of the same. `more` replaces properties. */
export function report(more: Partial<Report> = {}): Report {
  const own = findingsFor(sampleShares);
  const findings = own.map(reportedFinding);
  const shares = Object.values(sampleShares)
    .sort((a, b) => statusOrder.indexOf(a.status) - statusOrder.indexOf(b.status))
    .map((one) => reportedShare(one, own));
  const counted = findings.filter(({ accepted }) => accepted === undefined).map(({ severity }) => severity);
  return {
    format: "fudo-audit-report/2",
    version: "0.0.0",
    generatedAt: instant(now),
    appliance: "https://fudo.example",
    scope: scope(),
    completeness: {
      complete: true,
      sessions: { inScope: 3, answered: 3, unknown: 0, failed: 0, notAsked: 0 },
      problems: [],
      notes: ["The appliance lists only what the API user may see: other sessions and shares are not in this report."],
    },
    summary: {
      findings: { ...countOf(severities, counted), accepted: findings.length - counted.length },
      shares: countOf(
        statuses,
        shares.map(({ status }) => status),
      ),
    },
    findings,
    shares,
    sessions: sessions.map((sessionId) => ({
      sessionId,
      outcome: "answered",
      shares: shares.filter((one) => one.sessionId === sessionId && one.seen === "listed").length,
    })),
    ...lists(findings),
    ...more,
  };
}

function scope(): Report["scope"] {
  const stacks = [
    { source: "prod", stack: prod, shares: 6 },
    { source: "plant/prod", stack: "acme-corp/plant/prod", shares: 1 },
    {
      source: "production-in-the-second-data-centre",
      stack: "acme-corp/the-order-system-of-the-second-data-centre/production-in-the-second-data-centre",
      shares: 1,
    },
  ];
  const empty = Array.from({ length: 42 }, (_, index) => ({ source: `team-${index}/dev`, shares: 0 }));
  return {
    stacks: [...stacks, ...empty],
    everyStack: true,
    sessions: "named",
    maxDurationSeconds: (30 * day) / 1000,
    requiredLabels: ["ticket"],
    endsWithinSeconds: (4 * hour) / 1000,
    previousReportAt: instant(now - day),
  };
}

/** What depends on the findings: the work list, the file of `--accept`, and declarations that are over. */
function lists(
  findings: readonly ReportedFinding[],
): Pick<Report, "acceptances" | "linksToRevoke" | "expiredDeclarations"> {
  const { accepted, other, third, orphaned, endless, replaced, expired, lost } = sampleShares;
  const acceptance = findings.find((finding) => finding.accepted)?.accepted ?? { reason: "", until: "" };
  const until = instant(now - hour);
  return {
    acceptances: [
      { fingerprint: accepted.fingerprint, finding: "interactive", ...acceptance, state: "applied" },
      { urn: urnOf(prod, "lost"), finding: "missing", reason: "Globex asked <us> to wait", until, state: "expired" },
      {
        fingerprint: "0".repeat(16),
        finding: "unmanaged",
        reason: "CHG-1",
        until: instant(now + day),
        state: "unmatched",
      },
      {
        fingerprint: lost.fingerprint,
        finding: "missing",
        reason: "The session was restarted",
        until: instant(now + 9 * day),
        state: "too-late",
      },
    ],
    linksToRevoke: [endless, other, third, orphaned, replaced].map(
      ({ sessionId, fingerprint, createdAt, validSince, validTo, readonly }) => ({
        sessionId,
        ...{ fingerprint, createdAt, validSince, validTo, readonly },
        findings: findings.filter((finding) => finding.fingerprint === fingerprint).map(({ kind }) => kind),
      }),
    ),
    expiredDeclarations: ["expired", "expired-last-week", "expired-last-month"].map((name, index) => ({
      stack: prod,
      urn: urnOf(prod, name),
      sessionId: sessions[0],
      fingerprint: index === 0 ? expired.fingerprint : String(index).repeat(16),
      validTo: instant(now - 42 * hour - index * 7 * day),
    })),
  };
}
