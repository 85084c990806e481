// The clock that decides: the appliance's. It says when a window is over; the clock of this machine may be wrong by hours.
// Pure; times are milliseconds since the epoch.
import type { SessionResult } from "../../collect/appliance-shares";
import { maximumSkew } from "../../model/clock-skew";
import { latest } from "./status-rules";

/** The clock of one share. */
export interface ShareClock {
  readonly now: number;
  /** `local`: no response of the appliance had its time. */
  readonly source: "appliance" | "local";
}

export interface RunClock extends ShareClock {
  /** The clock of this machine. */
  readonly localNow: number;
}

/** The clock of the run: the latest time in any response, because one appliance has one clock. */
export function runClock(results: readonly SessionResult[], localNow: number): RunClock {
  const times = results.flatMap(({ applianceTime }) => applianceTime ?? []);
  const now = latest(times);
  return now === undefined ? { now: localNow, source: "local", localNow } : { now, source: "appliance", localNow };
}

/** The clock of one share: the time in the response of its session, else the clock of the run. */
export function shareClock(result: SessionResult | undefined, run: ShareClock): ShareClock {
  const time = result?.applianceTime;
  return time === undefined ? run : { now: time, source: "appliance" };
}

/**
 * Whether a share that only an earlier report knows is over. The appliance's clock says so, and this machine's clock does
 * not contradict: one response with a wrong time must not end the memory of a live link.
 */
export function isOver(to: number, { now, source }: ShareClock, localNow: number): boolean {
  return source === "appliance" && to <= now && to <= localNow + maximumSkew;
}

/**
 * How far the appliance's clock is ahead, where that is too much. A list tells it itself; here it is about responses without
 * a list: a wrong time in one of them would make live shares look expired.
 */
export function aheadBy(result: SessionResult, { localNow }: RunClock): number | undefined {
  const ahead = result.outcome === "answered" ? 0 : (result.applianceTime ?? localNow) - localNow;
  return ahead > maximumSkew ? ahead : undefined;
}
