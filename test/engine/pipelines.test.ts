// The GitHub action and the GitLab component on the real engine: `up`, then the audit, its reports, its exit codes, and no
// credential in anything that a pipeline shows or keeps. Both run the built `fudo-audit`, found by `npx` as users have it.
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Report } from "../../provider/audit/model/report-schema";
import { startEmulator, type Emulator } from "../../provider/emulator";
import { runAction, type ActionRun } from "../support/action-runner";
import { newStack, type Stack } from "../support/engine";
import { environmentOf } from "../support/engine-workspace";
import { runPipeline } from "../support/gitlab-runner";
import { root, textOf } from "../support/repository";
import { validateSarif } from "../support/sarif-schema";
import { startWebhookServer, type WebhookServer } from "../support/webhook-server";

const actionFile = join(root, "actions", "up-and-audit", "action.yml");
const componentFile = "templates/up-and-audit.yml";
const auditKey = "audit-key-of-a-user-who-can-only-view";

/** Declares what shares.json says, and notes which variables the program can see. */
const program = `
const { readFileSync, writeFileSync } = require("fs");
const { SessionShare } = require("pulumi-fudo");
writeFileSync("environment.json", JSON.stringify(Object.keys(process.env)));
for (const [name, args] of Object.entries(JSON.parse(readFileSync("shares.json", "utf8")))) new SessionShare(name, args);
`;

type Inputs = Readonly<Record<string, string>>;

interface Pipeline {
  readonly succeeded: boolean;
  readonly upCode: number;
  readonly auditCode: number;
  readonly log: string;
  /** Everything else that the pipeline shows. */
  readonly shown: string;
  readonly used?: ActionRun["used"];
}

let emulator: Emulator;
let webhook: WebhookServer;
let stack: Stack;
let shown: string[];

const window = { validSince: new Date(Date.now() - 3_600_000).toISOString(), duration: "PT8H" };
const declare = (shares: Record<string, object>) =>
  writeFileSync(join(stack.folder, "project", "shares.json"), JSON.stringify(shares));
const report = (name: string, of = "session-shares") => join(stack.folder, "fudo-audit", of, name);
const jsonReport = () => JSON.parse(readFileSync(report("report.json"), "utf8")) as Report;
const acme = () => ({ sessionId: emulator.sessions[0], ...window, labels: { vendor: "ACME", "cost center": "12" } });

/** What a project gives its pipeline: settings, and credentials as secrets. */
function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  return environmentOf(stack.folder, {
    FUDO_URL: emulator.url,
    FUDO_API_KEY: emulator.apiKey,
    FUDO_WEBHOOK_URL: webhook.url,
    NODE_EXTRA_CA_CERTS: join(stack.folder, "ca.pem"),
    ...more,
  });
}

async function github(inputs: Inputs, env: NodeJS.ProcessEnv): Promise<Pipeline> {
  const temporary = join(stack.folder, "output");
  const run = await runAction(actionFile, { workspace: stack.folder, inputs, env, temporary });
  const { succeeded, log, outputs, used } = run;
  const [upCode, auditCode] = [outputs["up-exit-code"], outputs["audit-exit-code"]].map(Number);
  const all = `${run.summary}${run.outputFiles}${JSON.stringify([outputs, used])}`;
  return { succeeded, upCode: upCode!, auditCode: auditCode!, log, shown: all, used };
}

/** The step of the example that uses the action, with its inputs, and with secrets that the project has not set as empty text. */
function githubExample(env: NodeJS.ProcessEnv): Promise<Pipeline> {
  type Steps = { uses?: string; with?: Inputs; env?: Record<string, string> }[];
  const workflow = parse(textOf("examples/pipeline/github-actions.yml")) as { jobs: { shares: { steps: Steps } } };
  const use = workflow.jobs.shares.steps.find(({ uses }) => uses?.includes("/actions/up-and-audit@"))!;
  const given = Object.entries(use.env!).map(([variable, text]) => {
    expect(text).toMatch(new RegExp(`^\\$\\{\\{ (vars|secrets)\\.${variable} \\}\\}$`));
    return [variable, env[variable] ?? ""];
  });
  const others = Object.entries(env).filter(([variable]) => !/^FUDO_/.test(variable));
  const ofTest = { stack: "dev", "work-directory": "project" };
  return github({ ...use.with!, ...ofTest }, Object.fromEntries([...others, ...given]) as NodeJS.ProcessEnv);
}

