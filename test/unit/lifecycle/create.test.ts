// What creation decides beside the lost answer: the window, the turn, the warning of wrong clocks, the completing list.
import { FudoError } from "../../../provider/client/errors";
import { hour } from "../../support/states";
import { failure, stage } from "./fixture";

const minute = 60_000;

describe("a drawn window", () => {
  test("begins in the second before now, never on a whole second, and lasts as declared", async () => {
    const { create, clock } = stage();
    for (let turn = 0; turn < 200; turn += 1) {
      const { outputs } = await create();
      const since = Date.parse(outputs.validSince);
      expect(since % 1000).not.toBe(0);
      expect(clock.now() - since).toBeLessThan(3000);
      expect(since).toBeLessThanOrEqual(clock.now());
      expect(Date.parse(outputs.validTo) - since).toBe(8 * hour);
    }
  });

  test("a declared end that is over when the turn comes is refused before the POST", async () => {
    const { appliance, create } = stage();
    appliance.fates = ["unmade"];
    const [, late] = await Promise.allSettled([create(), create({ validTo: "2025-05-15T13:08:00.000Z" })]);
    expect(late).toMatchObject({
      status: "rejected",
      reason: { code: "rejected", message: expect.stringContaining("the window was over at 2025-05-15T13:08:00.000Z") },
    });
    expect(appliance.posts).toHaveLength(1);
  });
});

describe("clocks that differ", () => {
  test.each<[number, RegExp]>([
    [10 * minute, /clock is (9 min 59 s|10 min) ahead of this machine's.*ends (9 min 59 s|10 min) earlier than here/],
    [-10 * minute, /clock is (10 min|10 min 1 s) behind this machine's.*begins (10 min|10 min 1 s) later than here/],
  ])("by %d ms: said before the share is made, with the window", async (skew, text) => {
    const { appliance, create, said } = stage();
    appliance.skew = skew;
    appliance.meanwhile = () => expect(said).toEqual([expect.stringMatching(text)]);
    const { outputs } = await create();
    expect(said[0]).toContain(`${outputs.validSince} to ${outputs.validTo}`);
    expect(appliance.posts).toHaveLength(1);
  });

  test.each([
    [50_000, true],
    [-50_000, true],
    [10 * minute, false],
  ])("by %d ms, told by `Date`: %s: not a word", async (skew, dated) => {
    const { appliance, create, said } = stage();
    Object.assign(appliance, { skew, dated });
    await create();
    expect(said).toEqual([]);
  });
});

describe("a share that exists is a success", () => {
  test.each<[string, () => never[], RegExp]>([
    [
      "its list fails",
      () => {
        throw new FudoError("unavailable", "GET: 503");
      },
      /is created and its link is built as documented, but its session's list failed \(GET: 503\)/,
    ],
    [
      "its list fails for no known reason",
      () => {
        throw new TypeError("x");
      },
      /its session's list failed \(unexpectedly\)/,
    ],
    [
      "its list does not show it",
      () => [],
      /its session's list does not show it \(yet\)|the session's list does not show it \(yet\)/,
    ],
  ])("although %s", async (_, shown, notice) => {
    const { appliance, create } = stage();
    appliance.shown = (shares) => (appliance.lists > 1 ? shown() : shares);
    const { outputs, notices } = await create();
    expect(outputs.key).toBe(appliance.shares[0]!.key);
    expect(outputs).not.toHaveProperty("createdAt");
    expect(notices).toEqual([expect.stringMatching(notice)]);
  });
});

test("nothing is sent when the engine is gone, nor after it, for whoever waited", async () => {
  const { appliance, create, run } = stage();
  let alive = true;
  Object.assign(run, {
    demandEngine: () => {
      if (!alive) throw new FudoError("cancelled", "the engine is gone");
    },
  });
  appliance.meanwhile = () => (alive = false);
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => create()));
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", ...Array<string>(7).fill("rejected")]);
  expect(appliance.posts).toHaveLength(1);
});

test("a baseline that fails fails its creation, and the next one asks again", async () => {
  const { appliance, create } = stage();
  appliance.shown = (shares) => {
    if (appliance.lists === 1) throw new FudoError("unauthorized", "403");
    return shares;
  };
  const error = failure(create());
  await create();
  expect(await error).toMatchObject({ code: "unauthorized" });
  expect(appliance.posts).toHaveLength(1);
});
