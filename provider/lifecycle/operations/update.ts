// update: records the changed state-only inputs. The API has no update operation, so this sends no request, with one exception:
// sealing a share in another way needs its key, which a list shows.
import type { Clock } from "../../time/clock";
import type { CallContext } from "../run/call-context";
import type { RunContext } from "../run/run-context";
import type { RawInputs } from "../share/inputs";
import { publicOriginOf } from "../share/link";
import { keyInHistories, recipientsRemoved, sealedAsBefore } from "../share/messages";
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
  const { settings } = options;
  const outputs = withInputs(olds, news, settings);
  const { key } = outputs;
  if (!hasRecipients(outputs) && outputs.sealedUrl === undefined) return outputs;
  if (typeof key === "string") {
    const sealed = await sealAsDeclared(opened(outputs, key, undefined, settings), settings);
    if (hasRecipients(outputs)) call.warn(keyInHistories(id));
    return sealed;
  }
  if (!needsKey(outputs, settings)) return sealAsDeclared(outputs, settings);
  return sealListed(id, olds, outputs, options, call);
}

/** With the key of the session's list. A share that has expired or that the list does not show stays sealed as it is. */
async function sealListed(
  id: string,
  olds: RecordedShare,
  outputs: SessionShareOutputs,
  { settings, clock, run }: UpdateOptions,
  call: CallContext,
): Promise<SessionShareOutputs> {
  const found = hasExpired(olds, clock.now()) ? "it has expired" : await keyedEntry(id, run(), call);
  if (typeof found === "string") {
    call.warn(sealedAsBefore(id, found));
    const kept = await sealAsDeclared(outputs, settings);
    // Without an origin the next diff finds no change, and the next refresh that finds the share seals it again.
    return kept.sealedOrigin === publicOriginOf(kept, settings) ? kept : clean({ ...kept, sealedOrigin: undefined });
  }
  const sealed = await sealAsDeclared(opened(outputs, found.key, found, settings), settings);
  if (hasRecipients(sealed) && losesRecipients(olds.sealedRecipients, sealed.recipients))
    call.warn(recipientsRemoved(id));
  return sealed;
}

function losesRecipients(before: unknown, now: readonly string[]): boolean {
  return Array.isArray(before) && before.some((each) => !now.includes(each as string));
}

/** The entry of the share, or why there is none. */
async function keyedEntry(id: string, { lists }: RunContext, call: CallContext): Promise<KeyedShare | string> {
  const { sessionId, fingerprint } = parseId(id);
  const list = await lists.coalesced(sessionId, call.signal);
  lists.reportProblems(sessionId, list, call.warn);
  const listed = findListed(list, id, fingerprint);
  return listed ?? whyUnclear(list) ?? "the session's list does not show it";
}
