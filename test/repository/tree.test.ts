// The shape of the tree: small files that say what they are for, and nothing of the machine that they were written on.
import { textOf, trackedFiles } from "../support/repository";

const sources = trackedFiles("policy/*.ts", "provider/*.ts", "sdk/nodejs/*.ts");
const binary = /\.(png|gif|ico)$/;

test("no source file of the product has more than 250 lines", () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(
    sources
      .map((path) => [path, textOf(path).trimEnd().split("\n").length] as const)
      .filter(([, lines]) => lines > 250),
  ).toEqual([]);
});

test("each source file opens by saying what it is for", () => {
  const opening = /^(#!.*\n)?\/\/ [A-Z`~\w]/;
  expect(sources.filter((path) => !opening.test(textOf(path)))).toEqual([]);
});

test("each example opens by saying what it does, has fewer than 60 lines, and everything that `pulumi up` needs", () => {
  const programs = trackedFiles("examples/*/index.ts").filter((path) => path.split("/").length === 3);
  expect(programs.length).toBeGreaterThan(5);
  for (const path of programs) {
    expect([path, textOf(path)]).toEqual([path, expect.stringMatching(/^\/\/ [A-Z].*\n/)]);
    expect(textOf(path).split("\n").length).toBeLessThanOrEqual(60);
    const folder = path.replace("index.ts", "");
    const parts = ["Pulumi.yaml", "package.json", "tsconfig.json"].map((name) => folder + name);
    expect(trackedFiles(...parts)).toEqual(parts);
  }
});

test("nothing is left to do", () => {
  expect(
    trackedFiles("policy", "provider", "sdk", "test", "scripts", "examples", "bench").filter(
      (path) => !binary.test(path) && /\b(TO[D]O|FIX[M]E|X[X]X)\b/.test(textOf(path)),
    ),
  ).toEqual([]);
});

test("no file names a home folder, this checkout's place, or the host of a package registry", () => {
  const machine = [
    /(^|[\s"'`(=:])\/(home|Users|root)\/\w/m,
    /[A-Z]:\\Users\\/,
    new RegExp(`${process.cwd()}\\b`),
    /https?:\/\/[\w.-]*(registry|artifactory|nexus|verdaccio|goproxy)[\w.-]*/,
  ];
  const named = trackedFiles().filter(
    (path) => !binary.test(path) && machine.some((place) => place.test(textOf(path))),
  );
  expect(named).toEqual([]);
});

test("the lockfile says what to install, not from where", () => {
  const { packages } = JSON.parse(textOf("package-lock.json")) as {
    packages: Record<string, { resolved?: string; link?: boolean }>;
  };
  expect(Object.entries(packages).filter(([, { resolved, link }]) => resolved !== undefined && link !== true)).toEqual(
    [],
  );
});
