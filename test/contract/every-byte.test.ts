// The line breaks at every byte of a POST exchange: one share owned, or none made and said; never two, never one unsaid.
import { startEmulator, type Emulator } from "../../provider/emulator";
import { startFlakyProxy, type Cut, type FlakyProxy } from "../support/flaky-proxy";
import { startLifecycle } from "../support/drivers/lifecycle-driver";
import { VirtualClock } from "../support/virtual-clock";

jest.setTimeout(120_000);

const clock = new VirtualClock();
let emulator: Emulator;
let line: FlakyProxy;

beforeAll(async () => {
  emulator = await startEmulator({ seed: 1, clock: clock.now });
  line = await startFlakyProxy(emulator.url);
});
afterAll(() => Promise.all([line.close(), emulator.close()]));

/** One creation on a session of its own, by a process of its own. */
async function create(cut?: Cut) {
  const sessionId = emulator.addSession();
  const driver = await startLifecycle({ config: { "fudo:url": line.url, "fudo:apiKey": emulator.apiKey } }, clock);
  line.cut = cut;
  const { inputs } = await driver.check({}, { sessionId, duration: "PT8H" });
  const [outcome] = await Promise.allSettled([driver.create(inputs)]);
  await driver.close();
  const posts = emulator.requests.filter(({ method }) => method === "POST").length;
  emulator.resetRequests();
  expect(line.cut).toBeUndefined();
  return {
    outcome,
    made: emulator.shares(sessionId),
    posts,
    recovered: /was lost; the share was found/.test(driver.notices().join()),
  };
}

/** The lengths of a whole POST and of its whole answer. */
async function lengths() {
  await create();
  return { ...line.passed };
}

const owned = (key: string) => ({ status: "fulfilled", value: { outputs: { key } } });

describe.each(["reset", "end"] as const)("the line breaks (%s)", (how) => {
  test("after k bytes of the request: nothing is made, and the error says that it could not be told", async () => {
    const { request } = await lengths();
    expect(request).toBeGreaterThan(300);
    for (let after = 0; after < request; after += 1) {
      const { outcome, made, posts } = await create({ of: "request", after, how });
      expect({ after, made, outcome }).toMatchObject({
        after,
        made: [],
        outcome: { status: "rejected", reason: { code: "uncertain" } },
      });
      expect(posts).toBeLessThanOrEqual(1);
    }
  });

  test("after k bytes of the answer: one share is made, and owned", async () => {
    const { response } = await lengths();
    expect(response).toBeGreaterThan(200);
    for (let after = 0; after <= response; after += 1) {
      const { outcome, made, posts, recovered } = await create({ of: "response", after, how });
      expect({ after, made: made.length, posts, outcome }).toMatchObject({
        after,
        made: 1,
        posts: 1,
        outcome: owned(made[0]!.key),
      });
      // The last byte may come through together with the break.
      if (after < response) expect({ after, recovered }).toEqual({ after, recovered: true });
    }
  });
});
