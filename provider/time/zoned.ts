// Parses the instants of programs and files: with an offset from UTC, or with a time zone as in RFC 9557.
import type { Temporal } from "@js-temporal/polyfill";
import { formatMilliseconds, notAnInstant, offset, parseInputInstant, parseInstant, time } from "./instants";
import { temporal } from "./temporal";

/** An instant and its canonical text, or why the text is invalid: as in `ParsedMilliseconds`. */
export type DeclaredInstant =
  | { readonly ms: number; readonly text: string }
  | { readonly reason: string; /** The name that is no time zone. */ readonly unknownZone?: string };

const zone = String.raw`[a-z._][\w.+/-]*|[+-]\d\d:\d\d`;
const tag = String.raw`\[!?[a-z_][a-z\d_-]*=[a-z\d]+(?:-[a-z\d]+)*\]`;
const annotated = new RegExp(String.raw`^(?<base>[^[\]]*)(?:\[!?(?<zone>${zone})\])?(?<tags>(?:${tag})*)$`, "i");
const local = new RegExp(String.raw`^(?<date>\d{4}-\d\d-\d\d)(?<time>${time})(?<offset>${offset})?$`, "i");
const recordedForm = new RegExp(String.raw`^(?<base>[^[\]]*(?<offset>[+-][\d:]+))\[(?<zone>[^[\]]*)\]$`);

const doesNotExist = { reason: "is a date or time that does not exist" };

/**
 * Parses an instant that a person wrote: `2026-12-05T20:00+01:00`, or `2026-12-05T20:00[Europe/Warsaw]` with or without
 * the offset. The canonical text is UTC, or keeps the zone and has the offset that the zone has at that time:
 * `2026-12-05T20:00:00.000+01:00[Europe/Warsaw]`.
 *
 * `recorded` is the canonical text of an earlier run. Where the same local time and zone are declared, it stays: another
 * version of the time-zone database must not move a window that exists.
 */
export function parseDeclaredInstant(text: string, recorded?: unknown): DeclaredInstant {
  const { base = text, zone: name, tags = "" } = annotated.exec(text)?.groups ?? {};
  // RFC 9557 allows a program to ignore each annotation that is not critical. None of them changes the instant.
  if (tags.includes("[!"))
    return { reason: "has a critical annotation, such as [!u-ca=hebrew], that is not supported" };
  return name === undefined ? withOffset(base) : inZone(base, name, recorded);
}

function withOffset(text: string): DeclaredInstant {
  const parsed = parseInputInstant(text);
  return "ms" in parsed ? { ms: parsed.ms, text: formatMilliseconds(parsed.ms) } : parsed;
}

function inZone(base: string, name: string, recorded: unknown): DeclaredInstant {
  const written = local.exec(base)?.groups;
  if (written === undefined) return notAnInstant;
  const { date = "", time: clock = "", offset: given } = written;
  if (/\.\d{3}\d*[1-9]/.test(clock)) return { reason: "is more precise than a millisecond" };
  const declared = plainDateTime(date + clock);
  if (declared === undefined) return doesNotExist;
  if (isRecorded(recorded, declared, name, given)) return withText(recorded);
  const found = inTimeZone(declared, name);
  if (found === undefined)
    return { reason: "names an unknown time zone; use a name such as Europe/Warsaw", unknownZone: name };
  // RFC 9557: with Z the text is the time in UTC, and the zone only says where it counts.
  if (given?.toUpperCase() === "Z") return withOffset(base);
  const existing = found.filter((one) => one.toPlainDateTime().equals(declared));
  const [chosen, ...others] = existing.filter((one) => given === undefined || seconds(one.offset) === seconds(given));
  if (chosen !== undefined && others.length === 0) return withText(canonical(chosen, name));
  return { reason: ambiguity(name, found, existing, given) };
}

/** Why a local time is not one instant, and how to write the instants that it can mean. */
function ambiguity(name: string, found: ZonedDateTime[], existing: ZonedDateTime[], given: string | undefined): string {
  const possible = existing.length > 0 ? existing : found;
  const offsets = possible.map((one) => one.offset);
  const choices = possible.map((one) => shortText(canonical(one, name)));
  const what =
    existing.length === 0
      ? `does not exist in ${name}: the clocks change there from ${offsets.join(" to ")}`
      : given === undefined
        ? `exists twice in ${name}: with the offsets ${offsets.join(" and ")}`
        : `has the offset ${given}, but ${name} has ${offsets.join(" or ")} at that time`;
  return `${what}; write ${choices.join(" or ")}`;
}