function gitlab({ sarif, ...texts }: Inputs, env: NodeJS.ProcessEnv): Promise<Pipeline> {
  const inputs = {
    ...texts,
    ...(sarif !== undefined && { sarif: sarif === "true" }),
    // The component takes arrays.
    ...Object.fromEntries(
      Object.entries(texts).flatMap(([name, text]) => (name.endsWith("-arguments") ? [[name, text.split("\n")]] : [])),
    ),
  };
  return gitlabPipeline(JSON.stringify({ include: [{ local: componentFile, inputs }] }), env);
}

/** The example, with the component from this repository. The project needs no `npm ci`. */
function gitlabExample(env: NodeJS.ProcessEnv): Promise<Pipeline> {
  let pipeline = textOf("examples/pipeline/gitlab-ci.yml");
  for (const [from, to] of [
    [/component: \S+/, `local: ${componentFile}`],
    [/stack: prod/, "stack: dev\n      work-directory: project"],
    [/- npm ci/, "- echo npm ci"],
  ] as const) {
    expect(pipeline).toMatch(from);
    pipeline = pipeline.replace(from, to);
  }
  return gitlabPipeline(pipeline, env);
}

async function gitlabPipeline(pipeline: string, env: NodeJS.ProcessEnv): Promise<Pipeline> {
  const files = { ".gitlab-ci.yml": pipeline, [componentFile]: textOf(componentFile) };
  const { succeeded, log, failures } = await runPipeline(stack.folder, files, env);
  const [upCode = 0, auditCode = 0] = ["up", "audit"].map((job) => failures[`session-shares-${job}`]);
  return { succeeded, upCode, auditCode, log, shown: "" };
}

const runners = { github: [github, githubExample], gitlab: [gitlab, gitlabExample] } as const;
const common = { stack: "dev", "work-directory": "project", "pulumi-arguments": "--skip-preview", "fail-on": "medium" };
const ofReports = () => readdirSync(report("")).map((name) => readFileSync(report(name), "utf8"));

