// What doctor says when a signal ends it: whether there is a share now, and until when its link works.
import { endText } from "./observe-appliance";
import type { ApplianceRecord } from "./record";

/** One line for standard error. */
export function interruptedText({ share, latestEnd, endedAt }: ApplianceRecord): string {
  const start = "\nfudo-audit: doctor was interrupted";
  if (endedAt !== undefined) return `${start} after the end of the test share.\n`;
  if (latestEnd === undefined) return `${start} before it made the test share: there is none.\n`;
  const [what, end] =
    share === undefined
      ? ["There may be one view-only share", latestEnd]
      : [`Share ${share.fingerprint} exists`, share.to];
  return `${start}. ${what}: it ends at ${endText(end)} by the appliance's clock.\n`;
}
