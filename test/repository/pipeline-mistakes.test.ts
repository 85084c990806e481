// The GitHub action and the GitLab component when something is wrong before `pulumi` or `fudo-audit` has a chance to say it. Both
// programs are scripts of this test.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { runAction } from "../support/action-runner";
import { runPipeline } from "../support/gitlab-runner";
import { root, textOf } from "../support/repository";

const componentFile = "templates/up-and-audit.yml";
const stale = "the report of an older run";

let workspace: string;
const path = (...parts: string[]) => join(workspace, ...parts);
const report = (name: string) => path("fudo-audit", "session-shares", name);

/** A program on PATH that notes its arguments in `calls`. */
function program(name: string, script: string): void {
  mkdirSync(path("bin"), { recursive: true });
  writeFileSync(path("bin", name), `#!/bin/sh\necho "${name} $*" >> "${path("calls")}"\n${script}\n`);
  chmodSync(path("bin", name), 0o755);
}

const environment = () => ({ ...process.env, PATH: [path("bin"), process.env["PATH"]].join(delimiter) });
const calls = () => (existsSync(path("calls")) ? readFileSync(path("calls"), "utf8") : "");
const github = (inputs: Record<string, string>) =>
  runAction(join(root, "actions", "up-and-audit", "action.yml"), {
    workspace,
    inputs,
    env: environment(),
    temporary: workspace,
  });
const gitlab = (inputs: Record<string, string>) =>
  runPipeline(
    workspace,
    {
      ".gitlab-ci.yml": JSON.stringify({ include: [{ local: componentFile, inputs }] }),
      [componentFile]: textOf(componentFile),
    },
    environment(),
  );

beforeEach(() => {
  workspace = mkdtempSync(join(realpathSync(tmpdir()), "pulumi-fudo-pipeline mistakes-"));
  mkdirSync(report(""), { recursive: true });
  writeFileSync(report("report.md"), stale);
  writeFileSync(report("report.json"), "{}");
  program("pulumi", "exit 0");
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

test("github: without a stack, nothing runs `pulumi up` on the stack that is selected on the runner", async () => {
  program("npx", "exit 1");
  const { succeeded, log } = await github({ stack: "" });
  expect([succeeded, calls().includes("pulumi")]).toEqual([false, false]);
  expect(log).toContain("::error::the input stack is empty");
});

test("github: fudo-audit is not installed, and the summary does not show the report of an older run", async () => {
  program("npx", "exit 1");
  const { succeeded, summary, outputs, used } = await github({ stack: "dev" });
  expect([succeeded, outputs["up-exit-code"], outputs["audit-exit-code"]]).toEqual([false, "0", "3"]);
  expect(summary).toContain("The audit is incomplete");
  expect(summary).toContain("The audit wrote no report");
  expect(summary).not.toContain(stale);
  expect(used.map(({ action }) => action.replace(/@.*/, ""))).toEqual(["actions/cache/restore"]);
});

test.each([
  ["fudo-audit is not installed", { stack: "dev" }, "exit 1"],
  ["the work directory does not exist", { stack: "dev", "work-directory": "missing" }, "exit 0"],
])("gitlab: %s: exit code 3, and no report of an older run", async (_, inputs, npx) => {
  program("npx", npx);
  const { succeeded, failures } = await gitlab(inputs);
  expect([succeeded, failures["session-shares-audit"]]).toEqual([false, 3]);
  expect(["report.md", "report.json", "last.json"].filter((name) => existsSync(report(name)))).toEqual([]);
});
