// Gates and latency: requests stop at a known point, and tests act in between without sleeping.
import { call, firstSession, list, listedKeys, sampleBody, share, sharePath } from "./requests";
import { stage } from "./fixture";

test("a gate before stops a POST while the share is not yet made, a gate after while its answer is not yet sent", async () => {
  const emulator = await stage();
  const before = emulator.hold({ on: "POST", when: "before" });
  const after = emulator.hold({ on: "POST", when: "after" });
  const reply = share(emulator);
  await before.arrived();
  expect([emulator.shares().length, before.waiting, after.waiting]).toEqual([0, 1, 0]);
  before.release();
  await after.arrived();
  expect([emulator.shares().length, before.waiting, after.waiting]).toEqual([1, 0, 1]);
  expect(await listedKeys(emulator)).toEqual(emulator.shares().map(({ key }) => key));
  after.release();
  expect((await reply).status).toBe(200);
  expect((await share(emulator)).status).toBe(200);
});

test("a gate lets through as many as it is told, first come, first served, and only stops those that are meant", async () => {
  const emulator = await stage();
  const [one = "", two = ""] = emulator.sessions;
  const gate = emulator.hold({ path: two });
  expect((await list(emulator)).status).toBe(200);
  const posted: string[] = [];
  const post = (name: string) =>
    call(emulator, "POST", sharePath(two), { body: sampleBody }).then(() => posted.push(name));
  const first = post("first");
  await gate.arrived(1);
  const second = post("second");
  await gate.arrived(2);
  gate.release(1);
  await first;
  expect([posted, gate.waiting, emulator.shares(two).length, emulator.shares(one).length]).toEqual([
    ["first"],
    1,
    1,
    0,
  ]);
  gate.release();
  await second;
});

test("closing drops what is held, and it is never carried out", async () => {
  const emulator = await stage();
  const gate = emulator.hold({});
  const reply = share(emulator).catch((error: Error) => error.message);
  await gate.arrived();
  await emulator.close();
  expect([await reply, emulator.shares()]).toEqual(["socket hang up", []]);
});

test("latency delays every answer, the share is made half-way", async () => {
  const emulator = await stage();
  emulator.latency = 40;
  const start = performance.now();
  await share(emulator);
  expect(performance.now() - start).toBeGreaterThan(38);
  emulator.latency = 0;
  expect(emulator.shares(firstSession(emulator))).toHaveLength(1);
});
