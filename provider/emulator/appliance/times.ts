// Instants as the appliance parses, stores and formats them: requests contain ISO 8601, responses contain PostgreSQL's
// text in a local time zone.
import { nonEmptyText } from "../checks";

/** A point in time: milliseconds since the epoch (can be infinite), plus 0 to 999 microseconds. */
export interface Instant {
  readonly ms: number;
  readonly micros: number;
}

/** How precisely the appliance stores the start and the end of a window. */
export type WindowPrecision = "microseconds" | "milliseconds" | "seconds" | "minutes";

const unitMs: Record<Exclude<WindowPrecision, "microseconds">, number> = {
  milliseconds: 1,
  seconds: 1000,
  minutes: 60_000,
};
const quarterHour = 900_000;
/** The last millisecond that a JavaScript date can hold, minus a day for the offset of a zone. */
const maxMs = 8.64e15 - 86_400_000;
const documentedForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const anyIsoForm = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)$/;

/** Converts milliseconds since the epoch; a fraction becomes microseconds. */
export function instantOf(milliseconds: number): Instant {
  if (Number.isInteger(milliseconds) || !Number.isFinite(milliseconds)) return { ms: milliseconds, micros: 0 };
  const micros = Math.round(milliseconds * 1000);
  return { ms: Math.floor(micros / 1000), micros: micros - Math.floor(micros / 1000) * 1000 };
}

/**
 * The instant that a caller of the emulator gives: milliseconds since the epoch (can be infinite), ISO 8601 text,
 * `infinity` or `-infinity`. Throws a RangeError that names the parameter if it is anything else.
 */
export function requireInstant(name: string, value: unknown): Instant {
  const instant =
    typeof value === "string" ? parseGiven(value) : typeof value === "number" ? instantOf(value) : undefined;
  const isStorable = instant !== undefined && (Math.abs(instant.ms) === Infinity || Math.abs(instant.ms) <= maxMs);
  if (isStorable) return instant;
  throw new RangeError(`${name} must be milliseconds since the epoch, ISO 8601 text with an offset, or "infinity"`);
}

function parseGiven(text: string): Instant | undefined {
  if (text === "infinity" || text === "-infinity") return instantOf(text === "infinity" ? Infinity : -Infinity);
  return parseIso(text);
}

/** Parses any ISO 8601 date-time with an offset and at most six fraction digits; undefined for other text. */
export function parseIso(text: string): Instant | undefined {
  const [, date, time, fraction = "", offset] = anyIsoForm.exec(text) ?? [];
  if (date === undefined || time === undefined || offset === undefined) return undefined;
  const ms = Date.parse(`${date}T${time}${offset}`);
  const midnight = Date.parse(`${date}T00:00:00Z`);
  // JavaScript turns 30 February into 1 or 2 March; the appliance's database rejects such a day.
  if (Number.isNaN(ms) || Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date)
    return undefined;
  const digits = fraction.padEnd(6, "0");
  return { ms: ms + Number(digits.slice(0, 3)), micros: Number(digits.slice(3)) };
}

/** Parses the only documented form, `YYYY-MM-DDTHH:MM:SS.sssZ`; undefined for other text. */
export function parseDocumented(text: string): Instant | undefined {
  return documentedForm.test(text) ? parseIso(text) : undefined;
}

/** Truncates an instant to the precision that the appliance stores. */
export function truncateTo(instant: Instant, precision: WindowPrecision): Instant {
  if (precision === "microseconds" || !Number.isFinite(instant.ms)) return instant;
  return { ms: Math.floor(instant.ms / unitMs[precision]) * unitMs[precision], micros: 0 };
}

/** Formats in UTC with three fraction digits, or six if there are microseconds; or `infinity`, `-infinity`. */
export function utcText({ ms, micros }: Instant): string {
  if (!Number.isFinite(ms)) return infinityText(ms);
  const text = new Date(ms).toISOString();
  return micros === 0 ? text : `${text.slice(0, -1)}${digits(micros, 3)}Z`;
}

/** A time zone of the IANA database that formats instants as PostgreSQL formats a `timestamptz`. */
export class Zone {
  readonly #formatter: Intl.DateTimeFormat;
  // Intl is slow. A zone changes its offset only at a full quarter of an hour, so a cache per quarter is exact.
  readonly #offsets = new Map<number, number>();
  // Every list formats the same instants again.
  readonly #texts = new WeakMap<Instant, string>();

  /** Throws a RangeError if the name is not a time zone. */
  constructor(readonly name: string) {
    nonEmptyText("zone", name);
    try {
      this.#formatter = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
    } catch {
      throw new RangeError(`zone must be a time zone of the IANA database, not "${name.slice(0, 100)}"`);
    }
  }

  /** `2025-05-14 05:11:20.443267-07`: without trailing zeros in the fraction, and without `:00` in the offset. */
  format(instant: Instant): string {
    let text = this.#texts.get(instant);
    if (text === undefined) {
      text = Number.isFinite(instant.ms) ? this.#localText(instant) : infinityText(instant.ms);
      this.#texts.set(instant, text);
    }
    return text;
  }

  /** The offset at that time, in seconds east of UTC. */
  offsetSeconds(ms: number): number {
    const quarter = Math.floor(ms / quarterHour);
    let offset = this.#offsets.get(quarter);
    if (offset === undefined) {
      offset = this.#computeOffset(quarter * quarterHour);
      this.#offsets.set(quarter, offset);
    }
    return offset;
  }

  #localText(instant: Instant): string {
    const offset = this.offsetSeconds(instant.ms);
    const [date, time] = new Date(instant.ms + offset * 1000).toISOString().split("T") as [string, string];
    const fraction = `${time.slice(9, 12)}${digits(instant.micros, 3)}`.replace(/0+$/, "");
    // JavaScript pads a year over 9999 to six digits, with a plus sign; PostgreSQL does not.
    const plainDate = date.replace(/^\+0*/, "");
    return `${plainDate} ${time.slice(0, 8)}${fraction === "" ? "" : `.${fraction}`}${offsetText(offset)}`;
  }

  #computeOffset(ms: number): number {
    const name = this.#formatter.formatToParts(ms).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
    const [, sign, hours, minutes, seconds = "0"] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
    const size = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds);
    return sign === "-" ? -size : size;
  }
}

function offsetText(offset: number): string {
  const size = Math.abs(offset);
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  while (parts.length > 1 && parts.at(-1) === 0) parts.pop();
  return `${offset < 0 ? "-" : "+"}${parts.map((part) => digits(part, 2)).join(":")}`;
}

function infinityText(ms: number): string {
  return ms > 0 ? "infinity" : "-infinity";
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
