// The documented behaviour over HTTP, and what an administrator does in the panel.
import { call, firstSession, inSampleWindow, list, listedKeys, sampleBody, share, sharePath } from "./requests";
import { stage } from "./fixture";

const hour = 3_600_000;

describe("authorization", () => {
  test.each(["Bearer KEY", "bearer KEY", "Basic KEY", "KEY,KEY", "", "key"])(
    "%j is refused: the header is the raw key",
    async (form) => {
      const emulator = await stage();
      const { status, json } = await list(emulator, {
        headers: { Authorization: form.replaceAll("KEY", emulator.apiKey) },
      });
      expect([status, json.result]).toEqual([401, "failure"]);
    },
  );

  test("a rotated key is refused, the new one is taken, a further one stays", async () => {
    const emulator = await stage();
    const old = emulator.apiKey;
    const further = emulator.addApiKey();
    expect(emulator.rotateKey()).toBe(emulator.apiKey);
    const statuses = [old, emulator.apiKey, further].map(
      async (key) => (await list(emulator, { headers: { Authorization: key } })).status,
    );
    expect(await Promise.all(statuses)).toEqual([401, 200, 200]);
  });

  test("a blocked user's key is refused until unblocked", async () => {
    const emulator = await stage();
    emulator.blockUser();
    expect((await list(emulator)).status).toBe(401);
    emulator.unblockUser();
    expect((await list(emulator)).status).toBe(200);
  });

  test("a refused POST makes nothing", async () => {
    const emulator = await stage();
    expect((await share(emulator, {}, { headers: { Authorization: "wrong" } })).status).toBe(401);
    expect(emulator.shares()).toEqual([]);
  });
});

describe("the body of a POST", () => {
  const body = JSON.parse(sampleBody) as Record<string, unknown>;
  const without = (name: string) => JSON.stringify({ ...body, [name]: undefined });
  const withOne = (name: string, value: unknown) => JSON.stringify({ ...body, [name]: value });

  test.each([
    ["without valid_since", without("valid_since")],
    ["without valid_to", without("valid_to")],
    ["without readonly", without("readonly")],
    ["with a null", withOne("valid_to", null)],
    ["with readonly as text", withOne("readonly", "true")],
    ["with readonly as a number", withOne("readonly", 1)],
    ["with a number for a time", withOne("valid_to", 1747314420000)],
    ["with an offset", withOne("valid_to", "2025-05-15T21:07:00.000+00:00")],
    ["without milliseconds", withOne("valid_to", "2025-05-15T21:07:00Z")],
    ["with a day that does not exist", withOne("valid_to", "2025-06-31T21:07:00.000Z")],
    ["an array", "[]"],
    ["a text", '"x"'],
    ["null", "null"],
    ["cut short", sampleBody.slice(0, 40)],
    ["with a prototype for an attribute", `{"__proto__": ${sampleBody}}`],
    ["too large", JSON.stringify({ ...body, note: "x".repeat(2_000_000) })],
  ])("%s is refused, and makes nothing", async (_what, text) => {
    const emulator = await stage();
    const { status, json } = await call(emulator, "POST", sharePath(firstSession(emulator)), { body: text });
    expect([400, 413]).toContain(status);
    expect(json.result).toBe("failure");
    expect(emulator.shares()).toEqual([]);
  });

  test("identical requests make two shares with two keys", async () => {
    const emulator = await stage();
    const keys = [
      (await share(emulator)).json.session_share.key,
      (await share(emulator)).json.session_share.key,
    ] as string[];
    expect(new Set(keys).size).toBe(2);
    expect(await listedKeys(emulator)).toEqual(keys);
  });

  test("a session_id that says what the path says is taken", async () => {
    const emulator = await stage();
    expect((await share(emulator, { session_id: firstSession(emulator) })).status).toBe(200);
  });

  test("a Content-Type may have a charset and capitals, as on the vendor's page", async () => {
    const emulator = await stage();
    const types = ["Application/json", "application/json; charset=utf-8"];
    for (const type of types)
      expect((await share(emulator, {}, { headers: { "Content-Type": type } })).status).toBe(200);
  });
});

