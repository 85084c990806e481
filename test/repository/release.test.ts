// The release script, in temporary repositories: a whole release of this checkout, and what makes it refuse.
import { spawnSync, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { namedVersions } from "../support/named-versions";
import { root, textOf, trackedFiles } from "../support/repository";

// The machine's registry of npm packages stays.
const inherited = Object.entries(process.env).filter(
  ([name]) => !/^(npm_(?!config_registry$)|JEST|NODE_ENV|GIT_)/i.test(name),
);
const env = { ...Object.fromEntries(inherited), GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };

let folder = "";
const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, env, encoding: "utf8" }).trim();
const read = (path: string) => readFileSync(join(folder, path), "utf8");
const json = (path: string) => JSON.parse(read(path)) as { version: string; packages: { "": { version: string } } };

/** Makes a repository on the branch main out of these files, with one commit. */
function repository(files: Record<string, string>): void {
  folder = mkdtempSync(join(tmpdir(), "pulumi-fudo-release-test-"));
  for (const [path, text] of Object.entries(files)) write(path, text);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function commit(): void {
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "Test");
  git("config", "user.email", "test@example.com");
  git("add", "--all", "--force");
  git("commit", "--quiet", "--message", "all files");
}

function release(...args: string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync("node", ["scripts/release.mjs", ...args], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  return { status, stderr };
}

afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Lock = Record<string, { version: string; license: string; dependencies?: Record<string, string> }>;

/** What this package needs at run time, as `name version: licence`, by following the lockfile from its dependencies. */
function runtimeDependencies(): string[] {
  const { packages } = JSON.parse(textOf("package-lock.json")) as { packages: Lock };
  const found = new Set<string>();
  const visit = (from: string) => {
    for (const name of Object.keys(packages[from]?.dependencies ?? {})) {
      let base = from;
      let path = join(base, "node_modules", name);
      for (; packages[path] === undefined; path = join(base, "node_modules", name))
        base = base.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/, "");
      if (!found.has(path)) {
        found.add(path);
        visit(path);
      }
    }
  };
  visit("");
  const line = (path: string) =>
    `${path.split("node_modules/").at(-1)} ${packages[path]?.version}: ${packages[path]?.license}`;
  return [...found].map(line).sort();
}

/** What the first commands of the examples and of the documentation need, of the version 99.0.0. */
const usable: [path: string, text: string][] = [
  ["docs/plugin.md", "resource fudo 99.0.0 --file pulumi-resource-fudo-v99.0.0.tar.gz\n"],
  ["docs/policy.md", " fudo@v99.0.0 "],
  ["examples/go/go.mod", "/sdk/go v99.0.0\n"],
  ["examples/go/main.go", "resource fudo 99.0.0 --file pulumi-resource-fudo-v99.0.0.tar.gz\n"],
  ["examples/pipeline/README.md", "`npm install --global pulumi-fudo@99.0.0`"],
  ["examples/pipeline/github-actions.yml", "/up-and-audit@v99.0.0\n"],
  ["examples/pipeline/gitlab-ci.yml", "/up-and-audit@v99.0.0\n"],
  ["examples/python/__main__.py", "resource fudo 99.0.0 --file pulumi-resource-fudo-v99.0.0.tar.gz\n"],
  ["examples/python/requirements.txt", "pulumi-fudo==99.0.0\n"],
  ["examples/yaml/Pulumi.yaml", "resource fudo 99.0.0 --file pulumi-resource-fudo-v99.0.0.tar.gz\n"],
];

