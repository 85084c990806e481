// After a lost answer: what is owned, and what is left alone and said.
import { fingerprintOf } from "../../../provider/client/fingerprint";
import { FudoError } from "../../../provider/client/errors";
import { adoptShare } from "../../../provider/lifecycle/operations/adopt";
import { sessionId } from "../../support/states";
import { failure, stage } from "./fixture";

const minute = 60_000;
const declared = { validSince: "2025-05-15T14:00:00.000Z", validTo: "2025-05-15T22:00:00.000Z" };
const cutTo = (grain: number) => (request: { validSince: string; validTo: string }) => ({
  validSince: cut(request.validSince, grain),
  validTo: cut(request.validTo, grain),
});
const cut = (instant: string, grain: number) => new Date(Math.floor(Date.parse(instant) / grain) * grain).toISOString();

describe("what can only be ours is owned, without a second POST", () => {
  test.each<[string, object]>([
    ["a drawn window", {}],
    ["a declared window", declared],
  ])("%s", async (_, inputs) => {
    const { appliance, create, clock } = stage();
    appliance.fates = ["made"];
    const { outputs, notices } = await create(inputs);
    expect(outputs.key).toBe(appliance.shares[0]!.key);
    expect(notices).toEqual([expect.stringContaining("the answer to its creation was lost; the share was found")]);
    expect(appliance.posts).toHaveLength(1);
    expect(clock.slept).toEqual([]);
  });

  test.each([10, -10])("creation is judged by the appliance's clock, which is %d minutes off", async (minutes) => {
    const { appliance, create } = stage();
    appliance.skew = minutes * minute;
    appliance.fates = ["made"];
    expect((await create()).outputs.key).toBe(appliance.shares[0]!.key);
  });

  test("a replica may lag for a minute and a half", async () => {
    const { appliance, create, clock } = stage();
    appliance.fates = ["made"];
    const shownFrom = clock.now() + 1.5 * minute;
    appliance.shown = (shares) => shares.filter(() => clock.now() >= shownFrom);
    expect((await create()).outputs.key).toBe(appliance.shares[0]!.key);
  });

  test("lists may fail for a while", async () => {
    const { appliance, create } = stage();
    appliance.fates = ["made"];
    appliance.shown = (shares) => {
      if (appliance.lists > 1 && appliance.lists < 5) throw new FudoError("protocol", "GET: 200: not as documented");
      return shares;
    };
    expect((await create()).outputs.key).toBe(appliance.shares[0]!.key);
  });

  test("a capped end, where the drawn start tells whose share it is, and the notice says what was granted", async () => {
    const { appliance, create } = stage();
    appliance.kept = ({ validSince }) => ({ validTo: new Date(Date.parse(validSince) + 60 * minute).toISOString() });
    appliance.fates = ["made"];
    const { outputs, notices } = await create();
    expect(outputs).toMatchObject({ key: appliance.shares[0]!.key, grantedTo: appliance.shares[0]!.validTo });
    expect(notices).toContainEqual(expect.stringContaining("the appliance granted"));
  });

  test.each([
    ["seconds", 1000],
    ["minutes", minute],
  ])("a window kept in whole %s, once a share of ours has shown it", async (_, grain) => {
    const { appliance, create } = stage();
    appliance.kept = cutTo(grain);
    appliance.fates = ["answered", "made"];
    await create();
    expect((await create()).outputs.key).toBe(appliance.shares[1]!.key);
  });

  test("among others that appear in the same moment, with other windows or another mode", async () => {
    const { appliance, create } = stage();
    appliance.fates = ["made"];
    appliance.meanwhile = () => {
      appliance.add({ ...declared, validTo: "2025-05-15T22:00:01.000Z" });
      appliance.add({ ...declared, readonly: false });
      appliance.add({ ...declared, removed: true });
    };
    const { outputs } = await create(declared);
    expect(outputs.key).toBe(appliance.shares[3]!.key);
  });
});

