// After a lost response: which share is recovered, and what an `uncertain` error says.
import { fingerprintOf } from "../../../provider/client/fingerprint";
import { FudoError } from "../../../provider/client/errors";
import { adoptShare } from "../../../provider/lifecycle/operations/adopt";
import { sessionId } from "../../support/states";
import { failure, lifecycleFixture } from "./fixture";

const minute = 60_000;
const declared = { validSince: "2025-05-15T14:00:00.000Z", validTo: "2025-05-15T22:00:00.000Z" };
const cutTo = (unit: number) => (request: { validSince: string; validTo: string }) => ({
  validSince: cut(request.validSince, unit),
  validTo: cut(request.validTo, unit),
});
const cut = (instant: string, unit: number) => new Date(Math.floor(Date.parse(instant) / unit) * unit).toISOString();
/** The window that another process of the same declaration requests: the same tagged start, another end. */
const endingApart = ({ validSince, validTo }: { validSince: string; validTo: string }, apart: number) => ({
  validSince,
  validTo: new Date(Date.parse(validTo) + apart).toISOString(),
});

describe("a share that can only be the requested one is recovered without a second POST", () => {
  test.each<[string, object]>([
    ["a generated window", {}],
    ["a declared window", declared],
  ])("%s", async (_, inputs) => {
    const { appliance, create, clock, warnings } = lifecycleFixture();
    appliance.outcomes = ["lostAfter"];
    const { outputs } = await create(inputs);
    expect(outputs.key).toBe(appliance.shares[0]!.key);
    expect(warnings).toEqual([
      expect.stringContaining(
        "the connection failed before the create response arrived. The share was found on the appliance and is now managed",
      ),
    ]);
    expect(appliance.posts).toHaveLength(1);
    expect(clock.slept).toEqual([]);
  });

  test.each([10, -10])(
    "the appliance's clock decides when a share was created, also %d minutes off",
    async (minutes) => {
      const { appliance, create } = lifecycleFixture();
      appliance.skew = minutes * minute;
      appliance.outcomes = ["lostAfter"];
      expect((await create()).outputs.key).toBe(appliance.shares[0]!.key);
    },
  );

  test("a replica that lags for a minute and a half", async () => {
    const { appliance, create, clock } = lifecycleFixture();
    appliance.outcomes = ["lostAfter"];
    const shownFrom = clock.now() + 1.5 * minute;
    appliance.shown = (shares) => shares.filter(() => clock.now() >= shownFrom);
    expect((await create()).outputs.key).toBe(appliance.shares[0]!.key);
  });

  test("lists that fail for a while", async () => {
    const { appliance, create } = lifecycleFixture();
    appliance.outcomes = ["lostAfter"];
    appliance.shown = (shares) => {
      if (appliance.lists > 1 && appliance.lists < 5) throw new FudoError("protocol", "GET: 200: not as documented");
      return shares;
    };
    expect((await create()).outputs.key).toBe(appliance.shares[0]!.key);
  });

  test("a capped end, where the generated start identifies the share; a warning says what was granted", async () => {
    const { appliance, create, warnings } = lifecycleFixture();
    appliance.stored = ({ validSince }) => ({ validTo: new Date(Date.parse(validSince) + 60 * minute).toISOString() });
    appliance.outcomes = ["lostAfter"];
    const { outputs } = await create();
    expect(outputs).toMatchObject({ key: appliance.shares[0]!.key, grantedTo: appliance.shares[0]!.validTo });
    expect(warnings).toContainEqual(expect.stringContaining("the appliance granted"));
  });

  test.each([-59_999, -20, 20, 59_999])(
    "although another process of this declaration creates one that ends %d ms apart",
    async (apart) => {
      const { appliance, create } = lifecycleFixture();
      appliance.outcomes = ["lostAfter"];
      appliance.meanwhile = () => appliance.add(endingApart(appliance.posts.at(-1)!, apart));
      const { outputs } = await create();
      expect(outputs.validTo).toBe(appliance.posts[0]!.validTo);
      expect(appliance.shares.find(({ key }) => key === outputs.key)).toMatchObject({ validTo: outputs.validTo });
    },
  );

  test.each([
    ["seconds", 1000],
    ["minutes", minute],
  ])("a window stored in whole %s, once another share of this run has shown that", async (_, unit) => {
    const { appliance, create } = lifecycleFixture();
    appliance.stored = cutTo(unit);
    appliance.outcomes = ["created", "lostAfter"];
    await create();
    expect((await create()).outputs.key).toBe(appliance.shares[1]!.key);
  });

  test("among shares that appear at the same moment with other windows or another mode", async () => {
    const { appliance, create } = lifecycleFixture();
    appliance.outcomes = ["lostAfter"];
    appliance.meanwhile = () => {
      appliance.add({ ...declared, validTo: "2025-05-15T22:00:01.000Z" });
      appliance.add({ ...declared, readonly: false });
      appliance.add({ ...declared, removed: true });
    };
    const { outputs } = await create(declared);
    expect(outputs.key).toBe(appliance.shares[3]!.key);
  });
});

