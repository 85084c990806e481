// The window of a share as a policy sees it: what the program declares, and what the state holds. Pure; instants are
// milliseconds since the epoch.
import { laterEnd, lengthOf, millisecondsOf, minute, type RecordedShare } from "../provider/lifecycle/share/window";
import { knownValue, type Properties } from "./share-policy";

export interface Window {
  readonly since: number;
  readonly to: number;
}

export interface DeclaredWindow extends Window {
  /** Neither start nor end is declared: an existing share has this length, and another place than a new one. */
  readonly floats: boolean;
}

/**
 * The window that a create would request now. Undefined where the inputs do not say it: `adopt` takes the window of a share
 * that exists, and an invalid share fails in the provider's own check.
 */
export function declaredWindow(inputs: Properties, now: number): DeclaredWindow | undefined {
  const start = millisecondsOf(inputs["validSince"]);
  const end = millisecondsOf(inputs["validTo"]);
  const length = lengthOf(inputs["duration"]);
  if (start === undefined && inputs["adopt"] !== undefined) return undefined;
  const since = start ?? now;
  const to = end ?? since + (length ?? NaN);
  return Number.isNaN(to) ? undefined : { since, to, floats: start === undefined && end === undefined };
}

/**
 * The window that the state holds. Undefined for a share that does not exist yet, as in the preview of its creation. A start
 * that the provider generated lies in the minute before the creation. That minute was never open, so it does not count.
 */
export function recordedWindow(outputs: Properties): Window | undefined {
  const share = Object.fromEntries(
    ["fingerprint", "validSince", "validTo", "grantedTo"].map((name) => [name, knownValue(outputs, name)]),
  ) as RecordedShare;
  const since = millisecondsOf(share.validSince);
  if (share.fingerprint === undefined || since === undefined) return undefined;
  const to = laterEnd(share);
  return { since: Math.min(since + minute, to), to };
}