describe("what cannot be told is `uncertain`, and names what was seen", () => {
  const uncertain = async (prepare: (on: ReturnType<typeof stage>) => void, inputs: object = declared) => {
    const on = stage();
    prepare(on);
    const error = await failure(on.create(inputs));
    expect(error).toMatchObject({ code: "uncertain", executed: "unknown" });
    expect(error.message).toContain("It was not sent again. Before the next `up` run fudo-audit");
    expect(on.appliance.posts).toHaveLength(1);
    return { ...on, message: error.message, waited: on.clock.slept.reduce((sum, ms) => sum + ms, 0) };
  };
  const names = (message: string, ...shares: { key?: string }[]) =>
    shares.forEach(({ key }) => expect(message).toContain(fingerprintOf(key!)));
  const nothing =
    "Nothing that could be it was seen in the session's list; a share that begins later may be hidden there.";

  test("nothing new for two minutes: the window asked for, and that scheduled shares may be hidden", async () => {
    const { message, waited } = await uncertain(({ appliance }) => (appliance.fates = ["unmade"]));
    expect(message).toContain(`Asked for: ${declared.validSince} to ${declared.validTo}, readonly true. ${nothing}`);
    expect(waited).toBeGreaterThan(100_000);
    expect(waited).toBeLessThanOrEqual(120_000);
  });

  test("a scheduled share that lists hide", async () => {
    const { message } = await uncertain(({ appliance }) => {
      appliance.fates = ["made"];
      appliance.shown = () => [];
    });
    expect(message).toContain(nothing);
  });

  test("a replica that lags for longer than two minutes", async () => {
    await uncertain(({ appliance, clock }) => {
      appliance.fates = ["made"];
      const shownFrom = clock.now() + 2.1 * minute;
      appliance.shown = (shares) => shares.filter(() => clock.now() >= shownFrom);
    });
  });

  test("two shares that fit: at once, and both are named", async () => {
    const { message, appliance, waited } = await uncertain(({ appliance }) => {
      appliance.fates = ["made"];
      appliance.meanwhile = () => appliance.add(declared);
    });
    expect(message).toContain("could be it (more than one fits): ");
    names(message, ...appliance.shares);
    expect(waited).toBe(0);
  });

  test.each<[string, object]>([
    ["no created_at", { createdAt: undefined }],
    ["no mode", { readonly: undefined }],
    ["no window", { validSince: undefined }],
  ])("%s in the list", async (_, without) => {
    const { message, appliance } = await uncertain(({ appliance }) => {
      appliance.fates = ["made"];
      appliance.shown = (shares) =>
        shares.map(
          (share) =>
            Object.fromEntries(
              Object.entries({ ...share, ...without }).filter(([, value]) => value !== undefined),
            ) as never,
        );
    });
    names(message, appliance.shares[0]!);
  });

  test.each([10, -10])("a clock %d minutes off, and no `Date` that tells it", async (minutes) => {
    await uncertain(({ appliance }) => {
      Object.assign(appliance, { skew: minutes * minute, dated: false, fates: ["made"] });
    });
  });

  test("a capped window with a declared start: another's share may have it too", async () => {
    const { message, appliance } = await uncertain(({ appliance }) => {
      appliance.kept = () => ({ validTo: "2025-05-15T18:00:00.000Z" });
      appliance.fates = ["made"];
    });
    names(message, appliance.shares[0]!);
  });

  test.each([
    ["seconds", 1000],
    ["minutes", minute],
  ])("a window kept in whole %s, while nothing has shown that the appliance does so", async (_, grain) => {
    const { message, appliance } = await uncertain(({ appliance }) => {
      appliance.kept = cutTo(grain);
      appliance.fates = ["made"];
    }, {});
    names(message, appliance.shares[0]!);
  });

  test("every list fails: that is said, and nothing about its content", async () => {
    const { message } = await uncertain(({ appliance }) => {
      appliance.fates = ["made"];
      appliance.shown = (shares) => {
        if (appliance.lists > 1) throw new FudoError("unavailable", "GET: 503 Service Unavailable");
        return shares;
      };
    });
    expect(message).toContain("The session's list could not be had: GET: 503 Service Unavailable.");
    expect(message).not.toContain("Nothing");
  });
});

