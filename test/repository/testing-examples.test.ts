// docs/testing.md and the projects in examples/testing: the page shows their files word for word, and their tests pass.
import { textOf, trackedFiles } from "../support/repository";
import { testingExample, type TestingExample } from "../support/testing-example";

const projects = ["jest", "vitest", "node-test", "automation"];
const fileOf = (project: string, name: string) => `examples/testing/${project}/${name}`;

describe("docs/testing.md", () => {
  // A link to a file, then the block with its content.
  const shown = [...textOf("docs/testing.md").matchAll(/\[([^\]]+)\]\(\.\.\/\1\):\n\n```\w+\n([^]*?)```\n/g)];

  test("shows the stack, and of each project the manifest and the test", () => {
    expect(shown.map(([, path]) => path).sort()).toEqual(
      [
        fileOf("jest", "index.ts"),
        ...projects.flatMap((project) => [fileOf(project, "index.test.ts"), fileOf(project, "package.json")]),
      ].sort(),
    );
  });

  test.each(shown.map(([, path = "", block]) => [path, block]))("shows %s word for word", (path, block) => {
    expect(block).toBe(textOf(path));
  });
});

test("all projects have the same stack, and git knows no other project", () => {
  for (const project of projects) expect(textOf(fileOf(project, "index.ts"))).toBe(textOf(fileOf("jest", "index.ts")));
  expect(new Set(trackedFiles("examples/testing/*").map((path) => path.split("/")[2]))).toEqual(new Set(projects));
});

describe.each([
  ["jest", /Tests: +4 passed, 4 total/],
  ["vitest", /Tests +4 passed \(4\)/],
  ["node-test", /pass 4\n.*fail 0\n/],
])("the project %s", (name, result) => {
  let project: TestingExample;
  beforeAll(() => (project = testingExample(name)), 300_000);
  afterAll(() => project.remove());

  test("passes its tests with the packed package", async () => {
    expect(await project.run("npm", ["test"])).toEqual({ code: 0, output: expect.stringMatching(result) });
  });

  test("passes the TypeScript compiler", async () => {
    expect(await project.run("npx", ["tsc", "--noEmit"])).toEqual({ code: 0, output: "" });
  });
});
