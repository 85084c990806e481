// The report as Markdown for pipeline summaries and merge requests: the verdict, the problems and the findings first, then a
// Mermaid gantt chart of the access windows, and lists that open.
import { whereToRevoke } from "../../../lifecycle";
import type { Report, ReportedFinding, ReportedShare } from "../../model/report-schema";
import { plural } from "../../model/wording";
import { acceptedFindings } from "../finding-groups";
import { expiryText, modeText, nameOf, notListedText, scopeRows, shareCounts } from "../text";
import { namesInBrackets, stacksOf, verdict, windowText } from "../text";
import {
  acceptedText,
  expiredDeclarationTexts,
  linksBySession,
  notListedSince,
  uselessAcceptances,
} from "../work-lists";
import { gantt } from "./gantt";
import { findingsSection } from "./markdown-findings";
import { escaped, list, moreLine, prose, Room, short } from "./markdown-text";

/**
 * GitHub rejects a job summary above 1 MiB (docs.github.com, "Workflow commands", "Step isolation and limits"), and the
 * file of a step can contain other text, too. GitLab accepts 1,000,000 characters in a comment.
 */
const maxBytes = 900_000;
/** The problems are shown before the findings; what the audit could not read must not push all findings out. */
const maxProblemBytes = 300_000;
const maxEntries = 200;

export function toMarkdown(report: Report): string {
  const { problems, notes } = report.completeness;
  const room = new Room(maxBytes);
  const chart = gantt(report);
  const fixed = [
    "## Fudo session shares",
    `**${verdict(report)}**`,
    list(scopeRows(report).map(([label, text]) => `${label}: ${short(text, 3000)}`)),
    ...section("### Problems", problems, prose, new Room(maxProblemBytes), "problem"),
  ];
  const windows = [
    "### Who has access, and until when",
    `Shares: ${shareCounts(report)}.`,
    ...(chart === undefined ? [] : [`\`\`\`mermaid\n${chart}\n\`\`\``]),
  ];
  const limits = list(notes.map(prose));
  // What is short and always there takes its room first.
  room.takes([...fixed, ...windows, limits].join("\n\n"));
  const parts = [
    ...fixed,
    ...findingsSection(report, room),
    ...acceptedSection(report, room),
    ...revokeSection(report, room),
    ...windows,
    ...notListedSection(report, room),
    ...expiredSection(report, room),
    ...inventory(report, room),
    limits,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function section<T>(
  heading: string,
  values: readonly T[],
  toText: (value: T) => string,
  room: Room,
  noun: string,
): string[] {
  if (values.length === 0) return [];
  const { shown, more } = room.entries(values, toText, noun, maxEntries);
  return [heading, list(shown), more];
}

function acceptedSection(report: Report, room: Room): string[] {
  const accepted = (finding: ReportedFinding) => {
    const what = [`\`${finding.kind}\``, expiryText(finding), idCode(finding)].filter(Boolean).join(", ");
    return `**${short(nameOf(finding), 200)}** ${what}<br>${escaped(acceptedText(finding))}`;
  };
  const useless = "### Entries of the acceptance file that accept nothing";
  return [
    ...section("### Accepted findings", acceptedFindings(report), accepted, room, "accepted finding"),
    ...section(useless, uselessAcceptances(report), escaped, room, "acceptance"),
  ];
}

/** A task list: a person can tick each link in a merge request. */
function revokeSection(report: Report, room: Room): string[] {
  const total = report.linksToRevoke.length;
  if (total === 0) return [];
  let shown = 0;
  const texts = linksBySession(report).flatMap(({ sessionId, names, links }) => {
    const heading = `- Session \`${sessionId}\`${short(names, 300)}`;
    if (shown >= maxEntries || !room.takes(heading)) return [];
    const own = links
      .slice(0, maxEntries - shown)
      .map(({ name, text }) => `  - [ ] **${short(name, 200)}**: ${escaped(text)}`)
      .filter((link) => room.takes(link));
    shown += own.length;
    return [heading, ...own];
  });
  return [
    `### Links to revoke by hand: ${total}`,
    `For each of them: ${escaped(whereToRevoke)}.`,
    texts.join("\n"),
    moreLine(total - shown, "link"),
  ];
}

function notListedSection({ shares }: Report, room: Room): string[] {
  const heading = `Not listed. ${escaped(notListedText)}`;
  const toText = (share: ReportedShare) => {
    const state = [notListedSince(share), expiryText(share), idCode(share)].filter(Boolean).join(", ");
    return `**${short(nameOf(share), 200)}**: ${state}`;
  };
  const notListed = shares.filter(({ status }) => status === "not-listed");
  return section(heading, notListed, toText, room, "share");
}

function expiredSection(report: Report, room: Room): string[] {
  const summary = `Declarations of expired shares that can be removed: ${report.expiredDeclarations.length}`;
  const [, ...parts] = section("", expiredDeclarationTexts(report), escaped, room, "declaration");
  return parts.length === 0 ? [] : details(summary, parts);
}

function inventory({ shares }: Report, room: Room): string[] {
  if (shares.length === 0) return [];
  const { shown, more } = room.entries(shares, inventoryRow, "share", maxEntries);
  const head = ["Share", "Status", "Session, share", "Window", "Findings"];
  const rows = [`| ${head.join(" | ")} |`, `|${" --- |".repeat(head.length)}`, ...shown];
  return details(`Inventory: ${plural(shares.length, "share")}`, [rows.join("\n"), more]);
}

function inventoryRow(share: ReportedShare): string {
  const stacks = stacksOf(share);
  const cells = [
    `${short(nameOf(share), 200)}${stacks === "" ? "" : `, ${short(stacks, 300)}`}`,
    share.status,
    idCode(share),
    [windowText(share), modeText(share)].filter(Boolean).join(", "),
    share.findings.join(", "),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Text that opens on a click. Markdown inside needs the empty lines. */
function details(summary: string, parts: readonly string[]): string[] {
  return [`<details><summary>${summary}</summary>`, ...parts, "</details>"];
}

/** Digits and hexadecimal digits need no escaping, and the names get it. */
function idCode(share: Pick<ReportedShare, "sessionId" | "fingerprint" | "serverName" | "userName">): string {
  const { sessionId, fingerprint } = share;
  return `session \`${sessionId}\`${short(namesInBrackets(share), 300)}, ${fingerprint === undefined ? "no readable key" : `share \`${fingerprint}\``}`;
}
