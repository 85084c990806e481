// update: records the changed state-only inputs. The API has no update operation, so this sends no request, with one exception:
// sealing a share in another way needs its key, which a list shows.
import type { Clock } from "../../time/clock";
import type { CallContext } from "../run/call-context";
import type { RunContext } from "../run/run-context";
import { sealerFor } from "../run/sealer";
import type { RawInputs } from "../share/inputs";
import { publicOriginOf } from "../share/link";
import { sealedAsBefore, sealingWarnings } from "../share/messages";
import { clean, opened, withInputs } from "../share/outputs";
import type { SessionShareOutputs } from "../share/schema";
import { hasRecipients } from "../share/recipients";
import { hasExpired, type RecordedShare } from "../share/window";
import type { Settings } from "../settings";
import { findListed, parseId, whyUnclear } from "./read";
import type { KeyedShare } from "./recover";
import { needsKey, sealAsDeclared } from "./seal";

export interface UpdateOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly run: () => RunContext;
}

/** `olds` are recorded outputs, `news` checked inputs. Engine: an update without this would erase all outputs. */
export async function updateShare(
  id: string,
  olds: RecordedShare,
  news: RawInputs,
  options: UpdateOptions,
  call: CallContext,
): Promise<SessionShareOutputs> {
  const { settings, clock } = options;
  const outputs = withInputs(olds, news, settings);
  const { key } = outputs;
  if (!hasRecipients(outputs) && outputs.sealedUrl === undefined) return outputs;
  const sealed =
    typeof key === "string"
      ? await sealAsDeclared(opened(outputs, key, undefined, settings), settings)
      : needsKey(outputs, settings)
        ? await sealListed(id, outputs, options, call)
        : await sealAsDeclared(outputs, settings);
  sealingWarnings(id, olds, sealed, clock.now()).forEach((warning) => call.warn(warning));
  return sealed;
}

/** With the key of the session's list. A share that has expired or that the list does not show stays sealed as it is. */
async function sealListed(
  id: string,
  outputs: SessionShareOutputs,
  { settings, clock, run }: UpdateOptions,
  call: CallContext,
): Promise<SessionShareOutputs> {
  const isExpired = hasExpired(outputs, clock.now());
  // Also where the list does not show the share: a recorded public key that age refuses would make each later refresh fail.
  if (!isExpired && hasRecipients(outputs)) await sealerFor(outputs.recipients);
  const found = isExpired ? "it has expired" : await keyedEntry(id, run(), call);
  if (typeof found === "string") {
    call.warn(sealedAsBefore(id, found, isExpired));
    const kept = await sealAsDeclared(outputs, settings);
    // Without an origin the next diff finds no change, and the next refresh that finds the share seals it again.
    return kept.sealedOrigin === publicOriginOf(kept, settings) ? kept : clean({ ...kept, sealedOrigin: undefined });
  }
  return sealAsDeclared(opened(outputs, found.key, found, settings), settings);
}

/** The entry of the share, or why there is none. */
async function keyedEntry(id: string, { lists }: RunContext, call: CallContext): Promise<KeyedShare | string> {
  const { sessionId, fingerprint } = parseId(id);
  const list = await lists.coalesced(sessionId, call.signal);
  lists.reportProblems(sessionId, list, call.warn);
  const listed = findListed(list, id, fingerprint);
  return listed ?? whyUnclear(list) ?? "the session's list does not show it";
}
