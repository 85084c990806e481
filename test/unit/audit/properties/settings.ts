// Settings of the property tests: one seed, so that a red run is caused by a change, and time enough on a busy machine.
// `SEED=7 npm test -- unit test/unit/audit/properties` checks other cases.
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["SEED"] ?? 15) });
jest.setTimeout(300_000);
