// getSession against an emulator: exactly one session, or an error that lists the candidates and says what to add.
import * as pulumi from "@pulumi/pulumi";
import { startEmulator, type Emulator } from "../../../provider/emulator";
import { getSession, getSessionOutput, type GetSessionsArgs } from "../../../sdk/nodejs";

const hour = 3_600_000;
const start = Date.parse("2026-03-02T12:00:00.000Z");
let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator({ seed: "sessions", sessions: 0, clock: () => start });
  emulator.addSession({ id: "101", startedAt: start - 3 * hour, serverName: "db-01", userName: "ACME" });
  emulator.addSession({
    id: "102",
    startedAt: start - 2 * hour,
    finishedAt: start - hour,
    serverName: "db-01",
    userName: "ACME",
  });
  emulator.addSession({
    id: "103",
    startedAt: start - hour,
    serverName: "ts-01",
    userName: "Globex",
    attributes: { protocol: "rdp", account_id: "41" },
  });
  pulumi.runtime.setAllConfig({ "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey }, ["fudo:apiKey"]);
});
afterEach(async () => {
  expect(emulator.requests.every(({ method }) => method === "GET")).toBe(true);
  await emulator.close();
});

/** The message of the error that ends the program. */
async function problemOf(args: GetSessionsArgs): Promise<string> {
  const error: unknown = await getSession(args).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ __pulumiRunError: true });
  return (error as Error).message;
}

test.each<[GetSessionsArgs, string]>([
  [{ serverName: "ts-01" }, "103"],
  [{ userName: "ACME", live: true }, "101"],
  [{ serverName: "db-01", live: false }, "102"],
  [{ protocol: "rdp" }, "103"],
  [{ accountId: "41" }, "103"],
  [{ limit: 1 }, "103"],
  [{ serverName: "db-01", limit: 1 }, "102"],
])("%j is session %s", async (args, id) => {
  expect(await getSession(args)).toMatchObject({ id });
});

test("the output form takes values of other resources", async () => {
  const session = getSessionOutput({ serverName: pulumi.output("ts-01"), names: true });
  const known = await new Promise((resolve) => session.apply(resolve));
  expect(known).toEqual({
    id: "103",
    live: true,
    protocol: "rdp",
    userId: expect.stringMatching(/^\d{19}$/),
    serverId: expect.stringMatching(/^\d{19}$/),
    safeId: expect.stringMatching(/^\d{19}$/),
    accountId: "41",
    userName: "Globex",
    serverName: "ts-01",
    startedAt: "2026-03-02T11:00:00.000000Z",
  });
});

test("several sessions: the error lists them, newest first, and names the arguments that tell them apart", async () => {
  expect(await problemOf({})).toBe(
    [
      "getSession: 3 sessions match. Add serverName, accountId, userName, protocol, or live to select one of them, or limit: 1 for the newest:",
      "- 103: rdp, server ts-01, account 41, user Globex, started 2026-03-02 11:00 UTC, live",
      "- 102: ssh, server db-01, account root@db-01, user ACME, started 2026-03-02 10:00 UTC, finished 2026-03-02 11:00 UTC",
      "- 101: ssh, server db-01, account root@db-01, user ACME, started 2026-03-02 09:00 UTC, live",
    ].join("\n"),
  );
  expect(await problemOf({ serverName: "db-01" })).toMatch(
    /^getSession: 2 sessions match serverName "db-01"\. Add live to select one of them, or limit: 1 for the newest:\n- 102/,
  );
});

test("without the right to read names, the error has the IDs", async () => {
  emulator.behaviour.namedObjects = "403";
  expect(await problemOf({ protocol: "ssh" })).toMatch(
    /^getSession: 2 sessions match protocol "ssh"\. Add live to select .*\n- 102: ssh, server \d{19}, account \d{19}, user \d{19}, started/,
  );
});

test("sessions that differ in nothing but ID and start: the error says to use an ID", async () => {
  emulator.addSession({ id: "104", startedAt: start, serverName: "db-01", userName: "ACME" });
  expect(await problemOf({ serverName: "db-01", live: true })).toMatch(
    /^getSession: 2 sessions match serverName "db-01", live true\. Set sessionId to one of these IDs, or limit: 1 for the newest:\n- 104:/,
  );
});

test("sessions on two servers of one name: the error says to use the server's ID", async () => {
  emulator.addSession({ id: "105", serverName: "ts-01", userName: "Globex", attributes: { server_id: "9" } });
  expect(await problemOf({ serverName: "ts-01", userName: "Globex" })).toMatch(/^getSession: 2 .* Add serverId, /);
});

test("more than ten candidates: ten, then a count", async () => {
  for (let id = 201; id < 212; id++) emulator.addSession({ id: `${id}`, startedAt: start, serverName: "web" });
  const lines = (await problemOf({ serverName: "web" })).split("\n");
  expect(lines).toHaveLength(12);
  expect(lines[1]).toMatch(/^- 211: /);
  expect(lines[11]).toBe("- and 1 more");
});

test("no session: the error repeats the filters and how many sessions there are", async () => {
  expect(await problemOf({ serverName: "ts-01", live: false, protocol: "ssh" })).toBe(
    'getSession: no session matches serverName "ts-01", protocol "ssh", live false (this API user sees 3 sessions). Change or remove an argument; getSessions without arguments lists all of them',
  );
});

test("an API user without rights to sessions is told so", async () => {
  for (const session of emulator.sessions) emulator.denyAccess(session);
  expect(await problemOf({})).toMatch(/the appliance lists no session to this API user\. Check in the admin panel/);
});

test.each<[string, () => void, RegExp]>([
  ["without pagination", () => (emulator.behaviour.sessionPaging = "ignored"), /same page again/],
  ["with an empty page", () => emulator.fault({ kind: "list", value: [], path: "offset=2" }), /does not continue/],
  [
    "with an entry without an ID",
    () => emulator.fault({ kind: "attribute", attribute: "id", value: "x", path: "/session" }),
    /without a decimal ID/,
  ],
])("a list %s is an error, also where one session matches", async (_, spoil, reason) => {
  emulator.behaviour.sessionLimit = 2;
  spoil();
  const problem = await problemOf({ protocol: "rdp" });
  expect(problem).toMatch(reason);
  expect(problem).toContain("Another session may match, so getSession returns none");
});

test("a list of servers that is incomplete is an error for serverName, and none for other arguments", async () => {
  emulator.fault({ kind: "attribute", attribute: "name", value: null, path: "/server", times: Infinity });
  expect(await problemOf({ serverName: "ts-01" })).toMatch(
    /no server with the name "ts-01".*It may exist: the list of/,
  );
  const info = jest.spyOn(pulumi.log, "info").mockResolvedValue(undefined);
  expect(await getSession({ protocol: "rdp", names: true })).toMatchObject({ id: "103", userName: "Globex" });
  expect(info).toHaveBeenCalledWith(expect.stringContaining("servers (incomplete list)"));
  info.mockRestore();
});

test.each<[object, RegExp]>([
  [{ serverNam: "x" }, /^getSession: there is no argument named "serverNam"\. Did you mean serverName\?$/],
  [{ serverId: "db-01" }, /^getSession: serverId must be a decimal ID as text\. For a name, use serverName$/],
  [{ userName: "" }, /^getSession: userName must be a name as text$/],
  [{ names: "yes" }, /^getSession: names must be true or false$/],
])("%j is rejected without a request", async (args, message) => {
  expect(await problemOf(args)).toMatch(message);
  expect(emulator.requests).toEqual([]);
});
