// The findings as SARIF 2.1.0, for code scanning and pipelines. A share is no line of a file: each result names its resource
// or share as logical location, and the project file as the place where a reader begins.
import { kindNames, kinds, type Kind, type Severity } from "../../model/finding-kinds";
import type { Report, ReportedFinding } from "../../model/report-schema";
import { verdict } from "../text";

const levels: Readonly<Record<Severity, string>> = { high: "error", medium: "warning", low: "note" };
/** CVSS-like numbers, by which GitHub sorts. */
const numbers: Readonly<Record<Severity, string>> = { high: "8.0", medium: "5.0", low: "3.0" };

export function toSarif(report: Report): string {
  const rules = kindNames.map(ruleOf);
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

function ruleOf(kind: Kind) {
  const { severity, title, meaning } = kinds[kind];
  return {
    id: kind,
    name: title.replace(/(?:^|[^A-Za-z]+)([A-Za-z])/g, (_match, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: meaning.replaceAll("`", "") },
    help: { text: meaning.replaceAll("`", ""), markdown: meaning },
    defaultConfiguration: { level: levels[severity] },
    properties: { "security-severity": numbers[severity], tags: ["security"] },
  };
}

function resultOf(finding: ReportedFinding) {
  const { kind, severity, sessionId, fingerprint, message, nextSteps, declaredBy } = finding;
  const share = fingerprint === undefined ? `${sessionId} (an entry without a key)` : `${sessionId}/${fingerprint}`;
  const names = declaredBy.length > 0 ? declaredBy.map(({ urn }) => urn) : [share];
  const { kind: _kind, severity: _severity, message: _message, nextSteps: _nextSteps, ...facts } = finding;
  return {
    ruleId: kind,
    ruleIndex: kindNames.indexOf(kind),
    level: levels[severity],
    message: { text: `Share ${share}: ${message} ${nextSteps.join(" ")}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: "Pulumi.yaml" }, region: { startLine: 1 } },
        logicalLocations: names.map((fullyQualifiedName) => ({ fullyQualifiedName, kind: "resource" })),
      },
    ],
    // The same finding on the next run is the same alert.
    ...(fingerprint !== undefined && {
      partialFingerprints: { "fudoShare/v1": `${sessionId}/${fingerprint}/${kind}` },
    }),
    properties: facts,
  };
}
