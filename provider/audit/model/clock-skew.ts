// How far the clocks of the appliance and of this machine differ. Pure; times are milliseconds since the epoch.
import { lengthText } from "../../lifecycle";

/** Appliance: its clock decides. A clock that is wrong by more than this makes live shares look expired. */
export const maximumSkew = 5 * 60_000;

/** How far the appliance's clock is ahead (negative: behind). The response arrived between `before` and `after`. */
export function clockSkew(applianceTime: number, before: number, after: number): number {
  // Appliance: its `Date` header has whole seconds.
  return applianceTime > after ? applianceTime - after : Math.min(0, applianceTime + 999 - before);
}

/** `the appliance's clock is 2 h ahead of this machine's clock`. */
export function skewText(skew: number): string {
  const direction = skew > 0 ? "ahead of" : "behind";
  return `the appliance's clock is ${lengthText(Math.abs(skew))} ${direction} this machine's clock`;
}
