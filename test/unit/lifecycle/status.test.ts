// The rules for status, absence and repeated entries that lifecycle, functions and audit share.
import { absenceCounts, isLive, mergeRepeatedEntries, statusOf } from "../../../provider/lifecycle";

const minute = 60_000;
const window = { since: 10 * minute, to: 60 * minute, removed: false };

test.each([
  ["scheduled", window, 10 * minute - 1, true],
  ["active", window, 10 * minute, true],
  ["active", window, 60 * minute - 1, true],
  ["expired", window, 60 * minute, false],
  ["removed", { ...window, removed: true }, 20 * minute, false],
  ["removed", { ...window, removed: true }, 60 * minute, false],
  ["active", { since: -Infinity, to: Infinity, removed: false }, 0, true],
] as const)("a share is %s: %o at %d", (status, facts, now, live) => {
  expect(statusOf(facts, now)).toBe(status);
  expect(isLive(facts, now)).toBe(live);
});

test.each([
  [14.9 * minute, false],
  [15 * minute, true],
  [55 * minute, true],
  [55.1 * minute, false],
])("absence at %d ms counts: %s", (now, counts) => {
  expect(absenceCounts(window, now)).toBe(counts);
});

test("of repeated entries of one key, the one that says `removed` wins; entries without a key all stay", () => {
  const entry = (key: string | undefined, removed = false) => ({ ...(key !== undefined && { key }), removed });
  const list = [entry("a"), entry(undefined), entry("b", true), entry("a", true), entry("b"), entry(undefined)];
  expect(mergeRepeatedEntries(list)).toEqual([entry("a", true), entry(undefined), entry("b", true), entry(undefined)]);
});
