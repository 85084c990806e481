// The connection breaks at every byte of a POST and of its response. Either one share is created and managed, or none is
// created and the error is `uncertain`.
import { startEmulator, type Emulator } from "../../provider/emulator";
import { startFlakyProxy, type Cut, type FlakyProxy } from "../support/flaky-proxy";
import { startLifecycle } from "../support/drivers/lifecycle-driver";
import { VirtualClock } from "../support/virtual-clock";

jest.setTimeout(120_000);

const clock = new VirtualClock();
let emulator: Emulator;
let proxy: FlakyProxy;

beforeAll(async () => {
  emulator = await startEmulator({ seed: 1, clock: clock.now });
  proxy = await startFlakyProxy(emulator.url);
});
afterAll(() => Promise.all([proxy.close(), emulator.close()]));

/** One create on a new session, by a new process. */
async function create(cut?: Cut) {
  const sessionId = emulator.addSession();
  const driver = await startLifecycle({ config: { "fudo:url": proxy.url, "fudo:apiKey": emulator.apiKey } }, clock);
  proxy.cut = cut;
  const { inputs } = await driver.check({}, { sessionId, duration: "PT8H" });
  const [outcome] = await Promise.allSettled([driver.create(inputs)]);
  await driver.close();
  const posts = emulator.requests.filter(({ method }) => method === "POST").length;
  emulator.resetRequests();
  expect(proxy.cut).toBeUndefined();
  return {
    outcome,
    created: emulator.shares(sessionId),
    posts,
    recovered: /before the create response arrived\. The share was found/.test(driver.warnings().join()),
  };
}

/** How many bytes a complete POST and its complete response have. */
async function lengths() {
  await create();
  return { ...proxy.passed };
}

const managed = (key: string) => ({ status: "fulfilled", value: { outputs: { key } } });

describe.each(["reset", "end"] as const)("the connection breaks (%s)", (how) => {
  test("after k bytes of the request: no share is created, and the error is `uncertain`", async () => {
    const { request } = await lengths();
    expect(request).toBeGreaterThan(300);
    for (let after = 0; after < request; after += 1) {
      const { outcome, created, posts } = await create({ of: "request", after, how });
      expect({ after, created, outcome }).toMatchObject({
        after,
        created: [],
        outcome: { status: "rejected", reason: { code: "uncertain" } },
      });
      expect(posts).toBeLessThanOrEqual(1);
    }
  });

  test("after k bytes of the response: one share is created and managed", async () => {
    const { response } = await lengths();
    expect(response).toBeGreaterThan(200);
    for (let after = 0; after <= response; after += 1) {
      const { outcome, created, posts, recovered } = await create({ of: "response", after, how });
      expect({ after, created: created.length, posts, outcome }).toMatchObject({
        after,
        created: 1,
        posts: 1,
        outcome: managed(created[0]!.key),
      });
      // The last byte may arrive together with the break.
      if (after < response) expect({ after, recovered }).toEqual({ after, recovered: true });
    }
  });
});
