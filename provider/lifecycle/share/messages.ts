// Every sentence about a share that a program's user reads. A message names session and fingerprint, never a credential.
import type { Share } from "../../client/api";
import { FudoError, isFudoError } from "../../client/errors";
import { formatMilliseconds } from "../../time/instants";
import type { RawInputs } from "./inputs";
import { isOwnLink } from "./link";
import type { OpenShare } from "./outputs";
import type { SessionShareOutputs } from "./schema";
import { mayBeLive, recordedFacts } from "./status";
import { instantText, lengthText, untilText } from "./times";
import { earlierStart, hasExpired, laterEnd, lengthOf, millisecondsOf, type RecordedShare } from "./window";

/** Where an administrator revokes a link (the vendor's online help, "Sharing sessions"). */
export const whereToRevoke = "Management > Sessions > the session's menu > sharing > deactivate";

const toRevoke = `To revoke it: ${whereToRevoke}.`;

/** How every message names a share. */
export function shareText(id: string): string {
  const [sessionId, fingerprint] = id.split("/");
  return `share ${fingerprint ?? "?"} of session ${sessionId ?? "?"}`;
}

/** What each `up` repeats until the share expires: the share was revoked, is no longer listed, or works again after that. */
export function recurringWarning(id: string, share: RecordedShare, now: number): string | undefined {
  // The flags first: reading the window of each share would slow down each run.
  const isSpecial = share.removed ?? share.missing ?? share.reactivated;
  if (!isSpecial || hasExpired(share, now)) return undefined;
  if (share.removed) {
    return (
      `${shareText(id)} was revoked on the appliance and will not be re-created automatically. To grant access again, ` +
      "change `duration`, `validTo`, `readonly` or `sessionId`, or run `pulumi up --replace 'URN'`."
    );
  }
  if (share.missing) {
    return (
      `${shareText(id)} is no longer in the session's list: it was revoked or removed, or this API user cannot see it. ` +
      `The link ${worksText(share, now)}.`
    );
  }
  return share.reactivated ? liveAgain(id, "removed or missing", share, now) : undefined;
}

export function deletionWarning(id: string, share: RecordedShare, now: number): string | undefined {
  if (!mayBeLive(recordedFacts(share), now)) return undefined;
  return (
    `${shareText(id)} is removed from the state but NOT revoked: the Fudo API has no revoke operation. ` +
    `The link ${worksText(share, now)}. ${toRevoke}`
  );
}

/** In preview and `up`: what a replacement leaves behind, and what it grants. */
export function replacementWarning(id: string, share: RecordedShare, news: RawInputs, now: number): string {
  const granted = newWindowText(news, now);
  if (mayBeLive(recordedFacts(share), now)) {
    return (
      `${shareText(id)} will be replaced by a new share, and the old link is NOT revoked: the Fudo API has no revoke ` +
      `operation. The old link ${worksText(share, now)}. ${toRevoke} The new link works ${granted}.`
    );
  }
  const expired = hasExpired(share, now) ? `expired at ${instantText(laterEnd(share))}` : "";
  const revoked = share.removed ? "was revoked on the appliance" : "";
  const what = [revoked, expired].filter((part) => part !== "").join(" and ");
  return `${shareText(id)} ${what}. This replacement grants access again, ${granted}.`;
}

/** What follows "the link": until when it works. */
export function worksText(share: RecordedShare, now: number): string {
  const [start, end] = [earlierStart(share), laterEnd(share)];
  const works = share.missing ? "may still work" : "works";
  if (!Number.isFinite(end)) return `${works} until it is revoked, because its end is not known`;
  if (end <= now) return `may still work: it ended at ${instantText(end)}, and the appliance's clock may be behind`;
  if (Number.isFinite(start) && start > now) return `${works} from ${instantText(start)} to ${instantText(end)}`;
  return `${works} until ${untilText(end, now)}`;
}

/** `for 1 h from now (until 2025-05-15 14:07 UTC)`: the window that these inputs request. */
function newWindowText({ validSince, validTo, duration }: RawInputs, now: number): string {
  const [since, to, length] = [millisecondsOf(validSince), millisecondsOf(validTo), lengthOf(duration)];
  const end = to ?? (since ?? now) + (length ?? NaN);
  if (Number.isNaN(end) || (validSince !== undefined && since === undefined)) return "for a time that is not known yet";
  if (since !== undefined && since > now) return `from ${instantText(since)} to ${instantText(end)}`;
  return to === undefined && since === undefined && length !== undefined
    ? `for ${lengthText(length)} from now (until ${instantText(end)})`
    : `until ${untilText(end, now)}`;
}

