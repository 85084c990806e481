// create: one POST for one declaration. recover.ts handles a lost response; adopt.ts takes over an existing share.
import { FudoError, isFudoError } from "../../client/errors";
import { fingerprintOf } from "../../client/fingerprint";
import type { Share, ShareRequest } from "../../client/api";
import { formatMilliseconds } from "../../time/instants";
import type { CallContext } from "../run/call-context";
import { cancelledBeforePost, type QueueSlot } from "../run/create-queue";
import type { RunContext } from "../run/run-context";
import { sealerFor } from "../run/sealer";
import type { ValidList } from "../run/share-lists";
import { shareId } from "../share/id";
import { narrowInputs, type Declaration, type RawInputs } from "../share/inputs";
import { clocksDiffer, createdButNotListed, listedWarnings, notSealed, recovered } from "../share/messages";
import { outputsOf } from "../share/outputs";
import { hasRecipients } from "../share/recipients";
import type { SessionShareInputs } from "../share/schema";
import { minute, resolveWindow, type RequestedWindow } from "../share/window";
import { adoptShare } from "./adopt";
import { judgeReplaced, requireOpenWindow, uncertainBefore } from "./before-post";
import { recoverShare } from "./recover";
import { recoverInterrupted } from "./recover-interrupted";
import type { Created, OpenCreated } from "./results";
import { sealAsDeclared } from "./seal";

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
 * Creates the declared share, or takes over an existing one (`adopt`, FUDO_RECOVER). Throws the client's errors, `uncertain`
 * where the outcome of the POST is not known, `refused` and `config` before any POST, and `cancelled` where the run ended.
 */
export async function createShare(raw: RawInputs, run: RunContext, call: CallContext): Promise<Created> {
  const declaration = narrowInputs(raw);
  const { inputs } = declaration;
  // Before the POST: nothing may fail after it.
  if (hasRecipients(inputs)) await sealerFor(inputs.recipients);
  const created = await openShare(raw, declaration, run, call);
  try {
    return { ...created, outputs: await sealAsDeclared(created.outputs, run.settings) };
  } catch (error) {
    run.known.markUncertain(raw);
    throw notSealed(created.id, error);
  }
}

/** With its credentials, which the state may not hold. */
async function openShare(
  raw: RawInputs,
  declaration: Declaration,
  run: RunContext,
  call: CallContext,
): Promise<OpenCreated> {
  const { inputs } = declaration;
  const { sessionId, adopt } = inputs;
  if (adopt !== undefined) return adoptShare({ ...inputs, adopt }, run, call);
  const { window, share } = await run.createQueue.enqueue(sessionId, call.signal, (slot) =>
    obtainShare(raw, declaration, slot, run, call),
  );
  return recordCreated(inputs, window, share, run, call);
}

/** At the head of the session's queue: the newest list of this run judges, then a link is taken over, or one POST is sent. */
async function obtainShare(
  raw: RawInputs,
  declaration: Declaration,
  slot: QueueSlot,
  run: RunContext,
  call: CallContext,
): Promise<{ window: RequestedWindow; share: ManagedShare }> {
  const { sessionId, readonly } = declaration.inputs;
  const snapshot = await run.lists.snapshot(sessionId, call.signal);
  run.lists.reportProblems(sessionId, snapshot, call.warn);
  const list = run.lists.newest(sessionId) ?? snapshot;
  judgeReplaced(run.known.replacedBy(raw), sessionId, list, call);
  const window = resolveWindow(declaration.inputs, declaration.tag, run.clock);
  const taken = recoverInterrupted(declaration, window, list, run, call);
  if (taken !== undefined) return { window: taken.window, share: { key: taken.listed.key, listed: taken.listed } };
  if (run.known.isUncertain(raw)) throw uncertainBefore(sessionId);
  requireOpenWindow(sessionId, window, list, run);
  try {
    return { window, share: await postOnce({ sessionId, readonly, window }, snapshot, slot, run, call) };
  } catch (error) {
    if (isFudoError(error) && error.code === "uncertain") run.known.markUncertain(raw);
    throw error;
  }
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

/**
 * The share exists from here on, so nothing may fail any more: the engine would record nothing, and the next run would
 * create another one. A list that cannot be used is a warning, and the next refresh completes the outputs.
 */
async function recordCreated(
  inputs: SessionShareInputs,
  window: RequestedWindow,
  { key, listed }: ManagedShare,
  run: RunContext,
  call: CallContext,
): Promise<OpenCreated> {
  const id = shareId(inputs.sessionId, fingerprintOf(key));
  try {
    const entry = listed ?? (await completingEntry(inputs.sessionId, key, run, call));
    const outputs = outputsOf(inputs, window, key, entry, run.settings);
    if (entry !== undefined) run.windowPrecision.learn(window, entry);
    else call.warn(createdButNotListed(id, "the session's list does not show it yet"));
    listedWarnings(id, outputs, entry).forEach((warning) => call.warn(warning));
    return { id, outputs };
  } catch (error) {
    const reason = isFudoError(error) ? error.message : "unexpected failure";
    call.warn(createdButNotListed(id, `its session's list could not be read (${reason})`));
    return { id, outputs: outputsOf(inputs, window, key, undefined, run.settings) };
  }
}

/** The share's entry in a list that was requested after the response; undefined where the list does not show it. */
async function completingEntry(
  sessionId: string,
  key: string,
  run: RunContext,
  call: CallContext,
): Promise<Share | undefined> {
  const list = await run.completingLists.next(sessionId, call.signal);
  run.lists.reportProblems(sessionId, list, call.warn);
  return list.byFingerprint(fingerprintOf(key)).find((share) => share.key === key);
}

/** The appliance decides by its own clock when a link opens and closes, so a difference is reported before the POST. */
function warnIfClocksDiffer(sessionId: string, window: RequestedWindow, { skew }: ValidList, call: CallContext): void {
  if (skew !== undefined && Math.abs(skew) >= minute) {
    call.warn(clocksDiffer(sessionId, skew, window.since, window.to));
  }
}
