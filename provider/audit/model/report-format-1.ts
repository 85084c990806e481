// Translates a report of format 1 into the current format, so that `--previous` still reads it. Format 2 changed one status
// and four kinds of findings, and it remembers since when a list does not contain a share.
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
  generatedAt: z.string(),
  shares: z.array(z.looseObject({ status, findings: z.array(kind) })),
});

type FormatOne = z.infer<typeof formatOne>;

/** Format 1 does not say whether a list or a 404 made a share missing: a list is the more urgent case. */
function withNotListedSince({ shares, ...rest }: FormatOne): unknown {
  const { generatedAt } = rest;
  return {
    ...rest,
    shares: shares.map((share) => (share.status === "missing" ? { notListedSince: generatedAt, ...share } : share)),
  };
}

/** A format 1 report under the current names; any other value unchanged. */
export function withCurrentNames(report: unknown): unknown {
  const { success, data } = formatOne.safeParse(report);
  return success ? withNotListedSince(data) : report;
}
