// The table "How it compares" in README.md: each "yes" links to a test that exists, and the link names it.
import { tableOf, textOf, trackedFiles } from "../support/repository";

const readme = textOf("README.md");
const rows = tableOf(readme.slice(readme.indexOf("## How it compares")), "what");
const files = new Set(trackedFiles("test"));
const source = "https://github.com/pulumi-fudo/pulumi-fudo/blob/main/";

/** The file and the title that a label in the table stands for: `[label]: ADDRESS "TITLE"`. */
const linked = new Map(
  [...readme.matchAll(/^\[([\w-]+)\]:\s+(\S+)\s+"(.+)"$/gm)].map(([, label, address = "", title = ""]) => [
    label,
    { path: address.replace(source, ""), title },
  ]),
);

test.each(rows.map(([what = "", own = ""]) => [what, own]))("%s: the link leads to its test", (_, own) => {
  const label = /^\[yes\]\[([\w-]+)\]$/.exec(own)?.[1];
  const { path, title } = linked.get(label) ?? { path: "", title: "" };
  expect([path, files.has(path)]).toEqual([path, true]);
  // Once: the title names one test of that file.
  expect({ title, times: textOf(path).split(title).length - 1 }).toEqual({ title, times: 1 });
});

test("every row has something about each of the other ways, and no two rows show the same test", () => {
  expect(rows.length).toBeGreaterThan(9);
  expect(rows.filter((row) => row.length !== 5 || row.includes(""))).toEqual([]);
  expect(new Set([...linked.values()].map(({ path, title }) => `${path} ${title}`)).size).toBe(rows.length);
});
