// The rules for status, absence and repeated entries that lifecycle, functions and audit share.
import type { Share } from "../../../provider/client/api";
import { absenceCounts, isLive, mergeRepeatedEntries, statusOf } from "../../../provider/lifecycle";
import { mayBeLive, mayBeRemoved } from "../../../provider/lifecycle/share/status";

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
  expect(absenceCounts({ ...window, createdAt: 0 }, now)).toBe(counts);
});

test.each([
  ["that no list has shown yet", undefined, 30 * minute, false],
  ["in the first five minutes after its creation, although its window began long ago", 26 * minute, 30 * minute, false],
  ["five minutes after its creation", 25 * minute, 30 * minute, true],
  ["whose creation is in the future by the appliance's clock", 40 * minute, 30 * minute, false],
] as const)("absence of a share %s", (_, createdAt, now, counts) => {
  expect(absenceCounts({ ...window, createdAt }, now)).toBe(counts);
});

test.each([
  ["before its start", 0, true],
  ["at its end", 60 * minute, true],
  ["within five minutes after its end", 64.9 * minute, true],
  ["five minutes after its end", 65 * minute, false],
])("clocks differ: a share may be live %s", (_, now, live) => {
  expect(mayBeLive(window, now)).toBe(live);
  expect(mayBeLive({ ...window, removed: true }, now)).toBe(false);
});

test("what is unreadable in one of two repeated entries stays unreadable, and `removed` wins", () => {
  const list = [
    { key: "a", removed: false, unreadable: ["valid_to"] },
    { key: "a", removed: true, unreadable: ["valid_to", "link"] },
    { key: "b", removed: false },
    { key: "b", removed: false, unreadable: ["removed"] },
  ];
  const merged = mergeRepeatedEntries(list);
  expect(merged).toEqual([
    { key: "a", removed: true, unreadable: ["valid_to", "link"] },
    { key: "b", removed: false, unreadable: ["removed"] },
  ]);
  expect(merged.map(mayBeRemoved)).toEqual([true, true]);
  expect(mayBeRemoved({ removed: false, unreadable: ["valid_to"] })).toBe(false);
});

test("of repeated entries of one key, the one that says `removed` wins; entries without a key all stay", () => {
  const entry = (key: string | undefined, removed = false) => ({ ...(key !== undefined && { key }), removed });
  const list = [entry("a"), entry(undefined), entry("b", true), entry("a", true), entry("b"), entry(undefined)];
  expect(mergeRepeatedEntries(list)).toEqual([entry("a", true), entry(undefined), entry("b", true), entry(undefined)]);
});

test.each<[string, Partial<Share>, Partial<Share>, string]>([
  ["end", { validTo: "2026-03-02 11:00:00-08" }, { validTo: "2026-03-02 03:00:00-08" }, "valid_to"],
  ["end and infinity", { validTo: "2026-03-02 11:00:00-08" }, { validTo: "infinity" }, "valid_to"],
  ["start", { validSince: "2026-03-02 11:00:00-08" }, { validSince: "2026-03-02 03:00:00-08" }, "valid_since"],
  ["mode", { readonly: true }, { readonly: false }, "readonly"],
])("repeated entries with another %s: neither value counts, whatever their order", (_, one, other, attribute) => {
  const entries = [one, other].map((values) => ({ key: "a", removed: false, ...values }));
  const expected = [{ key: "a", removed: false, unreadable: [attribute] }];
  expect(mergeRepeatedEntries(entries)).toEqual(expected);
  expect(mergeRepeatedEntries(entries.toReversed())).toEqual(expected);
  expect(mergeRepeatedEntries([...entries, entries[0]!])).toEqual(expected);
});

test("repeated entries with one instant in two zones do not contradict each other", () => {
  const entries = ["2026-03-02 11:00:00-08", "2026-03-02T19:00:00Z"].map((validTo) => ({
    key: "a",
    removed: false,
    validTo,
  }));
  expect(mergeRepeatedEntries(entries)).toEqual([entries[0]]);
});
