// check: returns canonical inputs and all failures at once. Pure: the clock and the settings come in as values, and neither
// enters the checked inputs (update plans and `ignoreChanges` would break).
import { immutableInputs } from "../share/id";
import { failure, parseInputs, type RawInputs } from "../share/inputs";
import { unknown } from "../share/unknown";
import { exceedingLengthText, instantText, lengthText } from "../share/times";
import { lengthOf, millisecondsOf, minute } from "../share/window";
import type { Settings } from "../settings";
import type { Checked } from "./results";

export interface CheckOptions {
  readonly settings: Settings;
  readonly now: number;
}

/**
 * `olds` are the checked inputs of the existing share, or empty for a new one. The limits on a window (not over, order,
 * `maxDuration`) apply to a new share, and to an existing one whose immutable inputs certainly changed.
 */
export function check(olds: RawInputs, news: RawInputs, { settings, now }: CheckOptions): Checked {
  const { inputs: given, failures: parseFailures } = parseInputs(news, olds);
  const inputs: Record<string, unknown> = { readonly: true, labels: {}, ...given };
  const failures = [...parseFailures];
  // Engine: `ignoreChanges` puts the recorded input in the place of the program's, and the CLI then prints the program's value
  // with the failure: two different ends in one sentence. So a failure with a hint at this option names no property.
  const fail = (name: string, reason: string, hint = "") =>
    failures.push(
      hint === "" ? failure(name, reason, news[name]) : { property: "", reason: `${name}: ${reason}${hint}` },
    );

  if (isAbsent(news, "sessionId")) fail("sessionId", "is required");
  if (lacksOneEnd(news)) fail("validTo", "set exactly one of validTo and duration", keptEndText(olds, news));

  // Engine: an existing share with an unknown input looks like a new one, because diff cannot rule out a replacement. The
  // run knows all values and checks again.
  const isNew = Object.keys(olds).length === 0 && !immutableInputs.some((name) => inputs[name] === unknown);
  const changed = isNew ? undefined : certainlyChanged(olds, inputs);
  if (isNew || changed !== undefined) {
    const because =
      changed === undefined ? "" : `. The changed ${changed} replaces the share, so the limits of a new share apply`;
    for (const [name, reason] of windowFailures(inputs, settings, now)) {
      const isKept = changed !== undefined && !isAbsent(olds, name) && isSame(olds[name], inputs[name]);
      fail(name, reason + because, isKept ? keptText(name) : "");
    }
  }
  // A preview reports what would make the first create fail. An existing share needs no settings, but a malformed setting is
  // never treated as a missing one.
  (isNew ? settings.problems : settings.malformed).forEach((problem) =>
    failures.push({ property: "", reason: problem }),
  );
  return { inputs, failures };
}

function keptText(name: string): string {
  return `. This is the recorded ${name}. If the program declares another one, the option ignoreChanges keeps the recorded one: remove "${name}" from it`;
}

// Engine: `ignoreChanges` puts the recorded input in the place of the program's, and removes one that is not recorded. So a
// program that exchanges one end for the other arrives here with both or with neither.
function keptEndText(olds: RawInputs, news: RawInputs): string | undefined {
  const recorded = isAbsent(olds, "validTo") ? "duration" : "validTo";
  const other = recorded === "validTo" ? "duration" : "validTo";
  if (isAbsent(olds, recorded) || !isAbsent(olds, other)) return undefined;
  if (isAbsent(news, recorded))
    return `. The recorded share has ${recorded}. If the program declares ${other}, the option ignoreChanges removes it: remove "${other}" from it`;
  if (!isSame(olds[recorded], news[recorded])) return undefined;
  return `. This ${recorded} is the recorded one. If the program declares only ${other}, the option ignoreChanges adds the recorded ${recorded}: remove "${recorded}" from it`;
}

function lacksOneEnd({ validTo, duration }: RawInputs): boolean {
  if (validTo === unknown || duration === unknown) return false;
  return ((validTo ?? undefined) === undefined) === ((duration ?? undefined) === undefined);
}

function isAbsent(inputs: RawInputs, name: string): boolean {
  return inputs[name] === undefined || inputs[name] === null;
}

/** The first input that makes a replacement certain from the inputs alone. diff, which has the outputs, decides the rest. */
function certainlyChanged(olds: RawInputs, news: RawInputs): string | undefined {
  return ["sessionId", "readonly", "validSince", "validTo"].find(
    (name) =>
      !isAbsent(olds, name) && !isAbsent(news, name) && news[name] !== unknown && !isSame(olds[name], news[name]),
  );
}

function isSame(old: unknown, next: unknown): boolean {
  const instant = millisecondsOf(old);
  return old === next || (instant !== undefined && instant === millisecondsOf(next));
}

const latestInstant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

type WindowFailure = readonly [name: string, reason: string];

function windowFailures(inputs: RawInputs, settings: Settings, now: number): WindowFailure[] {
  const since = millisecondsOf(inputs["validSince"]);
  const to = millisecondsOf(inputs["validTo"]);
  const duration = lengthOf(inputs["duration"]);
  if (immutableInputs.some((name) => inputs[name] === unknown)) return [];
  const end = to ?? (duration === undefined ? undefined : (since ?? now) + duration);
  if (end === undefined) return [];

  const endName = to === undefined ? "duration" : "validTo";
  const order: WindowFailure[] = since !== undefined && end <= since ? [[endName, "must be after validSince"]] : [];
  // `adopt` takes over a window that exists already, even an expired or a long one.
  if (inputs["adopt"] !== undefined) return order;
  if (end > latestInstant) return [[endName, "ends after the year 9999"]];
  const failures: WindowFailure[] = [];
  if (end <= now) failures.push([endName, `the window ended at ${instantText(end)}, so the link would never work`]);
  failures.push(...order);
  const length = end - (since ?? Math.min(now, end));
  if (length > settings.maxDuration) failures.push([endName, tooLong(length, settings.maxDuration)]);
  return failures;
}

function tooLong(length: number, limit: number): string {
  // 30 calendar days over the end of daylight saving time.
  const clockChange = length - limit === 60 * minute ? ". One hour may be a clock change between the two dates" : "";
  return (
    `the window is longer than ${lengthText(limit)} (fudo:maxDuration): it has ${exceedingLengthText(length, limit)}. The API ` +
    `cannot revoke a link${clockChange}`
  );
}
