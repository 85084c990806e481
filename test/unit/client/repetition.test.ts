// An answer that repeats the last one is read once, and nothing else is.
import { gzipSync } from "node:zlib";
import { MockAgent } from "undici";
import { createClient } from "../../../provider/client/client";
import { Repetition } from "../../../provider/client/repetition";
import { failure, options, origin, sessionId, sharePath, vendor } from "./fixture";

describe("a list that is asked for again", () => {
  let agent: MockAgent;
  beforeEach(() => (agent = new MockAgent()).disableNetConnect());
  afterEach(async () => {
    agent.assertNoPendingInterceptors();
    await agent.close();
  });

  // Long enough to be remembered: the sample's shares, and spaces.
  const good = vendor("session-share-list").padEnd(64 * 1024);
  const answered = (status: number, body: string | Buffer, headers: Record<string, string> = {}) =>
    agent.get(origin).intercept({ path: sharePath }).reply(status, body, { headers });

  test("is the same list where nothing changed, at the appliance's new time", async () => {
    answered(200, good, { date: "Thu, 15 May 2025 13:07:00 GMT" });
    answered(200, good, { date: "Thu, 15 May 2025 13:07:01 GMT" });
    const client = createClient(options(), agent);
    const [first, second] = [await client.listShares(sessionId), await client.listShares(sessionId)];
    expect(second.shares).toBe(first.shares);
    expect([first.applianceTime, second.applianceTime]).toEqual([
      Date.parse("2025-05-15T13:07:00Z"),
      Date.parse("2025-05-15T13:07:01Z"),
    ]);
  });

  test("is read anew where one letter changed", async () => {
    answered(200, good);
    answered(200, good.replace('"readonly": true', '"readonly": false'));
    const client = createClient(options(), agent);
    const [first, second] = [await client.listShares(sessionId), await client.listShares(sessionId)];
    expect([first.shares[0]?.readonly, second.shares[0]?.readonly]).toEqual([true, false]);
  });

  test.each([
    ["another status", 403, good, {}, "unauthorized"],
    ["an encoding that it has not", 200, good, { "content-encoding": "gzip" }, "protocol"],
  ])("is judged again with %s", async (_what, status, body, headers: Record<string, string>, code) => {
    answered(200, good);
    answered(status, body, headers);
    const client = createClient(options(), agent);
    await client.listShares(sessionId);
    expect(await failure(client.listShares(sessionId))).toMatchObject({ code });
  });

  test("a failure is not remembered", async () => {
    const packed = gzipSync(good, { level: 0 });
    answered(200, packed);
    answered(200, packed, { "content-encoding": "gzip" });
    const client = createClient(options(), agent);
    expect(await failure(client.listShares(sessionId))).toMatchObject({ code: "protocol" });
    expect((await client.listShares(sessionId)).shares).toHaveLength(2);
  });
});

test("what one question was answered with is nothing to another", () => {
  const repetition = new Repetition<object>();
  const raw = { status: 200, statusText: "OK", headers: {}, body: Buffer.alloc(64 * 1024, "[]") };
  const first = repetition.of("/1", raw, () => ({}));
  expect(repetition.of("/2", raw, () => ({}))).not.toBe(first);
  expect(repetition.of("/1", raw, () => ({}))).toBe(first);
});

test("a short one is read each time: that costs less", () => {
  const repetition = new Repetition<object>();
  const raw = { status: 200, statusText: "OK", headers: {}, body: Buffer.alloc(64 * 1024 - 1) };
  const first = repetition.of("/1", raw, () => ({}));
  expect(repetition.of("/1", raw, () => ({}))).not.toBe(first);
});
