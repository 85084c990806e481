// The texts that the readable formats share: the verdict, the scope, the remaining time, who manages a share.
import { lengthText } from "../../lifecycle";
import { severities } from "../model/finding-kinds";
import type { Report, ReportedShare, ReportedStack } from "../model/report-schema";
import { mayGiveAccess, statusOrder } from "../model/status";
import { plural, utcText } from "../model/wording";

/** `3 findings: 2 high, 1 low. 1 accepted.`, after a warning when the audit is incomplete. */
export function verdict({ summary, completeness }: Report): string {
  const scope = completeness.complete ? "in scope" : "in the rest";
  const counts = severities.flatMap((severity) =>
    summary.findings[severity] > 0 ? [`${summary.findings[severity]} ${severity}`] : [],
  );
  const total = severities.reduce((sum, severity) => sum + summary.findings[severity], 0);
  const found = total === 0 ? `No findings ${scope}.` : `${plural(total, "finding")}: ${counts.join(", ")}.`;
  const { accepted } = summary.findings;
  const all = accepted > 0 ? `${found} ${accepted} accepted.` : found;
  return completeness.complete ? all : `INCOMPLETE: see the problems. ${all}`;
}

/** Appliance, stacks and sessions, and how much of them the audit read: label and text. */
export function scopeRows(report: Report): [string, string][] {
  const { appliance, generatedAt, scope, completeness } = report;
  const { sessions } = completeness;
  const outcomes = (
    [
      ["read", sessions.answered],
      ["unknown", sessions.unknown],
      ["failed", sessions.failed],
      ["not requested", sessions.notAsked],
    ] as const
  ).filter(([name, count]) => name === "read" || count > 0);
  const which =
    scope.sessions === "all-visible"
      ? "all that the API user sees, and named ones"
      : "from the stacks, --session and the previous report";
  const { previousReportAt: before } = scope;
  return [
    ["Appliance", `${appliance}, ${utcText(Date.parse(generatedAt))}`],
    ["Stacks", stacksText(scope)],
    [
      "Sessions",
      `${which}: ${sessions.inScope} in scope, ${outcomes.map(([name, count]) => `${count} ${name}`).join(", ")}`,
    ],
    ...sealedRows(report),
    ...(before === undefined ? [] : [["Previous", `report of ${utcText(Date.parse(before))}`] as [string, string]]),
  ];
}

/** Names the live shares that are not sealed. Nothing for teams that seal no share. */
function sealedRows({ shares }: Report): [string, string][] {
  const live = shares.filter((share) => share.sealed !== undefined && mayGiveAccess(share));
  const open = live.filter(({ sealed }) => sealed === false);
  if (open.length === live.length) return [];
  const count = `${live.length - open.length} of ${plural(live.length, "live declared share")}.`;
  if (open.length === 0) return [["Sealed", count]];
  const names = open.slice(0, maxOpen).map((share) => `${nameOf(share)} (${share.fingerprint ?? ""})`);
  const more = open.length > maxOpen ? `, ${cutText(open.length - maxOpen, "share")}` : "";
  return [["Sealed", `${count} Not sealed, so a state holds the link: ${names.join(", ")}${more}.`]];
}

/** How many shares that are not sealed the scope names. */
const maxOpen = 10;

/** A backend can have hundreds of stacks: the problems come first, and the stacks without shares are only counted. */
function stacksText({ stacks, everyStack }: Report["scope"]): string {
  const unread = stacks.filter(({ problem }) => problem !== undefined);
  const used = stacks.filter(({ problem, shares }) => problem === undefined && shares > 0);
  const rest = used.slice(maxStacks).reduce((sum, { shares }) => sum + shares, 0);
  const empty = stacks.length - unread.length - used.length;
  const parts = [
    ...unread.slice(0, maxStacks).map((stack) => `${stackName(stack)}: not read`),
    ...(unread.length > maxStacks ? [`${plural(unread.length - maxStacks, "more stack")} not read`] : []),
    ...used.slice(0, maxStacks).map((stack) => `${stackName(stack)}: ${plural(stack.shares, "share")}`),
    ...(rest > 0 ? [`${plural(used.length - maxStacks, "more stack")} with ${plural(rest, "share")}`] : []),
    ...(empty > 0 ? [`${plural(empty, "stack")} without shares`] : []),
  ];
  return parts.length === 0 ? "none" : `${parts.join("; ")}${everyStack ? " (all stacks of the backend)" : ""}`;
}

/** How many stacks the scope names. */
const maxStacks = 10;

/** `acme/shop/prod`, or `state.json (acme/shop/prod)` when the source is not the name of the stack. */
function stackName({ source, stack }: ReportedStack): string {
  if (stack === undefined) return source;
  return `/${stack}`.endsWith(`/${source}`) ? stack : `${source} (${stack})`;
}

/** Milliseconds; undefined for an infinite or unknown instant. */
export function instant(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? "");
  return Number.isFinite(ms) ? ms : undefined;
}

type End = Pick<ReportedShare, "remainingSeconds" | "validTo">;

/** `7 h 59 min`, `expired`, `never`, `unknown`: the state encrypts the end, or no list shows it. */
export function timeLeft({ remainingSeconds, validTo }: End): string {
  if (remainingSeconds === null) return validTo === undefined ? "unknown" : "never";
  return remainingSeconds === 0 ? "expired" : lengthText(remainingSeconds * 1000);
}

/** `expires in 7 h 59 min`, `expired`, `never expires`, `end is unknown`; nothing for a share that was removed. */
export function expiryText(share: End & Pick<ReportedShare, "status">): string {
  const { remainingSeconds, validTo, status } = share;
  if (status === "removed") return "";
  if (remainingSeconds === null) return validTo === undefined ? `end is ${timeLeft(share)}` : "never expires";
  return remainingSeconds === 0 ? "expired" : `expires in ${timeLeft(share)}`;
}