test("a release is a commit with a tag, and its files are complete", () => {
  repository({});
  for (const path of trackedFiles()) cpSync(join(root, path), join(folder, path));
  if (!/^## Unreleased$/m.test(read("CHANGELOG.md")))
    write("CHANGELOG.md", read("CHANGELOG.md").replace(/^## /m, "## Unreleased\n\n### Fixed\n\n- A test.\n\n## "));
  write("test/fixtures/states/99.0.0/program.cjs", "");
  commit();
  const before = git("rev-parse", "HEAD");

  expect(release("99.0.0")).toEqual({
    status: 0,
    stderr: expect.stringMatching(/ To publish: git push origin main v99\.0\.0\n$/),
  });

  expect(git("rev-parse", "v99.0.0^{commit}")).toBe(git("rev-parse", "HEAD"));
  expect(git("log", "--format=%s", `${before}..HEAD`)).toBe("release: 99.0.0");
  const sdks = ["go/fudo/internal/pulumiUtilities.go", "go/fudo/pulumi-plugin.json", "nodejs-plugin/utilities.ts"];
  sdks.push("python/pulumi_fudo/pulumi-plugin.json", "python/pyproject.toml");
  const named = namedVersions(folder);
  const others = ["CHANGELOG.md", "package-lock.json", "package.json", ...named.map(([path]) => path)];
  const changed = [...new Set(others), ...sdks.map((path) => `sdk/${path}`)].sort();
  expect(git("diff", "--name-only", before).split("\n")).toEqual(changed);
  expect(named.filter(([, version]) => version !== "99.0.0")).toEqual([]);
  for (const [path, text] of usable) expect([path, read(path)]).toEqual([path, expect.stringContaining(text)]);
  for (const path of sdks) expect([path, read(`sdk/${path}`)]).toEqual([path, expect.stringContaining('"99.0.0"')]);
  expect(git("status", "--porcelain")).toBe("");
  expect([json("package.json").version, json("package-lock.json").version]).toEqual(["99.0.0", "99.0.0"]);
  expect(json("package-lock.json").packages[""].version).toBe("99.0.0");
  expect(read("CHANGELOG.md")).toMatch(/^# Changelog\n\n## 99\.0\.0 - \d{4}-\d{2}-\d{2}\n/);

  const files = join(".engine", "release", "99.0.0");
  const target = "pulumi-fudo-99.0.0";
  const archive = "pulumi-resource-fudo-v99.0.0.tar.gz";
  const describing = ["cdx.json", "licenses.txt"].map((type) => archive.replace("tar.gz", type));
  const described = [`${target}.cdx.json`, `${target}.licenses.txt`, `${target}.tgz`];
  const written = ["notes.md", ...described, ...describing, archive].sort();
  expect(readdirSync(join(folder, files)).sort()).toEqual(["SHA256SUMS", ...written]);
  const sum = (name: string) =>
    createHash("sha256")
      .update(readFileSync(join(folder, files, name)))
      .digest("hex");
  expect(read(join(files, "SHA256SUMS"))).toBe(written.map((name) => `${sum(name)}  ${name}\n`).join(""));

  const packed = execFileSync("tar", ["-xOzf", join(folder, files, `${target}.tgz`), "package/package.json"]);
  expect(JSON.parse(String(packed))).toMatchObject({ name: "pulumi-fudo", version: "99.0.0" });
  const expected = runtimeDependencies();
  expect(
    read(join(files, `${target}.licenses.txt`))
      .trimEnd()
      .split("\n")
      .sort(),
  ).toEqual(expected);
  const sbom = JSON.parse(read(join(files, `${target}.cdx.json`))) as Sbom;
  expect(sbom).toMatchObject({
    bomFormat: "CycloneDX",
    metadata: { component: { name: "pulumi-fudo", version: "99.0.0" } },
  });
  expect(componentsOf(sbom)).toEqual(expected);
  const [archiveSbom = "", archiveLicences = ""] = describing.map((name) => read(join(files, name)));
  const inArchive = packagesIn(join(folder, files, archive));
  expect(inArchive.length).toBeGreaterThan(expected.length);
  expect(archiveLicences.trimEnd().split("\n").sort()).toEqual(inArchive);
  expect(componentsOf(JSON.parse(archiveSbom) as Sbom)).toEqual(inArchive);
  expect(read("CHANGELOG.md")).toContain(read(join(files, "notes.md")));
}, 600_000);

test("two lists of the components of one commit are equal, and a warning of npm does not change them", () => {
  repository({});
  // npm warns about a setting that it does not know.
  write("home/.npmrc", "always-auth=true\n");
  const script = pathToFileURL(join(root, "scripts", "release-dependencies.mjs")).href;
  const listed = ["first", "second"].map((name) => {
    const args = [root, join(folder, name, "pulumi-fudo"), "2026-01-02T03:04:05.000Z"].map((arg) =>
      JSON.stringify(arg),
    );
    const program = `import { describeDependencies } from "${script}"; console.log(await describeDependencies(${args.join()}))`;
    const more = name === "first" ? {} : { HOME: join(folder, "home"), npm_config_loglevel: "warn" };
    return spawnSync("node", ["--input-type=module", "-e", program], { env: { ...env, ...more }, encoding: "utf8" })
      .stdout;
  });
  expect(listed[0]).toContain("2026-01-02T03:04:05.000Z");
  expect(listed[1]).toBe(listed[0]);
});

/** As `name version: licence`. */
function componentsOf({ components }: Sbom): string[] {
  const licence = ([first]: Sbom["components"][number]["licenses"]) => first?.license?.id ?? first?.expression;
  return components.map(({ name, version, licenses }) => `${name} ${version}: ${licence(licenses)}`).sort();
}

/** What the plugin's archive contains besides the package itself, as `name version: licence`, from each package.json in it. */
function packagesIn(archive: string): string[] {
  const manifests = String(execFileSync("tar", ["-tzf", archive]))
    .split("\n")
    .filter((path) => /(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path));
  const lines = manifests
    .map((path) => JSON.parse(String(execFileSync("tar", ["-xOzf", archive, path]))) as Record<string, string>)
    .map(({ name, version, license }) => `${name} ${version}: ${license}`);
  return [...new Set(lines)].sort();
}

interface Sbom {
  readonly components: readonly {
    name: string;
    version: string;
    licenses: readonly { license?: { id: string }; expression?: string }[];
  }[];
}

describe("a release is refused", () => {
  /** A package of one file, and perhaps one dependency. Its build is another one each time. */
  function small({ changelog = "## Unreleased\n\n### Added\n\n- All.\n", license = "", states = "1.10.0" } = {}): void {
    const prepack = "node -e \"require('fs').writeFileSync('index.js', String(Math.random()))\"";
    const dependencies = license === "" ? {} : { left: "^1.0.0" };
    const left = license === "" ? {} : { "node_modules/left": { version: "1.2.3", license, integrity: "sha512-AAAA" } };
    const manifest = { name: "small", version: "1.9.0", dependencies };
    const lock = { lockfileVersion: 3, requires: true, packages: { "": manifest, ...left } };
    repository({
      "package.json": JSON.stringify({ ...manifest, main: "index.js", scripts: { prepack } }),
      "package-lock.json": JSON.stringify({ name: "small", version: "1.9.0", ...lock }),
      "CHANGELOG.md": `# Changelog\n\n${changelog}`,
      ".gitignore": ".engine/\nnode_modules/\n",
      ".npmrc": textOf(".npmrc"),
      [`test/fixtures/states/${states}/program.cjs`]: "",
    });
    for (const name of readdirSync(join(root, "scripts")).filter((name) => /^(release|processes)/.test(name)))
      write(`scripts/${name}`, textOf(`scripts/${name}`));
    commit();
  }

  /** Nothing is left of the release: no commit, no tag, no file. */
  function expectRefused(args: string[], sentence: string): void {
    const refs = git("for-each-ref");
    const { status, stderr } = release(...args);
    expect(status).toBe(1);
    expect(stderr.trimEnd().slice(-sentence.length)).toBe(sentence);
    expect(stderr).not.toMatch(/\n +at /);
    expect(git("for-each-ref")).toBe(refs);
    expect(existsSync(join(folder, ".engine"))).toBe(false);
  }

  test.each([[[]], [["1.10"]], [["v1.10.0"]], [["2.0.0-rc.1"]]])("without a version: %j", (args) => {
    small();
    expectRefused(args, "Name the new version: npm run release -- MAJOR.MINOR.PATCH");
  });

  test.each(["1.9.0", "1.8.9", "0.10.0"])("with %s after 1.9.0", (version) => {
    small();
    expectRefused([version], `${version} is not greater than the current version, 1.9.0.`);
  });

  test("with files that are not committed", () => {
    small();
    write("new.txt", "new\n");
    expectRefused(["1.10.0"], "Commit or remove these changes first:\n?? new.txt");
  });

  test("on another branch, and on none", () => {
    small();
    git("switch", "--quiet", "--create", "other");
    expectRefused(["1.10.0"], "Releases are made on main, but this is other: git switch main");
    git("switch", "--quiet", "--detach");
    expectRefused(["1.10.0"], "Releases are made on main, but this is no branch: git switch main");
  });

  test("with a tag that exists", () => {
    small();
    git("tag", "v1.10.0");
    expectRefused(["1.10.0"], "There is a tag v1.10.0 already. A released version never changes: choose another one.");
  });

  test.each([
    ["no section for it", "## 1.9.0 - 2026-01-01\n\n### Added\n\n- All.\n"],
    ["an empty section", "## Unreleased\n\n## 1.9.0 - 2026-01-01\n\n### Added\n\n- All.\n"],
  ])("with a changelog that has %s", (_name, changelog) => {
    small({ changelog });
    expectRefused(["1.10.0"], "CHANGELOG.md has no section Unreleased. Add one that says what this release changes.");
  });

  test("without the states that it writes", () => {
    small({ states: "1.9.0" });
    expectRefused(["1.10.0"], "Run `npm run record-states -- 1.10.0` and commit test/fixtures/states.");
  });

  test("with a licence that is not allowed", () => {
    small({ license: "GPL-3.0-only" });
    expectRefused(
      ["1.10.0"],
      "does not allow the licence of left 1.2.3 (GPL-3.0-only). Use another package, or allow it there.",
    );
  });

  test("for the files alone, with a tag on another version, without a tag or a folder", () => {
    small();
    git("tag", "v3.0.0");
    expectRefused(
      ["--artifacts", "v3.0.0", join(folder, ".engine")],
      "The tag v3.0.0 is on a commit with the version 1.9.0.",
    );
    expectRefused(["--artifacts", "v4.0.0", join(folder, ".engine")], "There is no tag v4.0.0 in this repository.");
    expectRefused(["--artifacts", "v3.0.0"], "Name the tag and a folder: npm run release -- --artifacts TAG FOLDER");
  });

  test("with a build that gives another package each time", () => {
    small();
    expectRefused(["1.10.0"], "Look for a time, a path or a random value in the output of the build.");
  });
});
