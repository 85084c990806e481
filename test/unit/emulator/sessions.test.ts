// The list of sessions: documented attributes, paging, fields and filters.
import { send, firstSession, inSampleWindow, share, sharePath } from "./requests";
import { startTestEmulator } from "./fixture";

const path = "/api/v2/session";
const ids = (response: { json: { session: { id: string }[] } }) => response.json.session.map(({ id }) => id);

test("only a finished session has finished_at", async () => {
  const emulator = await startTestEmulator({ sessions: 1, zone: "UTC" });
  const finished = emulator.addSession({
    startedAt: inSampleWindow - 5000,
    finishedAt: inSampleWindow,
    attributes: { protocol: "rdp", reason: "audit" },
  });
  const { session } = (await send(emulator, "GET", path)).json as { session: Record<string, unknown>[] };
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

test("the sessions at the start have several protocols, each with its own server and port", async () => {
  const emulator = await startTestEmulator({ sessions: 6 });
  const { session } = (await send(emulator, "GET", path)).json as { session: Record<string, unknown>[] };
  expect(session.map(({ protocol, destination_port }) => [protocol, destination_port])).toEqual([
    ["ssh", 22],
    ["rdp", 3389],
    ["vnc", 5900],
    ["http", 443],
    ["ssh", 22],
    ["rdp", 3389],
  ]);
  expect(new Set(session.map(({ server_id }) => server_id)).size).toBe(4);
  const added = emulator.addSession({ attributes: { protocol: "rdp", destination_port: 3390 } });
  const found = (await send(emulator, "GET", `${path}?filter=id.in(${added})`)).json.session as object[];
  expect(found).toMatchObject([{ protocol: "rdp", destination_port: 3390, server_id: session[1]?.["server_id"] }]);
});

test("the page after the last session is empty", async () => {
  const emulator = await startTestEmulator({ sessions: 5 });
  const pages = await Promise.all(
    [0, 2, 4, 6].map(async (offset) => ids(await send(emulator, "GET", `${path}?offset=${offset}&limit=2`))),
  );
  expect(pages.map((page) => page.length)).toEqual([2, 2, 1, 0]);
  expect(pages.flat()).toEqual(emulator.sessions);
});

test("removed and hidden sessions are not listed", async () => {
  const emulator = await startTestEmulator({ sessions: 3 });
  const [one = "", two = "", three = ""] = emulator.sessions;
  emulator.removeSession(one);
  emulator.denyAccess(two);
  expect(ids(await send(emulator, "GET", path))).toEqual([three]);
});

test("fields select attributes, also null and hidden ones, but never protected ones", async () => {
  const emulator = await startTestEmulator({ sessions: 1 });
  expect((await send(emulator, "GET", `${path}?fields=id,finished_at`)).json.session).toEqual([
    { id: firstSession(emulator), finished_at: null },
  ]);
  const { key, user_id } = (await share(emulator)).json.session_share as Record<string, unknown>;
  expect([typeof key, user_id]).toEqual(["string", undefined]);
  const queried = async (query: string) =>
    (await send(emulator, "GET", `${sharePath(firstSession(emulator))}?${query}`)).json.session_share as object[];
  expect(await queried("fields=key,user_id,id")).toEqual([{ user_id: emulator.shares()[0]?.userId, key }]);
  expect(await queried("fields=")).toEqual([{}]);
});

test("filters are in, iin and match, and every filter must match", async () => {
  const emulator = await startTestEmulator({ sessions: 0 });
  const ssh = emulator.addSession({ attributes: { protocol: "ssh", source_ip: "192.0.2.1" } });
  const rdp = emulator.addSession({ attributes: { protocol: "rdp", source_ip: "192.0.2.1" } });
  const vnc = emulator.addSession({ attributes: { protocol: "vnc", source_ip: "192.0.2.9" } });
  const found = async (filter: string) => ids(await send(emulator, "GET", `${path}?filter=${filter}`));
  expect(await found("protocol.in(ssh,vnc)")).toEqual([ssh, vnc]);
  expect(await found("protocol.in(SSH)")).toEqual([]);
  expect(await found("protocol.iin(SSH)")).toEqual([ssh]);
  expect(await found("source_ip.match(2.1),protocol.in(rdp,vnc)")).toEqual([rdp]);
  expect(await found("protocol.contains(ssh)")).toEqual([]);
});

test.each(["filter=protocol", "filter=protocol.like(x)", "limit=-1", "offset=x", "fields=nonsense"])(
  "%s is rejected, not ignored",
  async (query) => {
    expect((await send(await startTestEmulator(), "GET", `${path}?${query}`)).status).toBe(400);
  },
);
