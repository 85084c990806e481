// Every sentence about a share that a program's user reads. A message names session and fingerprint, never a credential.
import { formatMilliseconds } from "../../time/instants";
import type { SessionShareOutputs } from "./schema";
import { isLive, recordedFacts } from "./status";
import { hasExpired, laterEnd, lengthText, untilText, type RecordedShare } from "./window";

/** Where an administrator revokes a link (the vendor's online help, "Sharing sessions"). */
export const whereToRevoke = "Management > Sessions > the session's menu > sharing > deactivate";

const toRevoke = `To revoke it: ${whereToRevoke}.`;

/** How every message names a share. */
export function shareText(id: string): string {
  const [sessionId, fingerprint] = id.split("/");
  return `share ${fingerprint ?? "?"} of session ${sessionId ?? "?"}`;
}

/** What each `up` repeats until the share expires: the share was revoked, or is no longer listed. */
export function recurringWarning(id: string, share: RecordedShare, now: number): string | undefined {
  if (hasExpired(share, now)) return undefined;
  if (share.removed) {
    return (
      `${shareText(id)} was revoked on the appliance and will not be re-created automatically. To grant access again, ` +
      "change `duration`, `validTo`, `readonly` or `sessionId`, or run `pulumi up --replace 'URN'`."
    );
  }
  if (share.missing) {
    return (
      `${shareText(id)} is no longer in the session's list: it was revoked or removed, or this API user cannot see it. ` +
      `The link may still work until ${untilText(laterEnd(share), now)}.`
    );
  }
  return undefined;
}

export function deletionWarning(id: string, share: RecordedShare, now: number): string | undefined {
  if (!isLive(recordedFacts(share), now)) return undefined;
  return (
    `${shareText(id)} is removed from the state but NOT revoked: the Fudo API has no revoke operation. ` +
    `The link works until ${untilText(laterEnd(share), now)}. ${toRevoke}`
  );
}

export function replacementWarning(id: string, share: RecordedShare, now: number): string | undefined {
  if (isLive(recordedFacts(share), now)) {
    return (
      `${shareText(id)} will be replaced by a new share, and the old link is NOT revoked: the Fudo API has no revoke ` +
      `operation. The old link works until ${untilText(laterEnd(share), now)}. ${toRevoke}`
    );
  }
  if (share.removed && !hasExpired(share, now)) {
    return `${shareText(id)} was revoked on the appliance. This replacement grants access again.`;
  }
  return undefined;
}

/** The appliance granted a window that differs from the requested one by a minute or more. */
export function windowDiffers(id: string, share: SessionShareOutputs): string | undefined {
  if (share.grantedSince === undefined && share.grantedTo === undefined) return undefined;
  const granted = `${share.grantedSince ?? share.validSince} to ${share.grantedTo ?? share.validTo}`;
  return `${shareText(id)}: the appliance granted the window ${granted}. The program requested ${share.validSince} to ${share.validTo}.`;
}

export function createdButNotListed(id: string, why: string): string {
  return (
    `${shareText(id)} was created, but ${why}. Its link is built as the vendor documents it. ` +
    "The next `pulumi refresh` completes the outputs."
  );
}

export function recovered(id: string): string {
  return (
    `${shareText(id)}: the connection failed before the create response arrived. ` +
    "The share was found on the appliance and is now managed by this stack."
  );
}

export function liveAgain(id: string, was: "removed" | "missing", share: RecordedShare, now: number): string {
  return (
    `${shareText(id)} was recorded as ${was} and is live again. The link works until ${untilText(laterEnd(share), now)}. ` +
    `Possible causes: a restored backup, a failover, or rights that were given back. ${toRevoke}`
  );
}

export function listedElsewhere(id: string, recorded: string, configured: string): string {
  return (
    `${shareText(id)} was created on ${recorded}. fudo:url now names ${configured}, which does not list the share. ` +
    "The state keeps the share unchanged."
  );
}

/** A warning before the POST: the clocks differ so much that the window is not what the program means. */
export function clocksDiffer(sessionId: string, skew: number, since: number, to: number): string {
  const length = lengthText(Math.abs(skew));
  const [direction, effect, when] = skew > 0 ? ["ahead of", "ends", "earlier"] : ["behind", "begins", "later"];
  return (
    `session ${sessionId}: the appliance's clock is ${length} ${direction} this machine's clock. The appliance's clock ` +
    `decides: the window ${formatMilliseconds(since)} to ${formatMilliseconds(to)} ${effect} ${length} ` +
    `${when} than this machine expects. Check both clocks (NTP).`
  );
}
