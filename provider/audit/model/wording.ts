// How every text of the audit writes times and counts.
import { formatMilliseconds } from "../../time/instants";

/** `2026-11-25 14:07 UTC`: an instant in a sentence. Reports for programs use ISO 8601 instead. */
export function utcText(ms: number): string {
  if (!Number.isFinite(ms)) return ms > 0 ? "infinity" : "-infinity";
  return `${formatMilliseconds(ms).slice(0, 16).replace("T", " ")} UTC`;
}

/** `1 share`, `3 shares`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
