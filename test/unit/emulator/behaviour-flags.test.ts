// Each behaviour flag over HTTP, with each of its values.
import {
  type Emulator,
  type BehaviourFlagName,
  behaviourFlagList,
  type BehaviourFlags,
} from "../../../provider/emulator";
import { send, firstSession, inSampleWindow, list, listedKeys, sampleBody, share, sharePath } from "./requests";
import { startTestEmulator } from "./fixture";

const hour = 3_600_000;
const now = inSampleWindow;

/** An emulator with four shares: live, expired, scheduled, and revoked in the middle of its window. */
async function startWithFourShares(
  behaviour: Partial<BehaviourFlags>,
): Promise<{ emulator: Emulator; listed: () => Promise<string[]> }> {
  const emulator = await startTestEmulator({ behaviour });
  const session = firstSession(emulator);
  const names = new Map<string, string>();
  const add = (name: string, validSince: number, validTo: number) => {
    const { key } = emulator.addShare(session, { validSince, validTo });
    names.set(key, name);
    return key;
  };
  add("live", now - hour, now + hour);
  add("expired", now - 2 * hour, now);
  add("scheduled", now + 1, now + hour);
  emulator.revoke(add("revoked", now - hour, now + hour));
  return { emulator, listed: async () => (await listedKeys(emulator)).map((key) => names.get(key) ?? "") };
}

const entryOf = async (emulator: Emulator) =>
  ((await list(emulator)).json.session_share as Record<string, unknown>[])[0] ?? {};
const listedWith = async (behaviour: Partial<BehaviourFlags>) => (await startWithFourShares(behaviour)).listed();
const shareStatus = async (behaviour: Partial<BehaviourFlags>, changes: object) =>
  (await share(await startTestEmulator({ behaviour }), changes)).status;
const windowWith = async (behaviour: Partial<BehaviourFlags>, changes: object = {}) => {
  const emulator = await startTestEmulator({ behaviour });
  const { status } = await share(emulator, changes);
  return emulator.shares().map(({ validSince, validTo }) => [validSince, validTo])[0] ?? status;
};

