// A share's window: what a new share requests, and when a recorded share starts and expires. Pure; instants and
// lengths are milliseconds.
import { FudoError } from "../../client/errors";
import type { Clock } from "../../time/clock";
import { parseDuration } from "../../time/durations";
import { parseInstant } from "../../time/instants";
import { withoutZone } from "../../time/zoned";
import { taggedStart } from "./declaration-tag";
import type { SessionShareInputs, SessionShareOutputs } from "./schema";
import { instantText } from "./times";

export const minute = 60_000;

/** What a state holds of a share. Any part can be absent in a state that was edited or imported. */
export type RecordedShare = Readonly<Partial<SessionShareOutputs>>;

/** The window that a create requests. */
export interface RequestedWindow {
  readonly since: number;
  readonly to: number;
  /** True where the program declares no start: `since` is shortly before the moment of creation. */
  readonly generated: boolean;
}

/**
 * The declared window. A start that is not declared carries the tag of the declaration: it lies within the minute before
 * now, and a `duration` then counts from now. Without a tag it lies within the second before now, with a random fraction of
 * a second. Throws `rejected` where the window is over by now.
 */
export function resolveWindow(
  inputs: SessionShareInputs,
  tag: number | undefined,
  { now, random }: Pick<Clock, "now" | "random">,
): RequestedWindow {
  const present = now();
  const declared = millisecondsOf(inputs.validSince);
  const generated = tag === undefined ? randomStart(present, random()) : taggedStart(tag, present);
  const lengthStart = declared ?? (tag === undefined ? generated : present);
  const since = declared ?? generated;
  const to = millisecondsOf(inputs.validTo) ?? lengthStart + (lengthOf(inputs.duration) ?? NaN);
  if (!Number.isFinite(to)) throw new FudoError("rejected", "a share needs `validTo` or `duration`; neither is known");
  // The create may have waited in its session's queue since check accepted the window.
  if (to <= Math.max(since, present)) {
    const ended = `session ${inputs.sessionId}: the window ended at ${instantText(to)}, before the share was created.`;
    throw new FudoError("rejected", `${ended} Declare a later end.`);
  }
  return { since, to, generated: declared === undefined };
}

function randomStart(now: number, random: number): number {
  return Math.floor(now / 1000) * 1000 - 999 + Math.floor(random * 999);
}

/** Milliseconds of a recorded instant or a checked input; `undefined` when it is absent or cannot be read. */
export function millisecondsOf(text: unknown): number | undefined {
  return typeof text === "string" ? parseInstant(withoutZone(text))?.epochMs : undefined;
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

export function earlierStart(share: RecordedShare): number {
  return Math.min(millisecondsOf(share.validSince) ?? Infinity, millisecondsOf(share.grantedSince) ?? Infinity);
}

export function laterStart(share: RecordedShare): number {
  return Math.max(millisecondsOf(share.validSince) ?? -Infinity, millisecondsOf(share.grantedSince) ?? -Infinity);
}

export function hasExpired(share: RecordedShare, now: number): boolean {
  return laterEnd(share) <= now;
}
