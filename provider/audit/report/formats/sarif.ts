// The findings as SARIF 2.1.0, for code scanning and pipelines. A share is not in a file: the logical location of a result
// is its resource or share, and the physical location is the project file.
import { findingKindNames, findingKinds, type FindingKind, type Severity } from "../../model/finding-kinds";
import type { Report, ReportedFinding } from "../../model/report-schema";
import { verdict } from "../text";

const levels: Readonly<Record<Severity, string>> = { high: "error", medium: "warning", low: "note", info: "none" };
/** CVSS-like scores: GitHub sorts by them. */
const scores: Readonly<Record<Severity, string>> = { high: "8.0", medium: "5.0", low: "3.0", info: "0.0" };

export function toSarif(report: Report): string {
  const rules = findingKindNames.map(ruleOf);
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "fudo-audit", semanticVersion: report.version, version: report.version, rules } },
        automationDetails: { id: `fudo-audit/${report.appliance}/` },
        invocations: [
          {
            executionSuccessful: report.completeness.complete,
            endTimeUtc: report.generatedAt,
            toolExecutionNotifications: [
              ...report.completeness.problems.map((text) => ({ level: "error", message: { text } })),
              ...report.completeness.notes.map((text) => ({ level: "note", message: { text } })),
            ],
          },
        ],
        results: report.findings.map(resultOf),
        properties: { scope: report.scope, verdict: verdict(report) },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf(kind: FindingKind) {
  const { severity, title, meaning } = findingKinds[kind];
  return {
    id: kind,
    name: title.replace(/(?:^|[^A-Za-z]+)([A-Za-z])/g, (_match, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: meaning.replaceAll("`", "") },
    help: { text: meaning.replaceAll("`", ""), markdown: meaning },
    defaultConfiguration: { level: levels[severity] },
    properties: { "security-severity": scores[severity], tags: ["security"] },
  };
}

function resultOf(finding: ReportedFinding) {
  const { kind, severity, sessionId, fingerprint, message, nextSteps, declaredBy } = finding;
  const share = fingerprint === undefined ? `${sessionId} (no key)` : `${sessionId}/${fingerprint}`;
  const names = declaredBy.length > 0 ? declaredBy.map(({ urn }) => urn) : [share];
  const { kind: _kind, severity: _severity, message: _message, nextSteps: _nextSteps, ...properties } = finding;
  return {
    ruleId: kind,
    ruleIndex: findingKindNames.indexOf(kind),
    level: levels[severity],
    message: { text: `Share ${share}: ${message} ${nextSteps.join(" ")}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: "Pulumi.yaml" }, region: { startLine: 1 } },
        logicalLocations: names.map((fullyQualifiedName) => ({ fullyQualifiedName, kind: "resource" })),
      },
    ],
    // With the same fingerprint, code scanning treats the finding of the next run as the same alert.
    ...(fingerprint !== undefined && {
      partialFingerprints: { "fudoShare/v1": `${sessionId}/${fingerprint}/${kind}` },
    }),
    properties,
  };
}
