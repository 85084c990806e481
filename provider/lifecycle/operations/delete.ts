// delete: the API cannot revoke, so a deletion either refuses or says until when the link works. Sends no request.
import { FudoError } from "../../client/errors";
import { deletionWarning, shareText, whereToRevoke, worksText } from "../share/messages";
import { mayBeLive, recordedFacts } from "../share/status";
import type { RecordedShare } from "../share/window";
import { bothNames, type DeletionPolicy, type Settings } from "../settings";
import type { CallContext } from "../run/call-context";

export interface DeletionOptions {
  readonly settings: Settings;
  /** This machine's time or the appliance's, whichever is earlier as far as this run knows. */
  readonly now: number;
  /** `FUDO_ABANDON_LIVE=true` in the environment of this run. */
  readonly abandonLive: boolean;
  /** The diff of this process has warned about the link already: a replacement. */
  readonly announced?: boolean;
}

/** Warns about a link that still works. Throws `refused` for a live share under `refuseWhileLive`. */
export function deleteShare(id: string, share: RecordedShare, options: DeletionOptions, call: CallContext): void {
  refuseWhileLive(id, share, options, "delete");
  const warning = deletionWarning(id, share, options.now);
  if (warning !== undefined && !options.announced) call.warn(warning);
}

/** Throws `refused` for a live share whose policy in the state forbids to remove or replace it. */
export function refuseWhileLive(
  id: string,
  share: RecordedShare,
  options: DeletionOptions,
  what: "delete" | "replace",
): void {
  if (!mayBeLive(recordedFacts(share), options.now) || options.abandonLive) return;
  if (policyOf(share, options.settings) !== "refuseWhileLive") return;
  const why =
    what === "replace" ? "A replacement does not revoke the old link." : "The Fudo API has no revoke operation.";
  const change = what === "replace" ? " Or change deletionPolicy in an earlier `pulumi up`." : "";
  throw new FudoError(
    "refused",
    `refused to ${what} ${shareText(id)}: deletionPolicy is refuseWhileLive, and the link ${worksText(share, options.now)}. ` +
      `${why} ${wayOut(share, what)}${change}`,
  );
}

// The appliance may hide revoked shares, so a refresh after the revocation cannot show it: the share stays missing.
function wayOut({ missing }: RecordedShare, what: "delete" | "replace"): string {
  return missing
    ? "The session's list no longer shows the share. If you revoked it, run once with FUDO_ABANDON_LIVE=true in the " +
        `environment. If not, revoke it in the admin panel first (${whereToRevoke}).`
    : `Revoke it in the admin panel (${whereToRevoke}) and run \`pulumi refresh\`. Or set FUDO_ABANDON_LIVE=true in the ` +
        `environment of one run to ${what} the share while its link works.`;
}

function policyOf(share: RecordedShare, settings: Settings): DeletionPolicy {
  const policy = share.deletionPolicy ?? settings.deletionPolicy;
  if (policy === undefined) {
    throw new FudoError("config", `${bothNames("deletionPolicy")} cannot be read: ${settings.problems.join("; ")}`);
  }
  return policy;
}
