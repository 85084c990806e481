// The creates that Pulumi has not finished: a run is under way, or it was interrupted and may have left a link. Pure.
import type { PendingCreate } from "../../collect/stack-state";
import type { LoadedState } from "../../collect/stacks";
import { maximumSkew } from "../../model/clock-skew";
import { longestWindow } from "./chain";
import type { ShareClock } from "./clock";

/** The unfinished creates whose share can still be live. The clock of the machine that ran Pulumi may have been wrong, too. */
export function openCreates(states: readonly LoadedState[], clock: ShareClock, maxDuration: number): PendingCreate[] {
  const creates = states.flatMap((loaded) => ("state" in loaded ? loaded.state.pendingCreates : []));
  return creates.filter((create) => clock.source === "local" || clock.now < endOf(create, maxDuration) + maximumSkew);
}

/** When the window of the created share is over; Infinity when the state does not tell. */
function endOf({ validTo, duration, stateWrittenAt = Infinity }: PendingCreate, maxDuration: number): number {
  return validTo ?? stateWrittenAt + (duration ?? longestWindow(maxDuration));
}

/** The window of the created share starts at most a minute early, and the appliance may round each end by a minute. */
const windowTolerance = 2 * 60_000;

/** Whether the appliance may have created this share for the create: it can cap a window, but it never grants a longer one. */
export function mayBeResultOf({ validTo, duration }: PendingCreate, share: Window): boolean {
  const { since = NaN, to } = share;
  const isLater = validTo !== undefined && Number.isFinite(to) && to > validTo + windowTolerance;
  const isLonger = duration !== undefined && Number.isFinite(to - since) && to - since > duration + windowTolerance;
  return !isLater && !isLonger;
}

interface Window {
  readonly since?: number;
  readonly to: number;
}

/** A run rarely takes longer. An older share belongs to no run that is under way. */
const longestRun = 3_600_000;

/** When the first of these states was written; Infinity when none tells. */
export function oldestStateTime(states: readonly LoadedState[]): number {
  const times = states.map((loaded) => ("state" in loaded ? loaded.state.writtenAt : undefined) ?? Infinity);
  return times.reduce((oldest, time) => Math.min(oldest, time), Infinity);
}

/** Whether a run that is under way may have created the share: after the audit's copy of the oldest state was written. */
export function isYoungerThanState(createdAt: number | undefined, oldestState: number, { now }: ShareClock): boolean {
  return createdAt !== undefined && now - createdAt <= longestRun && oldestState <= createdAt;
}
