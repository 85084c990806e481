// The version of this package in the checkout: each file names the current one, and the release script finds every place.
import { namedVersions, versionsIn } from "../support/named-versions";
import { root, textOf, trackedFiles } from "../support/repository";

const { version: current } = JSON.parse(textOf("package.json")) as { version: string };

/** The newest version with recorded states. Between that record and its release, it is the coming version. */
const recorded = trackedFiles("test/fixtures/states/*/program.cjs")
  .map((path) => path.split("/")[3]!)
  .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
  .at(-1);

test("each file names the current version, or the coming one if the current one lacks what the file is about", () => {
  const named = namedVersions(root);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(([, version]) => version !== current && version !== recorded)).toEqual([]);
});

test.each([
  "pulumi plugin install resource fudo 1.2.3",
  "pulumi plugin rm resource fudo 1.2.3 --yes",
  "pulumi package add fudo --version 1.2.3",
  "pulumi package add fudo@1.2.3",
  "- name: fudo\n      version: 1.2.3\n",
  "pulumi-resource-fudo-v1.2.3.tar.gz",
  "pulumi-fudo-1.2.3.tgz",
  "pulumi_fudo-1.2.3-py3-none-any.whl",
  "pulumi-fudo==1.2.3",
  "npm install pulumi-fudo@1.2.3",
  "github.com/pulumi-fudo/pulumi-fudo/sdk/go v1.2.3",
  "go get github.com/pulumi-fudo/pulumi-fudo/sdk/go@v1.2.3",
  "uses: pulumi-fudo/pulumi-fudo/actions/up-and-audit@v1.2.3",
  "https://raw.githubusercontent.com/pulumi-fudo/pulumi-fudo/v1.2.3/templates/up-and-audit.yml",
  "https://github.com/pulumi-fudo/pulumi-fudo/releases/download/v1.2.3/SHA256SUMS",
  "fudo@v1.2.3 (local: node_modules/pulumi-fudo/policy)",
  '{\n  "format": "fudo-audit-report/2",\n  "version": "1.2.3"\n}',
])("a release sets the version in %j", (text) => expect(versionsIn([text])).toEqual([["1.2.3"]]));

test.each([
  "pulumi-fudo>=1.2.3,<2.0.0",
  "pulumi-fudo 1.2.3, commit 7898dea",
  "https://fudo@127.0.0.1",
  "github.com/pulumi/pulumi/sdk/v3 v3.259.0",
  "Fudo Enterprise 5.4.1",
  "npm run release -- 1.2.3",
])("a release leaves %j as it is", (text) => expect(versionsIn([text])).toEqual([[]]));

test("in the files that users copy, the rule knows each line that names this package and a version", () => {
  const lines = trackedFiles("actions", "examples", "templates").flatMap((path) =>
    textOf(path)
      .split("\n")
      .filter((line) => /fudo.*\bv?\d+\.\d+\.\d+\b(?!\.)/.test(line))
      .map((line) => `${path}: ${line}`),
  );
  const known = versionsIn(lines);
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.filter((_, index) => known[index]!.length === 0)).toEqual([]);
});
