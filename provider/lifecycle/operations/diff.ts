// diff: compares what was requested with what is requested now, never with the appliance's version of it. Pure, apart from
// the warnings.
import { isDeepStrictEqual } from "node:util";
import type { CallContext } from "../run/call-context";
import { secretOutputs, stateOnlyInputs } from "../share/id";
import type { RawInputs } from "../share/inputs";
import { publicOriginOf, publicUrlOf } from "../share/link";
import { replacementWarning } from "../share/messages";
import { hasRecipients } from "../share/recipients";
import { unknown } from "../share/unknown";
import { lengthOf, millisecondsOf, minute, type RecordedShare } from "../share/window";
import type { Settings } from "../settings";
import { refuseWhileLive, type DeletionOptions } from "./delete";
import type { Difference, PropertyChange } from "./results";

/**
 * `olds` are recorded outputs, `news` checked inputs. Throws `refused` where a replacement would leave a live link that the
 * policy in the state forbids to leave: before any POST.
 */
export function diff(
  id: string,
  olds: RecordedShare,
  news: RawInputs,
  options: DeletionOptions,
  call: CallContext,
): Difference {
  const replaced = replacedInputs(olds, news);
  // An unknown value may turn out to be the same, so only a certain difference refuses or warns.
  if (replaced.some((name) => news[name] !== unknown)) announceReplacement(id, olds, news, options, call);
  const properties = { ...stateOnlyChanges(olds, news, options), ...asChanges(replaced, "replace") };
  return { changes: Object.keys(properties).length > 0, properties };
}

/** Warns of the old link and of the new access. Throws `refused` where the policy in the state forbids a replacement. */
export function announceReplacement(
  id: string,
  olds: RecordedShare,
  news: RawInputs,
  options: DeletionOptions,
  call: CallContext,
): void {
  refuseWhileLive(id, olds, options, "replace");
  call.warn(replacementWarning(id, olds, news, options.now));
}

// A value that the state does not hold is no reason to grant access again: it is left alone.
function replacedInputs(olds: RecordedShare, news: RawInputs): string[] {
  const differs: Record<string, boolean> = {
    sessionId: olds.sessionId !== undefined && news["sessionId"] !== olds.sessionId,
    readonly: olds.readonly !== undefined && news["readonly"] !== olds.readonly,
    validSince: differsAsInstant(olds.validSince, news["validSince"]),
    validTo: differsAsInstant(olds.validTo, news["validTo"]),
    duration: differsAsLength(olds, news),
  };
  return Object.keys(differs).filter((name) => differs[name]);
}

function differsAsInstant(old: string | undefined, next: unknown): boolean {
  if (next === undefined || old === undefined) return false;
  return next === unknown || millisecondsOf(old) !== millisecondsOf(next);
}

function differsAsLength(olds: RecordedShare, { duration, validSince }: RawInputs): boolean {
  if (duration === undefined) return false;
  if (duration === unknown) return true;
  const length = lengthOf(duration) ?? NaN;
  if (olds.duration !== undefined) return lengthOf(olds.duration) !== length;
  const since = millisecondsOf(olds.validSince);
  const to = millisecondsOf(olds.validTo);
  if (since === undefined || to === undefined) return false;
  // A generated start lies up to a minute before the moment from which the length counts.
  const extra = to - since - length;
  return validSince === undefined ? !(extra >= 0 && extra < minute) : extra !== 0;
}

function stateOnlyChanges(
  olds: RecordedShare,
  news: RawInputs,
  { settings }: DeletionOptions,
): Record<string, PropertyChange> {
  const changed = stateOnlyInputs.filter((name) => !isDeepStrictEqual(valueOf(olds, name), valueOf(news, name)));
  const added = changed.filter((name) => olds[name] === undefined);
  const address = addressChange(olds, settings);
  return { ...asChanges([...changed, ...address], "update"), ...asChanges(added, "add") };
}

/** The output with the vendor's address, if its origin changed, or if a state holds credentials that are declared as sealed. */
function addressChange(olds: RecordedShare, settings: Settings): string[] {
  const { sealedUrl, sealedOrigin } = olds;
  if (hasRecipients(olds) && secretOutputs.some((name) => olds[name] !== undefined)) return ["sealedUrl"];
  if (sealedUrl === undefined) return olds.url === publicUrlOf(olds, settings) ? [] : ["url"];
  return sealedOrigin === undefined || sealedOrigin === publicOriginOf(olds, settings) ? [] : ["sealedUrl"];
}

function asChanges(names: readonly string[], change: PropertyChange): Record<string, PropertyChange> {
  return Object.fromEntries(names.map((name) => [name, change]));
}

/** Absent and empty are one value. */
function valueOf(inputs: RawInputs, name: (typeof stateOnlyInputs)[number]): unknown {
  const value = inputs[name] ?? undefined;
  if (name === "recipients") return Array.isArray(value) && value.length === 0 ? undefined : value;
  return value ?? (name === "labels" ? {} : undefined);
}
