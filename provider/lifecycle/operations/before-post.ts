// What the newest list of a run says against a POST: access that an administrator has revoked is not granted again silently,
// and a window that is over by the appliance's clock is not granted at all.
import { FudoError } from "../../client/errors";
import type { CallContext } from "../run/call-context";
import type { ReplacedShare } from "../run/known-shares";
import type { RunContext } from "../run/run-context";
import type { ValidList } from "../run/share-lists";
import { shareText } from "../share/messages";
import { instantText } from "../share/times";
import type { RequestedWindow } from "../share/window";
import { parseId } from "./read";

/**
 * Throws `refused` where the list shows that the replaced share was revoked and no preview has said so. Warns where the
 * list no longer shows it. A share of another session is not in this list.
 */
export function judgeReplaced(
  replaced: ReplacedShare | undefined,
  sessionId: string,
  list: ValidList,
  call: CallContext,
): void {
  if (replaced === undefined || replaced.announced) return;
  const { sessionId: replacedSession, fingerprint } = parseId(replaced.id);
  if (replacedSession !== sessionId) return;
  const [listed] = list.byFingerprint(fingerprint);
  if (listed?.removed) {
    throw new FudoError(
      "refused",
      `${shareText(replaced.id)} was revoked on the appliance, and this replacement would grant access again. Run ` +
        "`pulumi refresh`. The next preview then says that access is granted again, and `pulumi up` grants it.",
    );
  }
  if (listed === undefined && replaced.since <= list.applianceTime && list.applianceTime < replaced.end) {
    call.warn(
      `${shareText(replaced.id)} is no longer in the session's list: it was revoked or removed, or this API user cannot see ` +
        "it. Its replacement grants access again.",
    );
  }
}

/** Throws `config` where the window is over by the appliance's clock: its link would never work. */
export function requireOpenWindow(sessionId: string, { to }: RequestedWindow, list: ValidList, run: RunContext): void {
  const applianceNow = run.clock.now() + (list.skew ?? 0);
  if (to > applianceNow) return;
  throw new FudoError(
    "config",
    `session ${sessionId}: the window ends at ${instantText(to)}, and the appliance's clock already shows ` +
      `${instantText(applianceNow)}, so the link would never work. Nothing was sent. Check both clocks (NTP), or declare a later end.`,
  );
}

/** A second POST for a declaration whose first outcome is not known would double the link. */
export function uncertainBefore(sessionId: string): FudoError {
  return new FudoError(
    "uncertain",
    `session ${sessionId}: an earlier create of this declaration in this run is uncertain, so no second request is sent. ` +
      "Run `FUDO_RECOVER=true pulumi up` once: it takes over the link if the appliance has it.",
  );
}