/** The warnings about what a list says of a share that this stack manages from now on. */
export function listedWarnings(id: string, outputs: OpenShare, listed: Share | undefined): string[] {
  return [windowDiffers(id, outputs), foreignLink(id, outputs.key, listed)].filter((text) => text !== undefined);
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

export function liveAgain(
  id: string,
  was: "removed" | "missing" | "removed or missing",
  share: RecordedShare,
  now: number,
): string {
  return (
    `${shareText(id)} was recorded as ${was} and is live again. The link ${worksText(share, now)}. Possible causes: a ` +
    `restored backup, a failover, or rights that were given back. ${toRevoke} ${toAccept(id, share)}`
  );
}

// An update accepts only by a changed `adopt`, so a share that was adopted already needs two updates.
function toAccept(id: string, { adopt }: RecordedShare): string {
  const [, fingerprint] = id.split("/");
  const declared = `\`adopt: "${fingerprint ?? "?"}"\``;
  return fingerprint !== undefined && adopt === fingerprint
    ? `To accept that it works again, remove ${declared}, run \`pulumi up\`, then set it again and run \`pulumi up\`.`
    : `To accept that it works again, set ${declared} and run \`pulumi up\`.`;
}

/** The list shows a share that was recorded as removed, and its `removed` cannot be read any more. */
export function removalUnclear(id: string): string {
  return (
    `${shareText(id)} was recorded as removed. The list shows it with a \`removed\` that cannot be read, so it now counts ` +
    `as live. Check it in the admin panel (${whereToRevoke}).`
  );
}

/** A refresh does not find the share, and the list is no proof that it is gone. */
export function absenceUnclear(id: string, why: string): string {
  return `${shareText(id)}: the session's list does not show it, but ${why}. The state keeps the share unchanged.`;
}

/** A refresh does not find a share that no list has shown yet. */
export function notListedYet(id: string): string {
  return (
    `${shareText(id)}: no list of its session has shown it yet. The appliance may show it later, or hide it from this API ` +
    "user. The state keeps the share unchanged, and its link may work."
  );
}

/** The listed link carries another key, or leads elsewhere. */
export function foreignLink(id: string, key: string, listed: Share | undefined): string | undefined {
  if (listed?.link === undefined || isOwnLink(listed.link, key)) return undefined;
  return (
    `${shareText(id)}: the list shows a link that is not a path with this share's own key. It is not used; the link is built ` +
    "as the vendor documents it."
  );
}

export function listedElsewhere(id: string, recorded: string, configured: string): string {
  return (
    `${shareText(id)} was created on ${recorded}. fudo:url now names ${configured}, which does not list the share. ` +
    "The state keeps the share unchanged."
  );
}

/** A refresh finds a share on another origin than the recorded one. */
export function movedHere(id: string, recorded: string, configured: string): string {
  return `${shareText(id)} was recorded on ${recorded} and is now listed by ${configured}. The state now names ${configured}.`;
}

/** Once in a preview and an `up`: the recorded shares live on another appliance than the configured one. */
export function configuredElsewhere(id: string, recorded: string, configured: string): string {
  return (
    `fudo:url names ${configured}, but this stack has shares that live on ${recorded} (for example ${shareText(id)}). They ` +
    `stay there, and their links keep that address. If ${configured} is the same appliance under a new name, run \`pulumi ` +
    "refresh\`. Otherwise set fudo:url back."
  );
}

/** The warnings about what others can still open after an update or a refresh has sealed a share. */
export function sealingWarnings(id: string, before: RecordedShare, after: RecordedShare, present: number): string[] {
  if (!mayBeLive(recordedFacts(after), present)) return [];
  const earlier: unknown = before.sealedRecipients;
  const now = after.sealedRecipients;
  const isAnyRemoved = Array.isArray(earlier) && earlier.some((each) => now?.includes(each as string) === false);
  const isKeyRemoved = typeof before.key === "string" && after.key === undefined;
  return [
    ...(isKeyRemoved ? [keyInHistories(id, worksText(after, present))] : []),
    ...(isAnyRemoved ? [recipientsRemoved(id)] : []),
  ];
}

function keyInHistories(id: string, works: string): string {
  return (
    `${shareText(id)}: the state no longer holds its key. Earlier versions of the state (history, backups, exports) still hold ` +
    `it, and the link ${works}. If others than \`recipients\` can read them, create a new share (\`pulumi up --replace ` +
    `'URN'\`) and revoke this one: ${whereToRevoke}.`
  );
}

function recipientsRemoved(id: string): string {
  return (
    `${shareText(id)}: the removed recipients can still open the link with an earlier \`sealedUrl\`, because the link did ` +
    `not change. To withdraw their access, create a new share (\`pulumi up --replace 'URN'\`) and revoke this one: ` +
    `${whereToRevoke}.`
  );
}

/** An update cannot seal a share in another way, because no list shows its key. */
export function sealedAsBefore(id: string, why: string, isExpired: boolean): string {
  const later = " The next `pulumi refresh` that finds the share seals it as the program declares.";
  return (
    `${shareText(id)} stays sealed as it was, because ${why}. \`sealedRecipients\` names the public keys that open ` +
    `\`sealedUrl\`.${isExpired ? "" : later}`
  );
}

/** The share exists, and its URL could not be sealed after all. */
export function notSealed(id: string, error: unknown): FudoError {
  const [, fingerprint] = id.split("/");
  const reason = isFudoError(error) ? error.message : "unexpected failure";
  return new FudoError(
    "uncertain",
    `${shareText(id)} exists on the appliance, but its URL could not be sealed (${reason}), so the state does not hold it. ` +
      `To manage it, declare \`adopt: "${fingerprint ?? "?"}"\` and run \`pulumi up\`. ${toRevoke}`,
    { executed: "unknown" },
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
