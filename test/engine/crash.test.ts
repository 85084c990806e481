// SIGKILL of `pulumi`, of its provider process and of both, at each step of a create, a replacement and a destroy. What state
// and appliance hold afterwards, and what the next run does without and with FUDO_RECOVER=true, is docs/crashes.md, row by row.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Gate } from "../../provider/emulator";
import type { Deployment, Outcome, Running } from "../support/engine";
import { afterKill } from "../support/engine-interrupted";
import {
  diagnosticsOf,
  fingerprintOf,
  isPending,
  program,
  share,
  sharesIn,
  startEngineSuite,
  waitForState,
  type EngineSuite,
} from "../support/engine-share";

jest.setTimeout(180_000);

const victims = ["pulumi", "provider", "both"] as const;
type Victim = (typeof victims)[number];

const document = readFileSync(join(__dirname, "..", "..", "docs", "crashes.md"), "utf8");
const rows = document
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (Step|-+) /.test(line))
  .map((line) => line.replace(/ +\|/g, " |"));
const proven = new Set<string>();

/** Each step has a share of its own, on a session of its own, so that one crash meets all of them. */
const steps = {
  list: "the snapshot is requested",
  unmade: "the POST is sent, not executed yet",
  made: "the POST is executed, its response is on the way",
  completing: "the POST is answered, the completing list is requested",
} as const;
const names = Object.keys(steps) as (keyof typeof steps)[];

const requestsOf = ({ emulator }: EngineSuite, session: string, method: string) =>
  emulator.requests.filter((request) => request.method === method && request.path.includes(session));

/** A gate for each step, in the order of `names`. */
function gates(suite: EngineSuite): Gate[] {
  const { emulator } = suite;
  const [list, unmade, made, completing] = emulator.sessions as [string, string, string, string];
  return [
    emulator.hold({ on: "GET", path: list }),
    emulator.hold({ on: "POST", path: unmade }),
    emulator.hold({ on: "POST", path: made, when: "after" }),
    emulator.hold({
      on: ({ method }) => method === "GET" && requestsOf(suite, completing, "POST").length > 0,
      path: completing,
    }),
  ];
}

/** Kills, lets the appliance go on, and waits for the command's end. */
async function kill(running: Running, victim: Victim, held: readonly Gate[]): Promise<Outcome> {
  await running.provider();
  if (victim !== "provider") running.killEngine();
  if (victim !== "pulumi") await running.killProvider();
  // What is sent while `pulumi` is dying is sent by a living engine.
  if (victim !== "provider") await running.done;
  for (const gate of held) gate.release();
  return running.done;
}

/** After the death of `pulumi` its stack is locked. */
async function unlock({ stack }: EngineSuite, victim: Victim): Promise<void> {
  if (victim === "provider") return;
  expect((await stack.up()).all).toContain("the stack is currently locked");
  await afterKill(stack);
}

/** How many shares the state holds under this name, and how many of them are old ones to be deleted. */
function held(state: Deployment, name: string): string {
  const all = sharesIn(state).filter(({ urn }) => urn.endsWith(`::${name}`));
  const old = all.filter((one) => one.delete === true).length;
  const words = [["nothing", "share", "two shares"][all.length], ...(old > 0 ? ["one of them to be deleted"] : [])];
  return [...words, ...(isPending(state, name) ? ["creation pending"] : [])].join(", ").replace("nothing, ", "");
}

const notRevoked = (outcome: Outcome) => diagnosticsOf(outcome).filter((line) => line.includes("NOT revoked"));
const links = (count: number) => ["no link", "1 link", "2 links", "3 links"][count];

/** The two ways to go on after an interrupted run: a normal one, and one that takes leftovers over. */
const ways = [{}, { FUDO_RECOVER: "true" }] as const;

/** What the next run does with a session's leftovers, and how many links the session has then. */
function nextRun(next: Outcome, { emulator }: EngineSuite, session: string, made: number): string {
  const after = emulator.shares(session);
  const doubled = after.length > made;
  const isNamed = (text: string) =>
    after.some(({ key }) =>
      next.all.split("\n").some((line) => line.includes(fingerprintOf(key)) && line.includes(text)),
    );
  const what = [
    ...(isNamed("is not managed by this run") ? ["names the leftover"] : []),
    ...(isNamed("was taken over") ? ["takes the leftover over"] : []),
    ...(doubled ? ["creates"] : []),
  ];
  return `${what.join(", ")}: ${links(after.length)}`;
}

/** Asserts that the document has this row: step, killed, state, appliance, next run without and with FUDO_RECOVER. */
function expectRow(...cells: readonly unknown[]): void {
  const row = `| ${cells.join(" | ")} |`;
  proven.add(row);
  expect(rows).toContain(row);
}

function declareAll({ stack, emulator }: EngineSuite, more: object, also: readonly string[] = []): void {
  stack.writeProgram(
    program(
      ...[...names, ...also].map((name, index) =>
        share(name, { sessionId: emulator.sessions[index], duration: "PT8H", ...more }),
      ),
    ),
  );
}

/** The cells of each row that depend on the way to go on. */
interface Cells {
  readonly state: string;
  readonly made: string;
  readonly next: string;
}

async function inNewSuite<T>(play: (suite: EngineSuite) => Promise<T>): Promise<T> {
  const suite = await startEngineSuite({ emulator: { sessions: 5 } });
  try {
    return await play(suite);
  } finally {
    await suite.emulator.close();
  }
}

