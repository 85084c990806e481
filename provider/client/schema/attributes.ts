// Reads single attributes of the appliance's lists. An attribute that cannot be read never hides the others, so each reader
// returns `unreadable` instead of throwing.
import { isInstant, isOutsideYears } from "../../time/instants";

/** The attribute is there, and its value cannot be read. */
export const unreadable = Symbol("unreadable");

export type Reading<T> = T | undefined | typeof unreadable;
export type Reader<T> = (value: unknown) => Reading<T>;

/** An absent attribute is `undefined` or null. */
const absentOr =
  <T>(read: (value: unknown) => T | typeof unreadable): Reader<T> =>
  (value) =>
    value === undefined || value === null ? undefined : read(value);

/** A 64-bit ID: decimal text, or a number that is small enough to be exact (checkResponse turns longer ones into text). */
export const readId = absentOr((value) => {
  const text = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === "string" && /^\d{1,19}$/.test(text) ? text : unreadable;
});

export const readText = absentOr((value) => (typeof value === "string" ? value : unreadable));

// Appliance: the page documents booleans. PostgreSQL writes `t` and `f`, and other systems write numbers.
const words: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  ["t", true],
  ["true", true],
  [1, true],
  ["1", true],
  [false, false],
  ["f", false],
  ["false", false],
  [0, false],
  ["0", false],
]);
const lowerCase = (value: unknown) => (typeof value === "string" ? value.toLowerCase() : value);

export const readBoolean = absentOr((value) => words.get(lowerCase(value)) ?? unreadable);

/** An instant that `parseInstant` reads, and that is not infinite. */
export const readInstant = absentOr((value) =>
  typeof value === "string" && isInstant(value) && !isInfinite(value) ? value : unreadable,
);

/** The start or the end of a window. `unbounded` is the result for an infinite one and for one outside the years 0 to 9999. */
export const readBound = (unbounded: "-infinity" | "infinity") =>
  absentOr((value) => {
    if (typeof value !== "string") return unreadable;
    // The usual case first, because it costs least.
    if (isInstant(value) && !isInfinite(value)) return value;
    return isInfinite(value) || isOutsideYears(value) ? unbounded : unreadable;
  });

function isInfinite(text: string): boolean {
  return text.length < 10 && /^[+-]?infinity$/i.test(text);
}

/** The words of `readBoolean`, or the text of an instant, for a soft delete. Empty text means "not removed". */
export const readRemoval: Reader<boolean | string> = (value) => {
  if (value === "") return false;
  const word = readBoolean(value);
  return word === unreadable ? readInstant(value) : word;
};

// Appliance: a key has 64 letters and digits in every sample. A key of another form is valid if a link and a state can
// contain it.
export const readKey: Reader<string> = (value) => {
  if (value === undefined || value === null || value === "") return undefined;
  const isKey = typeof value === "string" && value.length <= 4096 && value.isWellFormed() && !isMasked(value);
  return isKey ? value : unreadable;
};

/** True for what a product shows instead of a key: `********`, `xxxx`, `abc***xyz`, `ab…`, `<hidden>`, `[redacted]`. */
function isMasked(key: string): boolean {
  if (isRepetition(key)) return true;
  // Nearly every key, and the fastest check.
  if (/^[A-Za-z0-9]+$/.test(key)) return false;
  if (!/[\p{L}\p{N}]/u.test(key)) return true;
  return /\*{3}|•{3}|\.{3}|…/.test(key) || /^\s*(?:<.*>|\[.*\]|\(.*\)|\{.*\})\s*$/s.test(key);
}

/** True for two or more times the same character. */
function isRepetition(key: string): boolean {
  const first = String.fromCodePoint(key.codePointAt(0) ?? 0);
  if (key.length === first.length || !key.startsWith(first, first.length)) return false;
  return key === first.repeat(key.length / first.length);
}