/** `2026-03-02 10:00 to 2026-03-02 18:00 UTC`, `no start to no end`, `until 2026-03-02 18:00 UTC`. */
export function windowText({ validSince, validTo }: Pick<ReportedShare, "validSince" | "validTo">): string {
  const short = (instant: string) => utcText(Date.parse(instant)).replace(" UTC", "");
  const start =
    validSince === undefined ? "until" : validSince.endsWith("infinity") ? "no start to" : `${short(validSince)} to`;
  const end = validTo === undefined ? "an unknown end" : validTo === "infinity" ? "no end" : `${short(validTo)} UTC`;
  return `${start} ${end}`;
}

/** `4 active, 1 scheduled, 20 expired`. */
export function shareCounts({ summary }: Report): string {
  const counts = statusOrder.flatMap((status) =>
    summary.shares[status] > 0 ? [`${summary.shares[status]} ${status}`] : [],
  );
  return counts.length === 0 ? "none" : counts.join(", ");
}

/** `readonly`, `interactive`, or nothing when the mode is unknown. */
export function modeText({ readonly }: Pick<ReportedShare, "readonly">): string {
  if (readonly === undefined) return "";
  return readonly ? "readonly" : "interactive";
}

/** `server db-01, user ACME Support`: what people call the session. Nothing where the audit knows no name. */
export function sessionNames({ serverName, userName }: Pick<ReportedShare, "serverName" | "userName">): string {
  const parts = [
    serverName === undefined ? "" : `server ${serverName}`,
    userName === undefined ? "" : `user ${userName}`,
  ];
  return parts.filter(Boolean).join(", ");
}

/** ` (server db-01, user ACME Support)`, or nothing: to be appended to the ID of the session. */
export function namesInBrackets(share: Parameters<typeof sessionNames>[0]): string {
  const names = sessionNames(share);
  return names === "" ? "" : ` (${names})`;
}

type Named = Pick<ReportedShare, "labels" | "declaredBy" | "onceDeclaredBy">;

/** What people call the share: `ACME Support / acme-db` (the label `vendor` and the resource), or `no stack`. */
export function nameOf({ labels, declaredBy, onceDeclaredBy }: Named): string {
  const vendor = Object.hasOwn(labels, "vendor") ? (labels["vendor"] ?? "").trim() : "";
  const resources = [...new Set((declaredBy.length > 0 ? declaredBy : onceDeclaredBy).map(resourceName))];
  const named = resources.slice(0, maxNames).join(", ");
  const resource = resources.length > maxNames ? `${named} and ${resources.length - maxNames} more` : named;
  const parts = [...new Set([vendor === encryptedLabel ? "" : vendor, resource])].filter(Boolean);
  return parts.join(" / ") || "no stack";
}

/** How many resources a name contains. */
const maxNames = 3;
/** Replaces an encrypted value in the report. */
const encryptedLabel = "[encrypted]";

function resourceName({ urn }: ReportedShare["declaredBy"][number]): string {
  return urn.split("::").slice(3).join("::") || urn;
}

/** Resource name and stack: `acme (shop/prod)`; `previously …` when only the previous report contains them. */
export function managedByText({
  declaredBy,
  onceDeclaredBy,
}: Pick<ReportedShare, "declaredBy" | "onceDeclaredBy">): string {
  const text = (resources: ReportedShare["declaredBy"]) =>
    resources.map((resource) => `${resourceName(resource)} (${resource.stack})`).join(", ");
  if (declaredBy.length > 0) return text(declaredBy);
  return onceDeclaredBy.length > 0 ? `previously ${text(onceDeclaredBy)}` : "no stack";
}

/** `shop/prod`, or `previously shop/prod`; nothing when no stack is known. Belongs next to `nameOf`, which has the resource. */
export function stacksOf({ declaredBy, onceDeclaredBy }: Pick<ReportedShare, "declaredBy" | "onceDeclaredBy">): string {
  const names = (resources: ReportedShare["declaredBy"]) =>
    [...new Set(resources.map(({ stack }) => stack))].join(", ");
  if (declaredBy.length > 0) return names(declaredBy);
  return onceDeclaredBy.length > 0 ? `previously ${names(onceDeclaredBy)}` : "";
}

/** The labels without the vendor, for a place next to `nameOf`, which has the vendor. */
export function otherLabelsText({ vendor: _, ...labels }: Readonly<Record<string, string>>): string {
  return labelsText(labels);
}

export function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");
}

export const notListedText =
  "A valid list does not contain the share. It was revoked, it is not listed yet, or this API user cannot see it.";

/** The line after a list that was cut: `… and 12 more findings`. */
export function moreText(count: number, noun: string): string {
  return `… and ${count} more ${count === 1 ? noun : `${noun}s`}`;
}

/** `moreText`, and where the rest is: the CSV report has one row for each share, and no other list. */
export function cutText(count: number, noun: string): string {
  const where = /share|finding/.test(noun) ? "JSON or CSV" : "JSON";
  return `${moreText(count, noun)}: see the ${where} report`;
}

/** Code between back-ticks in messages and steps. Text of others can contain back-ticks, too: this matches only simple code. */
export const codeInProse = /(?<=^|[\s(])`([\w .:/=-]{1,80})`/g;

/** A message or a step without the back-ticks around code, for a place that cannot format code. */
export function withoutBackticks(text: string): string {
  return text.replace(codeInProse, "$1");
}