async function interruptCreate(suite: EngineSuite, victim: Victim, env: Record<string, string>): Promise<Cells[]> {
  const { stack, emulator } = suite;
  declareAll(suite, {});
  const closed = gates(suite);
  const up = stack.start(["up", "--yes", "--skip-preview"]);
  await Promise.all(closed.map((gate) => gate.arrived()));
  const outcome = await kill(up, victim, closed);
  expect(outcome.all.includes("error reading from server: EOF")).toBe(victim === "provider");
  if (victim !== "provider") await up.providerEnded(10_000);
  await unlock(suite, victim);
  const after = await stack.export();
  const made = names.map((_, index) => emulator.shares(emulator.sessions[index]).length);
  const next = await stack.up([], { env });
  expect(next).toMatchObject({ code: 0 });
  return names.map((name, index) => {
    const session = emulator.sessions[index]!;
    // Nothing was sent after the death: each POST has a link.
    expect(requestsOf(suite, session, "POST")).toHaveLength(emulator.shares(session).length);
    return { state: held(after, name), made: links(made[index]!)!, next: nextRun(next, suite, session, made[index]!) };
  });
}

async function interruptReplacement(suite: EngineSuite, victim: Victim, env: Record<string, string>): Promise<Cells[]> {
  const { stack, emulator } = suite;
  declareAll(suite, {}, ["done"]);
  expect(await stack.up()).toMatchObject({ code: 0 });
  emulator.resetRequests();
  declareAll(suite, { readonly: false }, ["done"]);
  const closed = gates(suite);
  const up = stack.start(["up", "--yes", "--skip-preview"]);
  await Promise.all(closed.map((gate) => gate.arrived()));
  await waitForState(suite, (state) => held(state, "done") === "two shares, one of them to be deleted");
  await kill(up, victim, closed);
  if (victim !== "provider") await up.providerEnded(10_000);
  await unlock(suite, victim);
  const after = await stack.export();
  const made = emulator.sessions.map((session) => emulator.shares(session).length);
  const next = await stack.up([], { env });
  expect(next).toMatchObject({ code: 0 });
  expect(notRevoked(next)).toHaveLength(5);
  return [...names, "done" as const].map((name, index) => {
    const session = emulator.sessions[index]!;
    expect(requestsOf(suite, session, "POST")).toHaveLength(emulator.shares(session).length - 1);
    const does = nextRun(next, suite, session, made[index]!);
    return {
      state: held(after, name),
      made: links(made[index]!)!,
      next: name === "done" ? `removes the old one from the state${does}` : does.replace("creates", "replaces"),
    };
  });
}

describe.each(victims)("%s killed", (victim) => {
  test("while shares are created", async () => {
    const [normal, recovering] = [
      await inNewSuite((suite) => interruptCreate(suite, victim, ways[0])),
      await inNewSuite((suite) => interruptCreate(suite, victim, ways[1])),
    ];
    names.forEach((name, index) => {
      const [{ state, made, next }, other] = [normal[index]!, recovering[index]!];
      expect(other).toMatchObject({ state, made });
      expectRow(steps[name], victim, state, made, next, other.next);
    });
  });

  test("while shares are replaced", async () => {
    const [normal, recovering] = [
      await inNewSuite((suite) => interruptReplacement(suite, victim, ways[0])),
      await inNewSuite((suite) => interruptReplacement(suite, victim, ways[1])),
    ];
    const all = [...names.map((name) => steps[name]), "the new share is in the state, the old one not deleted yet"];
    all.forEach((step, index) => {
      const [{ state, made, next }, other] = [normal[index]!, recovering[index]!];
      expect(other).toMatchObject({ state, made });
      expectRow(step, victim, state, made, next, other.next);
    });
  });

  test("while shares are destroyed", () =>
    inNewSuite(async (suite) => {
      const { stack, emulator } = suite;
      const [first, second] = emulator.sessions;
      // A neighbour whose deletion stands at a gate: `gone` is deleted before it, `kept` after it.
      stack.writeProgram(
        program(
          `const provider = { create: async () => ({ id: "x", outs: {} }), delete: async () => { await fetch("${emulator.url}/api/v2/healthcheck").catch(() => undefined); } };`,
          share("kept", { sessionId: first, duration: "PT8H" }),
          `class Neighbour extends pulumi.dynamic.Resource { constructor(name, opts) { super(provider, name, {}, opts); } }`,
          `const neighbour = new Neighbour("neighbour", { dependsOn: [kept] });`,
          share("gone", { sessionId: second, duration: "PT8H" }, "{ dependsOn: [neighbour] }"),
        ),
      );
      expect(await stack.up()).toMatchObject({ code: 0 });
      emulator.resetRequests();
      const gate = emulator.hold({ path: "healthcheck" });
      const destroy = stack.start(["destroy", "--yes", "--skip-preview"]);
      await gate.arrived();
      await waitForState(suite, (state) => held(state, "gone") === "nothing");
      const outcome = await kill(destroy, victim, [gate]);
      expect(outcome.all).toMatch(/is removed from the state but NOT revoked/);
      await unlock(suite, victim);
      const after = await stack.export();
      const next = await stack.destroy();
      expect(next).toMatchObject({ code: 0 });
      expect(notRevoked(next)).toHaveLength(1);
      expect((await stack.export()).resources).toEqual([]);
      expectRow(
        "the share is not deleted yet",
        victim,
        held(after, "kept"),
        links(1),
        "`destroy` removes it from the state and says until when the link works",
      );
      expectRow(
        "the share is deleted",
        victim,
        held(after, "gone"),
        links(1),
        "`destroy` has nothing to do; the killed one said it",
      );
      expect(emulator.requests.filter(({ path }) => !path.includes("healthcheck"))).toEqual([]);
    }));
});

test("the document promises nothing else", () => {
  expect(rows.filter((row) => !proven.has(row))).toEqual([]);
});
