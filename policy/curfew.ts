// The rule for times of day at which no share may be open, in the time zone of the place.
import { instantText } from "../provider/lifecycle/share/times";
import { localTimeIn, type LocalTime } from "../provider/time/zoned";
import { misconfigured, type Properties } from "./share-policy";
import type { Window } from "./window";
import type { WindowRule } from "./window-policy";

/** Times are minutes since midnight. `to` is on the next day if it is not after `from`. */
interface Period {
  readonly from: number;
  readonly to: number;
  /** The days on which the period starts: 1 (Monday) to 7 (Sunday). */
  readonly days: readonly number[];
}

const dayNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const timeOfDay = { type: "string" as const, pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$" };
const minute = 60_000;
const day = 1440;

export const curfew: WindowRule = {
  name: "curfew",
  description: "The window of a share must not reach into the curfew.",
  configSchema: {
    properties: {
      timeZone: { type: "string", description: "Name of the time zone, such as Europe/Warsaw." },
      periods: {
        type: "array",
        minItems: 1,
        items: {
          type: "object",
          required: ["from", "to"],
          additionalProperties: false,
          properties: {
            from: { ...timeOfDay, description: "Start, such as 22:00." },
            to: { ...timeOfDay, description: "End, such as 06:00: on the next day if it is not after the start." },
            days: {
              type: "array",
              minItems: 1,
              items: { type: "string", enum: dayNames },
              description: "The days on which the period starts. Default: every day.",
            },
          },
        },
      },
    },
  },
  needsPlace: true,
  read: (config) => {
    const zone = String(config["timeZone"]);
    if (localTimeIn(zone, 0) === undefined) throw misconfigured("curfew", `there is no time zone ${zone}`);
    const periods = periodsOf(config);
    return (window) => {
      const instant = firstInside(window, zone, periods);
      if (instant === undefined) return undefined;
      const { date, hour, minute: minutes } = localTimeIn(zone, instant)!;
      const local = `${date} ${twoDigits(hour)}:${twoDigits(minutes)} ${zone}`;
      return (
        `The window from ${instantText(window.since)} to ${endText(window.to)} reaches into the curfew at ${local}. ` +
        "Declare another window."
      );
    };
  },
};

function periodsOf(config: Properties): Period[] {
  const given = config["periods"] as readonly { from: string; to: string; days?: readonly string[] }[];
  return given.map(({ from, to, days = dayNames }) => ({
    from: minutesOf(from),
    to: minutesOf(to),
    days: days.map((name) => dayNames.indexOf(name) + 1),
  }));
}

/**
 * The first instant of the window at which a clock in the zone shows a time of the curfew. A curfew of one day a week can fall
 * into an hour that the clocks skip, but not in two weeks in a row, so a longer window needs no longer search.
 */
function firstInside({ since, to }: Window, zone: string, periods: readonly Period[]): number | undefined {
  const end = Math.min(to, since + 15 * day * minute);
  for (let instant = since; instant < end;) {
    const local = localTimeIn(zone, instant)!;
    if (periods.some((period) => isInside(local, period))) return instant;
    const wait = Math.min(...periods.map((period) => minutesUntil(local, period)));
    instant = Math.floor(instant / minute) * minute;
    instant += waitWithoutChange(instant, zone, wait) * minute;
  }
  return undefined;
}

/** The minutes to wait, or fewer: clocks that change on the way would show another time. At least one. */
function waitWithoutChange(instant: number, zone: string, wait: number): number {
  const offsetAt = (ms: number) => clockOf(localTimeIn(zone, ms)!) - ms / minute;
  let minutes = wait;
  while (minutes > 1 && offsetAt(instant) !== offsetAt(instant + minutes * minute)) minutes = Math.floor(minutes / 2);
  return minutes;
}

/** Minutes that differ between two local times as their clocks do. */
function clockOf(local: LocalTime): number {
  return Date.parse(local.date) / minute + timeOf(local);
}

function isInside(local: LocalTime, { from, to, days }: Period): boolean {
  const time = timeOf(local);
  if (from < to) return days.includes(local.dayOfWeek) && time >= from && time < to;
  const yesterday = ((local.dayOfWeek + 5) % 7) + 1;
  return (days.includes(local.dayOfWeek) && time >= from) || (days.includes(yesterday) && time < to);
}

/** Minutes on the clock until the period starts next. */
function minutesUntil(local: LocalTime, { from, days }: Period): number {
  const waits = days.map((one) => ((one - local.dayOfWeek + 7) % 7) * day + from - timeOf(local));
  return Math.min(...waits.map((wait) => (wait > 0 ? wait : wait + 7 * day)));
}

function timeOf({ hour, minute: minutes }: LocalTime): number {
  return hour * 60 + minutes;
}

function minutesOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

function endText(to: number): string {
  return to === Infinity ? "no end" : instantText(to);
}
