// The time axis of the HTML report: which part of time it covers, where an instant is on it, and the labels. Pure.
import type { ReportedShare } from "../../../model/report-schema";
import { instant } from "../../text";

const hour = 3_600_000;
const day = 24 * hour;

export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly now: number;
}

export interface Tick {
  readonly at: number;
  readonly text: string;
}

const horizons = [8 * hour, 12 * hour, day, 2 * day, 4 * day, 7 * day, 14 * day, 30 * day, 60 * day, 120 * day];

/**
 * From shortly before now to an end that covers two thirds of the windows: one window of several months must not make a
 * window of one day invisible. A longer bar ends at the edge, and its text has the end.
 */
export function axisOf(shares: readonly ReportedShare[], now: number): Axis {
  const ends = shares.map(({ validTo }) => instant(validTo) ?? Infinity).sort((a, b) => a - b);
  const covered = (ends[Math.ceil((ends.length * 2) / 3) - 1] ?? now) - now;
  const length = horizons.find((candidate) => candidate >= covered) ?? 365 * day;
  return { from: now - length / 8, to: now + length, now };
}

/** The position on the axis in percent, within the axis. */
export function percent({ from, to }: Axis, ms: number): number {
  return Math.min(1, Math.max(0, (ms - from) / (to - from))) * 100;
}

const hours = [1 / 4, 1 / 2, 1, 2, 3, 6, 12].map((count) => count * hour);
const days = [1, 2, 4, 7, 14, 30, 90, 365, 3650].map((count) => count * day);
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** At most eight ticks, at round times of UTC. */
export function ticksOf({ from, to }: Axis): Tick[] {
  const step = [...hours, ...days].find((candidate) => (to - from) / candidate <= 7) ?? (to - from) / 6;
  const first = Math.ceil(from / step) * step;
  const count = Math.floor((to - first) / step) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * step).map((at) => ({
    at,
    text: tickText(new Date(at), step),
  }));
}

/** Midnight has the day, and other times of a day only the time, so that labels stay narrow. */
function tickText(date: Date, step: number): string {
  if (step >= 300 * day) return String(date.getUTCFullYear());
  const dayText = `${date.getUTCDate()} ${months[date.getUTCMonth()] ?? ""}`;
  const timeText = date.toISOString().slice(11, 16);
  return step >= day || timeText === "00:00" ? dayText : timeText;
}
