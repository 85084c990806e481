// The commands of docs/recovery.md, run as they stand: from each kind of interruption to a stack that manages every link.
import { renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { documentedCommands, runShell } from "../support/documented-commands";
import { environmentOf } from "../support/engine-workspace";
import {
  audit,
  engineSuite,
  fingerprintOf,
  program,
  share,
  sharesIn,
  startEngineSuite,
  succeeded,
  type EngineSuite,
} from "../support/engine-share";

jest.setTimeout(180_000);

const commands = (heading: string, index = 0) => documentedCommands("docs/recovery.md", heading, index);
const killedRun = "A killed run";

/** Runs shell commands in the project and returns their output. `~/.pulumi` is the stack's backend. */
function shell(script: string, { stack, emulator }: EngineSuite): Promise<{ code: number; output: string }> {
  const home = join(stack.folder, "state");
  const env = environmentOf(stack.folder, { HOME: home, FUDO_URL: emulator.url, FUDO_API_KEY: emulator.apiKey });
  return runShell(script, { cwd: join(stack.folder, "project"), env });
}

const stateFile = ({ stack }: EngineSuite, ...parts: string[]) =>
  join(stack.folder, "state", ".pulumi", "stacks", "project", ...parts);
const posts = ({ emulator }: EngineSuite) => emulator.requests.filter(({ method }) => method === "POST");
const fingerprints = ({ emulator }: EngineSuite) => emulator.shares().map(({ key }) => fingerprintOf(key));
const managed = async ({ stack }: EngineSuite) =>
  sharesIn(await stack.export()).map(({ outputs }) => String(outputs!["fingerprint"]));

const twelve = 12;

function declareTwelve({ stack, emulator }: EngineSuite, count = twelve): void {
  const declarations = Array.from({ length: count }, (_, index) =>
    share(`vendor${index}`, { sessionId: emulator.sessions[index % 3], duration: "PT8H" }),
  );
  stack.writeProgram(program(...declarations));
}

/** Twelve shares on three sessions, on an appliance that needs a moment for each request. */
async function startTwelve(): Promise<EngineSuite> {
  const suite = await startEngineSuite({ emulator: { sessions: 3 } });
  suite.emulator.latency = 100;
  declareTwelve(suite);
  return suite;
}

async function withTwelve(play: (suite: EngineSuite) => Promise<void>): Promise<void> {
  const suite = await startTwelve();
  try {
    await play(suite);
  } finally {
    await suite.emulator.close();
  }
}

/** `pulumi up`, killed so many milliseconds after its first POST. Returns what it has left. */
async function killedUp(suite: EngineSuite, ms: number, env: Record<string, string> = {}): Promise<string[]> {
  const { stack, emulator } = suite;
  const first = emulator.hold({ on: "POST" });
  const up = stack.start(["up", "--yes", "--skip-preview"], { env });
  await Promise.all([first.arrived(), up.provider()]);
  first.release();
  await new Promise((resolve) => setTimeout(resolve, ms));
  up.killEngine();
  await up.done;
  await up.providerEnded(20_000);
  return fingerprints(suite);
}

/** Exactly one link for each share, all of them managed, and no POST but the one that created it. */
async function expectAllManaged(suite: EngineSuite, leftovers: readonly string[], output: string): Promise<void> {
  expect(suite.emulator.shares()).toHaveLength(twelve);
  expect((await managed(suite)).sort()).toEqual(fingerprints(suite).sort());
  expect(posts(suite)).toHaveLength(twelve);
  for (const fingerprint of leftovers) expect(output).toContain(`share ${fingerprint} of session`);
  expect(await suite.stack.up(["--expect-no-changes"])).toMatchObject(succeeded());
}

/** Repairs what a kill in the middle of a write leaves; without such a file the command changes nothing. */
const repair = commands("`failed to load checkpoint: EOF`");

async function recover(suite: EngineSuite, script = commands(killedRun)): Promise<string> {
  const { code, output } = await shell(`${repair}${script}`, suite);
  expect([code, output]).toEqual([0, expect.any(String)]);
  return output;
}

describe("a killed run", () => {
  test.each([20, 150, 400])("%i ms after the first of twelve POSTs: the commands lead to twelve managed links", (ms) =>
    withTwelve(async (suite) => {
      const made = await killedUp(suite, ms);
      const known = await shell(`${repair}pulumi stack export`, suite);
      const leftovers = made.filter((fingerprint) => !known.output.includes(fingerprint));
      const output = await recover(suite);
      await expectAllManaged(suite, leftovers, output);
      expect((await suite.stack.export()).pending_operations).toEqual([]);
    }),
  );

  test.each([20, 150, 400])(
    "%i ms after the first POST, then a normal `up`: each leftover is named before the POST that doubles it",
    (ms) =>
      withTwelve(async (suite) => {
        const { stack, emulator } = suite;
        const made = await killedUp(suite, ms);
        await shell(`${repair}pulumi cancel --yes`, suite);
        const known = await managed(suite);
        const leftovers = emulator.shares().filter(({ key }) => !known.includes(fingerprintOf(key)));
        expect(leftovers.length).toBeGreaterThan(0);
        emulator.resetRequests();
        // This run dies too, with its first POSTs on their way: what they double must have been named by then.
        const gate = emulator.hold({ on: "POST" });
        const up = stack.start(["up", "--yes", "--skip-preview"]);
        await Promise.all([gate.arrived(Math.min(3, twelve - known.length)), up.provider()]);
        await new Promise((resolve) => setTimeout(resolve, 700));
        up.killEngine();
        const { all } = await up.done;
        const tag = (instant: string) => Date.parse(instant) % 60_000;
        const doubled = leftovers.filter(({ sessionId, validSince }) =>
          posts(suite).some(
            ({ path, body }) =>
              path.includes(sessionId) &&
              tag((JSON.parse(body) as { valid_since: string }).valid_since) === tag(validSince),
          ),
        );
        for (const { key } of doubled) expect(all).toContain(`share ${fingerprintOf(key)} of session`);
        gate.release();
        await up.providerEnded(20_000);
        await shell(`${repair}pulumi cancel --yes`, suite);
        // The next normal run names all leftovers, also those of the second run.
        const before = emulator.shares();
        const recorded = await managed(suite);
        const next = await stack.up();
        expect(next).toMatchObject(succeeded());
        for (const { key } of before.filter(({ key }) => !recorded.includes(fingerprintOf(key)))) {
          expect(next.all).toContain(`share ${fingerprintOf(key)} of session`);
        }
        expect(made.length).toBeGreaterThan(0);
      }),
  );

  test("without a pending create in the state (PULUMI_SKIP_CHECKPOINTS): the same commands", () =>
    withTwelve(async (suite) => {
      const leftovers = await killedUp(suite, 150, { PULUMI_SKIP_CHECKPOINTS: "true" });
      expect((await suite.stack.export()).pending_operations).toEqual([]);
      expect(await managed(suite)).toEqual([]);
      await expectAllManaged(suite, leftovers, await recover(suite));
    }));

  test("with an empty file beside the state: the state can be read again", () =>
    withTwelve(async (suite) => {
      await killedUp(suite, 150);
      writeFileSync(stateFile(suite, "dev.json.attrs"), "");
      expect((await suite.stack.pulumi(["cancel", "--yes"])).all).toContain("failed to load checkpoint: EOF");
      await expectAllManaged(suite, [], await recover(suite));
    }));
});

describe("a damaged, older or lost state", () => {
  test("a state folder that goes away in the middle of a run: put it back, then as after a killed run", () =>
    withTwelve(async (suite) => {
      const { stack, emulator } = suite;
      const gate = emulator.hold({ on: "POST" });
      const up = stack.start(["up", "--yes", "--skip-preview"]);
      await Promise.all([gate.arrived(), up.provider()]);
      renameSync(stateFile(suite), `${stateFile(suite)}-away`);
      writeFileSync(stateFile(suite), "not a folder");
      gate.release();
      // The engine tries to write for minutes. Here somebody kills it before that.
      await new Promise((resolve) => setTimeout(resolve, 3000));
      up.killEngine();
      await up.done;
      await up.providerEnded(20_000);
      const leftovers = fingerprints(suite);
      expect(leftovers.length).toBeGreaterThan(0);
      rmSync(stateFile(suite));
      renameSync(`${stateFile(suite)}-away`, stateFile(suite));
      await expectAllManaged(suite, [], await recover(suite));
    }));

  test("a state file that is cut off: the copy beside it, then as after a killed run", () =>
    withTwelve(async (suite) => {
      await killedUp(suite, 150);
      truncateSync(stateFile(suite, "dev.json"), 100);
      const restore = commands("A state folder", 0);
      await expectAllManaged(suite, [], await recover(suite, `${restore}${commands(killedRun)}`));
    }));

  test("an older export: the newer links are taken over", () =>
    withTwelve(async (suite) => {
      const { stack } = suite;
      declareTwelve(suite, 5);
      expect(await stack.up()).toMatchObject(succeeded("+ 6 created"));
      const older = await stack.pulumi(["stack", "export"]);
      writeFileSync(join(stack.folder, "project", "older.json"), older.stdout);
      declareTwelve(suite);
      expect(await stack.up()).toMatchObject(succeeded("+ 7 created"));
      const output = await recover(suite, commands("A state restored"));
      await expectAllManaged(suite, fingerprints(suite).slice(5), output);
    }));

  test("a lost state: the new stack takes over every link", () =>
    withTwelve(async (suite) => {
      const { stack } = suite;
      expect(await stack.up()).toMatchObject(succeeded());
      const leftovers = fingerprints(suite);
      rmSync(join(stack.folder, "state", ".pulumi"), { recursive: true });
      const { code, output } = await shell(commands("A lost state"), suite);
      expect([code, output]).toEqual([0, expect.any(String)]);
      await expectAllManaged(suite, leftovers, output);
    }));
});

describe("a leftover that FUDO_RECOVER=true does not take over", () => {
  const section = "What `FUDO_RECOVER=true`";
  const suite = engineSuite();
  let fingerprint = "";
  const inputs = () => ({ sessionId: suite().sessionId, ...window });
  const window = {
    validSince: new Date(Date.now() - 60_000).toISOString(),
    validTo: new Date(Date.now() + 28_800_000).toISOString(),
  };

  test("a declared start: `refused` without a POST, with its fingerprint; the audit finds it too", async () => {
    const { emulator, stack, declare } = suite();
    declare(share("vendor", inputs()));
    const gate = emulator.hold({ on: "POST", when: "after" });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await Promise.all([gate.arrived(), up.provider()]);
    up.killEngine();
    await up.done;
    gate.release();
    await up.providerEnded(20_000);
    expect(sharesIn(await stack.export())).toEqual([]);
    fingerprint = fingerprints(suite())[0]!;
    emulator.resetRequests();
    const { code, output } = await shell(`${repair}${commands(killedRun)}`, suite());
    expect(code).toBe(1);
    expect(output).toContain("fudo[refused]");
    expect(output).toContain(fingerprint);
    expect(posts(suite())).toHaveLength(0);
    expect(commands(section)).toBe("fudo-audit --stack dev\n");
    const report = await audit(suite());
    expect(report).toMatch(/unmanaged/);
    expect(report).toContain(fingerprint);
  });

  test("getSessionShares shows the fingerprint too", async () => {
    const { stack, declare, sessionId } = suite();
    declare(`exports.shares = fudo.getSessionSharesOutput({ sessionId: "${sessionId}" }).shares;`);
    const { all } = await stack.preview();
    expect(all).toMatch(new RegExp(`shares\\s*: \\[[^]*fingerprint: "${fingerprint}"[^]*status\\s*: "active"`));
  });

  test("FUDO_RECOVER with the fingerprint manages the same link, without a POST, and the next run is quiet", async () => {
    const { stack, emulator, declare, sessionId } = suite();
    declare(share("vendor", inputs()));
    const command = commands(section, 1).replace("0123456789abcdef", fingerprint);
    const { code, output } = await shell(command, suite());
    expect([code, output]).toEqual([0, expect.stringContaining("+ 1 created")]);
    expect(posts(suite())).toHaveLength(0);
    expect(sharesIn(await stack.export())).toMatchObject([{ id: `${sessionId}/${fingerprint}` }]);
    const outputs = (await stack.outputs(true))["vendor"] as { url: string };
    expect(outputs.url).toBe(emulator.url + emulator.shares()[0]!.link);
    await stack.refresh(["--clear-pending-creates"]);
    const quiet = await stack.up(["--expect-no-changes"]);
    expect(quiet).toMatchObject(succeeded("2 unchanged"));
    expect(quiet.all).not.toContain("interrupted");
  });

  test("so does `adopt`, and removing it later updates only the state", async () => {
    const { stack, emulator, declare, sessionId } = suite();
    await stack.pulumi(["state", "delete", "--all", "--force", "--yes"]);
    emulator.resetRequests();
    declare(share("vendor", { ...inputs(), adopt: fingerprint }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    expect(posts(suite())).toHaveLength(0);
    expect(sharesIn(await stack.export())).toMatchObject([{ id: `${sessionId}/${fingerprint}` }]);
    emulator.resetRequests();
    declare(share("vendor", inputs()));
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect(emulator.requests).toEqual([]);
    expect(emulator.shares()).toHaveLength(1);
  });
});
