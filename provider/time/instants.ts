// Parses and formats instants in the formats of the appliance and of the inputs.
import { temporal } from "./temporal";

/** A point in time to the microsecond; `infinity` and `-infinity` are ±Infinity. */
export interface Instant {
  /** Milliseconds since the epoch, rounded down. */
  readonly epochMs: number;
  /** The remainder, 0 to 999 microseconds. */
  readonly micros: number;
}

/** Milliseconds, or why the text is invalid: a phrase that follows the name of the input and does not repeat its value. */
export type ParsedMilliseconds = { readonly ms: number } | { readonly reason: string };

// Appliance: requests use ISO 8601. Responses use PostgreSQL's format: a space instead of the T, offsets such as `-07`,
// and no or 1 to 6 fraction digits. Digits below the microsecond are dropped.
export const time = String.raw`[T ](?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.(\d{1,9}))?)?`;
export const offset = String.raw`(?:Z|[+-](?:[01]\d|2[0-3])(?::[0-5]\d(?::[0-5]\d)?|[0-5]\d(?:[0-5]\d)?)?)`;
const instantPattern = new RegExp(String.raw`^\d{4}-\d\d-\d\d${time}${offset}$`, "i");
/** Matches only dates that exist in every year (days 1 to 28), so a match needs no further check. */
const safePattern = new RegExp(String.raw`^[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])${time}${offset}$`, "i");
const missingOffset = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{0,9})?)?)?$/i;

const earliest = Date.parse("0000-01-01T00:00:00.000Z");
const latest = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * Parses ISO 8601 with an offset, and every format of the appliance (`2025-05-14 05:11:20.443267-07`, `infinity`).
 * Returns undefined for other text, for dates that do not exist, and outside the years 0 to 9999 UTC.
 */
export function parseInstant(text: string): Instant | undefined {
  if (text === "infinity") return { epochMs: Infinity, micros: 0 };
  if (text === "-infinity") return { epochMs: -Infinity, micros: 0 };
  const match = instantPattern.exec(text);
  if (match === null) return undefined;
  const epochMs = fromTemporal(text);
  if (epochMs === undefined) return undefined;
  return { epochMs, micros: Number((match[1] ?? "").slice(3, 6).padEnd(3, "0")) };
}

/**
 * True if `parseInstant` returns an instant. Usually it does not parse, because a list may have thousands of instants
 * that nothing compares.
 */
export function isInstant(text: string): boolean {
  return safePattern.test(text) || parseInstant(text) !== undefined;
}

const farYear = new RegExp(String.raw`^([+-]?)(\d{4,9})(-\d\d-\d\d${time}${offset})( BC)?$`, "i");

/**
 * True for an instant outside the years 0 to 9999 UTC, in ISO 8601 (`+010000-01-01T00:00:00Z`) or in the appliance's format
 * (`10000-01-01 00:00:00+00`, `0044-03-15 00:00:00+00 BC`).
 */
export function isOutsideYears(text: string): boolean {
  const [, sign, digits = "", rest = "", , era] = farYear.exec(text) ?? [];
  if (digits === "" || parseInstant(text) !== undefined) return false;
  const year = era !== undefined ? 1 - Number(digits) : Number(`${sign}${digits}`);
  // Text of the usual form can be outside only by its offset.
  if (year >= 0 && year <= 9999 && !instantPattern.test(text)) return false;
  // The calendar repeats every 400 years, so a year of this century shows whether the date exists.
  return fromTemporal(`${2000 + (((year % 400) + 400) % 400)}${rest}`) !== undefined;
}

const examples =
  "2025-05-15T13:07:00Z or 2025-05-15T15:07:00+02:00, or name a time zone: 2025-05-15T15:07[Europe/Warsaw]";

export const notAnInstant = { reason: `is not an ISO 8601 instant such as ${examples}` };

/**
 * Parses an instant from an input into milliseconds since the epoch. It requires an offset, rejects more precision than
 * milliseconds, and also accepts the appliance's format (`2025-05-15 06:07:00-07`).
 */
export function parseInputInstant(text: string): ParsedMilliseconds {
  const match = instantPattern.exec(text);
  if (match === null) {
    return missingOffset.test(text)
      ? { reason: `has no offset from UTC; write, for example, ${examples}` }
      : notAnInstant;
  }
  if (/[1-9]/.test((match[1] ?? "").slice(3))) return { reason: "is more precise than a millisecond" };
  const ms = fromTemporal(text);
  return ms === undefined ? { reason: "is a date or time that does not exist" } : { ms };
}

/** `YYYY-MM-DDTHH:MM:SS.sssZ`, the format that the appliance documents for requests. Years 0 to 9999. */
export function formatMilliseconds(ms: number): string {
  return new Date(ms).toISOString();
}

/** `YYYY-MM-DDTHH:MM:SS.ssssssZ`, or `infinity` and `-infinity`. */
export function formatMicroseconds({ epochMs, micros }: Instant): string {
  if (!Number.isFinite(epochMs)) return epochMs > 0 ? "infinity" : "-infinity";
  return `${formatMilliseconds(epochMs).slice(0, -1)}${String(micros).padStart(3, "0")}Z`;
}

function fromTemporal(text: string): number | undefined {
  // Outside of the try block: a library that cannot be loaded is no mistake in the text.
  const { Instant } = temporal();
  try {
    const { epochMilliseconds } = Instant.from(text);
    return epochMilliseconds >= earliest && epochMilliseconds <= latest ? epochMilliseconds : undefined;
  } catch {
    // A RangeError, for example for 30 February.
    return undefined;
  }
}
