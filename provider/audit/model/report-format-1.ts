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

/** Only the parts that `--previous` reads. Its own schema checks the result. */
const formatOne = z.looseObject({
  format: z.literal("fudo-audit-report/1").transform(() => reportFormat),
  findings: z.array(z.looseObject({ kind })),
  shares: z.array(z.looseObject({ status, findings: z.array(kind) })),
});

/** A format 1 report under the current names; any other value unchanged. */
export function withCurrentNames(report: unknown): unknown {
  const { success, data } = formatOne.safeParse(report);
  return success ? data : report;
}
