// The inventory as CSV (RFC 4180, CRLF): one row for each share, with its findings.
import { stringify } from "csv-stringify/sync";
import type { Report, ReportedFinding, ReportedShare } from "../../model/report-schema";
import { labelsText, modeText } from "../text";

/** The columns, in order. */
export const csvColumns = [
  "status",
  "seen",
  "session",
  "fingerprint",
  "valid_since",
  "valid_to",
  "remaining_seconds",
  "mode",
  "created_at",
  "stacks",
  "urns",
  "once_declared_by",
  "labels",
  "findings",
  "severity",
  "next_steps",
] as const;

type Row = Readonly<Record<(typeof csvColumns)[number], string | number>>;

export function toCsv({ shares, findings }: Report): string {
  const findingsById = Map.groupBy(findings, idOf);
  const rows = shares.map((share) =>
    rowOf(share, share.findings.length === 0 ? [] : (findingsById.get(idOf(share)) ?? [])),
  );
  // A spreadsheet runs a cell that begins like a formula. `escape_formulas` puts an apostrophe in front of it.
  return stringify(rows, {
    header: true,
    columns: [...csvColumns],
    record_delimiter: "windows",
    escape_formulas: true,
  });
}

function idOf({ sessionId, fingerprint = "" }: Pick<ReportedShare, "sessionId" | "fingerprint">): string {
  return `${sessionId}/${fingerprint}`;
}

function rowOf(share: ReportedShare, own: readonly ReportedFinding[]): Row {
  const join = (texts: readonly string[]) => texts.join("; ");
  return {
    status: share.status,
    seen: share.seen,
    session: share.sessionId,
    fingerprint: share.fingerprint ?? "",
    valid_since: share.validSince ?? "",
    valid_to: share.validTo ?? "",
    remaining_seconds: share.remainingSeconds ?? "",
    mode: modeText(share),
    created_at: share.createdAt ?? "",
    stacks: join([...new Set(share.declaredBy.map(({ stack }) => stack))]),
    urns: join(share.declaredBy.map(({ urn }) => urn)),
    once_declared_by: join(share.onceDeclaredBy.map(({ urn }) => urn)),
    labels: labelsText(share.labels),
    findings: join(share.findings),
    severity: own[0]?.severity ?? "",
    next_steps: [...new Set(own.flatMap(({ nextSteps }) => nextSteps))].join(" | "),
  };
}
