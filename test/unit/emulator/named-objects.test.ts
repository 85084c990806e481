// The lists of servers, accounts and users: the objects that sessions refer to, with their names.
import type { Emulator, NewSession } from "../../../provider/emulator";
import { send } from "./requests";
import { startTestEmulator } from "./fixture";

type Listed = { id: string; name: string }[];
const listed = async (emulator: Emulator, kind: string, query = "") =>
  (await send(emulator, "GET", `/api/v2/${kind}${query}`)).json[kind] as Listed;
const names = async (emulator: Emulator, kind: string, query = "") =>
  (await listed(emulator, kind, query)).map(({ name }) => name);

/** The names of what a session refers to, by its IDs. */
async function namesOf(emulator: Emulator, sessionId: string): Promise<(string | undefined)[]> {
  const [session] = (await send(emulator, "GET", `/api/v2/session?filter=id.in(${sessionId})`)).json.session as Record<
    string,
    string
  >[];
  const found = ["server", "account", "user"].map(async (kind) =>
    (await listed(emulator, kind)).find(({ id }) => id === session?.[`${kind}_id`]),
  );
  return (await Promise.all(found)).map((object) => object?.name);
}

test("the sessions at the start are on named servers, with named accounts, and of a named user", async () => {
  const emulator = await startTestEmulator({ sessions: 5 });
  expect(await names(emulator, "server")).toEqual(["db-01", "ts-01", "hmi-01", "erp-01"]);
  expect(await names(emulator, "user")).toEqual(["pulumi", "ACME Support"]);
  expect(await namesOf(emulator, emulator.sessions[0]!)).toEqual(["db-01", "root@db-01", "ACME Support"]);
  expect(await namesOf(emulator, emulator.sessions[4]!)).toEqual(["db-01", "root@db-01", "ACME Support"]);
  const [server] = await listed(emulator, "server");
  expect(server).toEqual({ id: expect.stringMatching(/^\d{19}$/), name: "db-01", blocked: false });
});

test.each<[string, NewSession, (string | undefined)[]]>([
  ["new names add objects", { serverName: "plc-07", userName: "Siemens" }, ["plc-07", "root@db-01", "Siemens"]],
  ["a known name is the known object", { serverName: "ts-01" }, ["ts-01", "root@db-01", "ACME Support"]],
  ["an ID alone has no name", { attributes: { server_id: "21" } }, [undefined, "root@db-01", "ACME Support"]],
  [
    "an ID with a name is an object of its own",
    { serverName: "db-01", attributes: { server_id: "21" } },
    ["db-01", "root@db-01", "ACME Support"],
  ],
])("%s", async (_, given, expected) => {
  const emulator = await startTestEmulator();
  const before = (await listed(emulator, "server")).length;
  expect(await namesOf(emulator, emulator.addSession(given))).toEqual(expected);
  const isNew = given.serverName === "plc-07" || (given.serverName !== undefined && given.attributes !== undefined);
  expect(await listed(emulator, "server")).toHaveLength(before + (isNew ? 1 : 0));
});

test("a name with an ID that has another name renames that object", async () => {
  const emulator = await startTestEmulator({ sessions: 0 });
  const first = emulator.addSession({ serverName: "old", attributes: { server_id: "21" } });
  emulator.addSession({ serverName: "new", attributes: { server_id: "21" } });
  expect((await namesOf(emulator, first))[0]).toBe("new");
});

test("fields, filters, pages and rights work as for sessions", async () => {
  const emulator = await startTestEmulator();
  const [first, second] = await listed(emulator, "server");
  expect(await listed(emulator, "server", "?fields=id,name&offset=1&limit=1")).toEqual([
    { id: second?.id, name: "ts-01" },
  ]);
  expect(await names(emulator, "server", `?filter=id.in(${first?.id},${second?.id})`)).toEqual(["db-01", "ts-01"]);
  expect(await names(emulator, "server", "?filter=name.match(mi)")).toEqual(["hmi-01"]);
  emulator.denyAccess(first?.id ?? "");
  expect(await names(emulator, "server")).toEqual(["ts-01", "hmi-01", "erp-01"]);
  emulator.behaviour.sessionLimit = 2;
  expect(await names(emulator, "server")).toEqual(["ts-01", "hmi-01"]);
  expect((await send(emulator, "GET", "/api/v2/server?fields=password")).status).toBe(400);
  expect((await send(emulator, "POST", "/api/v2/server", { body: "{}" })).status).toBe(405);
  expect((await send(emulator, "GET", "/api/v2/server", { headers: { Authorization: "" } })).status).toBe(401);
});

test.each([{ serverName: "" }, { userName: 5 }, { safeName: "x" }])("%j is refused", async (given) => {
  const emulator = await startTestEmulator();
  expect(() => emulator.addSession(given as NewSession)).toThrow(RangeError);
});
