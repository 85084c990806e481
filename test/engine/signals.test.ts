// SIGTERM, SIGINT and SIGHUP in the middle of a run, to `pulumi` alone and to every process of the run, at each moment of a
// create. A link that no state knows would be lost.
import type { Gate } from "../../provider/emulator";
import type { Deployment, Running } from "../support/engine";
import {
  audit,
  waitForState,
  fingerprintOf,
  isPending,
  startEngineSuite,
  program,
  share,
  sharesIn,
} from "../support/engine-share";
import type { EngineSuite } from "../support/engine-share";

/** Each moment has a session of its own, so that one signal meets all of them. */
const moments = {
  snapshot: "before the POST: the snapshot is held",
  sent: "during the POST: it is not carried out yet",
  made: "during the POST: it is carried out, its response is held",
  completing: "during the completing list",
  recovery: "in recovery: the response is lost, the list is held",
} as const;
type Moment = keyof typeof moments;
const names = Object.keys(moments) as Moment[];
/** Where a second share of the session waits behind the first. */
const queues: readonly Moment[] = ["snapshot", "sent", "made", "recovery"];
const queued = (name: Moment) => `${name}Queued`;

let suite: EngineSuite;
beforeEach(async () => {
  suite = await startEngineSuite({ emulator: { sessions: names.length } });
});
afterEach(() => suite.emulator.close());

const sessionOf = (name: Moment) => suite.emulator.sessions[names.indexOf(name)]!;
const posts = (name: Moment) =>
  suite.emulator.requests.filter(({ method, path }) => method === "POST" && path.includes(sessionOf(name)));

function declareAll(): void {
  const declared = (name: string, moment: Moment) => share(name, { sessionId: sessionOf(moment), duration: "PT8H" });
  suite.stack.writeProgram(
    program(...names.map((name) => declared(name, name)), ...queues.map((name) => declared(queued(name), name))),
  );
}

function gates(): Gate[] {
  const { emulator } = suite;
  const afterPost = (name: Moment) =>
    emulator.hold({ on: ({ method }) => method === "GET" && posts(name).length > 0, path: sessionOf(name) });
  emulator.fault({ on: "POST", path: sessionOf("recovery"), when: "after", kind: "reset" });
  return [
    emulator.hold({ on: "GET", path: sessionOf("snapshot") }),
    emulator.hold({ on: "POST", path: sessionOf("sent") }),
    emulator.hold({ on: "POST", path: sessionOf("made"), when: "after" }),
    afterPost("completing"),
    afterPost("recovery"),
  ];
}

/** Starts a run and returns when every create stands at its moment, the queued ones behind them. */
async function startRun(): Promise<{ readonly run: Running; readonly release: () => void }> {
  declareAll();
  const held = gates();
  const run = suite.stack.start(["up", "--yes", "--skip-preview", "--parallel", "16"]);
  await Promise.all([...held.map((gate) => gate.arrived()), run.provider()]);
  const all = names.length + queues.length;
  await waitForState(suite, ({ pending_operations: pending }) => pending.length === all);
  return { run, release: () => held.forEach((gate) => gate.release()) };
}

/** Long enough for each process to have seen the signal, or the end of its engine. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 600));

/** Every link is in the state; or its create is pending there and the audit finds the link. */
async function expectNoLinkLost(state: Deployment): Promise<void> {
  const managed = sharesIn(state).map(({ outputs }) => outputs!["fingerprint"]);
  const report = await audit(suite);
  for (const name of names) {
    const links = suite.emulator.shares(sessionOf(name)).map(({ key }) => fingerprintOf(key));
    for (const fingerprint of links.filter((one) => !managed.includes(one))) {
      expect([name, isPending(state, name) || isPending(state, queued(name))]).toEqual([name, true]);
      expect(report).toMatch(/unmanaged/);
      expect(report).toContain(fingerprint);
    }
  }
}

const postCounts = () => Object.fromEntries(names.map((name) => [name, posts(name).length]));
/** What was sent before the signal, and nothing else. */
const sentBefore = { snapshot: 0, sent: 1, made: 1, completing: 1, recovery: 1 };

