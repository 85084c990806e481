// Instants as the appliance keeps and prints them: PostgreSQL's text in a local zone going out, ISO 8601 coming in.
// Knows nothing of shares, sessions or HTTP.

/** A point in time: milliseconds since the epoch (or an infinity), and 0 to 999 microseconds after that. */
export interface Instant {
  readonly ms: number;
  readonly micros: number;
}

/** How finely an appliance keeps the ends of a window. */
export type Grain = "microseconds" | "milliseconds" | "seconds" | "minutes";

const grains: Record<Exclude<Grain, "microseconds">, number> = { milliseconds: 1, seconds: 1000, minutes: 60_000 };
const quarterHour = 900_000;
const documentedForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const anyIsoForm = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)$/;

/** The instant so many milliseconds after the epoch; a fraction counts as microseconds. */
export function instantOf(milliseconds: number): Instant {
  if (Number.isInteger(milliseconds) || !Number.isFinite(milliseconds)) return { ms: milliseconds, micros: 0 };
  const micros = Math.round(milliseconds * 1000);
  return { ms: Math.floor(micros / 1000), micros: micros - Math.floor(micros / 1000) * 1000 };
}

/** Reads any ISO 8601 date-time with an offset and at most microseconds; undefined for everything else. */
export function parseIso(text: string): Instant | undefined {
  const [, date, time, fraction = "", offset] = anyIsoForm.exec(text) ?? [];
  if (date === undefined || time === undefined || offset === undefined) return undefined;
  const ms = Date.parse(`${date}T${time}${offset}`);
  const midnight = Date.parse(`${date}T00:00:00Z`);
  // A day that does not exist (30 February) rolls over in JavaScript; the appliance's database refuses it.
  if (Number.isNaN(ms) || Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date)
    return undefined;
  const digits = fraction.padEnd(6, "0");
  return { ms: ms + Number(digits.slice(0, 3)), micros: Number(digits.slice(3)) };
}

/** Reads the one documented form, `YYYY-MM-DDTHH:MM:SS.sssZ`; undefined for everything else. */
export function parseDocumented(text: string): Instant | undefined {
  return documentedForm.test(text) ? parseIso(text) : undefined;
}

/** The instant, cut down to what an appliance of this grain keeps. */
export function coarsened(instant: Instant, grain: Grain): Instant {
  if (grain === "microseconds" || !Number.isFinite(instant.ms)) return instant;
  return { ms: Math.floor(instant.ms / grains[grain]) * grains[grain], micros: 0 };
}

/** UTC, three fraction digits as in the documented form, six where there are microseconds; `infinity` as it is. */
export function utcText({ ms, micros }: Instant): string {
  if (!Number.isFinite(ms)) return infinityText(ms);
  const text = new Date(ms).toISOString();
  return micros === 0 ? text : `${text.slice(0, -1)}${digits(micros, 3)}Z`;
}

/** A time zone of the IANA database, writing instants as PostgreSQL writes a `timestamptz`. */
export class Zone {
  readonly #format: Intl.DateTimeFormat;
  // Asking Intl is slow, and no zone changes its offset but at a quarter of an hour.
  readonly #offsets = new Map<number, number>();
  // A share's instants are written again with every list.
  readonly #texts = new WeakMap<Instant, string>();

  /** Throws a RangeError when the name is no zone. */
  constructor(readonly name: string) {
    this.#format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  }

  /** `2025-05-14 05:11:20.443267-07`: local time, trailing zeros of the fraction dropped, minutes of the offset only where there are any. */
  text(instant: Instant): string {
    let text = this.#texts.get(instant);
    if (text === undefined) {
      text = Number.isFinite(instant.ms) ? this.#localText(instant) : infinityText(instant.ms);
      this.#texts.set(instant, text);
    }
    return text;
  }

  /** Seconds east of UTC at that moment. */
  offsetSeconds(ms: number): number {
    const quarter = Math.floor(ms / quarterHour);
    let offset = this.#offsets.get(quarter);
    if (offset === undefined) {
      offset = this.#askIntl(quarter * quarterHour);
      this.#offsets.set(quarter, offset);
    }
    return offset;
  }

  #localText(instant: Instant): string {
    const offset = this.offsetSeconds(instant.ms);
    const [date, time] = new Date(instant.ms + offset * 1000).toISOString().split("T") as [string, string];
    const fraction = `${time.slice(9, 12)}${digits(instant.micros, 3)}`.replace(/0+$/, "");
    return `${date} ${time.slice(0, 8)}${fraction === "" ? "" : `.${fraction}`}${offsetText(offset)}`;
  }

  #askIntl(ms: number): number {
    const name = this.#format.formatToParts(ms).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
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
