// How the readable reports word what they share: the verdict, the reach, remaining time, who declares a share.
import { lengthText } from "../../lifecycle";
import { severities } from "../model/finding-kinds";
import type { Report, ReportedShare } from "../model/report-schema";

/** `3 findings: 2 high, 1 low`, or "nothing found in scope"; never that all is well. */
export function verdict({ findings, summary, completeness }: Report): string {
  const counts = severities.flatMap((severity) =>
    summary.findings[severity] > 0 ? [`${summary.findings[severity]} ${severity}`] : [],
  );
  const found =
    findings.length === 0 ? "Nothing found in scope" : `${plural(findings.length, "finding")}: ${counts.join(", ")}`;
  return completeness.complete ? `${found}.` : `INCOMPLETE. ${found} as far as could be looked at.`;
}

/** Which appliance, stacks and sessions, and how far the audit got: label and text. */
export function reach({ appliance, generatedAt, scope, completeness }: Report): [string, string][] {
  const { sessions } = completeness;
  const stacks = scope.stacks.map(({ source, stack, shares, problem }) => {
    const name = stack === undefined || stack === source ? source : `${source} (${stack})`;
    return problem === undefined ? `${name}: ${plural(shares, "share")}` : `${name}: not read`;
  });
  const outcomes = (
    [
      ["answered", sessions.answered],
      ["unknown", sessions.unknown],
      ["failed", sessions.failed],
      ["not asked", sessions.notAsked],
    ] as const
  ).filter(([name, count]) => name === "answered" || count > 0);
  const which =
    scope.sessions === "all-visible"
      ? "all that the API user sees, and those named"
      : "those of the stacks and those named";
  return [
    ["Appliance", `${appliance}, ${generatedAt.slice(0, 19)}Z`],
    [
      "Stacks",
      stacks.length === 0 ? "none" : `${stacks.join("; ")}${scope.everyStack ? " (every stack of the backend)" : ""}`,
    ],
    [
      "Sessions",
      `${which}: ${sessions.inScope} in scope, ${outcomes.map(([name, count]) => `${count} ${name}`).join(", ")}`,
    ],
  ];
}

/** `in 7 h 59 min`, `over`, `never ends`. */
export function remaining({ remainingSeconds, validTo }: Pick<ReportedShare, "remainingSeconds" | "validTo">): string {
  if (remainingSeconds === null) return validTo === undefined ? "end not readable" : "never ends";
  return remainingSeconds === 0 ? "over" : `in ${lengthText(remainingSeconds * 1000)}`;
}

/** `ends in 7 h 59 min`, `over`, `never ends`. */
export function ending(share: Pick<ReportedShare, "remainingSeconds" | "validTo">): string {
  return remaining(share).replace(/^in /, "ends in ");
}

/** `4 active, 1 scheduled, 20 ended`. */
export function shareCounts({ summary }: Report): string {
  const counts = Object.entries(summary.shares).filter(([, count]) => count > 0);
  return counts.length === 0 ? "none" : counts.map(([status, count]) => `${count} ${status}`).join(", ");
}

/** `readonly`, `interactive`, or nothing where it is not known. */
export function mode({ readonly }: Pick<ReportedShare, "readonly">): string {
  if (readonly === undefined) return "";
  return readonly ? "readonly" : "interactive";
}

/** The resource's own name and its stack: `acme (shop/prod)`; `once …` where only an earlier report knows it. */
export function ownerText({
  declaredBy,
  onceDeclaredBy,
}: Pick<ReportedShare, "declaredBy" | "onceDeclaredBy">): string {
  const text = (owners: ReportedShare["declaredBy"]) =>
    owners.map(({ stack, urn }) => `${urn.split("::").slice(3).join("::") || urn} (${stack})`).join(", ");
  if (declaredBy.length > 0) return text(declaredBy);
  return onceDeclaredBy.length > 0 ? `once ${text(onceDeclaredBy)}` : "no stack";
}

export function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
