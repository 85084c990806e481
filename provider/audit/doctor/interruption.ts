// What doctor says when a signal ends it: whether there is a share now, and until when its link works.
import { endText } from "./observe-appliance";
import type { ApplianceRecord } from "./record";

/** One line for standard error. */
export function interruptedText({ share, latestEnd, endedAt }: ApplianceRecord): string {
  const start = "fudo-audit: a signal ended doctor.";
  if (endedAt !== undefined) return `${start} The test share has ended.\n`;
  if (latestEnd === undefined) return `${start} There is no test share.\n`;
  const [what, end] =
    share === undefined
      ? ["There may be one view-only share", latestEnd]
      : [`Share ${share.fingerprint} exists`, share.to];
  return `${start} ${what}: it ends at ${endText(end)} by the appliance's clock.\n`;
}
