// check: canonical inputs and every complaint about them at once. Pure: the clock and the settings come in as values,
// and neither ever enters the checked inputs (update plans and ignoreChanges would break).
import { formatMilliseconds } from "../../time/instants";
import { immutableInputs } from "../share/id";
import { failure, parseInputs, type Failure, type RawInputs } from "../share/inputs";
import type { Settings } from "../settings";
import { unknown } from "../share/unknown";
import { lengthOf, lengthText, millisecondsOf } from "../share/window";

export interface CheckContext {
  readonly settings: Settings;
  readonly now: number;
}

export interface Checked {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly failures: readonly Failure[];
}

/**
 * `olds` are the checked inputs of the share that exists, or empty for one yet to be created. What binds a window
 * (not over, order, `maxDuration`) binds only the latter, and an existing one whose immutable inputs surely changed.
 */
export function check(olds: RawInputs, news: RawInputs, { settings, now }: CheckContext): Checked {
  const { inputs: given, failures } = parseInputs(news);
  const inputs: Record<string, unknown> = { readonly: true, labels: {}, ...given };
  const complaints = [...failures];
  const complain = (name: string, reason: string) => complaints.push(failure(name, reason, news[name]));

  if (isAbsent(news, "sessionId")) complain("sessionId", "is required");
  if (lacksOneEnd(news)) complain("validTo", "give exactly one of validTo and duration");

  // Engine: an existing share with an unknown input comes as a new one, since diff cannot rule out a replacement. Nothing
  // is known against it yet; the run, which knows, asks again.
  const isNew = Object.keys(olds).length === 0 && !immutableInputs.some((name) => inputs[name] === unknown);
  const changed = isNew ? undefined : surelyChanged(olds, inputs);
  if (isNew || changed !== undefined) {
    const because =
      changed === undefined
        ? ""
        : `; a changed ${changed} would replace the share, and a replacement must be a share that can be created`;
    windowComplaints(inputs, settings, now).forEach(([name, reason]) => complain(name, reason + because));
  }
  // What a first create would fail for is said at preview already. A share that exists needs no settings to stay, but one
  // that is misspelt is never taken for one that is not set.
  (isNew ? settings.problems : settings.malformed).forEach((problem) =>
    complaints.push({ property: "", reason: problem }),
  );
  return { inputs, failures: complaints };
}

function lacksOneEnd({ validTo, duration }: RawInputs): boolean {
  if (validTo === unknown || duration === unknown) return false;
  return ((validTo ?? undefined) === undefined) === ((duration ?? undefined) === undefined);
}

function isAbsent(inputs: RawInputs, name: string): boolean {
  return inputs[name] === undefined || inputs[name] === null;
}

/** The first input that makes a replacement certain, judged by inputs alone; diff, which has the outputs, decides the rest. */
function surelyChanged(olds: RawInputs, news: RawInputs): string | undefined {
  return ["sessionId", "readonly", "validSince", "validTo"].find(
    (name) =>
      !isAbsent(olds, name) && !isAbsent(news, name) && news[name] !== unknown && !sameText(olds[name], news[name]),
  );
}

function sameText(old: unknown, next: unknown): boolean {
  const instant = millisecondsOf(old);
  return old === next || (instant !== undefined && instant === millisecondsOf(next));
}

const latestInstant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

type Complaint = readonly [name: string, reason: string];

function windowComplaints(inputs: RawInputs, settings: Settings, now: number): Complaint[] {
  const since = millisecondsOf(inputs["validSince"]);
  const to = millisecondsOf(inputs["validTo"]);
  const duration = lengthOf(inputs["duration"]);
  if (immutableInputs.some((name) => inputs[name] === unknown)) return [];
  const end = to ?? (duration === undefined ? undefined : (since ?? now) + duration);
  if (end === undefined) return [];

  const endName = to === undefined ? "duration" : "validTo";
  const order: Complaint[] = since !== undefined && end <= since ? [[endName, "must be after validSince"]] : [];
  // `adopt` takes over a window that somebody has granted already, be it over or long.
  if (inputs["adopt"] !== undefined) return order;
  if (end > latestInstant) return [[endName, "ends after the year 9999"]];
  const complaints: Complaint[] = [];
  if (end <= now)
    complaints.push([endName, `the window ended at ${formatMilliseconds(end)}, so the link would open nothing`]);
  complaints.push(...order);
  if (end - (since ?? Math.min(now, end)) > settings.maxDuration) {
    complaints.push([
      endName,
      `the window is longer than ${lengthText(settings.maxDuration)} (fudo:maxDuration): a link cannot be taken back`,
    ]);
  }
  return complaints;
}
