// `npm run sdk`: writes the SDKs for Python, Go and TypeScript from provider/schema.json, with the generator in tools/sdk. With
// `--check` it writes nothing and fails if a committed file differs. Needs Go. Plain Node 20, no dependencies.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { fail, root, textOf } from "./generated.mjs";
import { endWithChildren, runChecked, StepFailed } from "./processes.mjs";

// What the generator writes. The rest of sdk/ is written by hand: sdk/nodejs, and the go.mod and go.sum of sdk/go.
const generated = ["sdk/nodejs-plugin", "sdk/python", "sdk/go/.gitattributes", "sdk/go/fudo"];

/** Writes the SDKs of this version into `folder`. */
async function generate(folder) {
  const { version } = JSON.parse(textOf("package.json"));
  const args = ["run", "-mod=readonly", ".", join(root, "provider", "schema.json"), version, folder];
  const options = { cwd: join(root, "tools", "sdk"), env: { ...process.env, GOWORK: "off" } };
  await runChecked("go", args, options);
}

/** The text of each file in the generated folders, by path. */
function filesIn(folder) {
  // What Python and its tools write where they run. sdk/python/.gitignore has the same list.
  const ignored = /(^|\/)(__pycache__|\.mypy_cache|dist|build|[^/]*\.egg-info)\//;
  const paths = readdirSync(join(folder, "sdk"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => generated.some((name) => `${path}/`.startsWith(`${name}/`)) && !ignored.test(path));
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

function check(folder) {
  const wanted = filesIn(folder);
  const found = filesIn(root);
  for (const [path, text] of wanted)
    if (found.get(path) !== text)
      fail(`${path} differs from what it is generated from. Run \`npm run sdk\` and review the difference.`);
  for (const path of found.keys())
    if (!wanted.has(path)) fail(`${path} is generated from nothing. Run \`npm run sdk\`.`);
}

function replace(folder) {
  for (const name of generated) {
    rmSync(join(root, name), { recursive: true, force: true });
    cpSync(join(folder, name), join(root, name), { recursive: true });
  }
}

endWithChildren();
const work = mkdtempSync(join(tmpdir(), "pulumi-fudo-sdk-"));
try {
  await generate(join(work, "sdk"));
  if (process.argv.includes("--check")) check(work);
  else replace(work);
} catch (error) {
  fail(error instanceof StepFailed ? error.message : error.stack);
} finally {
  rmSync(work, { recursive: true, force: true });
}
