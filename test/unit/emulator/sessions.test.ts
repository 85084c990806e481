// The list of sessions: documented attributes, paging, fields and filters.
import { call, firstSession, inSampleWindow, share, sharePath } from "./requests";
import { stage } from "./fixture";

const path = "/api/v2/session";
const ids = (reply: { json: { session: { id: string }[] } }) => reply.json.session.map(({ id }) => id);

test("a live session has no finished_at, a finished one has", async () => {
  const emulator = await stage({ sessions: 1, zone: "UTC" });
  const finished = emulator.addSession({
    startedAt: inSampleWindow - 5000,
    finishedAt: inSampleWindow,
    attributes: { protocol: "rdp", reason: "audit" },
  });
  const { session } = (await call(emulator, "GET", path)).json as { session: Record<string, unknown>[] };
  expect(session).toHaveLength(2);
  expect(session[0]).not.toHaveProperty("finished_at");
  expect(session[1]).toMatchObject({
    id: finished,
    started_at: "2025-05-15 14:59:55+00",
    finished_at: "2025-05-15 15:00:00+00",
    protocol: "rdp",
    reason: "audit",
  });
  for (const value of ["id", "user_id", "server_id", "safe_id", "account_id"].map((name) => session[0]?.[name]))
    expect(value).toMatch(/^\d{19}$/);
});

test("pages by offset and limit end with an empty one", async () => {
  const emulator = await stage({ sessions: 5 });
  const pages = await Promise.all(
    [0, 2, 4, 6].map(async (offset) => ids(await call(emulator, "GET", `${path}?offset=${offset}&limit=2`))),
  );
  expect(pages.map((page) => page.length)).toEqual([2, 2, 1, 0]);
  expect(pages.flat()).toEqual(emulator.sessions);
});

test("removed sessions and those out of sight are not listed", async () => {
  const emulator = await stage({ sessions: 3 });
  const [one = "", two = "", three = ""] = emulator.sessions;
  emulator.removeSession(one);
  emulator.loseRights(two);
  expect(ids(await call(emulator, "GET", path))).toEqual([three]);
});

test("fields name what is wanted: null and hidden ones too, protected ones never", async () => {
  const emulator = await stage({ sessions: 1 });
  expect((await call(emulator, "GET", `${path}?fields=id,finished_at`)).json.session).toEqual([
    { id: firstSession(emulator), finished_at: null },
  ]);
  const { key, user_id } = (await share(emulator)).json.session_share as Record<string, unknown>;
  expect([typeof key, user_id]).toEqual(["string", undefined]);
  const queried = async (query: string) =>
    (await call(emulator, "GET", `${sharePath(firstSession(emulator))}?${query}`)).json.session_share as object[];
  expect(await queried("fields=key,user_id,id")).toEqual([{ user_id: emulator.shares()[0]?.userId, key }]);
  expect(await queried("fields=")).toEqual([{}]);
});

test("filters are in, iin and match, all of them met", async () => {
  const emulator = await stage({ sessions: 0 });
  const ssh = emulator.addSession({ attributes: { protocol: "ssh", source_ip: "192.0.2.1" } });
  const rdp = emulator.addSession({ attributes: { protocol: "rdp", source_ip: "192.0.2.1" } });
  const vnc = emulator.addSession({ attributes: { protocol: "vnc", source_ip: "192.0.2.9" } });
  const found = async (filter: string) => ids(await call(emulator, "GET", `${path}?filter=${filter}`));
  expect(await found("protocol.in(ssh,vnc)")).toEqual([ssh, vnc]);
  expect(await found("protocol.in(SSH)")).toEqual([]);
  expect(await found("protocol.iin(SSH)")).toEqual([ssh]);
  expect(await found("source_ip.match(2.1),protocol.in(rdp,vnc)")).toEqual([rdp]);
  expect(await found("protocol.contains(ssh)")).toEqual([]);
});

test.each(["filter=protocol", "filter=protocol.like(x)", "limit=-1", "offset=x", "fields=nonsense"])(
  "%s is refused, not passed over",
  async (query) => {
    expect((await call(await stage(), "GET", `${path}?${query}`)).status).toBe(400);
  },
);
