// After a POST whose answer was lost: find out what became of it, from lists alone, and never POST again. Adopts what
// can only be ours, and says plainly when that cannot be told.
import { FudoError, isFudoError } from "../client/errors";
import { fingerprintOf } from "../client/fingerprint";
import { parseInstant } from "../client/instants";
import type { Share, ShareRequest } from "../client/api";
import type { AskedWindow } from "./outputs";
import type { Run } from "./run";
import type { Listed } from "./session-lists";
import { millisecondsOf, minute } from "./window";

export interface LostAttempt {
  readonly sessionId: string;
  readonly request: ShareRequest;
  readonly window: AskedWindow;
  /** `SessionLists.mark()` before the POST. */
  readonly mark: number;
  /** The appliance's clock when the POST began, at the earliest: milliseconds since the epoch. */
  readonly notBefore: number;
  readonly cause: FudoError;
}

export type KeyedShare = Share & { readonly key: string };

const patience = 120_000;
/** `Date` has whole seconds, and the nodes of a cluster their own clocks. */
const clockSlack = 2000;

/** The share that the POST made, claimed. Throws `uncertain` where that cannot be told within two minutes. */
export async function recoverLostAnswer(attempt: LostAttempt, run: Run): Promise<KeyedShare> {
  const { sessionId, mark } = attempt;
  const deadline = run.clock.now() + patience;
  let seen: readonly Share[] = [];
  let unlisted: string | undefined;
  for (let pause = 500; ; pause = Math.min(pause * 2, 15_000)) {
    const list = await run.lists.fresh(sessionId).catch((error: unknown) => {
      unlisted = isFudoError(error) ? error.message : "the list failed unexpectedly";
      return undefined;
    });
    if (list !== undefined) {
      unlisted = undefined;
      seen = run.lists.unknownSince(mark, sessionId, list);
      const ours = seen.filter((share) => couldBeOurs(share, list, attempt)) as KeyedShare[];
      if (ours.length > 1) throw uncertain(attempt, ours, "more than one share could be it");
      const [only] = ours;
      if (only !== undefined && run.lists.claim(sessionId, only.key)) return only;
    }
    if (run.clock.now() + pause > deadline) throw uncertain(attempt, seen, unlisted);
    await run.clock.sleep(pause);
  }
}

/** New since the baseline is known already; here: mode, window, and made between the POST and the list. */
function couldBeOurs(share: Share, list: Listed, attempt: LostAttempt): boolean {
  const created = share.createdAt === undefined ? undefined : parseInstant(share.createdAt)?.epochMs;
  return (
    share.key !== undefined &&
    !share.removed &&
    share.readonly === attempt.request.readonly &&
    created !== undefined &&
    created >= attempt.notBefore - clockSlack &&
    created <= list.applianceTime + 1000 + clockSlack &&
    windowFits(share, list, attempt.window)
  );
}

/**
 * Equal to the millisecond where the appliance keeps fractions of a second (any entry that has one is proof); else
 * equal to what is left of it at the granularity that the appliance keeps: a second or a minute, cut or rounded.
 */
function windowFits(share: Share, list: Listed, window: AskedWindow): boolean {
  const since = millisecondsOf(share.validSince);
  const to = millisecondsOf(share.validTo);
  if (since === undefined || to === undefined) return false;
  if (since === window.since && to === window.to) return true;
  if (list.shares.some(keepsFractions)) return false;
  return isCoarse(since, window.since) && isCoarse(to, window.to);
}

function keepsFractions({ validSince, validTo }: Share): boolean {
  return [validSince, validTo].some((text) => (millisecondsOf(text) ?? 0) % 1000 !== 0);
}

function isCoarse(kept: number, asked: number): boolean {
  const granularity = kept % minute === 0 ? minute : 1000;
  return kept % 1000 === 0 && Math.abs(kept - asked) < granularity;
}

function uncertain(attempt: LostAttempt, seen: readonly Share[], why: string | undefined): FudoError {
  const { sessionId, request, cause } = attempt;
  const prints = seen.flatMap(({ key }) => (key === undefined ? [] : [fingerprintOf(key)]));
  const found =
    prints.length > 0
      ? `New in the session's list, and could be it: ${prints.join(", ")}.`
      : "Nothing new was in the session's list; a share that begins later may be hidden there.";
  return new FudoError(
    "uncertain",
    `session ${sessionId}: the answer to a share's creation was lost (${cause.message}), and it could not be told whether the share exists` +
      `${why === undefined ? "" : `: ${why}`}. Asked for: ${request.validSince} to ${request.validTo}, readonly ${request.readonly}. ${found} ` +
      "It was not sent again. Before the next `up` run fudo-audit (or getSessionShares) on this session; to own the share that it finds, declare `adopt` with its fingerprint.",
    { cause, executed: "unknown" },
  );
}
