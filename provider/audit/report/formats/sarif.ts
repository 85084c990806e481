// The findings as SARIF 2.1.0, for code scanning and pipelines. A share is not in a file: the logical location of a result
// is its resource or share, and the physical location is the project file.
import { createHash } from "node:crypto";
import { findingKindNames, findingKinds, type FindingKind, type Severity } from "../../model/finding-kinds";
import type { Report, ReportedAcceptance, ReportedFinding } from "../../model/report-schema";
import { findingNames, shareName } from "../share-names";
import { nameOf, namesInBrackets, verdict } from "../text";
import { acceptanceStates } from "../work-lists";

// A finding of severity info is a note, not `none`: code scanning hides results of level none.
const levels: Readonly<Record<Severity, string>> = { high: "error", medium: "warning", low: "note", info: "note" };
/** CVSS-like scores: GitHub sorts by them, and takes 0.1 for the lowest. */
const scores: Readonly<Record<Severity, string>> = { high: "8.0", medium: "5.0", low: "3.0", info: "0.1" };

const informationUri = "https://www.npmjs.com/package/pulumi-fudo";

export function toSarif(report: Report): string {
  const { version, appliance, completeness, generatedAt, findings, scope } = report;
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "fudo-audit",
            informationUri,
            semanticVersion: version,
            version,
            rules: findingKindNames.map(ruleOf),
            notifications,
          },
        },
        automationDetails: { id: `fudo-audit/${appliance}/` },
        invocations: [
          {
            executionSuccessful: completeness.complete,
            endTimeUtc: generatedAt,
            toolExecutionNotifications: notificationsOf(report),
          },
        ],
        results: resultsOf(findings),
        properties: { scope, verdict: verdict(report) },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const notifications = [
  ["problem", "AuditProblem", "Something that the audit could not read: the audit is incomplete."],
  ["note", "AuditNote", "What this audit cannot see, and what it assumes."],
  ["acceptance", "UnusedAcceptance", "An entry of the file of --accept that accepts no finding of this report."],
].map(([id, name, text]) => ({ id, name, shortDescription: { text }, fullDescription: { text }, help: { text } }));

function notificationsOf({ completeness, acceptances }: Report) {
  const notification = (id: string, level: string) => (text: string) => ({
    descriptor: { id, index: notifications.findIndex((descriptor) => descriptor.id === id) },
    level,
    message: { text: plainText(text) },
  });
  return [
    ...completeness.problems.map(notification("problem", "error")),
    ...acceptances
      .filter(({ state }) => state !== "applied")
      .map(acceptanceText)
      .map(notification("acceptance", "warning")),
    ...completeness.notes.map(notification("note", "note")),
  ];
}

function acceptanceText({ finding, fingerprint, urn, state, until, reason }: ReportedAcceptance): string {
  const of = fingerprint ?? urn ?? "?";
  return `The acceptance of ${finding} for ${of} until ${until} (${reason}) accepts nothing. ${acceptanceStates[state]}`;
}

function ruleOf(kind: FindingKind) {
  const { severity, title, meaning } = findingKinds[kind];
  return {
    id: kind,
    name: title.replace(/(?:^|[^A-Za-z]+)([A-Za-z])/g, (_match, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: meaning.replaceAll("`", "") },
    helpUri: informationUri,
    help: { text: meaning.replaceAll("`", ""), markdown: meaning },
    defaultConfiguration: { level: levels[severity] },
    properties: { "security-severity": scores[severity], tags: ["security"] },
  };
}

function resultsOf(findings: readonly ReportedFinding[]) {
  const identities = findingNames(findings);
  // SARIF 2.1.0, 3.27.23: either every result of a run has `suppressions`, or none has.
  const withSuppressions = findings.some(({ accepted }) => accepted !== undefined);
  return findings.map((finding, index) => ({
    ...resultOf(finding, identities[index] ?? ""),
    ...(withSuppressions && { suppressions: suppressionsOf(finding) }),
  }));
}

function resultOf(finding: ReportedFinding, identity: string) {
  const { kind, severity, message, nextSteps, declaredBy, accepted, notification: _, ...properties } = finding;
  const share = shareName(finding);
  const acceptance = accepted === undefined ? [] : [`Accepted until ${accepted.until}: ${accepted.reason}`];
  return {
    ruleId: kind,
    ruleIndex: findingKindNames.indexOf(kind),
    level: levels[severity],
    message: {
      text: plainText(
        [`${nameOf(finding)}, share ${share}${namesInBrackets(finding)}: ${message}`, ...nextSteps, ...acceptance].join(
          " ",
        ),
      ),
    },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: "Pulumi.yaml" }, region: { startLine: 1 } },
        logicalLocations: [...declaredBy.map(({ urn }) => urn), share].map((fullyQualifiedName) => ({
          fullyQualifiedName,
          kind: "resource",
        })),
      },
    ],
    // With the same fingerprints, code scanning treats the finding of the next run as the same alert. GitHub compares only the
    // first one, and would compute it from the text at the location, which is the same for every finding.
    partialFingerprints: {
      primaryLocationLineHash: `${createHash("sha256").update(identity).digest("hex").slice(0, 16)}:1`,
      "fudoShare/v1": identity,
    },
    properties: { ...properties, declaredBy, "security-severity": scores[severity] },
  };
}

function suppressionsOf({ accepted }: ReportedFinding) {
  if (accepted === undefined) return [];
  const { reason, until } = accepted;
  return [{ kind: "external", status: "accepted", justification: reason, properties: { until } }];
}

/**
 * Text that a viewer shows as it is. SARIF 2.1.0, 3.11.5 and 3.11.6: `[text](target)` is a link, and `{0}` stands for an
 * argument; a space makes both ordinary text.
 */
function plainText(text: string): string {
  return text.replaceAll("](", "] (").replaceAll(/\{(?=\d+\})/g, "{ ");
}
