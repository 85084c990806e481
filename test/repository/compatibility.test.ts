// docs/compatibility.md has a row for each cell of `npm run matrix`, in the script's order, and its result.
import { spawnSync } from "node:child_process";
import { root, tableOf, textOf } from "../support/repository";

test("the table has each cell, and calls refused what the script expects to be refused", () => {
  const program = `import("./scripts/matrix-cells.mjs").then(({ cells }) => console.log(JSON.stringify(cells)))`;
  const { stdout } = spawnSync("node", ["-e", program], { cwd: root, encoding: "utf8" });
  const cells = Object.entries(JSON.parse(stdout) as Record<string, { readonly says?: string }>);
  const expected = cells.map(([name, { says }]) => [name, says === undefined ? "works" : "refused"]);
  const rows = tableOf(textOf("docs/compatibility.md"), "cell");
  expect(rows.map(([name, , result]) => [name, /^\[?(\w+)/.exec(result ?? "")?.[1]])).toEqual(expected);
});
