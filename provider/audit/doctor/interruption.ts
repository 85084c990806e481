// What doctor says when a signal or an error ends it: whether there is a share now, and until when its link works.
import { endOf, endText } from "./observe-appliance";
import type { ApplianceRecord } from "./record";

/** One line for standard error. */
export function interruptedText(record: ApplianceRecord, cause: "a signal" | "an error"): string {
  const { share, latestEnd, endedAt } = record;
  const start = `fudo-audit: ${cause} ended doctor.`;
  if (endedAt !== undefined) return `${start} The test share has ended.\n`;
  if (latestEnd === undefined) return `${start} There is no test share.\n`;
  const [what, end] =
    share === undefined
      ? ["There may be one view-only share", latestEnd]
      : [`Share ${share.fingerprint} exists`, endOf(record, share)];
  return `${start} ${what}: it ends at ${endText(end, share?.to)} by the appliance's clock.\n`;
}
