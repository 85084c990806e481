// An appliance that is away, or overloaded, for a while: what is waited for, for how long, and what is sent again.
import { startEmulator, type Emulator, type Fault } from "../../provider/emulator";
import type { Driver } from "../support/drivers/driver";
import { startLifecycle } from "../support/drivers/lifecycle-driver";
import { VirtualClock } from "../support/virtual-clock";

const clock = new VirtualClock();
let emulator: Emulator;
let driver: Driver;

beforeEach(async () => {
  clock.reset();
  emulator = await startEmulator({ seed: 1, clock: clock.now });
  driver = await startLifecycle({ config: { "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey } }, clock);
});
afterEach(() => Promise.all([driver.close(), emulator.close()]));

const create = async () =>
  driver.create((await driver.check({}, { sessionId: emulator.sessions[0], duration: "PT8H" })).inputs);
const methods = () => emulator.requests.map(({ method }) => method);

/** From now on, for so many seconds, requests of this method meet the fault. */
function outage(method: string, seconds: number, fault: Fault): void {
  const end = clock.now() + seconds * 1000;
  emulator.fault({ ...fault, on: (request) => request.method === method && clock.now() < end, times: Infinity });
}

test.each<[string, Fault]>([
  ["resets every connection", { kind: "reset" }],
  ["answers with a proxy's 502", { kind: "html", status: 502 }],
  ["answers 503 and asks to come back in 30 seconds", { kind: "failure", status: 503, retryAfter: 30 }],
  [
    "answers 429 and names the time to come back",
    { kind: "failure", status: 429, retryAfter: 30, retryAfterForm: "date" },
  ],
])("an appliance that %s for 90 seconds is waited for, before anything is sent", async (_, fault) => {
  await driver.read(`${emulator.sessions[0]}/${"0".repeat(16)}`, {}).catch(() => undefined);
  outage("GET", 90, fault);
  const { outputs } = await create();
  expect(emulator.shares().map(({ key }) => key)).toEqual([outputs["key"]]);
});

test("after two minutes it is given up, with what was last seen, and nothing was sent", async () => {
  outage("GET", 600, { kind: "failure", status: 503 });
  await expect(create()).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/503.*tried \d+ times in 1[01]\d s/),
  });
  expect(methods()).not.toContain("POST");
});

test("a POST that is answered 429 for 90 seconds was never carried out, and is sent until it is", async () => {
  outage("POST", 90, { kind: "failure", status: 429, retryAfter: 20 });
  const { outputs } = await create();
  expect(emulator.shares().map(({ key }) => key)).toEqual([outputs["key"]]);
  expect(emulator.requests.filter(({ method, status }) => method === "POST" && status === 200)).toHaveLength(1);
});

test("a POST that is answered 429 for ever ends as unavailable: nothing was made", async () => {
  outage("POST", 600, { kind: "failure", status: 429, retryAfter: 50 });
  await expect(create()).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("429") });
  expect(emulator.shares()).toEqual([]);
});

test("a 429 that asks for longer than the patience is told at once", async () => {
  outage("POST", 600, { kind: "failure", status: 429, retryAfter: 3600 });
  await expect(create()).rejects.toMatchObject({ code: "unavailable" });
  expect(methods()).toEqual(["GET", "POST"]);
  expect(clock.slept).toEqual([]);
});

test.each([503, 502, 500])(
  "a POST that is answered %d may have been carried out: never sent again, looked for instead",
  async (status) => {
    emulator.fault({ kind: "failure", status, retryAfter: 1, on: "POST", when: "after" });
    const { outputs } = await create();
    expect(emulator.shares().map(({ key }) => key)).toEqual([outputs["key"]]);
    expect(methods().filter((method) => method === "POST")).toHaveLength(1);
  },
);

test("an appliance that goes away with the POST and stays away for 90 seconds: the share is found afterwards", async () => {
  emulator.fault({ kind: "reset", on: "POST", when: "after" });
  const gone = clock.now();
  emulator.fault({
    kind: "reset",
    on: ({ method }) => method === "GET" && emulator.shares().length > 0 && clock.now() < gone + 90_000,
    times: Infinity,
  });
  const { outputs } = await create();
  expect(emulator.shares().map(({ key }) => key)).toEqual([outputs["key"]]);
  expect(driver.notices()).toEqual([
    expect.stringContaining("the answer to its creation was lost; the share was found"),
  ]);
});
