// Runs the steps of a composite action on this machine, as far as our action needs it: inputs, `env`, `if`, outputs and the
// summary. It runs no other action (`uses`), restores no cache, masks no secret in logs, and knows nothing of containers,
// cancellation or other shells. Anything that it does not know is an error, so that no part of the action is passed over.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { outcomeOf } from "./process-outcome";

interface Step {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly shell?: "bash";
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: "composite"; readonly steps: readonly Step[] };
}

export interface ActionRun {
  readonly succeeded: boolean;
  /** Standard output and standard error of all steps. */
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** All that the steps wrote to their output files. */
  readonly outputFiles: string;
  /** The actions that would have run, with their inputs. */
  readonly used: readonly { readonly action: string; readonly with: Readonly<Record<string, string>> }[];
}

interface RunOptions {
  readonly workspace: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** The environment of the step that uses the action. */
  readonly env: NodeJS.ProcessEnv;
  readonly temporary: string;
}

const stepKeys = ["name", "id", "if", "shell", "run", "uses", "with", "env", "working-directory"];

export async function runAction(file: string, { workspace, inputs, env, temporary }: RunOptions): Promise<ActionRun> {
  const action = parse(readFileSync(file, "utf8")) as Action;
  const folder = mkdtempSync(join(temporary, "action-"));
  const summary = join(folder, "summary.md");
  const values = new Map(Object.entries(inputsOf(action, inputs)).map(([name, value]) => [`inputs.${name}`, value]));
  values.set("github.run_id", "1").set("github.run_attempt", "1");
  const used: ActionRun["used"][number][] = [];
  const log: string[] = [];
  const outputFiles: string[] = [];
  let succeeded = true;
  for (const [index, step] of action.runs.steps.entries()) {
    const unknown = Object.keys(step).filter((key) => !stepKeys.includes(key));
    if (unknown.length > 0) throw new Error(`the runner does not know ${unknown.join(", ")} of a step`);
    if (!holds(step.if ?? "success()", values, succeeded)) continue;
    if (step.uses !== undefined) {
      used.push({ action: step.uses, with: evaluated(step.with ?? {}, values) });
      continue;
    }
    const output = join(folder, `output-${index}`);
    writeFileSync(output, "");
    const files = { GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: workspace };
    const stepEnv = { ...env, ...files, ...evaluated(step.env ?? {}, values) };
    const cwd = join(workspace, expand(step["working-directory"] ?? ".", values));
    const outcome = await runScript(step, join(folder, `script-${index}.sh`), { cwd, env: stepEnv });
    log.push(outcome.log);
    succeeded &&= outcome.code === 0;
    outputFiles.push(readFileSync(output, "utf8"));
    for (const [name, value] of outputsIn(output)) values.set(`steps.${step.id ?? ""}.outputs.${name}`, value);
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, expand(value, values)] as const);
  return {
    succeeded,
    log: log.join(""),
    summary: existsSync(summary) ? readFileSync(summary, "utf8") : "",
    outputs: Object.fromEntries(outputs),
    outputFiles: outputFiles.join(""),
    used,
  };
}

function inputsOf({ inputs }: Action, given: Readonly<Record<string, string>>): Record<string, string> {
  const unknown = Object.keys(given).filter((name) => inputs[name] === undefined);
  const missing = Object.keys(inputs).filter((name) => inputs[name]?.required === true && given[name] === undefined);
  if (unknown.length + missing.length > 0)
    throw new Error(`unknown or missing inputs: ${[...unknown, ...missing].join(", ")}`);
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, given[name] ?? input.default ?? ""]));
}

/** As GitHub starts `shell: bash`. An expression in a script would be replaced as text before, so there must be none. */
async function runScript(
  { run = "", shell, name }: Step,
  file: string,
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<{ code: number | null; log: string }> {
  if (shell !== "bash" || run.includes("${{"))
    throw new Error(`the step "${name}" is not a bash script of its own text`);
  writeFileSync(file, run);
  const args = ["--noprofile", "--norc", "-eo", "pipefail", file];
  const { code, stdout, stderr } = await outcomeOf(
    spawn("bash", args, { ...options, stdio: ["ignore", "pipe", "pipe"] }),
  );
  return { code, log: stdout + stderr };
}

function outputsIn(file: string): [string, string][] {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => {
    const [, name, value] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error("the runner knows only outputs of one line");
    return [name, value];
  });
}

function evaluated(
  texts: Readonly<Record<string, string>>,
  values: ReadonlyMap<string, string>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, expand(text, values)]));
}

function expand(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => valueOf(expression, values));
}

/** A step that did not run has no outputs: they are empty. */
function valueOf(expression: string, values: ReadonlyMap<string, string>): string {
  const value = values.get(expression) ?? (/^steps\.[\w-]+\.outputs\.[\w-]+$/.test(expression) ? "" : undefined);
  if (value === undefined) throw new Error(`the runner does not know the expression ${expression}`);
  return value;
}

/** Terms joined by `&&`: `success()`, `always()`, `a == 'text'`. Without a status function, a step needs success. */
function holds(condition: string, values: ReadonlyMap<string, string>, succeeded: boolean): boolean {
  const terms = condition.split("&&").map((term) => term.trim());
  const runs = terms.includes("always()") || succeeded;
  return terms.every((term) => {
    if (term === "always()" || term === "success()") return runs;
    const [, expression, text] = /^([\w.-]+) == '([^']*)'$/.exec(term) ?? [];
    if (expression === undefined) throw new Error(`the runner does not know the condition ${term}`);
    return runs && valueOf(expression, values) === text;
  });
}
