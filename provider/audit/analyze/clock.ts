// The clock that decides: the appliance's. It says when a window is over; the clock of this machine may be wrong by hours.
// Pure; times are milliseconds since the epoch.
import type { SessionResult } from "../collect/appliance-shares";
import { latest } from "./status-rules";

/** The clock of one share. */
export interface ShareClock {
  readonly now: number;
  /** `local`: no response of the appliance had its time. */
  readonly source: "appliance" | "local";
}

/** The clock of the run: the latest time in any response, because one appliance has one clock. */
export function runClock(results: readonly SessionResult[], localNow: number): ShareClock {
  const times = results.flatMap(({ applianceTime }) => applianceTime ?? []);
  const now = latest(times);
  return now === undefined ? { now: localNow, source: "local" } : { now, source: "appliance" };
}

/** The clock of one share: the time in the response of its session, else the clock of the run. */
export function shareClock(result: SessionResult | undefined, run: ShareClock): ShareClock {
  const time = result?.applianceTime;
  return time === undefined ? run : { now: time, source: "appliance" };
}

/** The clocks of the appliance and of this machine may differ by this much before the audit reports it. */
const tolerance = 5 * 60_000;

/**
 * Whether a share that only an earlier report knows is over. The appliance's clock says so, and this machine's clock does
 * not contradict: one response with a wrong time must not end the memory of a live link.
 */
export function isOver(to: number, { now, source }: ShareClock, localNow: number): boolean {
  return source === "appliance" && to <= now && to <= localNow + tolerance;
}
