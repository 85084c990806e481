// What users download: the built code, the pages for users, the examples, and nothing of this machine.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, textOf, trackedFiles } from "../support/repository";

interface Manifest {
  readonly name: string;
  readonly repository: unknown;
  readonly homepage: string;
  readonly bugs: string;
  readonly author: string;
  readonly keywords: readonly string[];
  readonly main: string;
  readonly types: string;
  readonly bin: Record<string, string>;
  readonly exports: Record<string, string | Record<string, string>>;
  readonly typesVersions: { readonly "*": Record<string, readonly string[]> };
  readonly dependencies: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
}

const manifest = JSON.parse(textOf("package.json")) as Manifest;

/** The files in the tarball of this checkout. */
function packedFiles(checkout: string, ...options: string[]): { path: string; mode: number }[] {
  const output = execFileSync("npm", ["pack", "--dry-run", "--json", ...options], {
    cwd: checkout,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [{ files }] = JSON.parse(output) as [{ files: { path: string; mode: number }[] }];
  return files;
}

const files = packedFiles(root, "--ignore-scripts");
const paths = files.map(({ path }) => path);

test("holds the built code with its declarations, the plugin, the pages and the examples, and nothing else", () => {
  const rest = paths.filter(
    (path) => !/^dist\/(policy|provider|sdk\/nodejs(-plugin)?)\/[\w/-]+\.(js|d\.ts)$/.test(path),
  );
  const pages = ["CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md"];
  const folders = trackedFiles("docs/*", "examples/*").filter((path) => path !== "docs/benchmarks.md");
  const plugin = ["provider/schema.json", "pulumi-resource-fudo", "pulumi-resource-fudo.cmd"];
  const policy = ["policy/PulumiPolicy.yaml", "policy/package.json"];
  const others = [...plugin, ...policy, "package.json", "provider/emulator/README.md"];
  expect(rest.sort()).toEqual([...pages, ...folders, ...others].sort());
});

// Engine: with a PulumiPlugin.yaml it runs `npm install` in the folder of the package, which needs a registry.
test("the engine can start the plugin from its folder: it is executable, and there is no PulumiPlugin.yaml", () => {
  expect(files.find(({ path }) => path === "pulumi-resource-fudo")?.mode).toBe(0o755);
  expect(paths.filter((path) => path.endsWith("PulumiPlugin.yaml"))).toEqual([]);
});

// Only the text of the file for Windows is checked: no test runs on Windows.
test("the plugin starts the same module on Windows, and says the same if there is no Node.js", () => {
  const [sh, cmd] = [textOf("pulumi-resource-fudo"), textOf("pulumi-resource-fudo.cmd")];
  const module = /\$folder\/(\S+\.js)"/.exec(sh)?.[1] ?? "";
  expect(paths).toContain(module);
  expect(cmd).toContain(`node "%~dp0${module.replaceAll("/", "\\")}" %*`);
  const sentence = /echo "(.*)" >&2/.exec(sh)?.[1]?.replaceAll("\\`", "`");
  expect(sentence).toMatch(/requires Node\.js 22\.19/);
  expect(cmd).toContain(`echo ${sentence} 1>&2`);
});

test("its page in the registry leads to its repository, its home page and its issues", () => {
  const { name, repository, homepage, bugs, author, keywords } = manifest;
  const home = `https://github.com/pulumi-fudo/${name}`;
  expect({ repository, homepage, bugs }).toEqual({
    repository: { type: "git", url: `git+${home}.git` },
    homepage: `${home}#readme`,
    bugs: `${home}/issues`,
  });
  expect(textOf(".github/CODEOWNERS")).toContain("@pulumi-fudo/");
  expect(author).toContain(name);
  expect(keywords).toEqual(expect.arrayContaining(["pulumi", "fudo", "pam"]));
});

test("holds nothing whose source is gone: else remove dist and build again", () => {
  const sources = paths.flatMap((path) =>
    path.startsWith("dist/") ? [path.replace(/^dist\//, "").replace(/(\.d)?\.(ts|js)$/, ".ts")] : [],
  );
  expect(sources.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("holds everything that its manifest names", () => {
  const { main, types, bin, exports, typesVersions } = manifest;
  const named = [
    main,
    types,
    ...Object.values(bin),
    ...Object.values(typesVersions["*"]).flat(),
    ...Object.values(exports).flatMap((target) => (typeof target === "string" ? [target] : Object.values(target))),
  ];
  expect(named.map((path) => path.replace(/^\.\//, "")).filter((path) => !paths.includes(path))).toEqual([]);
});

test("names no place on this machine, brings no source map, and writes like every other machine", () => {
  const texts = paths.map((path) => [path, textOf(path)] as const);
  expect(
    texts
      .filter(([, text]) => text.includes(root) || text.includes("sourceMappingURL") || text.includes("\r"))
      .map(([path]) => path),
  ).toEqual([]);
});

test("its commands can be run", () => {
  for (const path of Object.values(manifest.bin))
    expect([path, textOf(path).startsWith("#!/usr/bin/env node\n")]).toEqual([path, true]);
});

test("requires only what it declares, Node's own modules and itself", () => {
  const foreign = new Set<string>();
  for (const path of paths.filter((name) => name.endsWith(".js"))) {
    for (const [, name = ""] of textOf(path).matchAll(/\brequire\("([^"]+)"\)/g))
      if (!/^(\.|node:)/.test(name))
        foreign.add(
          name
            .split("/")
            .slice(0, name.startsWith("@") ? 2 : 1)
            .join("/"),
        );
  }
  const declared = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
  expect([...foreign].sort()).toEqual([...declared, "pulumi-fudo"].sort());
});

test("is built from clean: a file in dist whose source is gone is not packed", () => {
  const checkout = mkdtempSync(join(tmpdir(), "pulumi-fudo-pack-"));
  try {
    const options = ["tsconfig.json", "tsconfig.build.json", "tsconfig.sdk.json"];
    const names = ["package.json", ...options, "policy", "provider", "sdk", "README.md", "LICENSE"];
    for (const name of names) cpSync(join(root, name), join(checkout, name), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
    mkdirSync(join(checkout, "dist", "provider", "gone"), { recursive: true });
    for (const name of ["old.js", "old.d.ts", "gone/old.js"])
      writeFileSync(join(checkout, "dist", "provider", name), "// stale\n");
    const packed = packedFiles(checkout).map(({ path }) => path);
    expect(packed.filter((path) => path.includes("old"))).toEqual([]);
    expect(packed).toContain("dist/provider/dynamic/provider.js");
    expect(packed).toContain("dist/sdk/nodejs-plugin/index.js");
  } finally {
    rmSync(checkout, { recursive: true, force: true });
  }
});