describe.each(Object.entries(runners))("%s", (name, [runner, example]) => {
  const record = (pipeline: Pipeline): Pipeline => {
    shown.push(pipeline.log, pipeline.shown, ...(existsSync(report("")) ? ofReports() : []));
    return pipeline;
  };
  const run = async (inputs: Inputs, env: NodeJS.ProcessEnv = environment()): Promise<Pipeline> =>
    record(await runner({ ...common, ...inputs }, env));

  beforeAll(async () => {
    shown = [];
    emulator = await startEmulator({ seed: `pipelines-${name}`, sessions: 2 });
    webhook = await startWebhookServer();
    const canaries = () => [...emulator.shares().map(({ key }) => key), emulator.apiKey, webhook.credential];
    stack = await newStack({ program, canaries, modules: "npm" });
    writeFileSync(join(stack.folder, "ca.pem"), webhook.certificate);
  });
  afterAll(() => Promise.all([emulator.close(), webhook.close()]));

  test("the example without findings: the job succeeds, and the program does not see the credentials of the audit", async () => {
    declare({ acme: acme() });
    const env = environment({ FUDO_AUDIT_API_KEY: emulator.apiKey });
    const { succeeded, upCode, auditCode, log } = record(await example(env));
    expect([succeeded, upCode, auditCode]).toEqual([true, 0, 0]);
    expect(log).toContain("No findings in scope.");
    const seen = JSON.parse(readFileSync(join(stack.folder, "project", "environment.json"), "utf8")) as string[];
    expect(seen).toContain("FUDO_API_KEY");
    expect(seen.filter((variable) => /AUDIT|WEBHOOK/.test(variable))).toEqual([]);
    expect(jsonReport().scope.requiredLabels).toEqual(["vendor"]);
    expect([webhook.connections(), emulator.shares().length]).toEqual([0, 1]);
  });

  test("a finding of severity high: the job fails, reports it, and notifies the webhook once", async () => {
    const { key } = emulator.addShare(emulator.sessions[1]!);
    const {
      succeeded,
      upCode,
      auditCode,
      shown: page,
      used,
    } = await run({ sarif: "true", "audit-arguments": "--all-sessions\n--require-label\ncost center" });
    expect([succeeded, upCode, auditCode]).toEqual([false, 0, 1]);
    expect(jsonReport().findings.map(({ kind }) => kind)).toContain("unmanaged");
    expect(jsonReport().scope.requiredLabels).toEqual(["cost center"]);
    const markdown = readFileSync(report("report.md"), "utf8");
    expect(markdown).toMatch(/^## Fudo session shares\n\n\*\*\d+ finding/);
    const sarif = JSON.parse(readFileSync(report("report.sarif"), "utf8")) as { runs: { results: object[] }[] };
    validateSarif(sarif);
    expect(validateSarif.errors).toBeNull();
    expect(sarif.runs[0]!.results.length).toBeGreaterThan(0);
    expect(webhook.requests).toHaveLength(1);
    expect(webhook.requests[0]!.body).not.toContain(key);
    if (name === "github") {
      expect(page).toContain(markdown);
      expect(used!.map(({ action }) => action.replace(/@.*/, ""))).toEqual([
        "actions/cache/restore",
        "actions/cache/save",
        "actions/upload-artifact",
        "github/codeql-action/upload-sarif",
      ]);
      expect(used!.at(-1)!.with).toEqual({
        sarif_file: "fudo-audit/session-shares/report.sarif",
        category: "session-shares",
      });
    }
  });

  test("up fails: the audit runs, and its report continues the last one", async () => {
    declare({ acme: acme(), unknown: { sessionId: "1", ...window } });
    const { succeeded, upCode, auditCode, log, shown: page, used } = await run({ sarif: "false" });
    expect([succeeded, upCode > 0, auditCode]).toEqual([false, true, 1]);
    expect(log).toContain("unmanaged");
    expect(jsonReport().scope.previousReportAt).toBeDefined();
    expect(webhook.requests).toHaveLength(1);
    expect(existsSync(report("report.sarif"))).toBe(name === "github");
    if (name === "github") {
      expect(page).toContain(`**\`pulumi up\` failed** (exit code ${upCode})`);
      expect(used!.some(({ action }) => action.includes("sarif"))).toBe(false);
    }
  });

  test("an audit that cannot read everything is incomplete, and says so", async () => {
    declare({ acme: acme() });
    const {
      succeeded,
      upCode,
      auditCode,
      log,
      shown: page,
    } = await run({ "fail-on": "none" }, environment({ FUDO_AUDIT_API_KEY: auditKey }));
    expect([succeeded, upCode, auditCode]).toEqual([false, 0, 3]);
    expect(log).toMatch(/INCOMPLETE/);
    expect(name === "github" ? page : log).toMatch(/The audit is incomplete.* \(exit code 3\)/);
  });

  test("the webhook refuses: the job fails with another code than for findings", async () => {
    emulator.addShare(emulator.sessions[1]!);
    webhook.respond = (response) => void response.writeHead(403).end();
    const { succeeded, auditCode, log } = await run({
      "fail-on": "none",
      // This test is about the audit: `pulumi up --help` takes no time.
      "pulumi-arguments": "--help",
    });
    expect([succeeded, auditCode]).toEqual([false, 2]);
    expect(log).toContain(`could not notify ${webhook.origin}: it responded with status 403`);
  });

  test("the text of inputs is never code", async () => {
    const pwned = join(stack.folder, "pwned");
    const evil = (mark: string) =>
      `"; touch ${pwned}-${mark} #'$(touch ${pwned}-${mark})\`touch ${pwned}-${mark}\`\nEND`;
    const { succeeded, upCode, auditCode } = await run({
      "pulumi-arguments": evil("1"),
      "audit-arguments": evil("2"),
      // The component refuses such texts before any job runs.
      ...(name === "github" && { stack: evil("3"), "fail-on": evil("4") }),
    });
    expect([succeeded, upCode > 0, auditCode]).toEqual([false, true, 2]);
    expect(readdirSync(stack.folder).filter((file) => file.startsWith("pwned"))).toEqual([]);
  });

  test("nothing that the pipeline shows or keeps has a credential", () => {
    expect(shown.join("").length).toBeGreaterThan(10_000);
    const canaries = [...emulator.shares().map(({ key }) => key), emulator.apiKey, webhook.credential, auditKey];
    const leaks = canaries.filter((canary) => shown.some((text) => text.includes(canary)));
    expect(leaks.length).toBe(0);
  });
});