/** Whether a canonical text has this local time and zone. Its offset is never compared with the time-zone database. */
function isRecorded(
  recorded: unknown,
  declared: Temporal.PlainDateTime,
  name: string,
  given: string | undefined,
): recorded is string {
  const parts = typeof recorded === "string" ? recordedForm.exec(recorded)?.groups : undefined;
  if (parts === undefined || parts["zone"]?.toLowerCase() !== name.toLowerCase()) return false;
  const { base = "", offset: kept = "" } = parts;
  const localTime = (parseInstant(base)?.epochMs ?? NaN) + seconds(kept) * 1000;
  const isSameTime = localTime === declared.toZonedDateTime("UTC").epochMilliseconds;
  return isSameTime && (given === undefined || seconds(given) === seconds(kept));
}

/** A canonical text without its zone: `parseInstant` reads the rest. Any other text is returned as it is. */
export function withoutZone(text: string): string {
  return text.endsWith("]") ? (recordedForm.exec(text)?.groups?.["base"] ?? text) : text;
}

/** The text without its time zone, where this is one that exists. Else the whole text: the brackets can hold anything. */
export function withoutExistingZone(text: string): string {
  const { base, zone: name, tags } = annotated.exec(text)?.groups ?? {};
  return base !== undefined && name !== undefined && tags === "" && localTimeIn(name, 0) !== undefined ? base : text;
}

/** What a clock and a calendar in some place show. */
export interface LocalTime {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** 1 (Monday) to 7 (Sunday). */
  readonly dayOfWeek: number;
  readonly hour: number;
  readonly minute: number;
}

/** The local time of an instant (milliseconds) in a time zone; `undefined` where the zone does not exist. */
export function localTimeIn(name: string, ms: number): LocalTime | undefined {
  const { Instant } = temporal();
  const instant = Instant.fromEpochMilliseconds(ms);
  return unlessRangeError(() => {
    const there = instant.toZonedDateTimeISO(name);
    const { dayOfWeek, hour, minute } = there;
    return { date: there.toPlainDate().toString(), dayOfWeek, hour, minute };
  });
}

type ZonedDateTime = Temporal.ZonedDateTime;

function plainDateTime(text: string): Temporal.PlainDateTime | undefined {
  // Outside of the function: a library that cannot be loaded is no mistake in the text.
  const { PlainDateTime } = temporal();
  return unlessRangeError(() => PlainDateTime.from(text));
}

/**
 * The instants of a local time: one, or two where it exists twice. Where it does not exist, the two instants that it is with
 * the offset before the change and with the one after it. `undefined` for an unknown zone.
 */
function inTimeZone(declared: Temporal.PlainDateTime, name: string): ZonedDateTime[] | undefined {
  return unlessRangeError(() => {
    const earlier = declared.toZonedDateTime(name, { disambiguation: "earlier" });
    const later = declared.toZonedDateTime(name, { disambiguation: "later" });
    return earlier.equals(later) ? [earlier] : [earlier, later];
  });
}

function unlessRangeError<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if ((error as Error).name === "RangeError") return undefined;
    throw error;
  }
}

// With the name as it is written: versions of Temporal differ in whether they replace Asia/Kolkata by Asia/Calcutta.
function canonical(zoned: ZonedDateTime, name: string): string {
  return `${zoned.toPlainDateTime().toString({ fractionalSecondDigits: 3 })}${zoned.offset}[${name}]`;
}

function shortText(text: string): string {
  return text.replace(/(?::00)?\.000(?=[+-])/, "");
}

function withText(text: string): DeclaredInstant {
  const ms = parseInstant(withoutZone(text))?.epochMs;
  // A local time in the years 0 to 9999 can lie outside of them in UTC.
  return ms === undefined ? doesNotExist : { ms, text };
}

/** `+05:30`, `-0730`, `+01`, `+00:19:32` */
function seconds(text: string): number {
  const [hours = 0, minutes = 0, rest = 0] = (text.match(/\d\d/g) ?? []).map(Number);
  return (text.startsWith("-") ? -1 : 1) * (hours * 3600 + minutes * 60 + rest);
}