describe("a stranger's share is never owned while our POST made none", () => {
  test.each<[string, object, object]>([
    [
      "made in the panel, on whole minutes",
      {},
      { validSince: "2025-05-15T13:07:00.000Z", validTo: "2025-05-15T21:07:00.000Z" },
    ],
    [
      "made in the panel, on whole seconds",
      {},
      { validSince: "2025-05-15T13:07:24.000Z", validTo: "2025-05-15T21:07:24.000Z" },
    ],
    ["with the declared start and a shorter end", declared, { ...declared, validTo: "2025-05-15T18:00:00.000Z" }],
    ["with another mode", declared, { ...declared, readonly: false }],
    ["made three seconds before the POST", declared, { ...declared, createdAt: "2025-05-15T13:07:21.000Z" }],
    ["made in the appliance's future", declared, { ...declared, createdAt: "2025-05-15T13:15:00.000Z" }],
  ])("%s", async (_, inputs, theirs) => {
    const { appliance, create } = stage();
    appliance.fates = ["unmade"];
    appliance.meanwhile = () => appliance.add(theirs);
    expect(await failure(create(inputs))).toMatchObject({ code: "uncertain" });
  });

  test("although the appliance cuts windows: an entry with a fraction proves that it keeps them now", async () => {
    const { appliance, create } = stage();
    appliance.kept = cutTo(1000);
    await create();
    appliance.kept = () => ({});
    await create();
    appliance.fates = ["unmade"];
    appliance.meanwhile = () => appliance.add(cutTo(1000)(appliance.posts.at(-1)!));
    expect(await failure(create())).toMatchObject({ code: "uncertain" });
  });

  test("although an end that the appliance capped looks like one that it cuts to minutes", async () => {
    const { appliance, create } = stage();
    const start = { validSince: "2025-05-15T13:00:00.000Z" };
    appliance.kept = () => ({ validTo: "2025-05-15T21:00:00.000Z" });
    await create({ ...start, validTo: "2025-05-15T21:00:30.000Z" });
    appliance.fates = ["unmade"];
    appliance.meanwhile = () => appliance.add({ ...start, validTo: "2025-05-15T20:00:00.000Z" });
    expect(await failure(create({ ...start, validTo: "2025-05-15T20:00:30.000Z" }))).toMatchObject({
      code: "uncertain",
    });
  });

  test("first shown while the appliance kept us waiting with 429", async () => {
    const { appliance, create, run, clock } = stage();
    const post = appliance.createShare.bind(appliance);
    const twice: typeof post = async (id, request, options) => {
      options?.beforeSend?.();
      clock.advance(5000);
      appliance.add(declared);
      await run.lists.fresh(sessionId);
      clock.advance(5000);
      return post(id, request, options);
    };
    Object.assign(appliance, { createShare: twice, fates: ["unmade"] });
    expect(await failure(create(declared))).toMatchObject({ code: "uncertain" });
  });
});

describe("claims", () => {
  test.each([
    ["unmade", "is not taken"],
    ["made", "does not stand in the way of ours"],
  ] as const)(
    "our POST %s: a share that another resource of this process adopted meanwhile %s",
    async (fate, _what) => {
      const { appliance, create, run } = stage();
      appliance.fates = [fate];
      let adopted = Promise.resolve("");
      appliance.meanwhile = () => {
        const { key } = appliance.add(declared);
        adopted = adoptShare(
          { sessionId, readonly: true, labels: {}, ...declared, adopt: fingerprintOf(key) },
          run,
        ).then(({ outputs }) => outputs.key);
      };
      const [outcome] = await Promise.allSettled([create(declared)]);
      expect(await adopted).toBe(appliance.shares[0]!.key);
      if (fate === "made")
        expect(outcome).toMatchObject({ status: "fulfilled", value: { outputs: { key: appliance.shares[1]!.key } } });
      else expect(outcome).toMatchObject({ status: "rejected", reason: { code: "uncertain" } });
    },
  );

  test("identical windows on one session are told apart, whichever answers are lost", async () => {
    const { appliance, create } = stage();
    appliance.fates = ["answered", "made", "made", "answered", "made"];
    const created = await Promise.all(Array.from({ length: 5 }, () => create(declared)));
    expect(created.map(({ outputs }) => outputs.key)).toEqual(appliance.shares.map(({ key }) => key));
  });

  test("what an `uncertain` POST made after all is not taken for the next one", async () => {
    const { appliance, create } = stage();
    appliance.fates = ["made", "unmade"];
    let hidden = true;
    appliance.shown = (shares) => shares.filter((_, index) => index > 0 || !hidden);
    expect(await failure(create(declared))).toMatchObject({ code: "uncertain" });
    appliance.meanwhile = () => (hidden = false);
    expect(await failure(create(declared))).toMatchObject({ code: "uncertain" });
  });

  test("an answer with the key of a share that was there before is no creation", async () => {
    const { appliance, create } = stage();
    const { key } = appliance.add(declared);
    appliance.createShare = (_id, _request, options) => {
      options?.beforeSend?.();
      return Promise.resolve({ share: { key, removed: false } });
    };
    const error = await failure(create(declared));
    expect(error).toMatchObject({
      code: "protocol",
      message: expect.stringContaining(`share ${fingerprintOf(key)}, which was there before`),
    });
    expect(error.message).toContain("declare `adopt`");
    expect(error.message).not.toContain(key);
  });

  test("two creations answered with one key make one owner", async () => {
    const { appliance, create } = stage();
    appliance.createShare = (_id, _request, options) => {
      options?.beforeSend?.();
      return Promise.resolve({ share: { key: "s".repeat(64), removed: false } });
    };
    const [first, second] = await Promise.allSettled([create(), create()]);
    expect([first.status, second.status]).toEqual(["fulfilled", "rejected"]);
  });
});
