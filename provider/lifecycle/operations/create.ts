// create: one POST for one declaration. recover.ts handles a lost response; adopt.ts takes over an existing share.
import { FudoError, isFudoError } from "../../client/errors";
import { fingerprintOf } from "../../client/fingerprint";
import type { Share, ShareRequest } from "../../client/api";
import { formatMilliseconds } from "../../time/instants";
import type { CallContext } from "../run/call-context";
import { cancelledBeforePost, type QueueSlot } from "../run/create-queue";
import type { RunContext } from "../run/run-context";
import type { ValidList } from "../run/share-lists";
import { shareId } from "../share/id";
import { narrowInputs, type RawInputs } from "../share/inputs";
import { clocksDiffer, createdButNotListed, recovered, windowDiffers } from "../share/messages";
import { outputsOf } from "../share/outputs";
import { minute, resolveWindow, type RequestedWindow } from "../share/window";
import { adoptShare } from "./adopt";
import { recoverShare } from "./recover";
import type { Created } from "./results";

/** A new share's parameters: what one POST requests. */
interface NewShare {
  readonly sessionId: string;
  readonly readonly: boolean;
  readonly window: RequestedWindow;
}

/** An existing share that this resource manages. `listed` is its entry, where a list has shown it already. */
interface ManagedShare {
  readonly key: string;
  readonly listed?: Share;
}

/**
 * Creates the declared share, or adopts it. Throws the client's errors, `uncertain` where the outcome of the POST is not
 * known, `refused` for `adopt`, and `cancelled` where the run ended before the POST.
 */
export async function createShare(raw: RawInputs, run: RunContext, call: CallContext): Promise<Created> {
  const inputs = narrowInputs(raw);
  const { sessionId, readonly, adopt } = inputs;
  if (adopt !== undefined) return adoptShare({ ...inputs, adopt }, run, call);
  const { window, share } = await run.createQueue.enqueue(sessionId, call.signal, async (slot) => {
    const snapshot = await run.lists.snapshot(sessionId, call.signal);
    const window = resolveWindow(inputs, run.clock);
    return { window, share: await postOnce({ sessionId, readonly, window }, snapshot, slot, run, call) };
  });
  const id = shareId(sessionId, fingerprintOf(share.key));
  const listed = share.listed ?? (await completingEntry(id, sessionId, share.key, run, call));
  if (listed !== undefined) run.windowPrecision.learn(window, listed);
  const outputs = outputsOf(inputs, window, share.key, listed, run.settings);
  const warning = windowDiffers(id, outputs);
  if (warning !== undefined) call.warn(warning);
  return { id, outputs };
}

async function postOnce(
  { sessionId, readonly, window }: NewShare,
  snapshot: ValidList,
  slot: QueueSlot,
  run: RunContext,
  call: CallContext,
): Promise<ManagedShare> {
  warnIfClocksDiffer(sessionId, window, snapshot, call);
  const request: ShareRequest = {
    validSince: formatMilliseconds(window.since),
    validTo: formatMilliseconds(window.to),
    readonly,
  };
  const beforePost = () => ({
    sequenceNumber: run.lists.sequenceNumber(),
    notBefore: run.clock.now() + (snapshot.skew ?? 0),
  });
  let sent = beforePost();
  // Runs before each attempt: only the last one may have been executed, so only shares that appear after it can be ours.
  const beforeSend = () => {
    call.assertEngineAlive();
    if (call.signal.aborted) throw new FudoError("cancelled", `session ${sessionId}: ${cancelledBeforePost}`);
    slot.resume();
    sent = beforePost();
  };
  const options = { beforeSend, beforeRetry: () => slot.suspend(), signal: call.signal };
  try {
    const { share } = await run.client.createShare(sessionId, request, options);
    return manageNewKey(sessionId, share.key, sent.sequenceNumber, run);
  } catch (error) {
    if (!isFudoError(error) || error.executed === "no") throw withAdvice(error, window);
    slot.suspend();
    const listed = await recoverShare({ sessionId, request, window, ...sent, cause: error }, run, call);
    call.warn(recovered(shareId(sessionId, fingerprintOf(listed.key))));
    return { key: listed.key, listed };
  }
}

/** A generated start is in the past when the appliance reads it. An appliance that rejects that needs a declared start. */
function withAdvice(error: unknown, { generated }: RequestedWindow): unknown {
  if (!generated || !isFudoError(error) || error.code !== "rejected" || !error.fromAppliance) return error;
  const { message, executed, fromAppliance, status } = error;
  const advice =
    "If the appliance rejects the start of the window (by default the moment of creation), declare `validSince`";
  const details = { executed, fromAppliance, ...(status !== undefined && { status }) };
  return new FudoError("rejected", `${message.replace(/\.$/, "")}. ${advice}`, details);
}

function manageNewKey(sessionId: string, key: string, sequenceNumber: number, run: RunContext): ManagedShare {
  if (run.lists.isNewSince(sequenceNumber, sessionId, key) && run.lists.manage(sessionId, key)) return { key };
  // Appliance: the vendor does not say whether two requests for one window create two shares. One link must not be managed
  // by two resources.
  throw new FudoError(
    "protocol",
    `session ${sessionId}: the appliance returned the key of share ${fingerprintOf(key)}, which existed before. No new ` +
      "share was created. If no other resource manages that share, declare `adopt` with its fingerprint.",
  );
}

/** The share's entry in a list requested after the response. A share that exists never fails because of its list. */
async function completingEntry(
  id: string,
  sessionId: string,
  key: string,
  run: RunContext,
  call: CallContext,
): Promise<Share | undefined> {
  try {
    const list = await run.completingLists.next(sessionId, call.signal);
    const listed = list.byFingerprint(fingerprintOf(key)).find((share) => share.key === key);
    if (listed === undefined) call.warn(createdButNotListed(id, "the session's list does not show it yet"));
    return listed;
  } catch (error) {
    const reason = isFudoError(error) ? error.message : "unexpected failure";
    call.warn(createdButNotListed(id, `its session's list could not be read (${reason})`));
    return undefined;
  }
}

/** The appliance decides by its own clock when a link opens and closes, so a difference is reported before the POST. */
function warnIfClocksDiffer(sessionId: string, window: RequestedWindow, { skew }: ValidList, call: CallContext): void {
  if (skew !== undefined && Math.abs(skew) >= minute) {
    call.warn(clocksDiffer(sessionId, skew, window.since, window.to));
  }
}
