// After an interrupted run: which live links a create names before its POST, and which one it takes over under FUDO_RECOVER.
import fc from "fast-check";
import { fingerprintOf } from "../../../provider/client/fingerprint";
import type { RecoverFlag } from "../../../provider/lifecycle";
import { declarationTag, tagMatch, taggedStart } from "../../../provider/lifecycle/share/declaration-tag";
import { hour, sessionId } from "../../support/states";
import { failure, lifecycleFixture } from "./fixture";

const minute = 60_000;
const tag = 10_500;
const otherTag = 33_001;
/** The fixture's clock shows 13:07:24.250. */
const start = "2025-05-15T13:06:10.500Z";
const iso = (ms: number) => new Date(ms).toISOString();
const at = (since: string, ms: number) => iso(Date.parse(since) + ms);
const leftover = (since = start, length = 8 * hour) => ({
  validSince: since,
  validTo: at(since, length),
  createdAt: at(since, 900),
});
const prints = (...shares: { key: string }[]) => shares.map(({ key }) => fingerprintOf(key));

describe("the declaration tag", () => {
  test("is the same for the same names, within 0 to 59,999, and depends on every name", () => {
    const names = ["org", "project", "dev", "pulumi-nodejs:dynamic/fudo:SessionShare", "vendor"];
    expect(declarationTag(names)).toBe(declarationTag([...names]));
    const others = names.map((_, index) => declarationTag(names.map((name, at) => (at === index ? `${name}2` : name))));
    expect(new Set([declarationTag(names), ...others]).size).toBe(names.length + 1);
    fc.assert(
      fc.property(fc.array(fc.string()), (any) => {
        const value = declarationTag(any);
        expect(Number.isInteger(value) && value >= 0 && value < minute).toBe(true);
      }),
    );
  });

  test("is in the seconds and milliseconds of a start at most 59.999 s ago", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: minute - 1 }), fc.integer({ min: 0, max: 4e12 }), (value, now) => {
        const since = taggedStart(value, now);
        expect([since <= now, now - since < minute, tagMatch(since, value)]).toEqual([true, true, "exact"]);
      }),
    );
  });

  test("is in the window of a new share, and the vendor gets the full length", async () => {
    const { create, clock, appliance } = lifecycleFixture();
    const { outputs } = await create({ declarationTag: tag });
    expect(outputs).toMatchObject({ validSince: "2025-05-15T13:07:10.500Z", validTo: iso(clock.now() + 8 * hour) });
    expect(outputs).not.toHaveProperty("declarationTag");
    expect(appliance.posts[0]).not.toHaveProperty("declarationTag");
  });

  test("does not move a declared start", async () => {
    const { create } = lifecycleFixture();
    const { outputs } = await create({ declarationTag: tag, validSince: "2025-05-15T14:00:00.000Z" });
    expect(outputs).toMatchObject({ validSince: "2025-05-15T14:00:00.000Z", validTo: "2025-05-15T22:00:00.000Z" });
  });
});

describe("without FUDO_RECOVER", () => {
  test("a live link of the declaration is named before the POST that doubles it", async () => {
    const { appliance, create, warnings } = lifecycleFixture();
    const left = appliance.add(leftover());
    appliance.meanwhile = () => expect(warnings).toHaveLength(1);
    const { outputs } = await create({ declarationTag: tag });
    expect(outputs.key).not.toBe(left.key);
    expect(warnings).toEqual([
      expect.stringMatching(
        new RegExp(
          `a live link of this declaration is not managed by this run.*share ${fingerprintOf(left.key)} of session ${sessionId} ` +
            String.raw`\(created 2025-05-15 13:06 UTC, works until 2025-05-15 21:06 UTC \(in .*\)\)`,
        ),
      ),
    ]);
    expect(warnings.join()).not.toContain(left.key);
  });

  test("at most five links are named, then a count", async () => {
    const { appliance, create, warnings } = lifecycleFixture();
    for (let count = 1; count <= 7; count += 1) appliance.add(leftover(at(start, -count * minute)));
    await create({ declarationTag: tag });
    expect(warnings[0]!.match(/created/g)).toHaveLength(5);
    expect(warnings[0]).toContain("; and 2 more");
  });

  test.each<[string, object, object]>([
    ["another declaration's link", leftover("2025-05-15T13:06:33.001Z"), {}],
    ["a removed link", { ...leftover(), removed: true }, {}],
    ["a link that may be removed", { ...leftover(), unreadable: ["removed"] }, {}],
    ["an expired link", leftover("2025-05-15T13:06:10.500Z", 1000), {}],
    ["a share created long after its start", { ...leftover(), createdAt: at(start, 5 * minute) }, {}],
    ["a share with a declared start", leftover(), { validSince: start }],
    ["a share without a readable window", { ...leftover(), validTo: undefined }, {}],
  ])("%s is not named", async (_, share, inputs) => {
    const { appliance, create, warnings } = lifecycleFixture();
    appliance.add(share);
    await create({ declarationTag: tag, ...inputs });
    expect(warnings.filter((text) => text.includes("not managed by this run"))).toEqual([]);
    expect(appliance.posts).toHaveLength(1);
  });

  test("a share that the state of this run holds is not named", async () => {
    const { appliance, create, run, warnings } = lifecycleFixture();
    const { key } = appliance.add(leftover());
    run.known.meet(`${sessionId}/${fingerprintOf(key)}`);
    await create({ declarationTag: tag });
    expect(warnings).toEqual([]);
  });

  test("an older class sets no tag: nothing is named", async () => {
    const { appliance, create, warnings } = lifecycleFixture();
    appliance.add(leftover());
    await create();
    expect(warnings).toEqual([]);
  });
});

