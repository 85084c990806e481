// After a POST whose answer was lost: find out what became of it, from lists alone, and never POST again. Adopts what
// can only be ours, and says plainly when that cannot be told.
import { FudoError, isFudoError } from "../../client/errors";
import { fingerprintOf } from "../../client/fingerprint";
import { parseInstant } from "../../time/instants";
import type { Share, ShareRequest } from "../../client/api";
import type { AskedWindow } from "../share/outputs";
import type { Run } from "../run/run-context";
import type { Listed } from "../run/share-lists";

export interface LostAttempt {
  readonly sessionId: string;
  readonly request: ShareRequest;
  readonly window: AskedWindow;
  /** `SessionLists.mark()` right before the POST. */
  readonly mark: number;
  /** The appliance's clock right before the POST, at the earliest: milliseconds since the epoch. */
  readonly notBefore: number;
  readonly cause: FudoError;
}

export type KeyedShare = Share & { readonly key: string };

/** What one look at the list told. */
interface Seen {
  /** New, and nothing speaks against it. */
  readonly possible: readonly KeyedShare[];
  /** Of these, the ones of which everything speaks for it. */
  readonly fitting: readonly KeyedShare[];
  /** Why there was no list to look at. */
  readonly failure?: string;
}

const patience = 120_000;
/** `Date` has whole seconds, and the nodes of a cluster their own clocks. */
const clockSlack = 2000;

/** The share that the POST made, claimed. Throws `uncertain` where that cannot be told within two minutes. */
export async function recoverLostAnswer(attempt: LostAttempt, run: Run): Promise<KeyedShare> {
  const deadline = run.clock.now() + patience;
  let seen: Seen = { possible: [], fitting: [] };
  for (let pause = 500; ; pause = Math.min(pause * 2, 15_000)) {
    seen = await look(attempt, run, seen);
    const [only, another] = seen.fitting;
    if (only !== undefined && another === undefined && run.lists.claim(attempt.sessionId, only.key)) return only;
    // Two that fit will never become one.
    if (another !== undefined || run.clock.now() + pause > deadline) throw uncertain(attempt, seen);
    await run.clock.sleep(pause);
  }
}

async function look(attempt: LostAttempt, run: Run, before: Seen): Promise<Seen> {
  try {
    const list = await run.lists.fresh(attempt.sessionId);
    const news = run.lists.unknownSince(attempt.mark, attempt.sessionId, list);
    const possible = news.filter((share) => mayBeOurs(share, list, attempt));
    return { possible, fitting: possible.filter((share) => canOnlyBeOurs(share, list, attempt, run)) };
  } catch (error) {
    return { possible: before.possible, fitting: [], failure: isFudoError(error) ? error.message : "unexpectedly" };
  }
}

/** Nothing that the list tells of mode and creation speaks against it. */
function mayBeOurs(share: Share, list: Listed, { request, notBefore }: LostAttempt): share is KeyedShare {
  const created = createdAt(share);
  return (
    share.key !== undefined &&
    !share.removed &&
    (share.readonly ?? request.readonly) === request.readonly &&
    (created === undefined || (created >= notBefore - clockSlack && created <= list.applianceTime + 1000 + clockSlack))
  );
}

/** Mode, creation and window are told, and all of them fit. */
function canOnlyBeOurs(share: Share, list: Listed, { window }: LostAttempt, { grain }: Run): boolean {
  return share.readonly !== undefined && createdAt(share) !== undefined && grain.fits(window, share, list.shares);
}

function createdAt({ createdAt }: Share): number | undefined {
  return createdAt === undefined ? undefined : parseInstant(createdAt)?.epochMs;
}

function uncertain({ sessionId, request, cause }: LostAttempt, seen: Seen): FudoError {
  const { validSince, validTo, readonly } = request;
  return new FudoError(
    "uncertain",
    `session ${sessionId}: the answer to a share's creation was lost (${cause.message}), and it could not be told whether the share exists. ` +
      `Asked for: ${validSince} to ${validTo}, readonly ${readonly}. ${told(seen)} It was not sent again. ` +
      "Before the next `up` run fudo-audit (or getSessionShares) on this session; to own the share that it finds, declare `adopt` with its fingerprint.",
    { cause, executed: "unknown" },
  );
}

function told({ possible, fitting, failure }: Seen): string {
  const prints = possible.map(({ key }) => fingerprintOf(key)).join(", ");
  if (prints !== "")
    return `New in the session's list, and could be it${fitting.length > 1 ? " (more than one fits)" : ""}: ${prints}.`;
  if (failure !== undefined) return `The session's list could not be had: ${failure}.`;
  return "Nothing that could be it was seen in the session's list; a share that begins later may be hidden there.";
}
