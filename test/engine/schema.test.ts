// Pulumi's own check of a package schema accepts ours.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startPulumi } from "../support/engine-command";
import { environmentOf, makeWorkspace } from "../support/engine-workspace";

const schema = readFileSync(join(__dirname, "..", "..", "provider", "schema.json"), "utf8");

let workspace = "";
beforeAll(() => (workspace = makeWorkspace("linked")));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

async function check(text: string): Promise<{ code: number; all: string }> {
  writeFileSync(join(workspace, "schema.json"), text);
  const options = { cwd: workspace, env: environmentOf(workspace), input: undefined, timeoutMs: 100_000 };
  return startPulumi(["schema", "check", "schema.json", "--color=never"], options).done;
}

test("`pulumi schema check` finds nothing in provider/schema.json", async () => {
  expect(await check(schema)).toMatchObject({ code: 0, all: "" });
});

test("`pulumi schema check` finds a reference to a type that does not exist", async () => {
  const broken = schema.replace('"$ref": "#/types/fudo:index:SessionSummary"', '"$ref": "#/types/fudo:index:Gone"');
  expect(await check(broken)).toMatchObject({ code: 1, all: expect.stringContaining("fudo:index:Gone") });
});