describe("the ground truth", () => {
  test("says what was asked, when, and by whom", async () => {
    const emulator = await stage();
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

  test("IDs are above 2^53 and below 2^63", async () => {
    const emulator = await stage({ sessions: 300 });
    for (const id of emulator.sessions) expect(BigInt(id) > 2n ** 53n && BigInt(id) < 2n ** 63n).toBe(true);
    expect(new Set(emulator.sessions).size).toBe(300);
  });

  test("is kept apart by session, and of unknown sessions there is none", async () => {
    const emulator = await stage();
    const [one = "", two = ""] = emulator.sessions;
    const made = emulator.addShare(two);
    expect([emulator.shares(one), emulator.shares(two), emulator.shares()]).toEqual([[], [made], [made]]);
    expect(() => emulator.shares("1")).toThrow(RangeError);
  });
});

describe("an administrator", () => {
  test("revokes a share: it leaves the list, opens nothing, and the truth keeps it as removed", async () => {
    const emulator = await stage();
    const { key, link } = emulator.addShare(firstSession(emulator));
    expect((await call(emulator, "GET", link)).status).toBe(200);
    emulator.revoke(key);
    expect(await listedKeys(emulator)).toEqual([]);
    expect((await call(emulator, "GET", link)).status).toBe(404);
    expect(emulator.shares()).toMatchObject([{ key, removed: true }]);
    emulator.restore(key);
    expect(await listedKeys(emulator)).toEqual([key]);
    expect(() => emulator.revoke("nonsense")).toThrow(RangeError);
  });

  test("removes a session: its list is gone, and a restored backup brings it back with its shares", async () => {
    const emulator = await stage();
    const session = firstSession(emulator);
    const { key, link } = emulator.addShare(session);
    emulator.removeSession(session);
    const paths = [
      call(emulator, "GET", sharePath(session)),
      call(emulator, "POST", sharePath(session), { body: sampleBody }),
      call(emulator, "GET", link),
    ];
    expect((await Promise.all(paths)).map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(emulator.sessions).not.toContain(session);
    emulator.restoreSession(session);
    expect(await listedKeys(emulator)).toEqual([key]);
  });

  test("takes rights away: of a share, of its maker, of the session, of the session's user", async () => {
    const emulator = await stage();
    const session = firstSession(emulator);
    const mine = emulator.addShare(session);
    const other = emulator.addShare(session, { userId: "1001" });
    emulator.loseRights("1001");
    expect(await listedKeys(emulator)).toEqual([mine.key]);
    emulator.loseRights(mine.key);
    expect(await listedKeys(emulator)).toEqual([]);
    for (const id of ["1001", mine.key]) emulator.regainRights(id);
    expect(await listedKeys(emulator)).toEqual([mine.key, other.key]);
    emulator.loseRights(session);
    expect([(await list(emulator)).status, (await share(emulator)).status]).toEqual([403, 403]);
    const guarded = emulator.addSession({ attributes: { user_id: "2002" } });
    emulator.loseRights("2002");
    expect((await call(emulator, "GET", sharePath(guarded))).status).toBe(403);
  });

  test("makes shares past the API's rules, without an end too", async () => {
    const emulator = await stage({ zone: "UTC" });
    const session = firstSession(emulator);
    emulator.addShare(session, { validSince: -Infinity, validTo: Infinity, readonly: false });
    expect((await list(emulator)).json.session_share).toMatchObject([
      { valid_since: "-infinity", valid_to: "infinity", readonly: false },
    ]);
    expect(emulator.shares()).toMatchObject([{ validSince: "-infinity", validTo: "infinity" }]);
  });
});

describe("the appliance's clock", () => {
  test("stands in the Date header, in created_at and in what is over, ahead or behind", async () => {
    const emulator = await stage({ zone: "UTC" });
    emulator.clock.skew = 2 * hour;
    const { headers } = await share(emulator);
    expect(headers.date).toBe(new Date(inSampleWindow + 2 * hour).toUTCString());
    expect(emulator.shares()).toMatchObject([{ createdAt: expect.stringMatching(/^2025-05-15T17:00/) }]);
    emulator.switches.endedShares = "hidden";
    expect(await listedKeys(emulator)).toHaveLength(1);
    emulator.clock.skew = 8 * hour;
    expect(await listedKeys(emulator)).toEqual([]);
    emulator.clock.skew = -8 * hour;
    emulator.switches.scheduledShares = "hidden";
    expect(await listedKeys(emulator)).toEqual([]);
  });

  test("the zone may change at any time", async () => {
    const emulator = await stage({ zone: "Asia/Kolkata" });
    await share(emulator);
    expect((await list(emulator)).json.session_share).toMatchObject([{ valid_since: "2025-05-15 18:37:00+05:30" }]);
    emulator.zone = "Asia/Kathmandu";
    expect((await list(emulator)).json.session_share).toMatchObject([{ valid_since: "2025-05-15 18:52:00+05:45" }]);
    expect(() => (emulator.zone = "Mars/Olympus")).toThrow(RangeError);
  });

  test("decides what a link opens: not yet, now, no longer", async () => {
    const emulator = await stage();
    const { link } = emulator.addShare(firstSession(emulator), {
      validSince: inSampleWindow,
      validTo: inSampleWindow + hour,
    });
    const opened = async (skew: number) => {
      emulator.clock.skew = skew;
      return (await call(emulator, "GET", link, { headers: { Authorization: "" } })).status;
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
])("%s is not found, and not tidied into something that is", async (path) => {
  expect((await call(await stage(), "GET", path)).status).toBe(404);
});

test("the request log keeps what came and what became of it", async () => {
  const emulator = await stage();
  await share(emulator);
  await list(emulator, { headers: { Authorization: "Bearer x" } });
  const [post, get] = emulator.requests;
  expect(post).toMatchObject({
    method: "POST",
    path: sharePath(firstSession(emulator)),
    status: 200,
    authorization: emulator.apiKey,
    carriedOut: true,
  });
  expect(JSON.parse(post?.body ?? "")).toEqual(JSON.parse(sampleBody));
  expect(get).toMatchObject({ method: "GET", status: 401, authorization: "Bearer x" });
  expect(get?.headers.host).toBe(new URL(emulator.url).host);
  emulator.resetRequests();
  expect(emulator.requests).toEqual([]);
});

test("the same seed makes the same keys, none makes others", async () => {
  const keys = async (seed: object) => (await stage({ ...seed, sessions: 1 })).addShare("4665729213955833857").key;
  const [one, same, other] = [await keys({ seed: 7 }), await keys({ seed: 7 }), await keys({ seed: undefined })];
  expect([one === same, one === other]).toEqual([true, false]);
});