describe("an outcome that is not clear is `uncertain`, and the error says what was seen", () => {
  const uncertain = async (
    prepare: (given: ReturnType<typeof lifecycleFixture>) => void,
    inputs: object = declared,
  ) => {
    const given = lifecycleFixture();
    prepare(given);
    const error = await failure(given.create(inputs));
    expect(error).toMatchObject({ code: "uncertain", executed: "unknown" });
    expect(error.message).toContain("The request was not sent again. Before the next `pulumi up`, run fudo-audit");
    expect(given.appliance.posts).toHaveLength(1);
    return { ...given, message: error.message, waited: given.clock.slept.reduce((sum, ms) => sum + ms, 0) };
  };
  const names = (message: string, ...shares: { key?: string }[]) =>
    shares.forEach(({ key }) => expect(message).toContain(fingerprintOf(key!)));
  const nothing = "The list shows no new share that matches; the appliance may hide a share that starts later.";

  test("nothing new for two minutes: the error has the requested window and says that scheduled shares may be hidden", async () => {
    const { message, waited } = await uncertain(({ appliance }) => (appliance.outcomes = ["lostBefore"]));
    expect(message).toContain(`Requested: ${declared.validSince} to ${declared.validTo}, readonly true. ${nothing}`);
    expect(waited).toBeGreaterThan(100_000);
    expect(waited).toBeLessThanOrEqual(120_000);
  });

  test("a scheduled share that lists hide", async () => {
    const { message } = await uncertain(({ appliance }) => {
      appliance.outcomes = ["lostAfter"];
      appliance.shown = () => [];
    });
    expect(message).toContain(nothing);
  });

  test("a replica that lags for longer than two minutes", async () => {
    await uncertain(({ appliance, clock }) => {
      appliance.outcomes = ["lostAfter"];
      const shownFrom = clock.now() + 2.1 * minute;
      appliance.shown = (shares) => shares.filter(() => clock.now() >= shownFrom);
    });
  });

  test("two matching shares: at once, and both are named", async () => {
    const { message, appliance, waited } = await uncertain(({ appliance }) => {
      appliance.outcomes = ["lostAfter"];
      appliance.meanwhile = () => appliance.add(declared);
    });
    expect(message).toContain("possibly this share (more than one matches): ");
    names(message, ...appliance.shares);
    expect(waited).toBe(0);
  });

  test.each<[string, object]>([
    ["no created_at", { createdAt: undefined }],
    ["no mode", { readonly: undefined }],
    ["no window", { validSince: undefined }],
    ["an unreadable `removed`", { unreadable: ["removed"] }],
  ])("%s in the list", async (_, without) => {
    const { message, appliance } = await uncertain(({ appliance }) => {
      appliance.outcomes = ["lostAfter"];
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

  test.each([10, -10])("a clock %d minutes off, and no `Date` header", async (minutes) => {
    await uncertain(({ appliance }) => {
      Object.assign(appliance, { skew: minutes * minute, dated: false, outcomes: ["lostAfter"] });
    });
  });

  test("a capped window with a declared start: another share may have it too", async () => {
    const { message, appliance } = await uncertain(({ appliance }) => {
      appliance.stored = () => ({ validTo: "2025-05-15T18:00:00.000Z" });
      appliance.outcomes = ["lostAfter"];
    });
    names(message, appliance.shares[0]!);
  });

  test.each([
    ["seconds", 1000],
    ["minutes", minute],
  ])("a window stored in whole %s, while nothing has shown that the appliance does that", async (_, unit) => {
    const { message, appliance } = await uncertain(({ appliance }) => {
      appliance.stored = cutTo(unit);
      appliance.outcomes = ["lostAfter"];
    }, {});
    names(message, appliance.shares[0]!);
  });

  test("every list fails: the error says so, and nothing about the content", async () => {
    const { message } = await uncertain(({ appliance }) => {
      appliance.outcomes = ["lostAfter"];
      appliance.shown = (shares) => {
        if (appliance.lists > 1) throw new FudoError("unavailable", "GET: 503 Service Unavailable");
        return shares;
      };
    });
    expect(message).toContain("The session's list could not be read: GET: 503 Service Unavailable.");
    expect(message).not.toContain("no new share");
  });
});

describe("another share is never taken while the POST created none", () => {
  test.each<[string, object, object]>([
    [
      "created in the panel, on whole minutes",
      {},
      { validSince: "2025-05-15T13:07:00.000Z", validTo: "2025-05-15T21:07:00.000Z" },
    ],
    [
      "created in the panel, on whole seconds",
      {},
      { validSince: "2025-05-15T13:07:24.000Z", validTo: "2025-05-15T21:07:24.000Z" },
    ],
    ["with the declared start and a shorter end", declared, { ...declared, validTo: "2025-05-15T18:00:00.000Z" }],
    ["with another mode", declared, { ...declared, readonly: false }],
    ["created three seconds before the POST", declared, { ...declared, createdAt: "2025-05-15T13:07:21.000Z" }],
    ["created in the appliance's future", declared, { ...declared, createdAt: "2025-05-15T13:15:00.000Z" }],
  ])("%s", async (_, inputs, other) => {
    const { appliance, create } = lifecycleFixture();
    appliance.outcomes = ["lostBefore"];
    appliance.meanwhile = () => appliance.add(other);
    expect(await failure(create(inputs))).toMatchObject({ code: "uncertain" });
  });

  test.each([-59_999, -20, 20, 59_999])(
    "of another process of this declaration, that ends %d ms apart",
    async (apart) => {
      const { appliance, create } = lifecycleFixture();
      appliance.outcomes = ["lostBefore"];
      appliance.meanwhile = () => appliance.add(endingApart(appliance.posts.at(-1)!, apart));
      expect(await failure(create())).toMatchObject({ code: "uncertain" });
    },
  );

  test("although the appliance cut windows before: an entry with a fraction proves that it keeps them now", async () => {
    const { appliance, create } = lifecycleFixture();
    appliance.stored = cutTo(1000);
    await create();
    appliance.stored = () => ({});
    await create();
    appliance.outcomes = ["lostBefore"];
    appliance.meanwhile = () => appliance.add(cutTo(1000)(appliance.posts.at(-1)!));
    expect(await failure(create())).toMatchObject({ code: "uncertain" });
  });

  test("although a capped end looks like one that the appliance cut to minutes", async () => {
    const { appliance, create } = lifecycleFixture();
    const start = { validSince: "2025-05-15T13:00:00.000Z" };
    appliance.stored = () => ({ validTo: "2025-05-15T21:00:00.000Z" });
    await create({ ...start, validTo: "2025-05-15T21:00:30.000Z" });
    appliance.outcomes = ["lostBefore"];
    appliance.meanwhile = () => appliance.add({ ...start, validTo: "2025-05-15T20:00:00.000Z" });
    expect(await failure(create({ ...start, validTo: "2025-05-15T20:00:30.000Z" }))).toMatchObject({
      code: "uncertain",
    });
  });

  test("a share that appeared during the wait after a 429", async () => {
    const { appliance, create, run, call, clock } = lifecycleFixture();
    const post = appliance.createShare.bind(appliance);
    const twice: typeof post = async (id, request, options) => {
      options?.beforeSend?.();
      clock.advance(5000);
      appliance.add(declared);
      await run.lists.fetch(sessionId, call.signal);
      clock.advance(5000);
      return post(id, request, options);
    };
    Object.assign(appliance, { createShare: twice, outcomes: ["lostBefore"] });
    expect(await failure(create(declared))).toMatchObject({ code: "uncertain" });
  });
});

describe("managed shares", () => {
  test.each([
    ["lostBefore", "is not taken"],
    ["lostAfter", "does not prevent the recovery"],
  ] as const)("%s: a share that another resource of this process adopted meanwhile %s", async (outcome, _what) => {
    const { appliance, create, run, call } = lifecycleFixture();
    appliance.outcomes = [outcome];
    let adopted = Promise.resolve("");
    appliance.meanwhile = () => {
      const { key } = appliance.add(declared);
      adopted = adoptShare(
        { sessionId, readonly: true, labels: {}, ...declared, adopt: fingerprintOf(key) },
        run,
        call,
      ).then(({ outputs }) => outputs.key);
    };
    const [result] = await Promise.allSettled([create(declared)]);
    expect(await adopted).toBe(appliance.shares[0]!.key);
    if (outcome === "lostAfter")
      expect(result).toMatchObject({ status: "fulfilled", value: { outputs: { key: appliance.shares[1]!.key } } });
    else expect(result).toMatchObject({ status: "rejected", reason: { code: "uncertain" } });
  });

  test("identical windows on one session are told apart, whichever responses are lost", async () => {
    const { appliance, create } = lifecycleFixture();
    appliance.outcomes = ["created", "lostAfter", "lostAfter", "created", "lostAfter"];
    const created = await Promise.all(Array.from({ length: 5 }, () => create(declared)));
    expect(created.map(({ outputs }) => outputs.key)).toEqual(appliance.shares.map(({ key }) => key));
  });

  test("a share of an `uncertain` create that appears later is not taken by the next create", async () => {
    const { appliance, create } = lifecycleFixture();
    appliance.outcomes = ["lostAfter", "lostBefore"];
    let hidden = true;
    appliance.shown = (shares) => shares.filter((_, index) => index > 0 || !hidden);
    expect(await failure(create(declared))).toMatchObject({ code: "uncertain" });
    appliance.meanwhile = () => (hidden = false);
    expect(await failure(create(declared))).toMatchObject({ code: "uncertain" });
  });

  test("a response with the key of an existing share is no create", async () => {
    const { appliance, create } = lifecycleFixture();
    const { key } = appliance.add(declared);
    appliance.createShare = (_id, _request, options) => {
      options?.beforeSend?.();
      return Promise.resolve({ share: { key, removed: false } });
    };
    const error = await failure(create(declared));
    expect(error).toMatchObject({
      code: "protocol",
      message: expect.stringContaining(`share ${fingerprintOf(key)}, which existed before`),
    });
    expect(error.message).toContain("declare `adopt`");
    expect(error.message).not.toContain(key);
  });

  test("of two creates that get the same key, one manages it and one fails", async () => {
    const { appliance, create } = lifecycleFixture();
    appliance.createShare = (_id, _request, options) => {
      options?.beforeSend?.();
      return Promise.resolve({ share: { key: "s".repeat(64), removed: false } });
    };
    const [first, second] = await Promise.allSettled([create(), create()]);
    expect([first.status, second.status]).toEqual(["fulfilled", "rejected"]);
  });
});
