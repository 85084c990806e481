// What is still sent when the engine is gone or asked to stop, with creations queued on one session.
import { failed, engineSuite, share, sharesIn, succeeded } from "../support/engine-share";

const queued = 8;
const declared = (session: string, count: number) =>
  Array.from({ length: count }, (_, index) => share(`vendor${index}`, { sessionId: session, duration: "PT8H" }));

describe(`${queued} creations queued on one session`, () => {
  const suite = engineSuite();
  const posts = () => suite().emulator.requests.filter(({ method }) => method === "POST");

  test("no POST starts more than 100 ms after the engine's death", async () => {
    const { stack, emulator, declare, sessionId } = suite();
    declare(...declared(sessionId, queued));
    // Half a second of POSTs, one after the other; the engine dies after the second has come.
    emulator.latency = 60;
    const second = emulator.hold({ on: () => posts().length === 2 });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await second.arrived();
    second.release();
    up.killEngine();
    await up.done;
    const death = Date.now();
    const late = await observed(1500, () => posts().filter(({ receivedAt }) => receivedAt > death + 100).length);
    expect(late).toBe(0);
    expect(posts().length).toBeGreaterThanOrEqual(2);
    expect(posts().length).toBeLessThan(queued);
  });
});

describe("Ctrl-C while creations are queued", () => {
  const suite = engineSuite();

  test("the run ends when those that were started have ended, nothing is lost, and the next up makes the rest", async () => {
    const { stack, emulator, declare, sessionId } = suite();
    const all = 12;
    declare(...declared(sessionId, all));
    const gate = emulator.hold({ on: "POST" });
    const up = stack.start(["up", "--yes", "--skip-preview", "--parallel", String(queued)]);
    await gate.arrived();
    // The engine starts as many as it may beside one another; the rest it never starts once it is asked to stop.
    up.interrupt();
    gate.release();
    expect(await up.done).toMatchObject(failed("cancel"));
    const owned = sharesIn(await stack.export()).map(({ outputs }) => outputs!["fingerprint"]);
    expect(owned.length).toBeGreaterThan(0);
    expect(owned.length).toBeLessThan(all);
    expect(emulator.shares()).toHaveLength(owned.length);
    expect((await stack.export()).pending_operations).toEqual([]);
    expect(await stack.up()).toMatchObject(succeeded(`+ ${all - owned.length} created`));
    expect(emulator.shares()).toHaveLength(all);
  });
});

/** The value at the end of a time in which nothing is expected to happen. */
async function observed<T>(ms: number, look: () => T): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return look();
}
