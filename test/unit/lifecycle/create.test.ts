// What a create decides without a lost response: the window, the queue, the warning about clocks, the completing list.
import { FudoError } from "../../../provider/client/errors";
import { hour } from "../../support/states";
import { failure, lifecycleFixture } from "./fixture";

const minute = 60_000;

describe("a generated window", () => {
  test("starts in the second before now, never on a whole second, and has the declared length", async () => {
    const { create, clock } = lifecycleFixture();
    for (let count = 0; count < 200; count += 1) {
      const { outputs } = await create();
      const since = Date.parse(outputs.validSince);
      expect(since % 1000).not.toBe(0);
      expect(clock.now() - since).toBeLessThan(3000);
      expect(since).toBeLessThanOrEqual(clock.now());
      expect(Date.parse(outputs.validTo) - since).toBe(8 * hour);
    }
  });

  test("a declared end that passes while the create is queued fails the create before the POST", async () => {
    const { appliance, create } = lifecycleFixture();
    appliance.outcomes = ["lostBefore"];
    const [, late] = await Promise.allSettled([create(), create({ validTo: "2025-05-15T13:08:00.000Z" })]);
    expect(late).toMatchObject({
      status: "rejected",
      reason: { code: "rejected", message: expect.stringContaining("the window ended at 2025-05-15 13:08 UTC") },
    });
    expect(appliance.posts).toHaveLength(1);
  });
});

describe("clocks that differ", () => {
  test.each<[number, RegExp]>([
    [
      10 * minute,
      /clock is (9 min 59 s|10 min) ahead of this machine's.*ends (9 min 59 s|10 min) earlier than this machine expects/,
    ],
    [
      -10 * minute,
      /clock is (10 min|10 min 1 s) behind this machine's.*begins (10 min|10 min 1 s) later than this machine expects/,
    ],
  ])("by %d ms: a warning with the window comes before the POST", async (skew, text) => {
    const { appliance, create, warnings } = lifecycleFixture();
    appliance.skew = skew;
    appliance.meanwhile = () => expect(warnings).toEqual([expect.stringMatching(text)]);
    const { outputs } = await create();
    expect(warnings[0]).toContain(`${outputs.validSince} to ${outputs.validTo}`);
    expect(appliance.posts).toHaveLength(1);
  });

  test.each([
    [50_000, true],
    [-50_000, true],
    [10 * minute, false],
  ])("by %d ms, with a `Date` header: %s: no warning", async (skew, dated) => {
    const { appliance, create, warnings } = lifecycleFixture();
    Object.assign(appliance, { skew, dated });
    await create();
    expect(warnings).toEqual([]);
  });
});

describe("a share that exists is a success", () => {
  test.each<[string, () => never[], RegExp]>([
    [
      "its list fails",
      () => {
        throw new FudoError("unavailable", "GET: 503");
      },
      /was created, but its session's list could not be read \(GET: 503\)\. Its link is built as the vendor documents it/,
    ],
    [
      "its list fails unexpectedly",
      () => {
        throw new TypeError("x");
      },
      /its session's list could not be read \(unexpected failure\)/,
    ],
    ["its list does not show it", () => [], /the session's list does not show it yet/],
  ])("when %s", async (_, shown, warning) => {
    const { appliance, create, warnings } = lifecycleFixture();
    appliance.shown = (shares) => (appliance.lists > 1 ? shown() : shares);
    const { outputs } = await create();
    expect(outputs.key).toBe(appliance.shares[0]!.key);
    expect(outputs).not.toHaveProperty("createdAt");
    expect(warnings).toEqual([expect.stringMatching(warning)]);
  });
});

test("a share that exists is a success when its entry in the list cannot be used", async () => {
  const { appliance, create, warnings } = lifecycleFixture();
  const unusable = {
    get createdAt(): string {
      throw new TypeError("x");
    },
  };
  appliance.shown = (shares) =>
    shares.map((share) => Object.defineProperties({ ...share }, Object.getOwnPropertyDescriptors(unusable)));
  const { id, outputs } = await create();
  expect(outputs.key).toBe(appliance.shares[0]!.key);
  expect(id).toMatch(/\/[0-9a-f]{16}$/);
  expect(warnings).toEqual([expect.stringMatching(/was created, but .*\(unexpected failure\)/)]);
});

test("after the end of the engine no POST is sent, and queued creates fail", async () => {
  const { appliance, create, call } = lifecycleFixture();
  let alive = true;
  Object.assign(call, {
    assertEngineAlive: () => {
      if (!alive) throw new FudoError("cancelled", "the engine is gone");
    },
  });
  appliance.meanwhile = () => (alive = false);
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => create()));
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", ...Array<string>(7).fill("rejected")]);
  expect(appliance.posts).toHaveLength(1);
});

test("a failed snapshot fails its create, and the next create requests it again", async () => {
  const { appliance, create } = lifecycleFixture();
  appliance.shown = (shares) => {
    if (appliance.lists === 1) throw new FudoError("unauthorized", "403");
    return shares;
  };
  const error = failure(create());
  await create();
  expect(await error).toMatchObject({ code: "unauthorized" });
  expect(appliance.posts).toHaveLength(1);
});

describe("a cancelled run", () => {
  test("sends no POST after the cancellation, and finishes the one that was sent", async () => {
    const { appliance, create, cancel } = lifecycleFixture();
    appliance.meanwhile = cancel;
    const outcomes = await Promise.allSettled(Array.from({ length: 3 }, () => create()));
    expect(outcomes[0]).toMatchObject({ status: "fulfilled", value: { outputs: { key: appliance.shares[0]!.key } } });
    for (const outcome of outcomes.slice(1)) expect(outcome).toMatchObject({ reason: { code: "cancelled" } });
    expect(appliance.posts).toHaveLength(1);
  });

  test("sends no POST when the cancellation comes during the snapshot", async () => {
    const { appliance, create, cancel } = lifecycleFixture();
    appliance.shown = (shares) => (cancel(), shares);
    expect(await failure(create())).toMatchObject({ code: "cancelled" });
    expect(appliance.posts).toEqual([]);
  });

  test("ends a recovery after one last list", async () => {
    const { appliance, create, cancel, clock } = lifecycleFixture();
    appliance.outcomes = ["lostBefore"];
    appliance.meanwhile = cancel;
    expect(await failure(create())).toMatchObject({ code: "uncertain" });
    expect([appliance.lists, clock.slept.reduce((sum, ms) => sum + ms, 0)]).toEqual([2, 0]);
  });

  test("waits at most five seconds for that list", async () => {
    const { appliance, create, cancel, clock } = lifecycleFixture();
    appliance.outcomes = ["lostBefore"];
    appliance.meanwhile = () => {
      cancel();
      Object.assign(appliance, { listShares: () => new Promise(() => undefined) });
    };
    const error = await failure(create());
    expect(error.message).toContain("The session's list could not be read: the last list request timed out after 5 s.");
    expect(clock.slept).toEqual([5000]);
  });

  test("recovers a share that the last list shows", async () => {
    const { appliance, create, cancel } = lifecycleFixture();
    appliance.outcomes = ["lostAfter"];
    appliance.meanwhile = cancel;
    expect((await create()).outputs.key).toBe(appliance.shares[0]!.key);
  });
});