const cases: Record<BehaviourFlagName, () => Promise<void>> = {
  async expiredShares() {
    expect(await listedWith({ expiredShares: "shown" })).toEqual(["live", "expired", "scheduled"]);
    expect(await listedWith({ expiredShares: "hidden" })).toEqual(["live", "scheduled"]);
  },
  async scheduledShares() {
    expect(await listedWith({ scheduledShares: "hidden" })).toEqual(["live", "expired"]);
  },
  async removedShares() {
    const flags = async (removedShares: BehaviourFlags["removedShares"]) => {
      const { emulator } = await startWithFourShares({ removedShares });
      return ((await list(emulator)).json.session_share as { removed?: boolean }[]).map(({ removed }) => removed);
    };
    expect(await flags("hidden")).toEqual([undefined, undefined, undefined]);
    expect(await flags("flagged")).toEqual([undefined, undefined, undefined, true]);
    expect(await flags("unflagged")).toEqual([undefined, undefined, undefined, undefined]);
  },
  async removedOfLive() {
    const { emulator } = await startWithFourShares({ removedOfLive: "false", removedShares: "flagged" });
    expect((await list(emulator)).json.session_share).toMatchObject([
      { removed: false },
      { removed: false },
      { removed: false },
      { removed: true },
    ]);
  },
  async hiddenAttributes() {
    const { emulator } = await startWithFourShares({ hiddenAttributes: "shown" });
    expect(await entryOf(emulator)).toMatchObject({
      id: emulator.shares()[0]?.id,
      user_id: emulator.shares()[0]?.userId,
    });
  },
  async expensiveAttributes() {
    expect(await entryOf((await startWithFourShares({ expensiveAttributes: "omitted" })).emulator)).not.toHaveProperty(
      "link",
    );
  },
  async shownSessionId() {
    const { emulator } = await startWithFourShares({ shownSessionId: "other" });
    const { session_id, link } = await entryOf(emulator);
    expect(session_id).toMatch(/^\d{19}$/);
    expect(session_id).not.toBe(firstSession(emulator));
    expect(link).toContain(`/sessions/${String(session_id)}/?key=`);
  },
  async listOrder() {
    const many = async (listOrder: BehaviourFlags["listOrder"]) => {
      const emulator = await startTestEmulator({ behaviour: { listOrder } });
      const made = Array.from({ length: 9 }, () => emulator.addShare(firstSession(emulator)).key);
      return (await listedKeys(emulator)).map((key) => made.indexOf(key));
    };
    const inOrder = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    expect(await many("oldest")).toEqual(inOrder);
    expect(await many("newest")).toEqual([...inOrder].reverse());
    const shuffled = await many("shuffled");
    expect(shuffled).not.toEqual(inOrder);
    expect([...shuffled].sort()).toEqual(inOrder);
  },
  async shareLimit() {
    expect(await listedWith({ shareLimit: 2 })).toEqual(["live", "expired"]);
  },
  async lagRequests() {
    const emulator = await startTestEmulator({ behaviour: { lagRequests: 2 } });
    const { key } = (await share(emulator)).json.session_share as { key: string };
    const seen = [await listedKeys(emulator), await listedKeys(emulator), await listedKeys(emulator)];
    emulator.revoke(key);
    seen.push(await listedKeys(emulator), await listedKeys(emulator), await listedKeys(emulator));
    expect(seen).toEqual([[], [], [key], [key], [key], []]);
  },
  async lagMilliseconds() {
    let time = now;
    const emulator = await startTestEmulator({ behaviour: { lagMilliseconds: 500 }, clock: () => time });
    const { key } = (await share(emulator)).json.session_share as { key: string };
    time += 499;
    expect(await listedKeys(emulator)).toEqual([]);
    time += 1;
    expect(await listedKeys(emulator)).toEqual([key]);
    emulator.revoke(key);
    time += 499;
    expect(await listedKeys(emulator)).toEqual([key]);
    time += 1;
    expect(await listedKeys(emulator)).toEqual([]);
  },
  async storedWindows() {
    const changes = { valid_since: "2025-05-15T13:07:59.999Z" };
    expect(await windowWith({ storedWindows: "microseconds" }, changes)).toContain("2025-05-15T13:07:59.999Z");
    expect(await windowWith({ storedWindows: "milliseconds" }, changes)).toContain("2025-05-15T13:07:59.999Z");
    expect(await windowWith({ storedWindows: "seconds" }, changes)).toContain("2025-05-15T13:07:59.000Z");
    expect(await windowWith({ storedWindows: "minutes" }, changes)).toContain("2025-05-15T13:07:00.000Z");
  },
  async longestWindow() {
    expect(await windowWith({ longestWindow: 3600 })).toEqual(["2025-05-15T13:07:00.000Z", "2025-05-15T14:07:00.000Z"]);
    expect(await windowWith({ longestWindow: 8 * 3600 })).toEqual([
      "2025-05-15T13:07:00.000Z",
      "2025-05-15T21:07:00.000Z",
    ]);
  },
  async overlongWindow() {
    expect(await windowWith({ longestWindow: 8 * 3600 - 1, overlongWindow: "refused" })).toBe(400);
    expect(await windowWith({ longestWindow: 8 * 3600, overlongWindow: "refused" })).toHaveLength(2);
  },
  async pastValidSince() {
    expect(await shareStatus({ pastValidSince: "accepted" }, {})).toBe(200);
    expect(await shareStatus({ pastValidSince: "refused" }, {})).toBe(400);
    expect(await shareStatus({ pastValidSince: "refused" }, { valid_since: new Date(now).toISOString() })).toBe(200);
  },
  async pastValidTo() {
    const changes = { valid_to: new Date(now).toISOString() };
    expect(await shareStatus({ pastValidTo: "accepted" }, changes)).toBe(200);
    expect(await shareStatus({ pastValidTo: "refused" }, changes)).toBe(400);
  },
  async reversedWindow() {
    const changes = { valid_to: "2025-05-15T13:07:00.000Z" };
    expect(await shareStatus({ reversedWindow: "refused" }, changes)).toBe(400);
    expect(await shareStatus({ reversedWindow: "accepted" }, changes)).toBe(200);
  },
  async inputTimes() {
    const changes = { valid_to: "2025-05-15T23:07:00.000001+02:00" };
    expect(await windowWith({ inputTimes: "documented" }, changes)).toBe(400);
    expect(await windowWith({ inputTimes: "lenient" }, changes)).toEqual([
      "2025-05-15T13:07:00.000Z",
      "2025-05-15T21:07:00.000001Z",
    ]);
  },
  async extraAttributes() {
    for (const changes of [{ session_id: "1" }, { key: "mine" }, { labels: {} }]) {
      expect(await shareStatus({ extraAttributes: "refused" }, changes)).toBe(400);
      expect(await shareStatus({ extraAttributes: "ignored" }, changes)).toBe(200);
    }
  },
  async contentType() {
    const status = async (contentType: BehaviourFlags["contentType"], type: string) =>
      (await share(await startTestEmulator({ behaviour: { contentType } }), {}, { headers: { "Content-Type": type } }))
        .status;
    expect([await status("required", "text/plain"), await status("ignored", "text/plain")]).toEqual([400, 200]);
    expect(await status("required", "application/jsonlines")).toBe(400);
  },
  async identicalShares() {
    const emulator = await startTestEmulator({ behaviour: { identicalShares: "refused" } });
    const first = (await share(emulator)).json.session_share.key as string;
    expect([(await share(emulator)).status, (await share(emulator, { readonly: false })).status]).toEqual([409, 200]);
    emulator.revoke(first);
    expect((await share(emulator)).status).toBe(200);
  },
  async finishedSessions() {
    const status = async (finishedSessions: BehaviourFlags["finishedSessions"]) => {
      const emulator = await startTestEmulator({ behaviour: { finishedSessions } });
      const finished = emulator.addSession({ startedAt: now - hour, finishedAt: now });
      return (await send(emulator, "POST", sharePath(finished), { body: sampleBody })).status;
    };
    expect([await status("shareable"), await status("refused")]).toEqual([200, 400]);
  },
  async postStatus() {
    expect([await shareStatus({ postStatus: "200" }, {}), await shareStatus({ postStatus: "201" }, {})]).toEqual([
      200, 201,
    ]);
  },
  async unknownSession() {
    const respondedWith = async (unknownSession: BehaviourFlags["unknownSession"], method: string) => {
      const { status, json } = await send(
        await startTestEmulator({ behaviour: { unknownSession } }),
        method,
        sharePath("1"),
        { body: sampleBody },
      );
      return [status, json.session_share] as unknown[];
    };
    expect([
      await respondedWith("404", "GET"),
      await respondedWith("empty", "GET"),
      await respondedWith("empty", "POST"),
    ]).toEqual([
      [404, undefined],
      [200, []],
      [404, undefined],
    ]);
  },
  async unseenSession() {
    const respondedWith = async (unseenSession: BehaviourFlags["unseenSession"]) => {
      const { emulator } = await startWithFourShares({ unseenSession });
      emulator.denyAccess(firstSession(emulator));
      return [
        (await list(emulator)).status,
        (await list(emulator)).json.session_share,
        (await share(emulator)).status,
      ] as unknown[];
    };
    expect([await respondedWith("403"), await respondedWith("404"), await respondedWith("empty")]).toEqual([
      [403, undefined, 403],
      [404, undefined, 404],
      [200, [], 403],
    ]);
  },
  async notFoundBody() {
    const respondedWith = async (notFoundBody: BehaviourFlags["notFoundBody"]) =>
      send(await startTestEmulator({ behaviour: { notFoundBody } }), "GET", sharePath("1"));
    expect((await respondedWith("failure")).json).toEqual({ result: "failure", message: "Session not found." });
    expect(await respondedWith("html")).toMatchObject({
      status: 404,
      text: expect.stringContaining("<html>"),
      headers: { "content-type": "text/html; charset=utf-8" },
    });
    expect(await respondedWith("empty")).toMatchObject({ status: 404, text: "" });
  },
  async otherMethods() {
    const statuses = async (otherMethods: BehaviourFlags["otherMethods"]) => {
      const emulator = await startTestEmulator({ behaviour: { otherMethods } });
      return Promise.all(
        ["DELETE", "PATCH", "PUT"].map(
          async (method) => (await send(emulator, method, sharePath(firstSession(emulator)))).status,
        ),
      );
    };
    expect([await statuses("405"), await statuses("404")]).toEqual([
      [405, 405, 405],
      [404, 404, 404],
    ]);
  },
  async badQuery() {
    const emulator = await startTestEmulator({ behaviour: { badQuery: "ignored" } });
    const { status, json } = await send(emulator, "GET", "/api/v2/session?filter=what(&offset=x&fields=id,nonsense");
    expect([status, json.session]).toEqual([200, emulator.sessions.map((id) => ({ id }))]);
  },
  async sessionPaging() {
    const emulator = await startTestEmulator({ behaviour: { sessionPaging: "ignored" } });
    expect((await send(emulator, "GET", "/api/v2/session?offset=4&limit=1")).json.session).toHaveLength(4);
  },
  async sessionLimit() {
    const emulator = await startTestEmulator({ behaviour: { sessionLimit: 3 } });
    const count = async (query: string) =>
      ((await send(emulator, "GET", `/api/v2/session?${query}`)).json.session as object[]).length;
    expect([await count(""), await count("limit=9"), await count("offset=3"), await count("limit=1")]).toEqual([
      3, 3, 1, 1,
    ]);
  },
  async namedObjects() {
    const statuses = async (namedObjects: BehaviourFlags["namedObjects"]) => {
      const emulator = await startTestEmulator({ behaviour: { namedObjects } });
      const paths = ["server", "account", "user"].map((kind) => `/api/v2/${kind}`);
      return Promise.all(paths.map(async (path) => (await send(emulator, "GET", path)).status));
    };
    expect(await statuses("listed")).toEqual([200, 200, 200]);
    expect(await statuses("403")).toEqual([403, 403, 403]);
    expect(await statuses("404")).toEqual([404, 404, 404]);
  },
  async objspecFlags() {
    const text = async (objspecFlags: BehaviourFlags["objspecFlags"]) =>
      (await send(await startTestEmulator({ behaviour: { objspecFlags } }), "GET", "/api/v2/objspec/session_share"))
        .text;
    expect([
      /immutable|hidden|expensive|protected/.test(await text("guessed")),
      /immutable|hidden|expensive|protected/.test(await text("omitted")),
    ]).toEqual([true, false]);
  },
  async healthcheck() {
    const respondedWith = async (healthcheck: BehaviourFlags["healthcheck"]) =>
      (
        await send(await startTestEmulator({ behaviour: { healthcheck } }), "GET", "/api/v2/healthcheck", {
          headers: { Authorization: "" },
        })
      ).text;
    expect(await respondedWith("disabled")).toContain("failure");
    expect([await respondedWith("ok"), await respondedWith("error")]).toEqual([
      '{"result":"success","status":"ok"}',
      '{"result":"success","status":"error"}',
    ]);
  },
  async emptyList() {
    const listedWith = async (emptyList: BehaviourFlags["emptyList"]) =>
      (await list(await startTestEmulator({ behaviour: { emptyList } }))).text;
    expect(await listedWith("array")).toBe('{"result":"success","session_share":[]}');
    expect(await listedWith("null")).toBe('{"result":"success","session_share":null}');
  },
  async booleans() {
    const shown = async (booleans: BehaviourFlags["booleans"]) => {
      const { readonly, removed } = await entryOf(
        (await startWithFourShares({ booleans, removedOfLive: "false" })).emulator,
      );
      return [readonly, removed];
    };
    expect(await shown("json")).toEqual([true, false]);
    expect(await shown("letters")).toEqual(["t", "f"]);
    expect(await shown("words")).toEqual(["true", "false"]);
    expect(await shown("numbers")).toEqual([1, 0]);
  },
  async jsonLayout() {
    const emulator = await startTestEmulator({ behaviour: { jsonLayout: "indented" } });
    expect((await list(emulator)).text).toBe('{\n    "result": "success",\n    "session_share": []\n}');
  },
};

test.each(behaviourFlagList.map(({ name }) => name))("the behaviour flag %s", (name) => cases[name]());

test("a behaviour flag can change at run time", async () => {
  const { emulator, listed } = await startWithFourShares({});
  expect(await listed()).toContain("expired");
  emulator.behaviour.expiredShares = "hidden";
  expect(await listed()).not.toContain("expired");
});

test.each([
  { nonsense: "on" },
  { expiredShares: "maybe" },
  { shareLimit: -1 },
  { shareLimit: "x" },
  { shareLimit: "" },
])("%j is rejected", async (behaviour) => {
  await expect(startTestEmulator({ behaviour: behaviour as Partial<BehaviourFlags> })).rejects.toThrow(RangeError);
});
