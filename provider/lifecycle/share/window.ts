// Everything about a share's window: its later end, whether it is over, how it reads in a sentence. Pure; instants
// are milliseconds since the epoch.
import { parseDuration } from "../../time/durations";
import { formatMilliseconds, parseInstant } from "../../time/instants";
import type { SessionShareOutputs } from "./schema";

export const minute = 60_000;

/** What a state holds of a share; any part may be absent in a state that was edited or imported. */
export type RecordedShare = Readonly<Partial<SessionShareOutputs>>;

/** Milliseconds of a recorded instant; `undefined` when it is absent or unreadable. */
export function millisecondsOf(text: unknown): number | undefined {
  return typeof text === "string" ? parseInstant(text)?.epochMs : undefined;
}

/** Milliseconds of an ISO 8601 duration; `undefined` when it is absent or unreadable. */
export function lengthOf(duration: unknown): number | undefined {
  const length = typeof duration === "string" ? parseDuration(duration) : undefined;
  return length !== undefined && "ms" in length ? length.ms : undefined;
}

/** The later of what was asked and what was granted. A share without a readable end never ends. */
export function laterEnd(share: RecordedShare): number {
  return Math.max(millisecondsOf(share.validTo) ?? Infinity, millisecondsOf(share.grantedTo) ?? -Infinity);
}

export function earlierEnd(share: RecordedShare): number {
  return Math.min(millisecondsOf(share.validTo) ?? Infinity, millisecondsOf(share.grantedTo) ?? Infinity);
}

export function laterStart(share: RecordedShare): number {
  return Math.max(millisecondsOf(share.validSince) ?? -Infinity, millisecondsOf(share.grantedSince) ?? -Infinity);
}

export function hasEnded(share: RecordedShare, now: number): boolean {
  return laterEnd(share) <= now;
}

/** Not ended and not known as removed: its link may open the session. */
export function isLive(share: RecordedShare, now: number): boolean {
  return !hasEnded(share, now) && share.removed !== true;
}

/** `2025-05-15T21:07:00.000Z (in 7 h 59 min)`. */
export function untilText(end: number, now: number): string {
  if (!Number.isFinite(end)) return "an end that is not set";
  return `${formatMilliseconds(end)} (in ${lengthText(end - now)})`;
}

/** `2 d 3 h`, `7 h 59 min`, `45 s`: the two largest units. */
export function lengthText(milliseconds: number): string {
  let seconds = Math.max(0, Math.round(milliseconds / 1000));
  const parts: string[] = [];
  for (const [unit, size] of [
    ["d", 86_400],
    ["h", 3600],
    ["min", 60],
    ["s", 1],
  ] as const) {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}