describe("FUDO_RECOVER=true", () => {
  const newest = { recover: "newest" as const };

  test("takes over the newest link of the declaration instead of a POST, and names the others", async () => {
    const { appliance, create, warnings } = lifecycleFixture(newest);
    const older = appliance.add(leftover(at(start, -5 * minute)));
    const newer = appliance.add(leftover());
    const { id, outputs } = await create({ declarationTag: tag });
    expect(id).toBe(`${sessionId}/${fingerprintOf(newer.key)}`);
    expect(outputs).toMatchObject({ key: newer.key, validSince: start, validTo: newer.validTo, duration: "PT8H" });
    expect(appliance.posts).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/was taken over \(FUDO_RECOVER\).*works until .*stay unmanaged: share/),
    ]);
    expect(warnings[0]).toContain(prints(older)[0]);
  });

  test("takes each link once, and creates what is left", async () => {
    const { appliance, create } = lifecycleFixture(newest);
    appliance.add(leftover());
    const created = await Promise.all([create({ declarationTag: tag }), create({ declarationTag: tag })]);
    expect(new Set(created.map(({ id }) => id)).size).toBe(2);
    expect(appliance.posts).toHaveLength(1);
  });

  test("two declarations with the same arguments on one session each take over their own link", async () => {
    const { appliance, create } = lifecycleFixture(newest);
    const one = appliance.add(leftover());
    const two = appliance.add(leftover("2025-05-15T13:06:33.001Z"));
    const created = await Promise.all([create({ declarationTag: otherTag }), create({ declarationTag: tag })]);
    expect(created.map(({ outputs }) => outputs.key)).toEqual([two.key, one.key]);
  });

  test.each([
    ["up to a minute longer than the duration", 8 * hour + minute - 1],
    ["capped by the appliance", 4 * hour],
  ])("takes a window that is %s", async (_, length) => {
    const { appliance, create } = lifecycleFixture(newest);
    const { key } = appliance.add(leftover(start, length));
    expect((await create({ declarationTag: tag })).outputs.key).toBe(key);
  });

  test.each<[string, object]>([
    ["the window is longer", leftover(start, 9 * hour)],
    ["the window is of an earlier, shorter duration", leftover(start, 7 * hour + 13_750)],
    ["the mode differs", { ...leftover(), readonly: false }],
  ])("names the link and creates a share where %s", async (_, share) => {
    const { appliance, create, warnings } = lifecycleFixture(newest);
    const left = appliance.add(share);
    appliance.meanwhile = () => expect(warnings[0]).toContain(prints(left)[0]);
    expect((await create({ declarationTag: tag })).outputs.key).not.toBe(left.key);
    expect(appliance.posts).toHaveLength(1);
  });

  test("takes a link whose POST was retried after 429", async () => {
    const { appliance, create } = lifecycleFixture(newest);
    const { key } = appliance.add({ ...leftover(), createdAt: at(start, 3 * minute) });
    expect((await create({ declarationTag: tag })).outputs.key).toBe(key);
  });

  test("creates a share with a generated start although `Date` is behind it by less than a second", async () => {
    const { appliance, create, clock } = lifecycleFixture(newest);
    await create({ declarationTag: clock.now() % minute });
    expect(appliance.posts).toHaveLength(1);
  });

  test("takes a link with a declared end only if the end is the same", async () => {
    const { appliance, create } = lifecycleFixture(newest);
    const validTo = "2025-05-15T20:00:00.000Z";
    const { key } = appliance.add({ ...leftover(), validTo });
    expect((await create({ declarationTag: tag, validTo: "2025-05-15T20:00:01.000Z" })).outputs.key).not.toBe(key);
    expect((await create({ declarationTag: tag, validTo })).outputs.key).toBe(key);
  });

  test("creation is judged by the appliance's clock, also ten minutes off", async () => {
    const { appliance, create } = lifecycleFixture(newest);
    appliance.skew = 10 * minute;
    const { key } = appliance.add({ ...leftover(), createdAt: at(start, 10 * minute) });
    expect((await create({ declarationTag: tag })).outputs.key).toBe(key);
  });

  test.each<[string, object[], object, RegExp]>([
    [
      "only links older than a day are left",
      [leftover("2025-05-14T13:06:10.500Z", 48 * hour)],
      { duration: "PT48H" },
      /older than 24 hours: share/,
    ],
    [
      "a link with the declared window may be its own",
      [leftover()],
      { validSince: start },
      /may be of this declaration: share/,
    ],
    [
      "coarse storage (seconds) hides the tag",
      [leftover("2025-05-15T13:06:10.000Z")],
      {},
      /may be of this declaration: share/,
    ],
    [
      "coarse storage (minutes) hides the tag",
      [leftover("2025-05-15T13:06:00.000Z")],
      {},
      /may be of this declaration: share/,
    ],
    ["an entry cannot be identified", [{ ...leftover(), key: undefined }], {}, /no readable key/],
    [
      "the appliance may hide a share that starts later",
      [],
      { validSince: "2025-05-15T15:00:00.000Z" },
      /start is in the future/,
    ],
  ])("refuses, without a POST, when %s", async (_, shares, inputs, why) => {
    const { appliance, create } = lifecycleFixture(newest);
    for (const share of shares) appliance.add(share);
    const error = await failure(create({ declarationTag: tag, ...inputs }));
    expect(error).toMatchObject({ code: "refused", message: expect.stringMatching(why) });
    expect(error.message).toContain("FUDO_RECOVER=<fingerprint>");
    expect(appliance.posts).toEqual([]);
  });

  test("creates a scheduled share where the list shows another scheduled one", async () => {
    const { appliance, create } = lifecycleFixture(newest);
    appliance.add(leftover("2025-05-15T18:00:00.000Z"));
    await create({ declarationTag: tag, validSince: "2025-05-15T15:00:00.000Z" });
    expect(appliance.posts).toHaveLength(1);
  });

  test("creates a share as usual where no link is left", async () => {
    const { appliance, create, warnings } = lifecycleFixture(newest);
    await create({ declarationTag: tag });
    expect([appliance.posts.length, warnings]).toEqual([1, []]);
  });
});

