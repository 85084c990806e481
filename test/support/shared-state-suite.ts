// The tests of shared state, for any backend: runs that meet on one stack, a killed run, and two stacks on one session.
import { join } from "node:path";
import { documentedCommands, runShell } from "./documented-commands";
import type { Report } from "../../provider/audit/model/report-schema";
import type { Deployment, Outcome } from "./engine";
import { environmentOf } from "./engine-workspace";
import { failed, fingerprintOf, share, sharesIn, startEngineSuite, succeeded, type EngineSuite } from "./engine-share";
import { root } from "./repository";
import type { StateBackend, StateServer } from "./state-backend";

const locked = "the stack is currently locked by 1 lock(s)";
const duration = "PT8H";

interface SharedState extends EngineSuite {
  readonly backend: StateBackend;
  /** `pulumi up` of another machine: nothing but the project and the backend is the same. */
  upElsewhere(args?: readonly string[]): Promise<Outcome>;
  /** How many POSTs the appliance has received. */
  posts(): number;
}

/** Declares the tests. Each one has a backend, a stack and an appliance of its own. Returns the server, for other tests. */
export function sharedStateTests(start: () => Promise<StateServer>): () => StateServer {
  let server: StateServer | undefined;
  // The first start in a checkout may build the server.
  beforeAll(async () => {
    server = await start();
  }, 900_000);
  afterAll(() => server?.stop());
  const play = async (name: string, story: (shared: SharedState) => Promise<void>) => {
    const shared = await startSharedState(server!.backend(name));
    try {
      await story(shared);
      await expectNothingInTheClear(shared);
    } finally {
      await shared.emulator.close();
    }
  };

  test("a run that meets another one on its stack is refused, and each link is created once", () =>
    play("refused", secondRunIsRefused));
  test("two runs that start at the same moment create one link", () => play("race", startTogether));
  test("`pulumi cancel` does not end a living run: two links, and the state manages one of them", () =>
    play("cancel", cancelLivingRun));
  test("a killed run: the commands of docs/recovery.md lead to one live link for each share", () =>
    play("killed", recoverKilledRun));
  test("two stacks on one session: each manages its own link, and the audit of both finds nothing to report", () =>
    play("stacks", twoStacks));
  return () => server!;
}

async function startSharedState(backend: StateBackend): Promise<SharedState> {
  const suite = await startEngineSuite({ env: backend.env, canaries: () => [backend.secret] });
  const home = join(suite.stack.folder, "home-elsewhere");
  const env = { PULUMI_HOME: home };
  return {
    ...suite,
    backend,
    posts: () => suite.emulator.requests.filter(({ method }) => method === "POST").length,
    upElsewhere: (args = []) => suite.stack.up(["--stack", "dev", ...args], { env }),
  };
}

