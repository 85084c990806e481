// The recorded states of releases are frozen: users keep such states for years. A release adds files and changes none.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, textOf, trackedFiles } from "../support/repository";

const folder = "test/fixtures/states/";
const files = trackedFiles(`${folder}[0-9]*`);
const sums = textOf(`${folder}SHA256SUMS`)
  .trimEnd()
  .split("\n")
  .map((line) => line.split("  "));
const sumOf = (path: string) =>
  createHash("sha256")
    .update(readFileSync(join(root, path)))
    .digest("hex");

test("each recorded file is as it was recorded", () => {
  expect(files.map((path) => [sumOf(path), path.slice(folder.length)]).sort()).toEqual([...sums].sort());
});

const released = [...textOf("CHANGELOG.md").matchAll(/^## (\d+\.\d+\.\d+)/gm)].map(([, version = ""]) => version);
// There was no plugin before 0.2.0.
const facesOf = (version: string) => (version === "0.1.0" ? ["dynamic"] : ["dynamic", "plugin"]);

test.each(released)("release %s: the states of each type are recorded, with their program", (version) => {
  const own = files.filter((path) => path.startsWith(`${folder}${version}/`)).map((path) => path.split("/").at(-1));
  expect(own).toContain("program.cjs");
  for (const face of facesOf(version))
    expect(own).toContainEqual(expect.stringMatching(new RegExp(`^${face}-\\d+\\.\\d+\\.\\d+\\.json$`)));
});
