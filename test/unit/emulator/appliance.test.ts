// The documented behaviour over HTTP, and the actions of an administrator in the panel.
import { send, firstSession, inSampleWindow, list, listedKeys, sampleBody, share, sharePath } from "./requests";
import { startTestEmulator } from "./fixture";

const hour = 3_600_000;

describe("authorization", () => {
  test.each(["Bearer KEY", "bearer KEY", "Basic KEY", "KEY,KEY", "", "key"])(
    "%j is rejected: the header must be the raw key",
    async (form) => {
      const emulator = await startTestEmulator();
      const { status, json } = await list(emulator, {
        headers: { Authorization: form.replaceAll("KEY", emulator.apiKey) },
      });
      expect([status, json.result]).toEqual([401, "failure"]);
    },
  );

  test("after a rotation the old key is rejected, the new key works, and other keys still work", async () => {
    const emulator = await startTestEmulator();
    const old = emulator.apiKey;
    const additional = emulator.addApiKey();
    expect(emulator.rotateKey()).toBe(emulator.apiKey);
    const statuses = [old, emulator.apiKey, additional].map(
      async (key) => (await list(emulator, { headers: { Authorization: key } })).status,
    );
    expect(await Promise.all(statuses)).toEqual([401, 200, 200]);
  });

  test("a blocked user's key is rejected until the user is unblocked", async () => {
    const emulator = await startTestEmulator();
    emulator.blockUser();
    expect((await list(emulator)).status).toBe(401);
    emulator.unblockUser();
    expect((await list(emulator)).status).toBe(200);
  });

  test("a rejected POST creates no share", async () => {
    const emulator = await startTestEmulator();
    expect((await share(emulator, {}, { headers: { Authorization: "wrong" } })).status).toBe(401);
    expect(emulator.shares()).toEqual([]);
  });
});

describe("the body of a POST", () => {
  const body = JSON.parse(sampleBody) as Record<string, unknown>;
  const without = (name: string) => JSON.stringify({ ...body, [name]: undefined });
  const withOne = (name: string, value: unknown) => JSON.stringify({ ...body, [name]: value });

  test.each([
    ["a body without valid_since", without("valid_since")],
    ["a body without valid_to", without("valid_to")],
    ["a body without readonly", without("readonly")],
    ["a null", withOne("valid_to", null)],
    ["readonly as text", withOne("readonly", "true")],
    ["readonly as a number", withOne("readonly", 1)],
    ["a number as a time", withOne("valid_to", 1747314420000)],
    ["a time with an offset", withOne("valid_to", "2025-05-15T21:07:00.000+00:00")],
    ["a time without milliseconds", withOne("valid_to", "2025-05-15T21:07:00Z")],
    ["a day that does not exist", withOne("valid_to", "2025-06-31T21:07:00.000Z")],
    ["an array as the body", "[]"],
    ["a string as the body", '"x"'],
    ["null as the body", "null"],
    ["a truncated body", sampleBody.slice(0, 40)],
    ["a __proto__ attribute", `{"__proto__": ${sampleBody}}`],
    ["a body that is too large", JSON.stringify({ ...body, note: "x".repeat(2_000_000) })],
  ])("%s is rejected and creates no share", async (_what, text) => {
    const emulator = await startTestEmulator();
    const { status, json } = await send(emulator, "POST", sharePath(firstSession(emulator)), { body: text });
    expect([400, 413]).toContain(status);
    expect(json.result).toBe("failure");
    expect(emulator.shares()).toEqual([]);
  });

  test("identical requests create two shares with different keys", async () => {
    const emulator = await startTestEmulator();
    const keys = [
      (await share(emulator)).json.session_share.key,
      (await share(emulator)).json.session_share.key,
    ] as string[];
    expect(new Set(keys).size).toBe(2);
    expect(await listedKeys(emulator)).toEqual(keys);
  });

  test("a session_id equal to the one in the path is accepted", async () => {
    const emulator = await startTestEmulator();
    expect((await share(emulator, { session_id: firstSession(emulator) })).status).toBe(200);
  });

  test("a Content-Type can have a charset and capital letters, as on the vendor's page", async () => {
    const emulator = await startTestEmulator();
    const types = ["Application/json", "application/json; charset=utf-8"];
    for (const type of types)
      expect((await share(emulator, {}, { headers: { "Content-Type": type } })).status).toBe(200);
  });
});

