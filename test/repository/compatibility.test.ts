// docs/compatibility.md has a row for each cell of `npm run matrix`, in the script's order, with its result, and the versions.
import { spawnSync } from "node:child_process";
import { root, tableOf, textOf } from "../support/repository";

interface Matrix {
  readonly cells: Record<string, { readonly says?: string }>;
  readonly versions: Record<string, readonly string[]>;
}

const program = `import("./scripts/matrix-cells.mjs").then((matrix) => console.log(JSON.stringify(matrix)))`;
const { stdout } = spawnSync("node", ["-e", program], { cwd: root, encoding: "utf8" });
const { cells, versions } = JSON.parse(stdout) as Matrix;
const page = textOf("docs/compatibility.md");

test("the table has each cell, and calls refused what the script expects to be refused", () => {
  const expected = Object.entries(cells).map(([name, { says }]) => [name, says === undefined ? "works" : "refused"]);
  const rows = tableOf(page, "cell");
  expect(rows.map(([name, , result]) => [name, /^\[?(\w+)/.exec(result ?? "")?.[1]])).toEqual(expected);
});

test("the versions are the ones that the script installs", () => {
  const [cli, npm, ...others] = tableOf(page, "software");
  expect([cli?.[0], npm?.[0]]).toEqual(["Pulumi CLI", "npm"]);
  expect(others).toEqual(Object.entries(versions).map(([name, list]) => [name, list.join(", ")]));
});

test("the page quotes the sentence that refuses a cell", () => {
  const sentences = Object.values(cells).flatMap(({ says }) => says ?? []);
  expect(sentences.length).toBeGreaterThan(0);
  expect(sentences.filter((sentence) => !page.replace(/\s+/g, " ").includes(sentence))).toEqual([]);
});
