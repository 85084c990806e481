// Decides whether a listed window is the requested one, although an appliance may store windows more coarsely than requested.
// How coarsely is learned from this run's own shares and never assumed.
import type { Share } from "../../client/api";
import { millisecondsOf, minute, type RequestedWindow } from "../share/window";

const second = 1000;

export class WindowPrecision {
  /** What the appliance has cut off one of this run's windows: everything below a second, or below a minute. */
  private unit: number | undefined;

  /** `listed` is the entry of the share that requested this window. Only the start counts: an end may be capped instead. */
  learn({ since }: RequestedWindow, listed: Share): void {
    const stored = millisecondsOf(listed.validSince);
    if (stored === undefined || stored === since) return;
    const unit = [second, minute].find((size) => stored % size === 0 && Math.abs(stored - since) < size);
    if (unit !== undefined) this.unit = Math.max(this.unit ?? 0, unit);
  }

  /**
   * True where the listed window is the requested one: to the millisecond, or to the precision that the appliance is known
   * to store. An entry of the list with a finer window proves that this appliance does not cut windows.
   */
  matches(requested: RequestedWindow, listed: Share, list: readonly Share[]): boolean {
    const since = millisecondsOf(listed.validSince);
    const to = millisecondsOf(listed.validTo);
    if (since === undefined || to === undefined) return false;
    if (since === requested.since && to === requested.to) return true;
    // Appliance: it may cap a window. The generated start then identifies the share without its end. But another process of
    // the same declaration generates the same start within the same minute, and its end is less than a minute away.
    if (requested.generated && since === requested.since && to > since && to <= requested.to - minute) return true;
    const { unit } = this;
    if (unit === undefined || list.some((share) => isFiner(share, unit))) return false;
    return Math.abs(since - requested.since) < unit && Math.abs(to - requested.to) < unit;
  }
}

function isFiner({ validSince, validTo }: Share, unit: number): boolean {
  return [validSince, validTo].some((text) => Math.abs((millisecondsOf(text) ?? 0) % unit) > 0);
}