describe("the records of shares", () => {
  test("contain what was requested, when, and by which user", async () => {
    const emulator = await startTestEmulator();
    const { key } = (await share(emulator, { readonly: false })).json.session_share as { key: string };
    expect(emulator.shares()).toEqual([
      {
        id: expect.stringMatching(/^\d{19}$/),
        sessionId: firstSession(emulator),
        userId: expect.stringMatching(/^\d{19}$/),
        key,
        link: `/sessions/${firstSession(emulator)}/?key=${key}`,
        validSince: "2025-05-15T13:07:00.000Z",
        validTo: "2025-05-15T21:07:00.000Z",
        readonly: false,
        createdAt: expect.stringMatching(/^2025-05-15T15:00:00\.000\d{3}Z$/),
        modifiedAt: expect.any(String),
        removed: false,
      },
    ]);
  });

  test("IDs are between 2^53 and 2^63", async () => {
    const emulator = await startTestEmulator({ sessions: 300 });
    for (const id of emulator.sessions) expect(BigInt(id) > 2n ** 53n && BigInt(id) < 2n ** 63n).toBe(true);
    expect(new Set(emulator.sessions).size).toBe(300);
  });

  test("are separate for each session, and an unknown session throws", async () => {
    const emulator = await startTestEmulator();
    const [one = "", two = ""] = emulator.sessions;
    const made = emulator.addShare(two);
    expect([emulator.shares(one), emulator.shares(two), emulator.shares()]).toEqual([[], [made], [made]]);
    expect(() => emulator.shares("1")).toThrow(RangeError);
  });
});

