// Whether a listed window is the one that was asked for, although an appliance may keep less of it than was sent. How
// much less is learned from our own shares in this run and never assumed.
import type { Share } from "../../client/api";
import type { AskedWindow } from "../share/outputs";
import { millisecondsOf, minute } from "../share/window";

const second = 1000;

export class Grain {
  /** What the appliance cut off one of ours: everything below a second, or below a minute. */
  private cut: number | undefined;

  /** `listed` is what became of `asked`: the two have one key. Judged by the start, since an end may be capped instead. */
  learn({ since }: AskedWindow, listed: Share): void {
    const kept = millisecondsOf(listed.validSince);
    if (kept === undefined || kept === since) return;
    const cut = [second, minute].find((grain) => kept % grain === 0 && Math.abs(kept - since) < grain);
    if (cut !== undefined) this.cut = Math.max(this.cut ?? 0, cut);
  }

  /**
   * True where the listed window is the asked one: to the millisecond, or as the appliance is known to cut windows.
   * An entry of the list that keeps more than that proves that this appliance does not cut.
   */
  fits(asked: AskedWindow, listed: Share, list: readonly Share[]): boolean {
    const since = millisecondsOf(listed.validSince);
    const to = millisecondsOf(listed.validTo);
    if (since === undefined || to === undefined) return false;
    if (since === asked.since && to === asked.to) return true;
    // Appliance: it may cap a window. The random fraction of a drawn start says by itself whose share it is.
    if (asked.drawn && since === asked.since && to > since && to < asked.to) return true;
    const { cut } = this;
    if (cut === undefined || list.some((share) => keepsMore(share, cut))) return false;
    return [
      [since, asked.since],
      [to, asked.to],
    ].every(([is = 0, was = 0]) => Math.abs(is - was) < cut);
  }
}

function keepsMore({ validSince, validTo }: Share, cut: number): boolean {
  return [validSince, validTo].some((text) => Math.abs((millisecondsOf(text) ?? 0) % cut) > 0);
}
