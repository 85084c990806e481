// delete: the API cannot revoke, so a deletion either refuses or says until when the link works. Sends no request.
import { FudoError } from "../../client/errors";
import { deletionWarning, shareText, whereToRevoke } from "../share/messages";
import { isLive, recordedFacts } from "../share/status";
import { laterEnd, untilText, type RecordedShare } from "../share/window";
import { bothNames, type DeletionPolicy, type Settings } from "../settings";
import type { CallContext } from "../run/call-context";

export interface DeletionOptions {
  readonly settings: Settings;
  readonly now: number;
  /** `FUDO_ABANDON_LIVE=true` in the environment of this run. */
  readonly abandonLive: boolean;
}

/** Warns about a link that still works. Throws `refused` for a live share under `refuseWhileLive`. */
export function deleteShare(id: string, share: RecordedShare, options: DeletionOptions, call: CallContext): void {
  refuseWhileLive(id, share, options, "delete");
  const warning = deletionWarning(id, share, options.now);
  if (warning !== undefined) call.warn(warning);
}

/** Throws `refused` for a live share whose policy in the state forbids to remove or replace it. */
export function refuseWhileLive(
  id: string,
  share: RecordedShare,
  options: DeletionOptions,
  what: "delete" | "replace",
): void {
  if (!isLive(recordedFacts(share), options.now) || options.abandonLive) return;
  if (policyOf(share, options.settings) !== "refuseWhileLive") return;
  const why =
    what === "replace" ? "A replacement does not revoke the old link." : "The Fudo API has no revoke operation.";
  const change = what === "replace" ? " Or change deletionPolicy in an earlier `pulumi up`." : "";
  throw new FudoError(
    "refused",
    `refused to ${what} ${shareText(id)}: deletionPolicy is refuseWhileLive, and the link works until ` +
      `${untilText(laterEnd(share), options.now)}. ${why} Revoke it in the admin panel (${whereToRevoke}) and run ` +
      `\`pulumi refresh\`. Or set FUDO_ABANDON_LIVE=true in the environment of one run to ${what} the share while its link ` +
      `works.${change}`,
  );
}

function policyOf(share: RecordedShare, settings: Settings): DeletionPolicy {
  const policy = share.deletionPolicy ?? settings.deletionPolicy;
  if (policy === undefined) {
    throw new FudoError("config", `${bothNames("deletionPolicy")} cannot be read: ${settings.problems.join("; ")}`);
  }
  return policy;
}
