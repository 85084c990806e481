// The workflows on GitHub: foreign code in them is pinned, and only the job that publishes can do so.
import { textOf, trackedFiles } from "../support/repository";

const workflows = trackedFiles(".github/workflows/*.yml").map((path) => [path, textOf(path)] as const);

test.each(workflows)("%s names each action by a commit, and its version beside it", (_path, text) => {
  const actions = [...text.matchAll(/uses: (.*)/g)].map(([, action = ""]) => action);
  const foreign = actions.filter((action) => !action.startsWith("./"));
  expect(foreign.length).toBeGreaterThan(0);
  expect(foreign.filter((action) => !/^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
});

test.each(workflows)("%s may only read by default", (_path, text) => {
  expect(/^permissions:\n((?: {2}.*\n)+)/m.exec(text)?.[1]).toBe("  contents: read\n");
});

test("no workflow but the release may write, and there only the job `publish`, which installs nothing", () => {
  const writing = workflows.filter(([, text]) => /: write\b/.test(text)).map(([path]) => path);
  expect(writing).toEqual([".github/workflows/release.yml"]);
  const jobs = textOf(".github/workflows/release.yml")
    .split(/^ {2}(?=[a-z]+:\n)/m)
    .slice(1);
  const publish = jobs.find((job) => job.startsWith("publish:"))!;
  expect(jobs.filter((job) => /: write\b/.test(job))).toEqual([publish]);
  expect(publish).toContain("needs: [test, build]");
  expect([...publish.matchAll(/uses: actions\/([\w-]+)@/g)].map(([, name]) => name)).toEqual([
    "setup-node",
    "download-artifact",
  ]);
  expect([...publish.matchAll(/run: (\S+ \S+)/g)].map(([, command]) => command)).toEqual([
    "sha256sum --check",
    "npm publish",
    "gh release",
  ]);
});
