// Reads the report that `--previous` names: every share in it that was not over by the appliance's clock. So the audit still
// finds the live links of a destroyed stack, and remembers what earlier reports found.
import { z } from "zod";
import { printable, shellWord } from "../../client";
import { parseInstant } from "../../time/instants";
import type { FindingKind, Severity } from "../model/finding-kinds";
import { withCurrentNames } from "../model/report-format-1";
import { reportFormat, reportSchema } from "../model/report-schema";
import type { Status } from "../model/status";
import { UsageError } from "../model/usage-error";
import { object, parseJson } from "./state-json";
import { maximumReportSize, readTextFile } from "./text-file";

/** A resource that declared a share. */
export interface DeclaringResource {
  /** `organization/project/stack`, or `project/stack` when the organization is not known. */
  readonly stack: string;
  readonly urn: string;
}

/** A finding of the previous report, as far as the next notification needs it. */
export type PreviousFinding = ReadReport["findings"][number];

/** A share of the previous report that was not over. Instants are milliseconds since the epoch. */
export interface PreviousShare {
  readonly sessionId: string;
  /** Absent when the appliance listed the share without a readable key. */
  readonly fingerprint?: string;
  readonly status: Status;
  readonly since?: number;
  /** Infinity: the share has no end. Absent: no report has seen its end. */
  readonly to?: number;
  /** UTC, with microseconds. */
  readonly createdAt?: string;
  readonly readonly?: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** A stack declared the share in that report. */
  readonly declared: boolean;
  /** The resources that declared it in that report, or before. */
  readonly declaredBy: readonly DeclaringResource[];
  readonly firstReportedAt: number;
  /** Absent while no report has found the share in a list. */
  readonly lastListedAt?: number;
  readonly notListedSince?: number;
  readonly reactivatedAt?: number;
  readonly findings: ReadonlyMap<FindingKind, Severity>;
  /** The longest window that the earlier audit allowed. */
  readonly maxDuration: number;
}

export interface PreviousReport {
  /** By the clock of the machine that ran the earlier audit. */
  readonly generatedAt: number;
  readonly shares: readonly PreviousShare[];
  /** All findings, those of shares that were over included. */
  readonly findings: readonly PreviousFinding[];
}

/** The audited appliance, and its name in the earlier report where that is another one. */
export interface ApplianceNames {
  readonly origin: string;
  readonly renamedFrom?: string;
}

const instant = z.string().refine((text) => parseInstant(text) !== undefined);
// The schema of a record would drop a label of the name `__proto__`.
const labels = z.custom<Readonly<Record<string, string>>>((value) =>
  Object.values(object(value) ?? { unreadable: null }).every((label) => typeof label === "string"),
);
const { shares: anyShares, findings: anyFindings } = reportSchema.shape;

/** Only the parts that the audit uses: a report with a mistake in another part still continues the chain. */
const previousSchema = z.object({
  generatedAt: instant,
  appliance: z.string(),
  scope: z.object({ maxDurationSeconds: z.number().positive() }),
  completeness: reportSchema.shape.completeness.pick({ clock: true }),
  shares: z.array(
    anyShares.element
      .omit({ severity: true, remainingSeconds: true, unreadable: true, sealed: true })
      .omit({ serverName: true, accountName: true, userName: true })
      .extend({ labels, validSince: instant.optional(), validTo: instant.optional(), createdAt: instant.optional() })
      .extend({ firstReportedAt: instant.optional(), lastListedAt: instant.optional() })
      .extend({ notListedSince: instant.optional(), reactivatedAt: instant.optional() }),
  ),
  findings: z.array(
    anyFindings.element
      .pick({ kind: true, severity: true, sessionId: true, fingerprint: true })
      .extend({ validSince: z.string().optional(), validTo: z.string().optional() })
      .extend({ accepted: z.unknown().optional(), notification: z.unknown().optional() }),
  ),
});
type ReadReport = z.infer<typeof previousSchema>;
type ReadShare = ReadReport["shares"][number];

/** Reads a previous JSON report on the same appliance. Throws `UsageError` for any other file, and names the way on. */
export function readPrevious(file: string, { origin, renamedFrom }: ApplianceNames): PreviousReport {
  const name = printable(file);
  const read = readTextFile(file, maximumReportSize);
  if ("problem" in read)
    throw new UsageError(`--previous: cannot read ${name} (${read.problem}); omit --previous on the first run`);
  const json = parseJson(read.text);
  requireKnownFormat(name, json);
  const { data, error } = previousSchema.safeParse(withCurrentNames(json));
  if (data === undefined) {
    const place = error.issues[0]?.path.map(String).join(".") ?? "";
    throw new UsageError(`${notReport(name)}: the audit cannot read ${place === "" ? "it" : printable(place, 100)}`);
  }
  if (data.appliance !== origin && data.appliance !== renamedFrom) {
    const recorded = printable(data.appliance);
    const option = `--renamed-from ${shellWord(data.appliance) ?? "with that address"}`;
    throw new UsageError(
      `--previous: ${name} is a report on ${recorded}, but FUDO_URL is ${origin}. If this is the same appliance under a new name, add ${option}`,
    );
  }
  return toPreviousReport(name, data);
}

