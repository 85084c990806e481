// getSessions holds whatever the vendor does not say: the same sessions in the same order under every switch and passing
// fault that touches their list.
import * as pulumi from "@pulumi/pulumi";
import { startEmulator, type Emulator, type Fault, type Switches } from "../../provider/emulator";
import { getSessions } from "../../sdk/nodejs";

const hour = 3_600_000;
let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({ seed: "contract", sessions: 0 });
  const now = emulator.clock.now();
  for (let count = 0; count < 7; count++) {
    emulator.addSession({
      startedAt: now - ((count * 3) % 7) * hour,
      attributes: { user_id: count % 2 === 0 ? "11" : "12" },
    });
  }
  emulator.addSession({ startedAt: now, finishedAt: now, attributes: { user_id: "11" } });
  pulumi.runtime.setAllConfig({ "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey }, ["fudo:apiKey"]);
});
afterAll(() => emulator.close());

interface Circumstances {
  readonly switches?: Partial<Switches>;
  readonly zone?: string;
  readonly fault?: Fault;
}

/** The live sessions of one user, and whether the list was seen to end. */
async function told({
  switches = {},
  zone = "America/Los_Angeles",
  fault,
}: Circumstances): Promise<[string[], boolean]> {
  const before = { ...emulator.switches };
  Object.assign(emulator.switches, switches);
  emulator.zone = zone;
  if (fault) emulator.fault(fault);
  const { sessions, complete } = await getSessions({ userId: "11", live: true });
  Object.assign(emulator.switches, before);
  return [sessions.map(({ id }) => id), complete];
}

const expected = ["4665729213955833857", "4665729213955833863", "4665729213955833861", "4665729213955833859"];

test.each<[string, Circumstances]>([
  ["the defaults", {}],
  ["short pages", { switches: { sessionLimit: 3 } }],
  ["pages of one", { switches: { sessionLimit: 1 } }],
  ["indented JSON", { switches: { jsonLayout: "indented" } }],
  [
    "hidden attributes shown, expensive ones not",
    { switches: { hiddenAttributes: "shown", expensiveAttributes: "omitted" } },
  ],
  ["a zone of half an hour", { zone: "Asia/Kolkata" }],
  ["a lost connection", { fault: { kind: "reset" } }],
  ["an overloaded appliance", { fault: { kind: "failure", status: 503, retryAfter: 0 } }],
  ["a proxy's page", { fault: { kind: "html", status: 502 } }],
  ["every entry twice", { fault: { kind: "duplicate" } }],
  ["a shuffled page", { fault: { kind: "shuffle" } }],
  ["attributes that nobody knows", { fault: { kind: "unknownAttributes" } }],
])("%s", async (_, circumstances) => {
  expect(await told(circumstances)).toEqual([expected, true]);
});

test("paging that is not honoured: the same sessions, and not called complete", async () => {
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  expect(await told({ switches: { sessionPaging: "ignored" } })).toEqual([expected, false]);
  expect(warn).toHaveBeenCalledTimes(1);
});
