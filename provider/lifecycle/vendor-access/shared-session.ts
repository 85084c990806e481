// What the component VendorAccess knows of one of its shares, and the window in which the link works. Pure.
import { instantText } from "../share/times";

/** Outputs of a share that are not secret. */
export const sharedSessionOutputs = [
  "sessionId",
  "readonly",
  "validSince",
  "validTo",
  "grantedSince",
  "grantedTo",
  "createdAt",
  "fingerprint",
] as const;

/** Any of them may be absent under mocks. */
export type SharedSession = {
  readonly [Name in (typeof sharedSessionOutputs)[number]]?: Name extends "readonly" ? boolean : string;
} & { readonly sessionId: string };

/** Milliseconds. */
export interface Window {
  readonly since: number;
  readonly to: number;
}

/** The window that the appliance granted, or else the requested one. NaN where it is not known. */
export function windowOf({ validSince, validTo, grantedSince, grantedTo }: SharedSession): Window {
  return { since: granted(grantedSince, validSince), to: granted(grantedTo, validTo) };
}

function granted(text: string | undefined, requested: string | undefined): number {
  // `infinity` is no date: the requested end is what the vendor may rely on.
  return [text, requested].map((one) => Date.parse(one ?? "")).find(Number.isFinite) ?? NaN;
}

/** `2025-05-15 21:07 UTC until 2025-05-16 05:07 UTC`. */
export function windowText({ since, to }: Window): string {
  return `${instantText(since)} until ${instantText(to)}`;
}

/** A generated start lies within the minute before the create, and the shares are created one after the other. */
const tolerance = 5 * 60_000;

/**
 * The window in which every link works, if the windows are the same apart from how the shares were created. Undefined if
 * they differ.
 */
export function commonWindow(sessions: readonly SharedSession[]): Window | undefined {
  const windows = sessions.map(windowOf);
  const starts = windows.map(({ since }) => since);
  const ends = windows.map(({ to }) => to);
  const isCommon = [starts, ends].every((instants) => Math.max(...instants) - Math.min(...instants) < tolerance);
  const since = Math.max(...starts);
  const to = Math.min(...ends);
  // Windows of a few minutes can lie one after the other. Without a session the two are infinite.
  return isCommon && since < to && Number.isFinite(since) ? { since, to } : undefined;
}

/** `1 session`, `2 sessions`. */
export function sessionCount({ length }: readonly unknown[]): string {
  return length === 1 ? "1 session" : `${length} sessions`;
}
