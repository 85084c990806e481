// ARCHITECTURE.md against the code: every fault and every behaviour flag has its row, and every row names a test that exists.
import { faultKinds } from "../../provider/emulator/http/faults/effects";
import { behaviourFlagList } from "../../provider/emulator/appliance/behaviour-flags";
import { quoted, tableOf, textOf, trackedFiles } from "../support/repository";

const text = textOf("ARCHITECTURE.md");
const faults = tableOf(text, "Fault");
const behaviourFlags = tableOf(text, "Behaviour flag");
const rows = [...faults, ...tableOf(text, "Event"), ...behaviourFlags];
const known = new Set(trackedFiles("test"));

/** The words of a title, wherever the source breaks it. */
const shown = (cell: string) => ({ path: quoted(cell)[0] ?? "", title: /"([^"]+)"$/.exec(cell)?.[1] ?? "" });

test.each(rows.map((row) => ({ row: row[0] ?? "", cell: row.at(-1) ?? "" })))(
  "$row: shown by a test that exists",
  ({ cell }) => {
    const { path, title } = shown(cell);
    expect(known.has(path)).toBe(true);
    expect(title.length).toBeGreaterThan(3);
    expect(textOf(path)).toContain(title);
  },
);

test("every row says what the user sees and what is guaranteed", () => {
  expect(rows.filter((row) => row.length !== 4 || row.some((cell) => cell === ""))).toEqual([]);
});

const named = (table: readonly string[][]) => new Set(table.flatMap((row) => quoted(row[0])));

test.each(faultKinds)("the fault %s has a row", (kind) => {
  expect(named(faults).has(kind)).toBe(true);
});

test.each(behaviourFlagList.map(({ name }) => name))("the behaviour flag %s has a row", (name) => {
  expect(named(behaviourFlags).has(name)).toBe(true);
});

test("no row names a behaviour flag that does not exist", () => {
  const words = new Set<string>([...behaviourFlagList.map(({ name }) => name), "zone"]);
  expect([...named(behaviourFlags)].filter((name) => !words.has(name))).toEqual([]);
});
