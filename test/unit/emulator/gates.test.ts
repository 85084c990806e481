// Gates and latency: requests stop at a defined point, so that tests can act in between without sleeping.
import { send, firstSession, list, listedKeys, sampleBody, share, sharePath } from "./requests";
import { startTestEmulator } from "./fixture";

test("a gate holds a POST before the share exists, or before its response is sent", async () => {
  const emulator = await startTestEmulator();
  const before = emulator.hold({ on: "POST", when: "before" });
  const after = emulator.hold({ on: "POST", when: "after" });
  const response = share(emulator);
  await before.arrived();
  expect([emulator.shares().length, before.waiting, after.waiting]).toEqual([0, 1, 0]);
  before.release();
  await after.arrived();
  expect([emulator.shares().length, before.waiting, after.waiting]).toEqual([1, 0, 1]);
  expect(await listedKeys(emulator)).toEqual(emulator.shares().map(({ key }) => key));
  after.release();
  expect((await response).status).toBe(200);
  expect((await share(emulator)).status).toBe(200);
});

test("a gate releases the given number of requests in order, and holds only matching requests", async () => {
  const emulator = await startTestEmulator();
  const [one = "", two = ""] = emulator.sessions;
  const gate = emulator.hold({ path: two });
  expect((await list(emulator)).status).toBe(200);
  const finished: string[] = [];
  const post = (name: string) =>
    send(emulator, "POST", sharePath(two), { body: sampleBody }).then(() => finished.push(name));
  const first = post("first");
  await gate.arrived(1);
  const second = post("second");
  await gate.arrived(2);
  gate.release(1);
  await first;
  expect([finished, gate.waiting, emulator.shares(two).length, emulator.shares(one).length]).toEqual([
    ["first"],
    1,
    1,
    0,
  ]);
  gate.release();
  await second;
});

test("a request that a gate holds is never executed after the emulator is closed", async () => {
  const emulator = await startTestEmulator();
  const gate = emulator.hold({});
  const response = share(emulator).catch((error: Error) => error.message);
  await gate.arrived();
  await emulator.close();
  expect([await response, emulator.shares()]).toEqual(["socket hang up", []]);
});

test("latency delays the response, and the share is created", async () => {
  const emulator = await startTestEmulator();
  emulator.latency = 40;
  const start = performance.now();
  await share(emulator);
  expect(performance.now() - start).toBeGreaterThan(38);
  emulator.latency = 0;
  expect(emulator.shares(firstSession(emulator))).toHaveLength(1);
});
