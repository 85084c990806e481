// How messages print instants and lengths. Pure; instants and lengths are milliseconds.
import { formatMilliseconds } from "../../time/instants";

const earliest = Date.parse("0000-01-01T00:00:00.000Z");
const latest = Date.parse("9999-12-31T23:59:59.999Z");

/** `2025-05-15 21:07 UTC`: an instant for people. Rounded down to the minute. A state may hold an instant that is none. */
export function instantText(ms: number): string {
  if (!(ms >= earliest && ms <= latest)) return "a time that is not known";
  const iso = formatMilliseconds(ms);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** `2025-05-15 21:07 UTC (in 7 h 59 min)`, for an end that has not come. */
export function untilText(end: number, now: number): string {
  return Number.isFinite(end) ? `${instantText(end)} (in ${lengthText(end - now)})` : "an end that is not known";
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;

/** `2 d 3 h`, `7 h 59 min`, `45 s`: the two largest units. Rounded to the minute from one hour on, to the second below. */
export function lengthText(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  const rounded = minutes >= 60 ? minutes * 60_000 : Math.round(milliseconds / 1000) * 1000;
  const parts = partsOf(Math.max(0, rounded)).slice(0, 2);
  return parts.length === 0 ? "0 s" : parts.join(" ");
}

/** A length that is above a limit: exact where the rounded text would read like the limit. */
export function exceedingLengthText(length: number, limit: number): string {
  const text = lengthText(length);
  return text === lengthText(limit) ? partsOf(length).join(" ") : text;
}

function partsOf(milliseconds: number): string[] {
  let rest = milliseconds;
  return units.flatMap(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? [`${count} ${unit}`] : [];
  });
}
