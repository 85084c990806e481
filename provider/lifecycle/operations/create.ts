// create: one POST for one declaration. What happens when its answer is lost is in lost-answer.ts; taking over a share
// that exists is in adopt.ts.
import { FudoError, isFudoError } from "../../client/errors";
import { fingerprintOf } from "../../client/fingerprint";
import { formatMilliseconds } from "../../time/instants";
import type { Share, ShareRequest } from "../../client/api";
import { adoptShare } from "./adopt";
import { recoverLostAnswer } from "./recover";
import { adoptedAfterLostAnswer, clockSkew, createdButNotListed, grantedOtherwise } from "../share/messages";
import { outputsOf, type AskedWindow } from "../share/outputs";
import type { Run } from "../run/run-context";
import { shareId } from "../share/id";
import type { SessionShareInputs, SessionShareOutputs } from "../share/schema";
import type { Listed } from "../run/share-lists";
import { lengthOf, millisecondsOf, minute } from "../share/window";

export interface Created {
  readonly id: string;
  readonly outputs: SessionShareOutputs;
  readonly notices: readonly string[];
}

/** A share that now exists and is ours; `listed` where a list has shown it already. */
export interface Granted {
  readonly key: string;
  readonly listed?: Share;
  readonly notices: readonly string[];
}

/** Throws what the client throws, `uncertain` where the outcome of the POST could not be told, `refused` for `adopt`. */
export async function createShare(inputs: SessionShareInputs, run: Run): Promise<Created> {
  if (inputs.adopt !== undefined) return adoptShare({ ...inputs, adopt: inputs.adopt }, run);
  const { sessionId } = inputs;
  const { window, granted } = await run.turns.take(sessionId, async () => {
    const baseline = await run.lists.baseline(sessionId);
    const window = drawWindow(inputs, run);
    return { window, granted: await grantOnce(inputs, window, baseline, run) };
  });
  const id = shareId(sessionId, fingerprintOf(granted.key));
  const { listed, notices } = granted.listed
    ? { listed: granted.listed, notices: [] }
    : await completed(id, sessionId, granted.key, run);
  if (listed !== undefined) run.grain.learn(window, listed);
  const outputs = outputsOf(inputs, window, granted.key, listed, run.settings);
  return { id, outputs, notices: [...granted.notices, ...notices, ...grantedOtherwise(id, outputs)] };
}

/** What was declared, and where nothing was: now, with a random fraction of a second that tells our share from another's. */
export function drawWindow(inputs: SessionShareInputs, { clock }: Run): AskedWindow {
  const now = clock.now();
  const declared = millisecondsOf(inputs.validSince);
  const since = declared ?? Math.floor(now / 1000) * 1000 - 999 + Math.floor(clock.random() * 999);
  const to = millisecondsOf(inputs.validTo) ?? since + (lengthOf(inputs.duration) ?? NaN);
  if (!Number.isFinite(to))
    throw new FudoError("rejected", "neither validTo nor duration is known, so no share can be created");
  // A turn can be long in coming: what `check` found in order may be over by now.
  if (to <= Math.max(since, now))
    throw new FudoError(
      "rejected",
      `session ${inputs.sessionId}: the window was over at ${formatMilliseconds(to)}, before the share could be created`,
    );
  return { since, to, drawn: declared === undefined };
}

async function grantOnce(
  inputs: SessionShareInputs,
  window: AskedWindow,
  baseline: Listed,
  run: Run,
): Promise<Granted> {
  const { sessionId } = inputs;
  const skewed = skewNotices(sessionId, window, baseline);
  skewed.forEach(run.notify);
  const request: ShareRequest = {
    validSince: formatMilliseconds(window.since),
    validTo: formatMilliseconds(window.to),
    readonly: inputs.readonly,
  };
  const start = () => ({ mark: run.lists.mark(), notBefore: run.clock.now() + (baseline.skew ?? 0) });
  let started = start();
  // Asked before each attempt: only the last one may have been executed, and only what came after it can be ours.
  const beforeSend = () => {
    run.demandEngine();
    started = start();
  };
  try {
    const { share } = await run.client.createShare(sessionId, request, { beforeSend });
    return ownKey(sessionId, share.key, started.mark, run);
  } catch (error) {
    if (!isFudoError(error) || error.executed === "no") throw withAdvice(error, window);
    const listed = await recoverLostAnswer({ sessionId, request, window, ...started, cause: error }, run);
    const id = shareId(sessionId, fingerprintOf(listed.key));
    return { key: listed.key, listed, notices: [adoptedAfterLostAnswer(id)] };
  }
}

/** A drawn start is past when the appliance reads it: one that takes no such start needs a declared one. */
function withAdvice(error: unknown, { drawn }: AskedWindow): unknown {
  if (!drawn || !isFudoError(error) || error.code !== "rejected" || !error.fromAppliance) return error;
  const { message, executed, fromAppliance } = error;
  const advice =
    "Should this be about the start of the window, which was drawn as the moment of creation: declare `validSince`";
  return new FudoError("rejected", `${message.replace(/\.$/, "")}. ${advice}`, {
    executed,
    fromAppliance,
    ...(error.status !== undefined && { status: error.status }),
  });
}

function ownKey(sessionId: string, key: string, mark: number, run: Run): Granted {
  if (run.lists.isNewSince(mark, sessionId, key) && run.lists.claim(sessionId, key)) return { key, notices: [] };
  // Appliance: the vendor does not say whether asking for the same window twice makes two shares. One link must not have two owners.
  throw new FudoError(
    "protocol",
    `session ${sessionId}: the appliance answered a creation with the key of share ${fingerprintOf(key)}, which was there before; nothing new was made. ` +
      "If no other resource owns that one, declare `adopt` with its fingerprint.",
  );
}

/** The list that tells what POST does not. Nothing here can fail a share that exists. */
async function completed(
  id: string,
  sessionId: string,
  key: string,
  run: Run,
): Promise<{ listed?: Share; notices: string[] }> {
  try {
    const ready = () => run.turns.quiet(sessionId, run.lists.patience(sessionId), 1000);
    const list = await run.lists.awaited(sessionId, ready);
    const listed = list.byFingerprint(fingerprintOf(key)).find((share) => share.key === key);
    if (listed !== undefined) return { listed, notices: [] };
    return { notices: [createdButNotListed(id, "the session's list does not show it (yet)")] };
  } catch (error) {
    return {
      notices: [
        createdButNotListed(id, `its session's list failed (${isFudoError(error) ? error.message : "unexpectedly"})`),
      ],
    };
  }
}

/** The appliance decides by its own clock when a link opens and closes: said before the share is made. */
function skewNotices(sessionId: string, window: AskedWindow, { skew }: Listed): string[] {
  return skew !== undefined && Math.abs(skew) >= minute ? [clockSkew(sessionId, skew, window.since, window.to)] : [];
}