describe("FUDO_RECOVER=<fingerprint>", () => {
  const only = (...shares: { key: string }[]): { recover: RecoverFlag } => ({ recover: new Set(prints(...shares)) });

  test("takes over exactly the named share, of any age", async () => {
    const old = { ...leftover("2025-05-12T13:06:10.500Z", 96 * hour), key: "o".repeat(64) };
    const { appliance, create } = lifecycleFixture(only(old));
    appliance.add(old);
    appliance.add(leftover());
    expect((await create({ declarationTag: tag, duration: "PT96H" })).outputs.key).toBe(old.key);
    expect(appliance.posts).toEqual([]);
  });

  test("takes a share with a declared start, and keeps what is declared", async () => {
    const named = { ...leftover("2025-05-15T13:00:20.000Z"), key: "n".repeat(64) };
    const { appliance, create } = lifecycleFixture(only(named));
    appliance.add(named);
    const { outputs } = await create({ declarationTag: tag, validSince: "2025-05-15T13:00:00.000Z" });
    expect(outputs).toMatchObject({ key: named.key, validSince: "2025-05-15T13:00:00.000Z" });
  });

  test("takes it once; other creates behave as without the flag", async () => {
    const named = { ...leftover(), key: "n".repeat(64) };
    const { appliance, create } = lifecycleFixture(only(named));
    appliance.add(named);
    const keys = (await Promise.all([create({ declarationTag: otherTag }), create({ declarationTag: tag })])).map(
      ({ outputs }) => outputs.key,
    );
    expect(keys.filter((key) => key === named.key)).toHaveLength(1);
    expect(appliance.posts).toHaveLength(1);
  });

  test("does not take a share whose mode or window does not match", async () => {
    const named = { ...leftover(), key: "n".repeat(64) };
    const { appliance, create } = lifecycleFixture(only(named));
    appliance.add(named);
    expect((await create({ declarationTag: tag, readonly: false })).outputs.key).not.toBe(named.key);
    expect((await create({ declarationTag: tag, duration: "PT9H" })).outputs.key).not.toBe(named.key);
  });
});

describe("the rest of the run", () => {
  test("a second create of an uncertain declaration sends no POST", async () => {
    const { appliance, create } = lifecycleFixture();
    appliance.outcomes = ["lostBefore"];
    expect(await failure(create({ declarationTag: tag }))).toMatchObject({ code: "uncertain" });
    const again = await failure(create({ declarationTag: tag }));
    expect(again).toMatchObject({ code: "uncertain", message: expect.stringContaining("FUDO_RECOVER=true pulumi up") });
    expect(appliance.posts).toHaveLength(1);
    await create({ declarationTag: otherTag });
    expect(appliance.posts).toHaveLength(2);
  });

  test("of an older class, which sets no tag, an uncertain create stops no other one with the same inputs", async () => {
    const { appliance, create } = lifecycleFixture();
    appliance.outcomes = ["lostBefore"];
    expect(await failure(create())).toMatchObject({ code: "uncertain" });
    await create();
    expect(appliance.posts).toHaveLength(2);
  });

  test("a window that is over by the appliance's clock fails before the POST", async () => {
    const { appliance, create } = lifecycleFixture();
    appliance.skew = 7 * minute;
    const error = await failure(create({ declarationTag: tag, duration: "PT6M" }));
    expect(error).toMatchObject({ code: "config", message: expect.stringContaining("the link would never work") });
    await create({ declarationTag: tag, duration: "PT9M" });
    expect(appliance.posts).toHaveLength(1);
  });
});
