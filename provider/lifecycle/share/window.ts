// A share's window: what a new share requests, when a recorded share expires, and how messages print an end and a length.
// Pure; instants and lengths are milliseconds.
import { FudoError } from "../../client/errors";
import type { Clock } from "../../time/clock";
import { parseDuration } from "../../time/durations";
import { formatMilliseconds, parseInstant } from "../../time/instants";
import type { SessionShareInputs, SessionShareOutputs } from "./schema";

export const minute = 60_000;

/** What a state holds of a share. Any part can be absent in a state that was edited or imported. */
export type RecordedShare = Readonly<Partial<SessionShareOutputs>>;

/** The window that a create requests. */
export interface RequestedWindow {
  readonly since: number;
  readonly to: number;
  /** True where the program declares no start: `since` is the moment of creation, with a random fraction of a second. */
  readonly generated: boolean;
}

/**
 * The declared window. A start that is not declared lies within the second before now and has a random fraction of a
 * second, which tells this share from every other one. Throws `rejected` where the window is over by now.
 */
export function resolveWindow(
  inputs: SessionShareInputs,
  { now, random }: Pick<Clock, "now" | "random">,
): RequestedWindow {
  const present = now();
  const declared = millisecondsOf(inputs.validSince);
  const since = declared ?? Math.floor(present / 1000) * 1000 - 999 + Math.floor(random() * 999);
  const to = millisecondsOf(inputs.validTo) ?? since + (lengthOf(inputs.duration) ?? NaN);
  if (!Number.isFinite(to)) throw new FudoError("rejected", "a share needs `validTo` or `duration`; neither is known");
  // The create may have waited in its session's queue since check accepted the window.
  if (to <= Math.max(since, present)) {
    const ended = `session ${inputs.sessionId}: the window ended at ${instantText(to)}, before the share was created.`;
    throw new FudoError("rejected", `${ended} Declare a later end.`);
  }
  return { since, to, generated: declared === undefined };
}

/** Milliseconds of a recorded instant; `undefined` when it is absent or cannot be read. */
export function millisecondsOf(text: unknown): number | undefined {
  return typeof text === "string" ? parseInstant(text)?.epochMs : undefined;
}

/** Milliseconds of an ISO 8601 duration; `undefined` when it is absent or cannot be read. */
export function lengthOf(text: unknown): number | undefined {
  const duration = typeof text === "string" ? parseDuration(text) : undefined;
  return duration !== undefined && "ms" in duration ? duration.ms : undefined;
}

/** The later of the requested and the granted end. A share whose end cannot be read never expires. */
export function laterEnd(share: RecordedShare): number {
  return Math.max(millisecondsOf(share.validTo) ?? Infinity, millisecondsOf(share.grantedTo) ?? -Infinity);
}

export function earlierEnd(share: RecordedShare): number {
  return Math.min(millisecondsOf(share.validTo) ?? Infinity, millisecondsOf(share.grantedTo) ?? Infinity);
}

export function laterStart(share: RecordedShare): number {
  return Math.max(millisecondsOf(share.validSince) ?? -Infinity, millisecondsOf(share.grantedSince) ?? -Infinity);
}

export function hasExpired(share: RecordedShare, now: number): boolean {
  return laterEnd(share) <= now;
}

/** `2025-05-15 21:07 UTC`: an instant for people. Rounded down to the minute. */
export function instantText(ms: number): string {
  const iso = formatMilliseconds(ms);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** `2025-05-15 21:07 UTC (in 7 h 59 min)`. */
export function untilText(end: number, now: number): string {
  return Number.isFinite(end) ? `${instantText(end)} (in ${lengthText(end - now)})` : "an end that is not known";
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
