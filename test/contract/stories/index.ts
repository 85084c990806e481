// The stories of the contract: what a program's user sees with any adapter and any appliance.
import type { StartDriver } from "../../support/drivers/driver";
import type { SuiteOptions } from "../../support/contract-suite";
import { absenceStories } from "./absence";
import { adoptStories } from "./adopt";
import { createStories } from "./create";
import { deleteStories } from "./delete";
import { forcedReplacementStories } from "./forced-replacement";
import { getStories } from "./get";
import { laterRunStories } from "./later-runs";
import { lostResponseStories } from "./lost-response";
import { reactivatedStories } from "./reactivated";
import { refreshStories } from "./refresh";
import { sealedStories } from "./sealed";
import { timeZoneStories } from "./time-zones";

/** Runs every story with this driver, against an appliance with these options. */
export function contractStories(start: StartDriver, options?: SuiteOptions): void {
  describe("create", () => createStories(start, options));
  describe("lost response", () => lostResponseStories(start, options));
  describe("adopt", () => adoptStories(start, options));
  describe("later runs", () => laterRunStories(start, options));
  describe("refresh", () => refreshStories(start, options));
  describe("reactivated", () => reactivatedStories(start, options));
  describe("doubtful lists", () => absenceStories(start, options));
  describe("delete", () => deleteStories(start, options));
  describe("forced replacement", () => forcedReplacementStories(start, options));
  describe("get", () => getStories(start, options));
  describe("sealed", () => sealedStories(start, options));
  describe("time zones", () => timeZoneStories(start, options));
}
