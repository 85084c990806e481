// Which requests are still sent after the engine died or was interrupted, while creates wait in the queue of one session.
import { failed, engineSuite, share, sharesIn, succeeded } from "../support/engine-share";

const queued = 8;
const declarations = (session: string, count: number) =>
  Array.from({ length: count }, (_, index) => share(`vendor${index}`, { sessionId: session, duration: "PT8H" }));

describe(`${queued} creates in the queue of one session`, () => {
  const suite = engineSuite();
  const posts = () => suite().emulator.requests.filter(({ method }) => method === "POST");

  test("no POST is sent later than 100 ms after the engine died", async () => {
    const { stack, emulator, declare, sessionId } = suite();
    declare(...declarations(sessionId, queued));
    // The POSTs take half a second, one after the other. The engine dies after the second one has arrived.
    emulator.latency = 60;
    const second = emulator.hold({ on: () => posts().length === 2 });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await second.arrived();
    second.release();
    up.killEngine();
    await up.done;
    const death = Date.now();
    const late = await valueAfter(1500, () => posts().filter(({ receivedAt }) => receivedAt > death + 100).length);
    expect(late).toBe(0);
    expect(posts().length).toBeGreaterThanOrEqual(2);
    expect(posts().length).toBeLessThan(queued);
    await up.providerEnded(10_000);
  });
});

describe("Ctrl-C while creates are queued", () => {
  const suite = engineSuite();

  test("started creates are finished and recorded, and the next `up` creates the rest", async () => {
    const { stack, emulator, declare, sessionId } = suite();
    const all = 12;
    declare(...declarations(sessionId, all));
    const gate = emulator.hold({ on: "POST" });
    const up = stack.start(["up", "--yes", "--skip-preview", "--parallel", String(queued)]);
    await gate.arrived();
    // Engine: it starts as many creates as --parallel allows, and starts no further one after an interrupt.
    up.interrupt();
    gate.release();
    expect(await up.done).toMatchObject(failed("cancel"));
    const managed = sharesIn(await stack.export()).map(({ outputs }) => outputs!["fingerprint"]);
    expect(managed.length).toBeGreaterThan(0);
    expect(managed.length).toBeLessThan(all);
    expect(emulator.shares()).toHaveLength(managed.length);
    expect((await stack.export()).pending_operations).toEqual([]);
    expect(await stack.up()).toMatchObject(succeeded(`+ ${all - managed.length} created`));
    expect(emulator.shares()).toHaveLength(all);
  });
});

/** The value after a time in which nothing is expected to happen. */
async function valueAfter<T>(ms: number, read: () => T): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return read();
}
