// Property: the appliance's clock decides. The auditor's clock, wrong by up to two days, changes no finding and loses no share.
import fc from "fast-check";
import { hour } from "../fixture";
import { findingsOf, inWorld, type Audited } from "./world";
import { anyWorld } from "./world-spec";
import "./settings";

const skew = fc.integer({ min: -48 * hour, max: 48 * hour });

/** Without expired shares: an earlier report's share stays as expired until both clocks say that it is over. */
function inventoryOf({ report }: Audited): string[] {
  return (report?.shares ?? [])
    .filter(({ status }) => status !== "expired")
    .map(({ sessionId, fingerprint = "?", status }) => `${status} ${sessionId}/${fingerprint}`)
    .sort();
}

test("the auditor's clock, wrong by up to two days, changes no finding and loses no share", async () => {
  await fc.assert(
    fc.asyncProperty(anyWorld, skew, (spec, ms) =>
      inWorld(spec, async (world) => {
        const [right, wrong] = [await world.wholeAudit(), await world.wholeAudit({ skew: ms })];
        expect(findingsOf(wrong)).toEqual(findingsOf(right));
        expect(inventoryOf(wrong)).toEqual(inventoryOf(right));
      }),
    ),
    { numRuns: 1000 },
  );
});