function notReport(name: string): string {
  return `--previous: ${name} is not a JSON report of fudo-audit (${reportFormat} or older)`;
}

function requireKnownFormat(name: string, json: unknown): void {
  const { data } = z.looseObject({ format: z.string() }).safeParse(json);
  const version = Number(/^fudo-audit-report\/(\d{1,9})$/.exec(data?.format ?? "")?.[1] ?? 0);
  if (version > Number(reportFormat.split("/")[1])) {
    throw new UsageError(
      `--previous: a newer fudo-audit wrote ${name} (format ${printable(data?.format ?? "")}). Update fudo-audit, or use the last report that this version wrote`,
    );
  }
  if (version < 1) throw new UsageError(notReport(name));
}

function toPreviousReport(name: string, data: ReadReport): PreviousReport {
  const severities = new Map(data.findings.map((found) => [`${idOf(found)} ${found.kind}`, found.severity]));
  const generatedAt = milliseconds(data.generatedAt) ?? NaN;
  const report = { generatedAt, maxDuration: data.scope.maxDurationSeconds * 1000, severities };
  const ids = data.shares.filter(({ fingerprint }) => fingerprint !== undefined).map(idOf);
  if (new Set(ids).size < ids.length) throw new UsageError(`${notReport(name)}: it contains a share twice`);
  // A share on another appliance is a matter of the audit of that appliance.
  const shares = data.shares.filter((share) => share.seen !== "elsewhere" && !wasOver(share, data));
  return { generatedAt, shares: shares.map((share) => toPreviousShare(share, report)), findings: data.findings };
}

function idOf({ sessionId, fingerprint = "" }: Pick<ReadShare, "sessionId" | "fingerprint">): string {
  return `${sessionId}/${fingerprint}`;
}

/**
 * Whether the earlier audit knew that the window was over: the appliance listed the share then, and its clock decided. One
 * wrong clock must not end the chain, so the end also has to be past by the clock of the machine that ran that audit. A
 * removed share keeps that status after its end.
 */
function wasOver({ status, seen, validTo }: ReadShare, { completeness, generatedAt }: ReadReport): boolean {
  const mayBeOver = status === "expired" || status === "removed";
  if (!mayBeOver || seen !== "listed" || completeness.clock === "local") return false;
  return (milliseconds(validTo) ?? Infinity) <= (milliseconds(generatedAt) ?? -Infinity);
}

interface EarlierReport {
  readonly generatedAt: number;
  readonly maxDuration: number;
  readonly severities: ReadonlyMap<string, Severity>;
}

function toPreviousShare(share: ReadShare, { generatedAt, maxDuration, severities }: EarlierReport): PreviousShare {
  const { sessionId, fingerprint, seen, readonly, declaredBy, onceDeclaredBy, createdAt } = share;
  const declared = declaredBy.length > 0;
  // Reports of format 1 called an undeclared share missing without a finding.
  const isNotListed = share.status === "missing" && !declared && !share.findings.includes("missing");
  const instants = {
    since: milliseconds(share.validSince),
    to: milliseconds(share.validTo),
    lastListedAt: milliseconds(share.lastListedAt) ?? (seen === "listed" ? generatedAt : undefined),
    notListedSince: milliseconds(share.notListedSince),
    reactivatedAt: milliseconds(share.reactivatedAt),
  };
  return {
    sessionId,
    ...(fingerprint !== undefined && { fingerprint }),
    status: isNotListed ? "active" : share.status,
    ...withoutUndefined(instants),
    ...(createdAt !== undefined && { createdAt }),
    ...(readonly !== undefined && { readonly }),
    labels: Object.fromEntries(
      Object.entries(share.labels).map(([label, value]) => [printable(label, 100), printable(value)]),
    ),
    declared,
    declaredBy: (declared ? declaredBy : onceDeclaredBy).map(({ stack, urn }) => ({
      stack: printable(stack),
      urn: printable(urn, 1000),
    })),
    firstReportedAt: milliseconds(share.firstReportedAt) ?? generatedAt,
    findings: new Map(share.findings.map((kind) => [kind, severities.get(`${idOf(share)} ${kind}`) ?? "high"])),
    maxDuration,
  };
}

function withoutUndefined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function milliseconds(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseInstant(text)?.epochMs;
}
