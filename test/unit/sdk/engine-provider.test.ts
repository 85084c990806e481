// Which form of the provider the engine gets: the module where the SDK finds its name, else a copy that the SDK writes as text.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ModuleKind, ScriptTarget, transpile } from "typescript";

const root = join(__dirname, "..", "..", "..");
const build = (file: string) =>
  transpile(readFileSync(join(root, file), "utf8"), { module: ModuleKind.CommonJS, target: ScriptTarget.ES2023 });
const files = {
  "package.json": JSON.stringify({ name: "pulumi-fudo" }),
  "dist/sdk/nodejs/engine-provider.js": build("sdk/nodejs/engine-provider.ts"),
  "dist/provider/dynamic/provider.js": build("provider/dynamic/provider.ts"),
};

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(realpathSync(tmpdir()), "pulumi-fudo-layout-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** Puts this package and an SDK of this version into the folder `store`, as a package manager would. */
function install(store: string, sdkVersion: string): void {
  for (const [path, text] of Object.entries(files)) write(join(store, path), text);
  const sdk = join(store, "node_modules", "@pulumi", "pulumi");
  write(join(sdk, "package.json"), JSON.stringify({ version: sdkVersion }));
  write(join(sdk, "index.js"), "exports.RunError = class RunError extends Error { name = 'RunError' };");
}

function link(from: string, to: string): void {
  mkdirSync(dirname(join(folder, from)), { recursive: true });
  symlinkSync(join(folder, to), join(folder, from));
}

/** The form that a program in `folder/project` gets if `importedBy` imports this package. */
function formIn(importedBy: string, main: string): string {
  const program = `
    try {
      const { engineProvider } = require("pulumi-fudo/dist/sdk/nodejs/engine-provider.js");
      const module = require("pulumi-fudo/dist/provider/dynamic/provider.js");
      const given = engineProvider();
      const same = JSON.stringify(Object.entries(given).map(String)) === JSON.stringify(Object.entries(module).map(String));
      console.log(given === module ? "module" : same && given === engineProvider() ? "copy" : "something else");
    } catch (error) { console.log(error.name + ": " + error.message); }`;
  write(join(importedBy, "imports.js"), program);
  write(main, `require(${JSON.stringify(join(folder, importedBy, "imports.js"))});`);
  mkdirSync(join(folder, "project"), { recursive: true });
  return execFileSync("node", [join(folder, main)], { cwd: join(folder, "project"), encoding: "utf8" }).trim();
}

const refusal =
  "RunError: pulumi-fudo cannot be loaded from the program's folder, and the Pulumi engine loads it from there, also if " +
  "only a component library uses it or if a bundle contains it. Add it to the program's own dependencies: npm install " +
  "pulumi-fudo (or pnpm add, yarn add, bun add)";
const engineRun = "engine/@pulumi/pulumi/cmd/run/index.js";
const pnpm = "project/node_modules/.pnpm/pulumi-fudo@1.0.0/node_modules/pulumi-fudo";

test.each<[string, string, string, string]>([
  ["npm, Yarn or Bun (flat)", "project/node_modules/pulumi-fudo", "3.270.0", "module"],
  ["a workspace whose root holds the packages", "node_modules/pulumi-fudo", "3.270.0", "module"],
  ["Yarn Plug'n'Play, unpacked", ".yarn/cache/pulumi-fudo-1.zip/node_modules/pulumi-fudo", "3.270.0", "module"],
  ["pnpm with an SDK that knows its folders", pnpm, "3.251.0", "module"],
  ["pnpm with a later major version of the SDK", pnpm, "4.0.0", "module"],
  ["pnpm with an older SDK", pnpm, "3.250.9", "copy"],
  ["Bun (isolated)", "node_modules/.bun/pulumi-fudo@1.0.0/node_modules/pulumi-fudo", "3.270.0", "copy"],
  ["npm (linked)", "project/node_modules/.store/pulumi-fudo@1.0.0-x/node_modules/pulumi-fudo", "3.270.0", "copy"],
  ["Yarn 4 (pnpm)", "project/node_modules/.store/pulumi-fudo-npm-1.0.0-x/package", "3.270.0", "copy"],
  ["a store that nobody knows yet", "project/node_modules/.deps/pulumi-fudo/node_modules/pulumi-fudo", "3.1.0", "copy"],
  ["below another package", "project/node_modules/library/node_modules/pulumi-fudo", "3.270.0", "copy"],
  ["a link to a checkout", "checkouts/fudo", "3.270.0", "copy"],
])("%s", (_manager, store, sdkVersion, form) => {
  install(store, sdkVersion);
  if (store !== "project/node_modules/pulumi-fudo") link("project/node_modules/pulumi-fudo", store);
  expect(formIn("project", engineRun)).toBe(form);
});

describe("only a component library depends on this package", () => {
  beforeEach(() => {
    install(pnpm, "3.270.0");
    link("project/node_modules/.pnpm/library@1.0.0/node_modules/pulumi-fudo", pnpm);
  });
  const library = "project/node_modules/.pnpm/library@1.0.0/node_modules/library";

  test("one sentence says what to add to the program", () => {
    expect(formIn(library, engineRun)).toBe(refusal);
  });

  test("it works if the program depends on another copy of it", () => {
    for (const [path, text] of Object.entries(files)) write(join("project/node_modules/pulumi-fudo", path), text);
    expect(formIn(library, engineRun)).toBe("module");
  });

  test("outside of the engine's process for programs it is not checked: an inline program may run in another folder", () => {
    expect(formIn(library, "tests/main.js")).toBe("module");
  });
});

describe("a bundler has put this package into the program", () => {
  /** The form that the bundle gets: "module" is the one of the installed copy. */
  function formInBundle(): string {
    const engineProvider = files["dist/sdk/nodejs/engine-provider.js"];
    const bundled = engineProvider.replace('require("../../provider/dynamic/provider")', '{ name: "the bundled one" }');
    expect(bundled).not.toBe(engineProvider);
    const print = 'console.log(form === require("pulumi-fudo/dist/provider/dynamic/provider.js") ? "module" : form);';
    write(
      "project/bundle.js",
      `${bundled}\ntry { const form = exports.engineProvider(); ${print} } catch (e) { console.log(String(e)); }`,
    );
    write(engineRun, `require(${JSON.stringify(join(folder, "project/bundle.js"))});`);
    return execFileSync("node", [join(folder, engineRun)], { cwd: join(folder, "project"), encoding: "utf8" }).trim();
  }

  test("the engine gets the installed copy", () => {
    install("project/node_modules/pulumi-fudo", "3.270.0");
    link("project/node_modules/@pulumi", "project/node_modules/pulumi-fudo/node_modules/@pulumi");
    expect(formInBundle()).toBe("module");
  });

  test("without an installed copy, one sentence says what to add to the program", () => {
    install("elsewhere", "3.270.0");
    link("project/node_modules/@pulumi", "elsewhere/node_modules/@pulumi");
    expect(formInBundle()).toBe(refusal);
  });
});
