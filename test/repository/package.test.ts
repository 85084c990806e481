// What users download: the built code, four pages, one schema, and nothing of this machine.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, textOf } from "../support/repository";

interface Manifest {
  readonly main: string;
  readonly types: string;
  readonly bin: Record<string, string>;
  readonly exports: Record<string, string | Record<string, string>>;
  readonly dependencies: Record<string, string>;
}

const manifest = JSON.parse(textOf("package.json")) as Manifest;
const pack = () =>
  execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
const [{ files }] = JSON.parse(pack()) as [{ files: { path: string }[] }];
const paths = files.map(({ path }) => path);

test("holds the built code with its declarations and the pages beside it, and nothing else", () => {
  const rest = paths.filter((path) => !/^dist\/(provider|sdk\/nodejs)\/[\w/-]+\.(js|d\.ts)$/.test(path));
  expect(rest.sort()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "docs/audit-report.schema.json",
    "package.json",
  ]);
});

test("holds nothing whose source is gone: else remove dist and build again", () => {
  const sources = paths.flatMap((path) =>
    path.startsWith("dist/") ? [path.replace(/^dist\//, "").replace(/(\.d)?\.(ts|js)$/, ".ts")] : [],
  );
  expect(sources.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("holds everything that its manifest names", () => {
  const { main, types, bin, exports } = manifest;
  const named = [
    main,
    types,
    ...Object.values(bin),
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
  expect([...foreign].sort()).toEqual([...Object.keys(manifest.dependencies), "@pulumi/pulumi", "pulumi-fudo"].sort());
});
