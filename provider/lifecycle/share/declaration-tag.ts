// The tag of a declaration: a number that a generated start carries in its seconds and milliseconds, so that a later run finds
// the links that an interrupted run has left. The API has no other place for it.
import { hash } from "node:crypto";

const minute = 60_000;

/**
 * 0 to 59,999, from what names a declaration: organization, project, stack, the types of its parents and its own, and its
 * name. Deterministic: the same declaration has the same tag in every run.
 */
export function declarationTag(names: readonly string[]): number {
  return Number.parseInt(hash("sha256", JSON.stringify(names), "hex").slice(0, 12), 16) % minute;
}

export function isDeclarationTag(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < minute;
}

/** The latest instant at or before `now` whose seconds and milliseconds are the tag: at most 59.999 s ago. */
export function taggedStart(tag: number, now: number): number {
  const start = Math.floor(now / minute) * minute + tag;
  return start <= now ? start : start - minute;
}

/** Whether a listed start carries the tag: exactly, or as an appliance shows it that stores whole seconds or minutes. */
export function tagMatch(start: number, tag: number): "exact" | "coarse" | undefined {
  const shown = ((start % minute) + minute) % minute;
  if (shown === tag) return "exact";
  return shown === 0 || shown === Math.floor(tag / 1000) * 1000 ? "coarse" : undefined;
}
