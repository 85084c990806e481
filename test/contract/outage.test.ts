// An appliance that is down or overloaded for a while: which requests are sent again, and for how long.
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

/** For so many seconds from now on, the fault applies to all requests with this method. */
function outage(method: string, seconds: number, fault: Fault): void {
  const end = clock.now() + seconds * 1000;
  emulator.fault({ ...fault, on: (request) => request.method === method && clock.now() < end, times: Infinity });
}

test.each<[string, Fault]>([
  ["resets every connection", { kind: "reset" }],
  ["closes every connection half-way", { kind: "halfClose" }],
  ["is behind a proxy that returns 502", { kind: "html", status: 502 }],
  ["returns 503 with Retry-After: 30", { kind: "failure", status: 503, retryAfter: 30 }],
  ["returns 429 with a date in Retry-After", { kind: "failure", status: 429, retryAfter: 30, retryAfterForm: "date" }],
])("an appliance that %s for 90 seconds: the list is requested again, then the POST is sent", async (_, fault) => {
  await driver.read(`${emulator.sessions[0]}/${"0".repeat(16)}`, {}).catch(() => undefined);
  outage("GET", 90, fault);
  const { outputs } = await create();
  expect(emulator.shares().map(({ key }) => key)).toEqual([outputs["key"]]);
});

test("after two minutes the create fails with the last error, and no POST was sent", async () => {
  outage("GET", 600, { kind: "failure", status: 503 });
  await expect(create()).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/503.*tried \d+ times in 1[01]\d s/),
  });
  expect(methods()).not.toContain("POST");
});

test("a POST that gets 429 for 90 seconds is sent again until the appliance executes it", async () => {
  outage("POST", 90, { kind: "failure", status: 429, retryAfter: 20 });
  const { outputs } = await create();
  expect(emulator.shares().map(({ key }) => key)).toEqual([outputs["key"]]);
  expect(emulator.requests.filter(({ method, status }) => method === "POST" && status === 200)).toHaveLength(1);
});

test("a POST that always gets 429 fails as unavailable, and no share is created", async () => {
  outage("POST", 600, { kind: "failure", status: 429, retryAfter: 50 });
  await expect(create()).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("429") });
  expect(emulator.shares()).toEqual([]);
});

test("a 429 with a Retry-After beyond the retry limit fails at once", async () => {
  outage("POST", 600, { kind: "failure", status: 429, retryAfter: 3600 });
  await expect(create()).rejects.toMatchObject({ code: "unavailable" });
  expect(methods()).toEqual(["GET", "POST"]);
  expect(clock.slept).toEqual([]);
});

test.each([503, 502, 500])(
  "a POST that gets %d may have been executed: it is never sent again, and the share is found",
  async (status) => {
    emulator.fault({ kind: "failure", status, retryAfter: 1, on: "POST", when: "after" });
    const { outputs } = await create();
    expect(emulator.shares().map(({ key }) => key)).toEqual([outputs["key"]]);
    expect(methods().filter((method) => method === "POST")).toHaveLength(1);
  },
);

test("an appliance that goes down with the POST for 90 seconds: the share is found afterwards", async () => {
  emulator.fault({ kind: "reset", on: "POST", when: "after" });
  const start = clock.now();
  emulator.fault({
    kind: "reset",
    on: ({ method }) => method === "GET" && emulator.shares().length > 0 && clock.now() < start + 90_000,
    times: Infinity,
  });
  const { outputs } = await create();
  expect(emulator.shares().map(({ key }) => key)).toEqual([outputs["key"]]);
  expect(driver.warnings()).toEqual([
    expect.stringContaining(
      "the connection failed before the create response arrived. The share was found on the appliance",
    ),
  ]);
});
