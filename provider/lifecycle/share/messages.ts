// Every sentence that tells an operator the truth about a share. Names session and fingerprint, never a credential;
// where a sentence is shown is the caller's affair.
import { formatMilliseconds } from "../../time/instants";
import type { SessionShareOutputs } from "./schema";
import { hasEnded, isLive, laterEnd, lengthText, untilText, type RecordedShare } from "./window";

/** Where an administrator can do what the API cannot (the vendor's online help, "Sharing sessions"). */
export const whereToRevoke = "Management > Sessions > the session's menu > sharing > deactivate";

/** How every message names a share. */
export function naming(id: string): string {
  const [sessionId, fingerprint] = id.split("/");
  return `share ${fingerprint ?? "?"} of session ${sessionId ?? "?"}`;
}

/** What is true of a share as recorded, until its end; nothing for one that is as it should be. Said at each `up`. */
export function standingNotice(id: string, share: RecordedShare, now: number): string | undefined {
  if (hasEnded(share, now)) return undefined;
  if (share.removed) {
    return `${naming(id)}: access was withdrawn on the appliance. It is not granted again by itself; to grant again, change its window, mode or session, or run \`pulumi up --replace\` with this resource's URN.`;
  }
  if (share.missing) {
    return `${naming(id)}: no longer shown to this API user: revoked, removed or not visible; the link may still work until ${untilText(laterEnd(share), now)}.`;
  }
  return undefined;
}

export function deletionNotices(id: string, share: RecordedShare, now: number): string[] {
  if (!isLive(share, now)) return [];
  return [
    `${naming(id)} is forgotten, not revoked: the API cannot revoke. Whoever has its link can open it until ${untilText(laterEnd(share), now)}. To end it now: ${whereToRevoke}.`,
  ];
}

export function replacementNotices(id: string, share: RecordedShare, now: number): string[] {
  if (isLive(share, now)) {
    return [
      `${naming(id)} is to be replaced: the new share does not end the old one. The old link can be opened until ${untilText(laterEnd(share), now)}. To end it now: ${whereToRevoke}.`,
    ];
  }
  if (share.removed && !hasEnded(share, now)) {
    return [`${naming(id)} was withdrawn on the appliance: this replacement grants access again.`];
  }
  return [];
}

/** The appliance granted another window than was asked: where it matters, a minute or more. */
export function grantedOtherwise(id: string, share: SessionShareOutputs): string[] {
  if (share.grantedSince === undefined && share.grantedTo === undefined) return [];
  const window = (since: string, to: string) => `${since} to ${to}`;
  const granted = window(share.grantedSince ?? share.validSince, share.grantedTo ?? share.validTo);
  return [`${naming(id)}: the appliance granted ${granted}, not ${window(share.validSince, share.validTo)}.`];
}

export function createdButNotListed(id: string, why: string): string {
  return `${naming(id)} is created and its link is built as documented, but ${why}. The next \`pulumi refresh\` completes the outputs.`;
}

export function adoptedAfterLostAnswer(id: string): string {
  return `${naming(id)}: the answer to its creation was lost; the share was found in the session's list and is owned by this stack.`;
}

export function worksAgain(id: string, was: "removed" | "missing", share: RecordedShare, now: number): string {
  const before = was === "removed" ? "known as removed" : "not shown";
  return `${naming(id)} was ${before} and is shown again: its link works again until ${untilText(laterEnd(share), now)} (a restored backup, a fail-over, or rights given back). To end it: ${whereToRevoke}.`;
}

export function movedAway(id: string, recorded: string, configured: string): string {
  return `${naming(id)} lives on ${recorded} and is not shown by ${configured}, which fudo:url names now. It is kept as it is.`;
}

/** Said before a share is made, where the clocks differ so much that the window is not what the program means. */
export function clockSkew(sessionId: string, skew: number, since: number, to: number): string {
  const direction = skew > 0 ? "ahead of" : "behind";
  const length = lengthText(Math.abs(skew));
  return (
    `session ${sessionId}: the appliance's clock is ${length} ${direction} this machine's. By the appliance's clock the window ` +
    `${formatMilliseconds(since)} to ${formatMilliseconds(to)} ${skew > 0 ? "ends" : "begins"} ${length} ${skew > 0 ? "earlier" : "later"} than here. Check both clocks (NTP).`
  );
}
