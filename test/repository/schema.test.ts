// What `npm run schema` generates is committed: the Pulumi package schema and the pages of the reference.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../support/repository";

function check(script: string, checkout = root): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync("node", [`scripts/${script}`, "--check"], { cwd: checkout, encoding: "utf8" });
  return { status, stderr };
}

test("the committed schema is what the zod schemas and the declarations of the functions say", () => {
  expect(check("schema.mjs")).toEqual({ status: 0, stderr: "" });
});

test("each resource and function has the page that the schema, the comments and the examples say", () => {
  expect(check("docs.mjs")).toEqual({ status: 0, stderr: "" });
});

test("the check finds a page that was edited by hand, a page that is gone, and a page of nothing", () => {
  const checkout = mkdtempSync(join(realpathSync(tmpdir()), "pulumi-fudo-docs-"));
  try {
    for (const name of [
      "scripts",
      "docs",
      "examples",
      "provider/schema.json",
      "dist",
      "package.json",
      ".prettierrc.json",
    ])
      cpSync(join(root, name), join(checkout, name), {
        recursive: true,
        filter: (path) => !path.endsWith("node_modules"),
      });
    symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
    const page = (name: string) => join(checkout, "docs", name);
    const edited = readFileSync(page("session-share.md"), "utf8").replace("| yes ", "| no  ");
    writeFileSync(page("session-share.md"), edited);
    cpSync(page("get-sessions.md"), page("get-nothing.md"));
    rmSync(page("get-sessions.md"));
    const { status, stderr } = check("docs.mjs", checkout);
    expect(status).toBe(1);
    expect(stderr.trim().split("\n")).toEqual([
      expect.stringMatching(/^docs\/session-share\.md differs/),
      expect.stringMatching(/^docs\/get-sessions\.md differs/),
      expect.stringMatching(/^docs\/get-nothing\.md describes nothing/),
    ]);
  } finally {
    rmSync(checkout, { recursive: true, force: true });
  }
});
