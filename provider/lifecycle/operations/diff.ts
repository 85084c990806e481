// diff: what was asked then against what is asked now, never the appliance's version of it. Pure.
import { isDeepStrictEqual } from "node:util";
import { publicUrlOf } from "../share/link";
import type { RawInputs } from "../share/inputs";
import { refuseWhileLive, type DepartureContext } from "./delete";
import { replacementNotices } from "../share/messages";
import { stateOnlyInputs } from "../share/id";
import { unknown } from "../share/unknown";
import { lengthOf, millisecondsOf, type RecordedShare } from "../share/window";

export interface Difference {
  readonly changes: boolean;
  /** The inputs that make it a replacement. */
  readonly replaces: readonly string[];
  readonly notices: readonly string[];
}

export const noDifference: Difference = { changes: false, replaces: [], notices: [] };

/**
 * `olds` are recorded outputs, `news` checked inputs. Throws `refused` where a replacement would leave a live link and
 * the policy in the state forbids it: before anything is granted.
 */
export function diff(id: string, olds: RecordedShare, news: RawInputs, context: DepartureContext): Difference {
  const replaces = replacedBy(olds, news);
  // What is not known yet may turn out to be the same: only a difference that is certain refuses, and is spoken of.
  if (replaces.some((name) => news[name] !== unknown)) {
    refuseWhileLive(id, olds, context, "replace");
    return { changes: true, replaces, notices: replacementNotices(id, olds, context.now) };
  }
  if (replaces.length > 0) return { changes: true, replaces, notices: [] };
  const stateOnly = stateOnlyInputs.some(
    (name) => !isDeepStrictEqual(olds[name] ?? empty(name), news[name] ?? empty(name)),
  );
  return { changes: stateOnly || olds.url !== publicUrlOf(olds, context.settings), replaces: [], notices: [] };
}

// A value that the state does not hold is no reason to grant again: it is left alone.
function replacedBy(olds: RecordedShare, news: RawInputs): string[] {
  const differs: Record<string, boolean> = {
    sessionId: olds.sessionId !== undefined && news["sessionId"] !== olds.sessionId,
    readonly: olds.readonly !== undefined && news["readonly"] !== olds.readonly,
    validSince: differsAsInstant(olds.validSince, news["validSince"]),
    validTo: differsAsInstant(olds.validTo, news["validTo"]),
    duration: differsAsLength(olds, news["duration"]),
  };
  return Object.keys(differs).filter((name) => differs[name]);
}

function differsAsInstant(old: string | undefined, next: unknown): boolean {
  if (next === undefined || old === undefined) return false;
  return next === unknown || millisecondsOf(old) !== millisecondsOf(next);
}

function differsAsLength(olds: RecordedShare, next: unknown): boolean {
  if (next === undefined) return false;
  if (next === unknown) return true;
  const since = millisecondsOf(olds.validSince);
  const to = millisecondsOf(olds.validTo);
  return since !== undefined && to !== undefined && to - since !== lengthOf(next);
}

function empty(name: string): unknown {
  return name === "labels" ? {} : undefined;
}
