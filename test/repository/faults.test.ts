// ARCHITECTURE.md against the code: every fault and every behaviour flag has its row, and every row names tests that exist
// and that no other row names.
import { faultKinds } from "../../provider/emulator/http/faults/parameters";
import { behaviourFlagList } from "../../provider/emulator/appliance/behaviour-flags";
import { quoted, tableOf, textOf, trackedFiles } from "../support/repository";

const text = textOf("ARCHITECTURE.md");
const faults = tableOf(text, "Fault");
const behaviourFlags = tableOf(text, "Behaviour flag");
const rows = [...faults, ...tableOf(text, "Event"), ...behaviourFlags];
const files = new Set(trackedFiles("test"));

/** A test that a row names: its file, and a part of its title or the label of its row in a table of cases. */
interface Citation {
  readonly path: string;
  readonly title: string;
}

const oneFile = /`([^`]+)`((?:,? "[^"]+")+)/g;

/** The last cell of a row: `path` "title", "title"; `path` "title". */
function citationsOf(row: readonly string[]): Citation[] {
  return [...(row.at(-1) ?? "").matchAll(oneFile)].flatMap(([, path = "", titles = ""]) =>
    [...titles.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => ({ path, title })),
  );
}

test.each(rows.map((row) => ({ name: row[0] ?? "", row })))("$name: shown by tests that exist", ({ row }) => {
  const citations = citationsOf(row);
  expect(citations).not.toEqual([]);
  expect((row.at(-1) ?? "").replace(oneFile, "").replaceAll("; ", "")).toBe("");
  for (const { path, title } of citations) {
    expect([path, files.has(path)]).toEqual([path, true]);
    expect(title.length).toBeGreaterThan(3);
    // Once: the title names one test of that file.
    expect({ path, title, times: textOf(path).split(title).length - 1 }).toEqual({ path, title, times: 1 });
  }
});

test("no two rows name the same test", () => {
  const all = rows.flatMap((row) => citationsOf(row).map(({ path, title }) => `${path} "${title}"`));
  expect(all.filter((citation, index) => all.indexOf(citation) !== index)).toEqual([]);
});

// The stories show defaults without a row for the flag, and test/contract/chaos.test.ts shows longer lags.
const withoutFlagRow = [/^`removedShares` hidden$/, /^`unseenSession` 403$/, /beyond two minutes$/];

test.each(behaviourFlags.map((row) => ({ name: row[0] ?? "", row })))(
  "$name: a test is named after each behaviour flag of the row",
  ({ name, row }) => {
    const titles = citationsOf(row).map(({ title }) => title);
    const flags = withoutFlagRow.some((pattern) => pattern.test(name)) ? [] : quoted(name);
    for (const flag of flags) expect(titles).toContainEqual(expect.stringContaining(flag));
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
