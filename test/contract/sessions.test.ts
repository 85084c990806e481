// getSessions and getSession return the same sessions in the same order under every behaviour flag and transient fault that
// affects the lists.
import * as pulumi from "@pulumi/pulumi";
import { startEmulator, type Emulator, type Fault, type BehaviourFlags } from "../../provider/emulator";
import { getSession, getSessions, type GetSessionsArgs } from "../../sdk/nodejs";

const hour = 3_600_000;
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ seed: "contract", sessions: 0 });
  const now = emulator.clock.now();
  for (let count = 0; count < 7; count++) {
    emulator.addSession({
      startedAt: now - ((count * 3) % 7) * hour,
      attributes: { user_id: count % 2 === 0 ? "11" : "12" },
      userName: count % 2 === 0 ? "ACME" : "Globex",
    });
  }
  emulator.addSession({ startedAt: now, finishedAt: now, attributes: { user_id: "11" } });
  pulumi.runtime.setAllConfig({ "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey }, ["fudo:apiKey"]);
});
afterAll(() => emulator.close());

interface Conditions {
  readonly behaviour?: Partial<BehaviourFlags>;
  readonly zone?: string;
  readonly fault?: Fault;
}

/** The live sessions of one user, and whether the result is complete. */
async function listed(
  { behaviour = {}, zone = "America/Los_Angeles", fault }: Conditions,
  filter: GetSessionsArgs = { userId: "11", live: true },
): Promise<[string[], boolean]> {
  const before = { ...emulator.behaviour };
  Object.assign(emulator.behaviour, behaviour);
  emulator.zone = zone;
  if (fault) emulator.fault(fault);
  const { sessions, complete } = await getSessions(filter);
  Object.assign(emulator.behaviour, before);
  return [sessions.map(({ id }) => id), complete];
}

const expected = ["4665729213955833857", "4665729213955833863", "4665729213955833861", "4665729213955833859"];

const conditions: [string, Conditions][] = [
  ["the defaults", {}],
  ["short pages", { behaviour: { sessionLimit: 3 } }],
  ["pages of one", { behaviour: { sessionLimit: 1 } }],
  ["indented JSON", { behaviour: { jsonLayout: "indented" } }],
  [
    "hidden attributes shown, expensive ones not",
    { behaviour: { hiddenAttributes: "shown", expensiveAttributes: "omitted" } },
  ],
  ["a time zone with a half-hour offset", { zone: "Asia/Kolkata" }],
  ["a connection reset", { fault: { kind: "reset" } }],
  ["an overloaded appliance", { fault: { kind: "failure", status: 503, retryAfter: 0 } }],
  ["an error page of a proxy", { fault: { kind: "html", status: 502 } }],
  ["every entry twice", { fault: { kind: "duplicate" } }],
  ["a shuffled page", { fault: { kind: "shuffle" } }],
  ["unknown attributes", { fault: { kind: "unknownAttributes" } }],
];

test.each(conditions)("%s", async (_, condition) => {
  expect(await listed(condition)).toEqual([expected, true]);
});

test.each(conditions)("by the name of the user, with %s", async (_, { fault, ...condition }) => {
  const onNames = fault && { ...fault, path: "/user" };
  const filter = { userName: "ACME", live: true };
  expect(await listed({ ...condition, ...(onNames && { fault: onNames }) }, filter)).toEqual([expected, true]);
});

test.each(conditions)("getSession, with %s", async (_, { behaviour = {}, fault }) => {
  const before = { ...emulator.behaviour };
  Object.assign(emulator.behaviour, behaviour);
  if (fault) emulator.fault(fault);
  expect((await getSession({ userName: "ACME", live: false })).id).toBe("4665729213955833864");
  Object.assign(emulator.behaviour, before);
});

test("an appliance without pagination: the same sessions, and the result is not complete", async () => {
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  expect(await listed({ behaviour: { sessionPaging: "ignored" } })).toEqual([expected, false]);
  expect(warn).toHaveBeenCalledTimes(1);
});
