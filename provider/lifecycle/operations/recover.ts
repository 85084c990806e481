// Recovers a share after a lost response: finds out from lists what became of the POST, and never sends it again. Takes only a
// share that can only be this one. Otherwise the create fails as `uncertain` and says what was seen.
import { FudoError, isFudoError } from "../../client/errors";
import { fingerprintOf } from "../../client/fingerprint";
import type { Share, ShareRequest } from "../../client/api";
import { parseInstant } from "../../time/instants";
import type { CallContext } from "../run/call-context";
import type { RunContext } from "../run/run-context";
import type { ValidList } from "../run/share-lists";
import { mayBeRemoved } from "../share/status";
import type { RequestedWindow } from "../share/window";

export interface LostRequest {
  readonly sessionId: string;
  readonly request: ShareRequest;
  readonly window: RequestedWindow;
  /** `ShareLists.sequenceNumber()` right before the POST. */
  readonly sequenceNumber: number;
  /** The appliance's clock right before the POST, at the earliest: milliseconds since the epoch. */
  readonly notBefore: number;
  readonly cause: FudoError;
}

export type KeyedShare = Share & { readonly key: string };

/** What one list shows. */
interface Candidates {
  /** New, and nothing in the entry contradicts the request. */
  readonly possible: readonly KeyedShare[];
  /** Of these, the ones whose mode, creation and window all match. */
  readonly matching: readonly KeyedShare[];
  /** Why there is no list. */
  readonly failure?: string;
}

const timeout = 120_000;
const lastListTimeout = 5_000;
/** `Date` has whole seconds, and each node of a cluster has its own clock. */
const clockTolerance = 2000;

/**
 * The share that the POST created; it is managed from now on. Throws `uncertain` where two minutes of lists do not show it.
 * An aborted signal ends the wait after one last list.
 */
export async function recoverShare(lost: LostRequest, run: RunContext, call: CallContext): Promise<KeyedShare> {
  const deadline = run.clock.now() + timeout;
  let candidates: Candidates = { possible: [], matching: [] };
  for (let pause = 500; ; pause = Math.min(pause * 2, 15_000)) {
    candidates = await searchList(lost, run, call, candidates);
    const [only, another] = candidates.matching;
    if (only !== undefined && another === undefined && run.lists.manage(lost.sessionId, only.key)) return only;
    // Two matching shares stay two.
    if (another !== undefined || call.signal.aborted || run.clock.now() + pause > deadline) {
      throw uncertain(lost, candidates);
    }
    await run.clock.sleep(pause, call.signal).catch(() => undefined);
  }
}

async function searchList(
  lost: LostRequest,
  run: RunContext,
  call: CallContext,
  before: Candidates,
): Promise<Candidates> {
  try {
    const list = await fetchList(lost.sessionId, run, call);
    const added = run.lists.newSince(lost.sequenceNumber, lost.sessionId, list);
    const possible = added.filter((share) => isPossible(share, list, lost));
    return { possible, matching: possible.filter((share) => isMatching(share, list, lost, run)) };
  } catch (error) {
    const failure = isFudoError(error) ? error.message : "unexpected failure";
    return { possible: before.possible, matching: [], failure };
  }
}

/** After a cancellation the engine waits for this create, so the last list gets five seconds. */
async function fetchList(sessionId: string, { lists, clock }: RunContext, { signal }: CallContext): Promise<ValidList> {
  const list = lists.fetch(sessionId, signal);
  if (!signal.aborted) return list;
  const timer = new AbortController();
  const timedOut = clock.sleep(lastListTimeout, timer.signal).then(() => {
    throw new FudoError("unreachable", "the last list request timed out after 5 s");
  });
  return Promise.race([list, timedOut]).finally(() => timer.abort());
}

/** Nothing that the list says about mode and creation contradicts the request. */
function isPossible(share: Share, list: ValidList, { request, notBefore }: LostRequest): share is KeyedShare {
  const created = createdAt(share);
  return (
    share.key !== undefined &&
    !share.removed &&
    (share.readonly ?? request.readonly) === request.readonly &&
    (created === undefined ||
      (created >= notBefore - clockTolerance && created <= list.applianceTime + 1000 + clockTolerance))
  );
}

/** The list says mode, creation and window, and all of them match the request. */
function isMatching(share: Share, list: ValidList, { window }: LostRequest, { windowPrecision }: RunContext): boolean {
  return (
    !mayBeRemoved(share) &&
    share.readonly !== undefined &&
    createdAt(share) !== undefined &&
    windowPrecision.matches(window, share, list.shares)
  );
}

function createdAt({ createdAt }: Share): number | undefined {
  return createdAt === undefined ? undefined : parseInstant(createdAt)?.epochMs;
}

function uncertain({ sessionId, request, cause }: LostRequest, candidates: Candidates): FudoError {
  const { validSince, validTo, readonly } = request;
  return new FudoError(
    "uncertain",
    `session ${sessionId}: the connection failed before the create response arrived (${cause.message}), and the session's ` +
      `list does not show clearly whether the share exists. Requested: ${validSince} to ${validTo}, readonly ${readonly}. ` +
      `${candidatesText(candidates)} The request was not sent again. Before the next \`pulumi up\`, run fudo-audit (or ` +
      "getSessionShares) on this session. To manage the share that it shows, declare `adopt` with its fingerprint, or run " +
      "`FUDO_RECOVER=true pulumi up` once.",
    { cause, executed: "unknown" },
  );
}

function candidatesText({ possible, matching, failure }: Candidates): string {
  const fingerprints = possible.map(({ key }) => fingerprintOf(key)).join(", ");
  if (fingerprints !== "") {
    return `New in the list and possibly this share${matching.length > 1 ? " (more than one matches)" : ""}: ${fingerprints}.`;
  }
  if (failure !== undefined) return `The session's list could not be read: ${failure}.`;
  return "The list shows no new share that matches; the appliance may hide a share that starts later.";
}