describe("an administrator", () => {
  test("can revoke a share: it is no longer listed, its link stops working, and its record says removed", async () => {
    const emulator = await startTestEmulator();
    const { key, link } = emulator.addShare(firstSession(emulator));
    expect((await send(emulator, "GET", link)).status).toBe(200);
    emulator.revoke(key);
    expect(await listedKeys(emulator)).toEqual([]);
    expect((await send(emulator, "GET", link)).status).toBe(404);
    expect(emulator.shares()).toMatchObject([{ key, removed: true }]);
    emulator.restore(key);
    expect(await listedKeys(emulator)).toEqual([key]);
    expect(() => emulator.revoke("nonsense")).toThrow(RangeError);
  });

  test("can remove a session: its list returns 404 until the session is restored with its shares", async () => {
    const emulator = await startTestEmulator();
    const session = firstSession(emulator);
    const { key, link } = emulator.addShare(session);
    emulator.removeSession(session);
    const paths = [
      send(emulator, "GET", sharePath(session)),
      send(emulator, "POST", sharePath(session), { body: sampleBody }),
      send(emulator, "GET", link),
    ];
    expect((await Promise.all(paths)).map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(emulator.sessions).not.toContain(session);
    emulator.restoreSession(session);
    expect(await listedKeys(emulator)).toEqual([key]);
  });

  test("can deny access to a share, to its user, to a session, and to the session's user", async () => {
    const emulator = await startTestEmulator();
    const session = firstSession(emulator);
    const mine = emulator.addShare(session);
    const other = emulator.addShare(session, { userId: "1001" });
    emulator.denyAccess("1001");
    expect(await listedKeys(emulator)).toEqual([mine.key]);
    emulator.denyAccess(mine.key);
    expect(await listedKeys(emulator)).toEqual([]);
    for (const id of ["1001", mine.key]) emulator.allowAccess(id);
    expect(await listedKeys(emulator)).toEqual([mine.key, other.key]);
    emulator.denyAccess(session);
    expect([(await list(emulator)).status, (await share(emulator)).status]).toEqual([403, 403]);
    const guarded = emulator.addSession({ attributes: { user_id: "2002" } });
    emulator.denyAccess("2002");
    expect((await send(emulator, "GET", sharePath(guarded))).status).toBe(403);
  });

  test("can create shares that the API rejects, for example without an end", async () => {
    const emulator = await startTestEmulator({ zone: "UTC" });
    const session = firstSession(emulator);
    emulator.addShare(session, { validSince: -Infinity, validTo: Infinity, readonly: false });
    expect((await list(emulator)).json.session_share).toMatchObject([
      { valid_since: "-infinity", valid_to: "infinity", readonly: false },
    ]);
    expect(emulator.shares()).toMatchObject([{ validSince: "-infinity", validTo: "infinity" }]);
  });
});

describe("the appliance's clock", () => {
  test("sets the Date header, created_at and what is expired, also when it is fast or slow", async () => {
    const emulator = await startTestEmulator({ zone: "UTC" });
    emulator.clock.skew = 2 * hour;
    const { headers } = await share(emulator);
    expect(headers.date).toBe(new Date(inSampleWindow + 2 * hour).toUTCString());
    expect(emulator.shares()).toMatchObject([{ createdAt: expect.stringMatching(/^2025-05-15T17:00/) }]);
    emulator.behaviour.expiredShares = "hidden";
    expect(await listedKeys(emulator)).toHaveLength(1);
    emulator.clock.skew = 8 * hour;
    expect(await listedKeys(emulator)).toEqual([]);
    emulator.clock.skew = -8 * hour;
    emulator.behaviour.scheduledShares = "hidden";
    expect(await listedKeys(emulator)).toEqual([]);
  });

  test("the time zone can change at any time", async () => {
    const emulator = await startTestEmulator({ zone: "Asia/Kolkata" });
    await share(emulator);
    expect((await list(emulator)).json.session_share).toMatchObject([{ valid_since: "2025-05-15 18:37:00+05:30" }]);
    emulator.zone = "Asia/Kathmandu";
    expect((await list(emulator)).json.session_share).toMatchObject([{ valid_since: "2025-05-15 18:52:00+05:45" }]);
    expect(() => (emulator.zone = "Mars/Olympus")).toThrow(RangeError);
  });

  test("decides whether a link works: before, in and after the window", async () => {
    const emulator = await startTestEmulator();
    const { link } = emulator.addShare(firstSession(emulator), {
      validSince: inSampleWindow,
      validTo: inSampleWindow + hour,
    });
    const opened = async (skew: number) => {
      emulator.clock.skew = skew;
      return (await send(emulator, "GET", link, { headers: { Authorization: "" } })).status;
    };
    expect([await opened(-1), await opened(0), await opened(hour - 1), await opened(hour)]).toEqual([
      403, 200, 200, 403,
    ]);
  });
});

test.each([
  "/api/v2/session/%2e%2e/share",
  "/api/v2/session/../share",
  "/api/v2/session/%ZZ/share",
  "/api/v2/session//share",
  "/api/v2/session/1%2f2/share",
  "//x",
  "/api/v2/batch",
])("%s returns 404 and is not normalized to another path", async (path) => {
  expect((await send(await startTestEmulator(), "GET", path)).status).toBe(404);
});

test("the request log has each request and its outcome", async () => {
  const emulator = await startTestEmulator();
  await share(emulator);
  await list(emulator, { headers: { Authorization: "Bearer x" } });
  const [post, get] = emulator.requests;
  expect(post).toMatchObject({
    method: "POST",
    path: sharePath(firstSession(emulator)),
    status: 200,
    authorization: emulator.apiKey,
    executed: true,
  });
  expect(JSON.parse(post?.body ?? "")).toEqual(JSON.parse(sampleBody));
  expect(get).toMatchObject({ method: "GET", status: 401, authorization: "Bearer x" });
  expect(get?.headers.host).toBe(new URL(emulator.url).host);
  emulator.resetRequests();
  expect(emulator.requests).toEqual([]);
});

test("the same seed gives the same keys, and no seed gives random ones", async () => {
  const keys = async (seed: object) =>
    (await startTestEmulator({ ...seed, sessions: 1 })).addShare("4665729213955833857").key;
  const [one, same, other] = [await keys({ seed: 7 }), await keys({ seed: 7 }), await keys({ seed: undefined })];
  expect([one === same, one === other]).toEqual([true, false]);
});