describe.each(["SIGTERM", "SIGINT"] as const)("%s", (signal) => {
  test("to every process of the run: what was sent is recorded, nothing queued is sent", async () => {
    const { run, release } = await startRun();
    run.signal(signal, "all");
    await settled();
    release();
    const outcome = await run.done;
    expect(outcome.code).not.toBe(0);
    await run.providerEnded(10_000);
    expect(postCounts()).toEqual(sentBefore);
    expect(outcome.all).toContain("the run was cancelled before the share was requested");
    const state = await suite.stack.export();
    const managed = sharesIn(state).map(({ outputs }) => outputs!["sessionId"]);
    expect(managed.sort()).toEqual(
      names
        .filter((name) => sentBefore[name] > 0)
        .map(sessionOf)
        .sort(),
    );
    expect(state.pending_operations).toEqual([]);
    await expectNoLinkLost(state);
  });

  test("to `pulumi` alone: it waits for every create that it has started, and records all of them", async () => {
    const { run, release } = await startRun();
    run.signal(signal, "pulumi");
    await settled();
    release();
    expect((await run.done).code).not.toBe(0);
    await run.providerEnded(10_000);
    const state = await suite.stack.export();
    expect(sharesIn(state)).toHaveLength(names.length + queues.length);
    expect(suite.emulator.shares()).toHaveLength(names.length + queues.length);
    expect(state.pending_operations).toEqual([]);
    await expectNoLinkLost(state);
  });
});

// Engine: it does not handle SIGHUP, so it dies and records nothing more.
describe.each(["pulumi", "all"] as const)("SIGHUP to %s", (target) => {
  test("what was sent is pending in the state and the audit finds it, nothing queued is sent", async () => {
    const { run, release } = await startRun();
    run.signal("SIGHUP", target);
    await settled();
    release();
    await run.providerEnded(10_000);
    await run.done;
    expect(postCounts()).toEqual(sentBefore);
    const state = await suite.stack.export();
    for (const name of names) expect([name, isPending(state, name)]).toEqual([name, true]);
    await expectNoLinkLost(state);
  });
});

// Neighbours: another target, another operation, a second signal of another kind.
test("SIGTERM to the provider process alone: what was sent is recorded, the rest is cancelled, and the run says so", async () => {
  const { run, release } = await startRun();
  process.kill((await run.provider()).pid, "SIGTERM");
  await settled();
  release();
  const outcome = await run.done;
  expect(outcome.code).not.toBe(0);
  expect(outcome.all).toContain("the run was cancelled before the share was requested");
  expect(outcome.all).not.toContain("error reading from server");
  expect(postCounts()).toEqual(sentBefore);
  const state = await suite.stack.export();
  expect(state.pending_operations).toEqual([]);
  expect(sharesIn(state)).toHaveLength(4);
  await expectNoLinkLost(state);
});

test("SIGTERM to every process during a replacement: old and new share are in the state", async () => {
  const { stack, emulator, sessionId, declare } = suite;
  declare(share("vendor", { sessionId, duration: "PT8H" }));
  expect(await stack.up()).toMatchObject({ code: 0 });
  declare(share("vendor", { sessionId, duration: "PT8H", readonly: false }));
  const gate = emulator.hold({ on: "POST", when: "after" });
  const run = stack.start(["up", "--yes", "--skip-preview"]);
  await Promise.all([gate.arrived(), run.provider()]);
  run.signal("SIGTERM", "all");
  await settled();
  gate.release();
  expect((await run.done).code).not.toBe(0);
  await run.providerEnded(10_000);
  const state = await stack.export();
  expect(
    sharesIn(state)
      .map(({ outputs }) => outputs!["fingerprint"])
      .sort(),
  ).toEqual(
    emulator
      .shares()
      .map(({ key }) => fingerprintOf(key))
      .sort(),
  );
  expect(state.pending_operations).toEqual([]);
});

test("SIGHUP, then SIGTERM to every process: nothing queued is sent, and every link is recorded or pending", async () => {
  const { run, release } = await startRun();
  run.signal("SIGHUP", "all");
  run.signal("SIGTERM", "all");
  await settled();
  release();
  await run.done;
  await run.providerEnded(10_000);
  expect(postCounts()).toEqual(sentBefore);
  await expectNoLinkLost(await suite.stack.export());
});
