// A random world as data, so that a failed case can be read and repeated: what exists on the appliance, and what the states and
// an audit six hours earlier say about it.
import fc from "fast-check";

/** Start and end in hours from now, and the age of the creation. */
export const windows = {
  active: [-7, 8],
  young: [-0.02, 8],
  scheduled: [2, 10],
  long: [-100, 900],
  endsSoon: [-7, 0.5],
  endless: [-7, Infinity],
  ended: [-30, -3],
  justEnded: [-9, -0.02],
} as const;

export interface ShareSpec {
  readonly session: number;
  readonly window: keyof typeof windows;
  readonly readonly: boolean;
  readonly labels: boolean;
  readonly revoked: boolean;
  /** Which of the two stacks declares it now, and which one did at the earlier audit. */
  readonly stack: "app" | "net" | "none";
  readonly earlierStack: "app" | "net" | "none";
  readonly recorded: "live" | "removed" | "missing" | "reactivated";
  /** The state encrypts its end. */
  readonly hiddenEnd: boolean;
}

export interface WorldSpec {
  readonly sessions: number;
  readonly shares: readonly ShareSpec[];
  readonly removedShares: "hidden" | "flagged" | "unflagged";
  readonly expiredShares: "shown" | "hidden";
  readonly allSessions: boolean;
  /** The audit gets the report of an earlier audit. */
  readonly previous: boolean;
  readonly options: readonly string[];
}

const share: fc.Arbitrary<ShareSpec> = fc.record({
  session: fc.nat(2),
  window: fc.constantFrom(...(Object.keys(windows) as (keyof typeof windows)[])),
  readonly: fc.boolean(),
  labels: fc.boolean(),
  revoked: fc.integer({ min: 0, max: 3 }).map((value) => value === 0),
  stack: fc.constantFrom("app", "net", "none"),
  earlierStack: fc.constantFrom("app", "net", "none"),
  recorded: fc.constantFrom("live", "live", "live", "removed", "missing", "reactivated"),
  hiddenEnd: fc.integer({ min: 0, max: 9 }).map((value) => value === 0),
});

export const anyWorld: fc.Arbitrary<WorldSpec> = fc.record({
  sessions: fc.integer({ min: 1, max: 3 }),
  shares: fc.array(share, { minLength: 1, maxLength: 5 }),
  removedShares: fc.constantFrom("hidden", "flagged", "unflagged"),
  expiredShares: fc.constantFrom("shown", "hidden"),
  allSessions: fc.boolean(),
  previous: fc.boolean(),
  options: fc.constantFrom<(readonly string[])[]>(
    [],
    ["--fail-on", "low"],
    ["--fail-on", "high"],
    ["--require-label", "ticket", "--fail-on", "low"],
    ["--ends-within", "PT24H", "--fail-on", "low"],
  ),
});
