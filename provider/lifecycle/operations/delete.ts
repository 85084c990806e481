// delete: the API cannot revoke, so all that a deletion can do is refuse or tell the truth. Calls nothing.
import { FudoError } from "../../client/errors";
import { deletionNotices, naming, whereToRevoke } from "../share/messages";
import { spelt, type DeletionPolicy, type Settings } from "../settings";
import { isLive, laterEnd, untilText, type RecordedShare } from "../share/window";

export interface DepartureContext {
  readonly settings: Settings;
  readonly now: number;
  /** `FUDO_ABANDON_LIVE=true` in the environment of this one run. */
  readonly abandonLive: boolean;
}

/** What to tell the operator. Throws `refused` for a live share under `refuseWhileLive`. */
export function deleteShare(id: string, share: RecordedShare, context: DepartureContext): string[] {
  refuseWhileLive(id, share, context, "delete");
  return deletionNotices(id, share, context.now);
}

/** Throws `refused` where the share is live and its policy, by what the state says, forbids to leave it behind. */
export function refuseWhileLive(
  id: string,
  share: RecordedShare,
  context: DepartureContext,
  what: "delete" | "replace",
): void {
  if (!isLive(share, context.now) || context.abandonLive) return;
  if (policyOf(share, context.settings) !== "refuseWhileLive") return;
  const why = what === "replace" ? "a replacement does not end the old link" : "the API cannot revoke it";
  const change = what === "replace" ? " Or change the policy in an earlier `up`." : "";
  throw new FudoError(
    "refused",
    `refused to ${what} ${naming(id)}: its link can be opened until ${untilText(laterEnd(share), context.now)}, and ${why}. ` +
      `Revoke it in the admin panel (${whereToRevoke}) and run \`pulumi refresh\`, or leave it behind knowingly with ` +
      `FUDO_ABANDON_LIVE=true in the environment of one run.${change}`,
  );
}

function policyOf(share: RecordedShare, settings: Settings): DeletionPolicy {
  const policy = share.deletionPolicy ?? settings.deletionPolicy;
  if (policy === undefined)
    throw new FudoError("config", `${spelt("deletionPolicy")} is unreadable: ${settings.problems.join("; ")}`);
  return policy;
}
