// publint and "Are the types wrong?" find nothing in the packed tarball, and no rule of theirs is switched off. No link of its
// pages leads to a file or a heading that is not there.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../support/repository";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pulumi-fudo-check-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Packs that folder and checks the tarball. */
function check(source: string): { status: number | null; stdout: string; stderr: string } {
  spawnSync("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: source });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;
  const args = [join(root, "scripts", "package-check.mjs"), join(folder, tarball)];
  const { status, stdout, stderr } = spawnSync("node", args, { encoding: "utf8" });
  return { status, stdout, stderr };
}

test("they find nothing in this package", () => {
  expect(check(root)).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("they find declarations that one way of resolving modules does not reach, and a file that does not exist", () => {
  const types = { types: "./lib/part.d.ts", default: "./lib/part.js" };
  const manifest = { name: "broken", version: "1.0.0", main: "gone.js", exports: { "./part": types } };
  mkdirSync(join(folder, "lib"));
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "lib", "part.js"), "exports.part = 1;\n");
  writeFileSync(join(folder, "lib", "part.d.ts"), "export declare const part: number;\n");
  const { status, stdout } = check(folder);
  expect(status).toBe(1);
  expect(stdout).toContain("publint: ");
  expect(stdout).toContain("types: ");
});

const page = `# Title

## A heading, with \`code\`

## Same

## Same

[works](docs/page.md) [works](docs/page.md#part "title") [works](docs) [works](#a-heading-with-code) [works](#same-1)
[works](https://example.com/gone) \`[is code](gone-1.md)\`

\`\`\`md
# In a fence
[is code](gone-2.md)
\`\`\`

[no file](gone-3.md) ![no image](gone-4.png) [no heading](#in-a-fence) [no heading there](docs/page.md#gone)
[out of the package](../gone-5.md) <a href="gone-6.md">no file</a> [by reference][7]

[7]: gone-7.md
`;

test("the links that lead nowhere are found: inline, images, HTML, references and headings", () => {
  mkdirSync(join(folder, "docs"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "links", version: "1.0.0", main: "index.js" }));
  writeFileSync(join(folder, "index.js"), "exports.part = 1;\n");
  writeFileSync(join(folder, "README.md"), page);
  writeFileSync(join(folder, "docs", "page.md"), "# Page\n\n## Part\n");
  const { status, stdout } = check(folder);
  expect(status).toBe(1);
  const broken = [
    "gone-3.md",
    "gone-4.png",
    "#in-a-fence",
    "docs/page.md#gone",
    "../gone-5.md",
    "gone-6.md",
    "gone-7.md",
  ];
  const found = [...stdout.matchAll(/^links: README\.md: (.*)$/gm)].map(([, target]) => target);
  expect(found.sort()).toEqual(broken.sort());
});