async function secondRunIsRefused({
  stack,
  emulator,
  declare,
  sessionId,
  posts,
  upElsewhere,
}: SharedState): Promise<void> {
  declare(share("vendor", { sessionId, duration }));
  const gate = emulator.hold({ on: "POST" });
  const first = stack.start(["up", "--yes", "--skip-preview"]);
  await Promise.all([gate.arrived(), first.provider()]);
  const sent = emulator.requests.length;
  const second = await upElsewhere();
  expect(second).toMatchObject(failed(locked, "`pulumi cancel`"));
  expect(second.all).toMatch(/created by \S+@\S+ \(pid \d+\) at \d{4}-/);
  for (const run of [stack.refresh(), stack.destroy()]) expect(await run).toMatchObject(failed(locked));
  // What takes no lock.
  expect(await stack.preview()).toMatchObject(succeeded());
  expect((await stack.export()).resources).not.toEqual([]);
  expect(emulator.requests).toHaveLength(sent);
  gate.release();
  expect(await first.done).toMatchObject(succeeded("+ 2 created"));
  expect(posts()).toBe(1);
  emulator.resetRequests();
  expect(await upElsewhere(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
  expect(emulator.requests).toEqual([]);
}

async function startTogether({ stack, emulator, declare, sessionId, posts, upElsewhere }: SharedState): Promise<void> {
  declare(share("vendor", { sessionId, duration }));
  const outcomes = await Promise.all([stack.up(), upElsewhere()]);
  // Engine: each run writes its lock, then looks for others and reads their locks. So both may be refused, and the lock that a
  // run has found may be gone when it reads it.
  const refusal = /the stack is currently locked by|key not found|NotFound/;
  for (const outcome of outcomes)
    expect(outcome).toMatchObject(outcome.code === 0 ? succeeded() : { all: expect.stringMatching(refusal) });
  expect(await stack.up()).toMatchObject(succeeded());
  expect([posts(), emulator.shares().length]).toEqual([1, 1]);
  expect(idsIn(await stack.export())).toEqual(idsOf(emulator.shares()));
}

async function cancelLivingRun({ stack, emulator, declare, sessionId, upElsewhere }: SharedState): Promise<void> {
  declare(share("vendor", { sessionId, duration }));
  const gate = emulator.hold({ on: "POST" });
  const first = stack.start(["up", "--yes", "--skip-preview"]);
  await Promise.all([gate.arrived(), first.provider()]);
  expect(await stack.pulumi(["cancel", "--yes", "dev"])).toMatchObject(succeeded());
  const second = upElsewhere();
  await beforeItEnds(second, gate.arrived(2));
  gate.release();
  for (const outcome of await Promise.all([first.done, second])) expect(outcome).toMatchObject(succeeded("created"));
  const [managed, ...others] = idsIn(await stack.export());
  expect(others).toEqual([]);
  expect(emulator.shares()).toHaveLength(2);
  expect(idsOf(emulator.shares())).toContain(managed);
}

async function recoverKilledRun(shared: SharedState): Promise<void> {
  const { stack, emulator, declare, sessionId, posts, upElsewhere } = shared;
  const second = share("second", { sessionId, duration }, "{ dependsOn: first }");
  declare(share("first", { sessionId, duration }), second);
  const gate = emulator.hold({ on: ({ method }) => method === "POST" && posts() === 2, when: "after" });
  const run = stack.start(["up", "--yes", "--skip-preview"]);
  await Promise.all([gate.arrived(), run.provider()]);
  run.killEngine();
  await run.done;
  gate.release();
  await run.providerEnded(20_000);
  expect(await upElsewhere()).toMatchObject(failed(locked));
  const env = environmentOf(stack.folder, shared.backend.env);
  const recovery = documentedCommands("docs/recovery.md", "A killed run");
  const { code, output } = await runShell(recovery, { cwd: join(stack.folder, "project"), env });
  expect([code, output]).toEqual([0, expect.stringContaining(`share ${fingerprintOf(emulator.shares()[1]!.key)} of`)]);
  expect([posts(), emulator.shares().length]).toEqual([2, 2]);
  const state = await stack.export();
  expect(idsIn(state)).toEqual(idsOf(emulator.shares()));
  expect(state.pending_operations).toEqual([]);
  emulator.resetRequests();
  expect(await upElsewhere(["--expect-no-changes"])).toMatchObject(succeeded("3 unchanged"));
  expect(emulator.requests).toEqual([]);
}

async function twoStacks(shared: SharedState): Promise<void> {
  const { stack, emulator, declare, sessionId, posts } = shared;
  const names = ["dev", "other"];
  const recover = { env: { FUDO_RECOVER: "true" } };
  const each = (command: (name: string) => Promise<Outcome>) => Promise.all(names.map(command));
  declare(share("vendor", { sessionId, duration }));
  expect(await stack.pulumi(["stack", "init", "other", "--copy-config-from", "dev"])).toMatchObject(succeeded());
  // The first link exists, and its response is still on the way.
  const gate = emulator.hold({ on: "POST", when: "after" });
  const first = stack.start(["up", "--yes", "--skip-preview", "--stack", "dev"]);
  await Promise.all([gate.arrived(), first.provider()]);
  // The other stack is not locked. It sees the first link, and does not take it.
  const second = stack.up(["--stack", "other"], recover);
  await beforeItEnds(second, gate.arrived(2));
  gate.release();
  for (const outcome of await Promise.all([first.done, second]))
    expect(outcome).toMatchObject(succeeded("+ 2 created"));
  const ids = async (name: string) =>
    idsIn((JSON.parse((await stack.pulumi(["stack", "export", "--stack", name])).stdout) as Exported).deployment);
  const before = await Promise.all(names.map(ids));
  expect(before.map(({ length }) => length)).toEqual([1, 1]);
  expect(before.flat().sort()).toEqual(idsOf(emulator.shares()));
  expect(posts()).toBe(2);

  for (const outcome of await each((name) => stack.refresh(["--stack", name], recover)))
    expect(outcome).toMatchObject(succeeded("2 unchanged"));
  emulator.resetRequests();
  for (const outcome of await each((name) => stack.up(["--stack", name, "--expect-no-changes"], recover)))
    expect(outcome).toMatchObject(succeeded("2 unchanged"));
  expect(emulator.requests).toEqual([]);
  expect(await Promise.all(names.map(ids))).toEqual(before);
  await auditBoth(shared, names, before.flat());
}

/** Waits for the arrival, and fails with the output of the command if that ends first. */
async function beforeItEnds(command: Promise<Outcome>, arrival: Promise<void>): Promise<void> {
  const ended = command.then(({ all }) => Promise.reject(new Error(`the command ended before its POST:\n${all}`)));
  await Promise.race([arrival, ended]);
}

const idsIn = (state: Deployment) =>
  sharesIn(state)
    .map(({ id }) => id!)
    .sort();
const idsOf = (shares: readonly { sessionId: string; key: string }[]) =>
  shares.map(({ sessionId, key }) => `${sessionId}/${fingerprintOf(key)}`).sort();

type Exported = { readonly deployment: Deployment };

/** The audit of both stacks shows each link once, with its stack. Without one of them it finds a link that no stack declares. */
async function auditBoth({ stack, emulator, backend }: SharedState, names: readonly string[], ids: readonly string[]) {
  const access = { FUDO_URL: emulator.url, FUDO_API_KEY: emulator.apiKey, PULUMI_CONFIG_PASSPHRASE: undefined };
  const options = {
    cwd: join(stack.folder, "project"),
    env: environmentOf(stack.folder, { ...backend.env, ...access }),
  };
  const audit = async (stacks: readonly string[]) => {
    const command = ["node", join(root, "dist/provider/audit/command.js"), ...stacks.map((name) => `--stack ${name}`)];
    const { code, output } = await runShell(`${command.join(" ")} --output json`, options);
    return { code, report: JSON.parse(output) as Report };
  };
  const both = await audit(names);
  expect([both.code, both.report.findings, both.report.completeness.complete]).toEqual([0, [], true]);
  const rows = both.report.shares.map(({ sessionId, fingerprint, declaredBy }) => [
    `${sessionId}/${fingerprint}`,
    declaredBy.map(({ stack }) => stack),
  ]);
  expect(rows.sort()).toEqual(ids.map((id, index) => [id, [`project/${names[index]}`]]).sort());
  const one = await audit(names.slice(0, 1));
  expect(one.code).not.toBe(0);
  expect(one.report.findings.map(({ kind }) => kind)).toEqual(["unmanaged"]);
}

/** The backend has the shares, none of their credentials, no lock, and none of the files that only a folder has. */
async function expectNothingInTheClear({ emulator, backend }: SharedState): Promise<void> {
  const objects = await backend.objects();
  const credentials = [emulator.apiKey, ...emulator.shares().map(({ key }) => key)];
  const leaks = objects.filter(({ content }) => credentials.some((credential) => content.includes(credential)));
  expect(leaks.map(({ name }) => name)).toEqual([]);
  const fingerprints = emulator.shares().map(({ key }) => fingerprintOf(key));
  const stateFile = objects.find(({ name }) => name === ".pulumi/stacks/project/dev.json");
  expect(fingerprints.some((fingerprint) => stateFile!.content.includes(fingerprint))).toBe(true);
  expect(objects.filter(({ name }) => /^\.pulumi\/locks\/|\.attrs$/.test(name))).toEqual([]);
}
