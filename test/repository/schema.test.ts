// provider/schema.json is generated and committed: it must be what the zod schemas say.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

test("the committed schema is what the zod schemas say", () => {
  const root = join(__dirname, "..", "..");
  expect(() => execFileSync("node", ["scripts/schema.mjs", "--check"], { cwd: root, encoding: "utf8" })).not.toThrow();
});
