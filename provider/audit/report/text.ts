// The texts that the readable formats share: the verdict, the scope, the remaining time, who manages a share.
import { lengthText } from "../../lifecycle";
import { severities } from "../model/finding-kinds";
import type { Report, ReportedShare } from "../model/report-schema";
import { plural, utcText } from "../model/wording";

/** `3 findings: 2 high, 1 low.`, after a warning when the audit is incomplete. */
export function verdict({ findings, summary, completeness }: Report): string {
  const scope = completeness.complete ? "in scope" : "in the rest";
  const counts = severities.flatMap((severity) =>
    summary.findings[severity] > 0 ? [`${summary.findings[severity]} ${severity}`] : [],
  );
  const found =
    findings.length === 0 ? `No findings ${scope}.` : `${plural(findings.length, "finding")}: ${counts.join(", ")}.`;
  return completeness.complete ? found : `INCOMPLETE: see the problems. ${found}`;
}

/** Appliance, stacks and sessions, and how much of them the audit read: label and text. */
export function scopeRows({ appliance, generatedAt, scope, completeness }: Report): [string, string][] {
  const { sessions } = completeness;
  const stacks = scope.stacks.map(({ source, stack, shares, problem }) => {
    const name = stack === undefined || stack === source ? source : `${source} (${stack})`;
    return problem === undefined ? `${name}: ${plural(shares, "share")}` : `${name}: not read`;
  });
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
  return [
    ["Appliance", `${appliance}, ${utcText(Date.parse(generatedAt))}`],
    [
      "Stacks",
      stacks.length === 0 ? "none" : `${stacks.join("; ")}${scope.everyStack ? " (all stacks of the backend)" : ""}`,
    ],
    [
      "Sessions",
      `${which}: ${sessions.inScope} in scope, ${outcomes.map(([name, count]) => `${count} ${name}`).join(", ")}`,
    ],
  ];
}

type End = Pick<ReportedShare, "remainingSeconds" | "validTo" | "seen">;

/** `7 h 59 min`, `expired`, `never`, `encrypted`, `unknown`. */
export function timeLeft({ remainingSeconds, validTo, seen }: End): string {
  if (remainingSeconds === null) {
    if (validTo !== undefined) return "never";
    return seen === "listed" ? "unknown" : "encrypted";
  }
  return remainingSeconds === 0 ? "expired" : lengthText(remainingSeconds * 1000);
}

/** `expires in 7 h 59 min`, `expired`, `never expires`, `end is encrypted`, `end is unknown`. */
export function expiryText(share: End): string {
  const { remainingSeconds, validTo } = share;
  if (remainingSeconds === null) return validTo === undefined ? `end is ${timeLeft(share)}` : "never expires";
  return remainingSeconds === 0 ? "expired" : `expires in ${timeLeft(share)}`;
}

/** `4 active, 1 scheduled, 20 expired`. */
export function shareCounts({ summary }: Report): string {
  const counts = Object.entries(summary.shares).filter(([, count]) => count > 0);
  return counts.length === 0 ? "none" : counts.map(([status, count]) => `${count} ${status}`).join(", ");
}

/** `readonly`, `interactive`, or nothing when the mode is unknown. */
export function modeText({ readonly }: Pick<ReportedShare, "readonly">): string {
  if (readonly === undefined) return "";
  return readonly ? "readonly" : "interactive";
}

/** Resource name and stack: `acme (shop/prod)`; `previously …` when only the previous report contains them. */
export function managedByText({
  declaredBy,
  onceDeclaredBy,
}: Pick<ReportedShare, "declaredBy" | "onceDeclaredBy">): string {
  const text = (resources: ReportedShare["declaredBy"]) =>
    resources.map(({ stack, urn }) => `${urn.split("::").slice(3).join("::") || urn} (${stack})`).join(", ");
  if (declaredBy.length > 0) return text(declaredBy);
  return onceDeclaredBy.length > 0 ? `previously ${text(onceDeclaredBy)}` : "no stack";
}

export function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");
}

/** The line after a list that was cut: `… and 12 more findings`. */
export function moreText(count: number, noun: string): string {
  return `… and ${count} more ${count === 1 ? noun : `${noun}s`}`;
}
