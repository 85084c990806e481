// diff: compares what was requested with what is requested now, never with the appliance's version of it. Pure, apart from
// the warnings.
import { isDeepStrictEqual } from "node:util";
import type { CallContext } from "../run/call-context";
import { stateOnlyInputs } from "../share/id";
import type { RawInputs } from "../share/inputs";
import { publicUrlOf } from "../share/link";
import { replacementWarning } from "../share/messages";
import { unknown } from "../share/unknown";
import { lengthOf, millisecondsOf, minute, type RecordedShare } from "../share/window";
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
  if (replaced.some((name) => news[name] !== unknown)) {
    refuseWhileLive(id, olds, options, "replace");
    call.warn(replacementWarning(id, olds, news, options.now));
  }
  const properties = { ...stateOnlyChanges(olds, news, options), ...asChanges(replaced, "replace") };
  return { changes: Object.keys(properties).length > 0, properties };
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
  const changed = stateOnlyInputs.filter(
    (name) => !isDeepStrictEqual(olds[name] ?? empty(name), news[name] ?? empty(name)),
  );
  const added = changed.filter((name) => olds[name] === undefined);
  const url = olds.url === publicUrlOf(olds, settings) ? [] : ["url"];
  return { ...asChanges([...changed, ...url], "update"), ...asChanges(added, "add") };
}

function asChanges(names: readonly string[], change: PropertyChange): Record<string, PropertyChange> {
  return Object.fromEntries(names.map((name) => [name, change]));
}

function empty(name: string): unknown {
  return name === "labels" ? {} : undefined;
}
