// Responses that are too large, too slow or too many: each has a limit and a clear error, and no share is lost.
import { startEmulator, type Emulator } from "../../provider/emulator";
import type { Driver } from "../support/drivers/driver";
import { startLifecycle } from "../support/drivers/lifecycle-driver";
import { listOf, startScriptedServer } from "../support/scripted-server";
import { VirtualClock } from "../support/virtual-clock";

jest.setTimeout(60_000);

const clock = new VirtualClock(Date.now);
const huge = { kind: "huge", bytes: 50_000_000 } as const;
const tooLarge = {
  code: "limit",
  message: expect.stringMatching(/^GET .*: the response is too large \(the limit is 16 MiB\)$/),
};
let emulator: Emulator;
let driver: Driver;
let sessionId: string;

beforeEach(async () => {
  clock.reset();
  emulator = await startEmulator({ seed: 1, clock: clock.now });
  driver = await startLifecycle({ config: { "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey } }, clock);
  sessionId = emulator.sessions[0]!;
});
afterEach(() => Promise.all([driver.close(), emulator.close()]));

const create = async (session = sessionId) =>
  driver.create((await driver.check({}, { sessionId: session, duration: "PT8H" })).inputs);
const posts = () => emulator.requests.filter(({ method }) => method === "POST").length;

describe("a response of 50 MB", () => {
  test.each([{}, { chunked: true }])("to the snapshot: no POST is sent (%j)", async (form) => {
    emulator.fault({ on: "GET", ...huge, ...form });
    await expect(create()).rejects.toMatchObject(tooLarge);
    expect(posts()).toBe(0);
  });

  test("compressed to some kilobytes: the error comes when it is decompressed", async () => {
    emulator.fault({ on: "GET", ...huge, gzip: true });
    await expect(create()).rejects.toMatchObject({
      code: "limit",
      message: expect.stringContaining("the decompressed response is larger than 16 MiB"),
    });
  });

  test("to a POST is a lost response: the share is found and managed", async () => {
    emulator.fault({ on: "POST", when: "after", ...huge });
    const { outputs } = await create();
    expect(emulator.shares().map(({ key }) => key)).toEqual([outputs["key"]]);
    expect(posts()).toBe(1);
  });

  test("to the completing list: the share is created, with a warning", async () => {
    emulator.fault({ on: "GET", ...huge, skip: 1 });
    const { id, outputs } = await create();
    expect(outputs["key"]).toBe(emulator.shares()[0]!.key);
    expect(driver.warnings()).toEqual([
      expect.stringMatching(
        /was created, but its session's list could not be read \(.*16 MiB\)\)\. Its link is built as the vendor documents it/,
      ),
    ]);
    expect(await driver.read(id, outputs)).toMatchObject({ createdAt: expect.any(String) });
  });

  test("to a refresh is an error", async () => {
    const { id, outputs } = await create();
    emulator.fault({ on: "GET", ...huge });
    clock.advance(5000);
    await expect(driver.read(id, outputs)).rejects.toMatchObject(tooLarge);
  });
});

test("a list of more than 50,000 entries is an error, even if the entries are short", async () => {
  const appliance = await startScriptedServer();
  appliance.respond = () => listOf(Array.from({ length: 50_001 }, () => ({})));
  const other = await startLifecycle({ config: { "fudo:url": appliance.url, "fudo:apiKey": emulator.apiKey } }, clock);
  const failed = other.read(`7/${"0".repeat(16)}`, {});
  await expect(failed).rejects.toMatchObject({
    code: "limit",
    message: expect.stringContaining("the list has 50001 entries; the limit is 50000"),
  });
  await other.close();
  await appliance.close();
});

test("sixty creates on sixty sessions use at most sixteen connections", async () => {
  const sessions = Array.from({ length: 60 }, () => emulator.addSession());
  const gate = emulator.hold({ on: "POST" });
  const creates = Promise.all(sessions.map((session) => create(session)));
  await gate.arrived(16);
  // A seventeenth POST would arrive in this time.
  for (let tick = 0; tick < 200; tick += 1) await new Promise(setImmediate);
  expect(gate.waiting).toBe(16);
  gate.release();
  await creates;
  expect(emulator.shares()).toHaveLength(60);
});

test.each([
  ["a response that comes byte by byte", { kind: "slow", bytes: 1, every: 100 }],
  ["a response that stops", { kind: "hang", responseBytes: 100 }],
] as const)("%s ends after fudo:timeout, and the POST is not sent again", async (_, fault) => {
  const driverWithTimeout = await startLifecycle(
    { config: { "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey, "fudo:timeout": "PT0.3S" } },
    clock,
  );
  emulator.fault({ on: "POST", when: "after", ...fault });
  const begun = Date.now();
  const { inputs } = await driverWithTimeout.check({}, { sessionId, duration: "PT8H" });
  const { outputs } = await driverWithTimeout.create(inputs);
  expect(Date.now() - begun).toBeLessThan(3000);
  expect(emulator.shares().map(({ key }) => key)).toEqual([outputs["key"]]);
  expect(posts()).toBe(1);
  await driverWithTimeout.close();
});
