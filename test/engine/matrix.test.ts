// Some cells of `npm run matrix`, which plays the life of a share with each package manager and layout.
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentOf } from "../support/engine-workspace";

const script = join(__dirname, "..", "..", "scripts", "matrix.mjs");

let folder = "";
beforeAll(() => (folder = mkdtempSync(join(realpathSync(tmpdir()), "pulumi-fudo-matrix-test-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The rows of the table, without the durations: `{ cell: { step: "ok" or a text } }`. */
function matrix(...cells: readonly string[]) {
  const { status, stdout, stderr } = spawnSync("node", [script, ...cells], {
    env: environmentOf(folder),
    encoding: "utf8",
  });
  const [head = [], , ...rows] = stdout
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const resultsOf = (row: readonly string[]) =>
    Object.fromEntries(
      row.slice(2, -1).map((text, index) => [head[index + 2], text.replace(/^\d+\.\d s$/, "ok")] as const),
    );
  return { status, stderr, cells: Object.fromEntries(rows.map((row) => [row[1], resultsOf(row)] as const)) };
}

test("a share lives in Bun's isolated layout and in Yarn's Plug'n'Play; a library in between is refused with one sentence", () => {
  const life = { install: "ok", up: "ok", "no-op up": "ok", refresh: "ok", destroy: "ok" };
  const refused = { install: "ok", up: "refused, says what to add" };
  const nothing = { "no-op up": "", refresh: "", destroy: "", "moved stack": "" };
  expect(matrix("bun, isolated", "yarn 4, pnp", "pnpm, library in between")).toMatchObject({
    status: 0,
    cells: {
      "bun, isolated": { ...life, "moved stack": "created" },
      "yarn 4, pnp": { ...life, "moved stack": "ok" },
      "pnpm, library in between": { ...refused, ...nothing },
    },
  });
}, 600_000);

test("a cell that does not exist is named, with those that exist", () => {
  const { status, stderr } = matrix("cargo");
  expect(status).toBe(2);
  expect(stderr).toContain("There is no cell cargo. The cells: npm; npm, linked;");
});
