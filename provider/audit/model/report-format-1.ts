// Translates a report of format 1 into the names of the current format, so that `--previous` still reads it. Format 2
// changed names only: one status and four kinds of findings.
import { z } from "zod";
import { reportFormat } from "./report-schema";

const renamedStatuses = new Map([["ended", "expired"]]);
const renamedKinds = new Map([
  ["abandoned", "orphaned"],
  ["revived", "reactivated"],
  ["granted-otherwise", "window-differs"],
  ["unlabelled", "missing-labels"],
]);

const status = z.string().transform((name) => renamedStatuses.get(name) ?? name);
const kind = z.string().transform((name) => renamedKinds.get(name) ?? name);

/** Checks only what it translates: `reportSchema` checks the result. */
const formatOne = z.looseObject({
  format: z.literal("fudo-audit-report/1").transform(() => reportFormat),
  summary: z.looseObject({
    findings: z.looseObject({}).transform((counts) => ({ info: 0, accepted: 0, ...counts })),
    shares: z
      .looseObject({ ended: z.unknown() })
      .transform(({ ended, ...rest }) => ({ "not-listed": 0, ...rest, expired: ended })),
  }),
  acceptances: z.array(z.unknown()).default([]),
  linksToRevoke: z.array(z.unknown()).default([]),
  expiredDeclarations: z.array(z.unknown()).default([]),
  findings: z.array(z.looseObject({ kind, status })),
  shares: z.array(z.looseObject({ status, findings: z.array(kind) })),
});

/** A format 1 report under the current names; any other value unchanged. */
export function withCurrentNames(report: unknown): unknown {
  const { success, data } = formatOne.safeParse(report);
  return success ? data : report;
}
