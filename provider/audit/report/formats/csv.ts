// The inventory as CSV (RFC 4180, CRLF, UTF-8 with a byte order mark): one row for each share, with its findings.
import { stringify } from "csv-stringify/sync";
import type { Report, ReportedFinding, ReportedShare } from "../../model/report-schema";
import { distinctNames, shareName } from "../share-names";
import { labelsText, modeText } from "../text";

/** The columns, in order. */
export const csvColumns = [
  "status",
  "severity",
  "seen",
  "share",
  "session",
  "server",
  "account",
  "user",
  "valid_since",
  "valid_to",
  "remaining_seconds",
  "mode",
  "created_at",
  "not_listed_since",
  "reactivated_at",
  "stacks",
  "urns",
  "once_declared_by",
  "labels",
  "findings",
  "accepted",
  "accepted_until",
  "accepted_reason",
  "next_steps",
  "sealed",
] as const;

type Row = Readonly<Record<(typeof csvColumns)[number], string | number>>;

export function toCsv({ shares, findings }: Report): string {
  const findingsByShare = Map.groupBy(findings, shareName);
  const names = distinctNames(shares);
  const rows = shares.map((share, index) => {
    const own = share.findings.length === 0 ? [] : (findingsByShare.get(shareName(share)) ?? []);
    return rowOf(share, names[index] ?? "", own);
  });
  return stringify(rows, {
    header: true,
    columns: [...csvColumns],
    record_delimiter: "windows",
    // Without the mark, Excel reads the file in the code page of the machine.
    bom: true,
    cast: { string: withoutFormulas },
  });
}

function rowOf(share: ReportedShare, name: string, own: readonly ReportedFinding[]): Row {
  const join = (texts: readonly string[], separator = "; ") => [...new Set(texts)].join(separator);
  const urnsOf = (resources: ReportedShare["declaredBy"]) => join(resources.map(({ urn }) => urn));
  const accepted = own.flatMap(({ kind, accepted: by }) => (by === undefined ? [] : [{ kind, ...by }]));
  return {
    status: share.status,
    severity: share.severity ?? "",
    seen: share.seen,
    share: name,
    // A cell of digits becomes a number, and a number keeps only 15 of the 19 digits.
    session: `session ${share.sessionId}`,
    server: asText(share.serverName ?? ""),
    account: asText(share.accountName ?? ""),
    user: asText(share.userName ?? ""),
    valid_since: share.validSince ?? "",
    valid_to: share.validTo ?? "",
    remaining_seconds: share.remainingSeconds ?? "",
    mode: modeText(share),
    created_at: share.createdAt ?? "",
    not_listed_since: share.notListedSince ?? "",
    reactivated_at: share.reactivatedAt ?? "",
    stacks: asText(join(share.declaredBy.map(({ stack }) => stack))),
    urns: asText(urnsOf(share.declaredBy)),
    once_declared_by: asText(urnsOf(share.onceDeclaredBy)),
    labels: labelsText(share.labels),
    findings: join(share.findings),
    accepted: join(accepted.map(({ kind }) => kind)),
    accepted_until: join(accepted.map(({ until }) => until)),
    accepted_reason: asText(
      join(
        accepted.map(({ reason }) => reason),
        " | ",
      ),
    ),
    next_steps: join(
      own.filter((finding) => finding.accepted === undefined).flatMap(({ nextSteps }) => nextSteps),
      " | ",
    ),
    sealed: share.sealed === undefined ? "" : share.sealed ? "yes" : "no",
  };
}

/** A spreadsheet turns a stack `2026/3` or a reason `1042` into a date or a number, unless an apostrophe is in front of it. */
function asText(text: string): string {
  return /^[\d\s.,:/%eE+-]*\d[\d\s.,:/%eE+-]*$/.test(text) ? `'${text}` : text;
}

/**
 * Puts an apostrophe in front of what a spreadsheet runs as a formula. Which character separates cells depends on the
 * spreadsheet's locale: what follows `;`, `,`, `|` or a tab can be a cell too, in quotes or after spaces.
 */
function withoutFormulas(text: string): string {
  return text.replaceAll(/(^|[,;|\t])([\s"]*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g, "$1$2'");
}
