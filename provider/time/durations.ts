// Parses and formats ISO 8601 durations.
import type { ParsedMilliseconds } from "./instants";
import { temporal } from "./temporal";

const hour = 3_600_000;
const minute = 60_000;

/**
 * Parses `PT8H`, `P2D`, `P1W` into milliseconds. A day is 24 hours, a week 168. Months and years are rejected, because
 * they have no fixed length. The result is a positive whole number.
 */
export function parseDuration(text: string): ParsedMilliseconds {
  // Outside of the try block: a library that cannot be loaded is no mistake in the text.
  const { Duration } = temporal();
  let parts;
  try {
    parts = Duration.from(text);
  } catch {
    return { reason: "is not an ISO 8601 duration such as PT8H or P2D" };
  }
  if (parts.years !== 0 || parts.months !== 0) {
    return { reason: "uses months or years, which have no fixed length; use days (P30D) or hours (PT8H)" };
  }
  if (parts.sign <= 0) return { reason: "must be longer than zero" };
  if (parts.microseconds !== 0 || parts.nanoseconds !== 0) return { reason: "is more precise than a millisecond" };
  const hours = (parts.weeks * 7 + parts.days) * 24 + parts.hours;
  const ms = hours * hour + parts.minutes * minute + parts.seconds * 1000 + parts.milliseconds;
  return Number.isSafeInteger(ms) ? { ms } : { reason: "is too long" };
}

/** The canonical form of a positive whole number of milliseconds: `PT48H`, `PT1H30M`, `PT0.5S`. */
export function formatDuration(ms: number): string {
  const hours = Math.floor(ms / hour);
  const minutes = Math.floor((ms % hour) / minute);
  const seconds = (ms % minute) / 1000;
  const text = `${hours ? `${hours}H` : ""}${minutes ? `${minutes}M` : ""}${seconds ? `${seconds}S` : ""}`;
  return `PT${text || "0S"}`;
}
