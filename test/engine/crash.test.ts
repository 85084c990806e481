// SIGKILL of `pulumi`, of its provider process and of both, at each step of a creation, a replacement and a destruction.
// What state and appliance hold afterwards, and what the next run does, is the table of docs/crashes.md, row by row.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Gate } from "../../provider/emulator";
import type { Deployment, Outcome, Running } from "../support/engine";
import { startEngineSuite, program, diagnosticsOf, share, sharesIn, type EngineSuite } from "../support/engine-share";

jest.setTimeout(180_000);

const victims = ["pulumi", "provider", "both"] as const;
type Victim = (typeof victims)[number];

const document = readFileSync(join(__dirname, "..", "..", "docs", "crashes.md"), "utf8");
const rows = document.split("\n").filter((line) => line.startsWith("| ") && !/^\| (Step|---) /.test(line));
const proven = new Set<string>();

/** Each step has a share of its own, on a session of its own, so that one crash meets all of them. */
const steps = {
  list: "the session's list is on its way",
  unmade: "the POST is sent, not yet carried out",
  made: "the POST is carried out, its answer on its way",
  completing: "the POST is answered, the completing list on its way",
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
  expect(await stack.pulumi(["cancel", "--yes"])).toMatchObject({ code: 0 });
}

function isPending({ pending_operations: pending }: Deployment, name: string): boolean {
  return pending.some(({ type, resource }) => type === "creating" && resource.urn.endsWith(`::${name}`));
}

/** How many shares the state holds under this name, and how many of them are old ones to be deleted. */
function held(state: Deployment, name: string): string {
  const all = sharesIn(state).filter(({ urn }) => urn.endsWith(`::${name}`));
  const old = all.filter((one) => one.delete === true).length;
  const words = [["nothing", "share", "two shares"][all.length], ...(old > 0 ? ["one of them to be deleted"] : [])];
  return [...words, ...(isPending(state, name) ? ["creation pending"] : [])].join(", ").replace("nothing, ", "");
}

const forgotten = (outcome: Outcome) =>
  diagnosticsOf(outcome).filter((line) => line.includes("is forgotten, not revoked"));
const links = (count: number) => ["no link", "1 link", "2 links", "3 links"][count];
const warning = (text: string) => (text.includes("pending operations from previous deployment") ? "warns of it, " : "");

/** Asserts that the document has this row: step, killed, state, appliance, next run. */
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

describe.each(victims)("%s killed", (victim) => {
  let suite: EngineSuite;
  beforeEach(async () => {
    suite = await startEngineSuite({ emulator: { sessions: 5 } });
  });
  afterEach(() => suite.emulator.close());

  test("while shares are created", async () => {
    const { stack, emulator } = suite;
    declareAll(suite, {});
    const closed = gates(suite);
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await Promise.all(closed.map((gate) => gate.arrived()));
    const outcome = await kill(up, victim, closed);
    expect(outcome.all.includes("error reading from server: EOF")).toBe(victim === "provider");
    await unlock(suite, victim);
    const after = await stack.export();
    const made = names.map((_, index) => emulator.shares(emulator.sessions[index]).length);
    const next = await stack.up();
    expect(next).toMatchObject({ code: 0 });
    names.forEach((name, index) => {
      const session = emulator.sessions[index]!;
      const now = emulator.shares(session).length;
      expectRow(
        steps[name],
        victim,
        held(after, name),
        links(made[index]!),
        `${warning(next.all)}creates: ${links(now)}`,
      );
      // Nothing was sent after the death: there is no POST but those the table counts.
      expect(requestsOf(suite, session, "POST")).toHaveLength(now);
    });
  });

  test("while shares are replaced", async () => {
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
    await unlock(suite, victim);
    const after = await stack.export();
    const made = emulator.sessions.map((session) => emulator.shares(session).length);
    const next = await stack.up();
    expect(next).toMatchObject({ code: 0 });
    expect(forgotten(next)).toHaveLength(5);
    [...names, "done" as const].forEach((name, index) => {
      const session = emulator.sessions[index]!;
      const now = emulator.shares(session).length;
      const step = name === "done" ? "the new share is in the state, the old one not yet deleted" : steps[name];
      const does = name === "done" ? "forgets the old one" : "replaces";
      expectRow(
        step,
        victim,
        held(after, name),
        links(made[index]!),
        `${warning(name === "done" ? "" : next.all)}${does}: ${links(now)}`,
      );
      expect(requestsOf(suite, session, "POST")).toHaveLength(now - 1);
    });
  });

  test("while shares are destroyed", async () => {
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
    expect(outcome.all).toMatch(/is forgotten, not revoked/);
    await unlock(suite, victim);
    const after = await stack.export();
    const next = await stack.destroy();
    expect(next).toMatchObject({ code: 0 });
    expect(forgotten(next)).toHaveLength(1);
    expect((await stack.export()).resources).toEqual([]);
    expectRow(
      "the share's deletion is still to come",
      victim,
      held(after, "kept"),
      links(1),
      "`destroy` forgets it, and says until when the link works",
    );
    expectRow(
      "the share's deletion is over",
      victim,
      held(after, "gone"),
      links(1),
      "`destroy` has nothing left to do; the killed one said it",
    );
    expect(emulator.requests.filter(({ path }) => !path.includes("healthcheck"))).toEqual([]);
  });
});

test("the document promises nothing else", () => {
  expect(rows.filter((row) => !proven.has(row))).toEqual([]);
});

/** Until what the engine last wrote to its backend satisfies. */
async function waitForState({ stack }: EngineSuite, satisfies: (state: Deployment) => boolean): Promise<void> {
  const file = join(stack.folder, "state", ".pulumi", "stacks", "project", "dev.json");
  for (;;) {
    try {
      const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest: Deployment } };
      const { resources = [], pending_operations = [] } = checkpoint.latest;
      if (satisfies({ resources, pending_operations })) return;
    } catch {
      // Half written: the next look will do.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
