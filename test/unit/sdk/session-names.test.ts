// Names in getSessions: what the result has, what a filter by name selects, and what happens without the right to read names.
import * as pulumi from "@pulumi/pulumi";
import { startEmulator, type Emulator } from "../../../provider/emulator";
import { getSession, getSessions, type GetSessionsArgs } from "../../../sdk/nodejs";
import { escapes, isHarmless } from "../../support/hostile-values";

let emulator: Emulator;
let info: jest.SpyInstance;

beforeEach(async () => {
  emulator = await startEmulator({ seed: "names", sessions: 0 });
  emulator.addSession({ id: "1", serverName: "db-01", accountName: "root", userName: "ACME" });
  emulator.addSession({ id: "2", serverName: "db-01", userName: "Globex", attributes: { server_id: "21" } });
  emulator.addSession({ id: "3", serverName: "web-01", userName: "ACME", attributes: { account_id: "41" } });
  pulumi.runtime.setAllConfig({ "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey }, ["fudo:apiKey"]);
  info = jest.spyOn(pulumi.log, "info").mockResolvedValue(undefined);
});
afterEach(async () => {
  info.mockRestore();
  expect(emulator.requests.every(({ method }) => method === "GET")).toBe(true);
  await emulator.close();
});

const ids = async (args: GetSessionsArgs) => (await getSessions(args)).sessions.map(({ id }) => id).sort();
const namesOf = async (args: GetSessionsArgs) =>
  (await getSessions(args)).sessions
    .map(({ id, serverName, accountName, userName }) => [id, serverName, accountName, userName])
    .sort();
const requestedKinds = () =>
  [...new Set(emulator.requests.flatMap(({ path }) => /v2\/(server|account|user)\?/.exec(path)?.[1] ?? []))].sort();

const problemOf = (args: GetSessionsArgs): Promise<string> =>
  getSession(args).then(
    ({ id }) => `no error, but session ${id}`,
    (error: Error) => error.message,
  );

test("with names, the result has those that the API user can read", async () => {
  expect(await namesOf({ names: true })).toEqual([
    ["1", "db-01", "root", "ACME"],
    ["2", "db-01", "root@db-01", "Globex"],
    ["3", "web-01", undefined, "ACME"],
  ]);
  expect(info).not.toHaveBeenCalled();
});

test("without names and without a filter by name, no name is requested", async () => {
  expect(await namesOf({ live: true })).toEqual([
    ["1", undefined, undefined, undefined],
    ["2", undefined, undefined, undefined],
    ["3", undefined, undefined, undefined],
  ]);
  expect(await ids({ names: false, userId: "404" })).toEqual([]);
  expect(requestedKinds()).toEqual([]);
});

test.each<[GetSessionsArgs, string[], string[]]>([
  [{ userName: "ACME" }, ["1", "3"], ["user"]],
  [{ accountName: "root" }, ["1"], ["account"]],
  [{ serverName: "web-01", userName: "ACME" }, ["3"], ["server", "user"]],
  [{ serverName: "web-01", userName: "Globex" }, [], ["server", "user"]],
])("%j selects sessions, and only the lists of these kinds are read", async (args, expected, kinds) => {
  expect(await ids(args)).toEqual(expected);
  expect(requestedKinds()).toEqual(kinds);
});

test("a name that several objects have selects the sessions of all of them", async () => {
  expect(await ids({ serverName: "db-01" })).toEqual(["1", "2"]);
});

test("names on several pages are found, one entry on each page", async () => {
  emulator.behaviour.sessionLimit = 1;
  expect(await ids({ serverName: "web-01" })).toEqual(["3"]);
  expect((await getSessions({ names: true })).complete).toBe(true);
});

test("a name with an accent is the same with one and with two characters for the letter", async () => {
  emulator.addSession({ id: "4", userName: "Société".normalize("NFD") });
  expect(await ids({ userName: "Société".normalize("NFC") })).toEqual(["4"]);
});

test.each<[GetSessionsArgs, string]>([
  [{ serverName: "db-1" }, 'this API user sees no server with the name "db-1". Did you mean "db-01"?'],
  [{ userName: "acme" }, 'this API user sees no user with the name "acme". Did you mean "ACME"?'],
  [{ userName: "Initech" }, 'this API user sees no user with the name "Initech". It sees "ACME", "Globex", "pulumi"'],
])("%j names no object: an error that says which names there are", async (args, message) => {
  await expect(getSessions(args)).rejects.toThrow(`getSessions: ${message}`);
  await expect(getSession(args)).rejects.toThrow(`getSession: ${message}`);
});

test("of many names, the error shows the first ten", async () => {
  for (let n = 0; n < 30; n++) emulator.addSession({ serverName: `node-${String.fromCharCode(97 + n)}` });
  await expect(getSessions({ serverName: "mainframe" })).rejects.toThrow(/It sees ("[^"]+", ){9}"[^"]+" and 22 more$/);
});

test("an API user that sees no server is told so", async () => {
  emulator.fault({ kind: "list", value: [], path: "/server", times: Infinity });
  await expect(getSessions({ serverName: "db-01" })).rejects.toThrow(
    /no server with the name "db-01"\. It sees no server at all\. Check its rights/,
  );
});

describe.each(["403", "404"] as const)("where the appliance responds %s to the lists of names", (status) => {
  beforeEach(() => (emulator.behaviour.namedObjects = status));

  test("the result has the IDs, and one message says why there are no names", async () => {
    const { sessions, complete } = await getSessions({ names: true });
    expect([sessions.length, complete]).toEqual([3, true]);
    expect(sessions[0]).toHaveProperty("serverId");
    expect(sessions[0]).not.toHaveProperty("serverName");
    const why = `fudo: getSessions: the result does not have the names of all servers (${status}), accounts (${status}), users (${status}): this API user has no right to read them`;
    expect(info.mock.calls).toEqual([[expect.stringContaining(why)]]);
  });

  test("a filter by name is an error, because it cannot be applied", async () => {
    await expect(getSessions({ serverName: "db-01" })).rejects.toThrow(
      new RegExp(`^getSessions cannot select by serverName.*: ${status}.* Without that list, use serverId$`),
    );
    await expect(getSession({ userName: "ACME", limit: 1 })).rejects.toThrow(/^getSession cannot select by userName/);
  });
});

test.each<[string, () => void]>([
  ["403 on one kind only", () => emulator.fault({ kind: "failure", status: 403, path: "/account", times: Infinity })],
  ["a page of a proxy", () => emulator.fault({ kind: "html", status: 200, path: "/account", times: Infinity })],
  [
    "text in the place of the list",
    () => emulator.fault({ kind: "list", value: "x", path: "/account", times: Infinity }),
  ],
])("%s leaves the other names", async (_, spoil) => {
  spoil();
  expect(await namesOf({ names: true, serverName: "web-01" })).toEqual([["3", "web-01", undefined, "ACME"]]);
  expect(info.mock.calls).toEqual([[expect.stringMatching(/names of all accounts \((403|protocol)\): /)]]);
});

test("an incomplete list of servers makes a result by serverName incomplete", async () => {
  emulator.fault({ kind: "attribute", attribute: "id", value: "x", path: "/server", times: Infinity });
  emulator.behaviour.sessionLimit = 2;
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  await expect(getSessions({ serverName: "db-01" })).rejects.toThrow(/It may exist: the list of servers is incomplete/);
  emulator.clearFaults();
  emulator.behaviour.sessionPaging = "ignored";
  expect(await getSessions({ serverName: "db-01" })).toMatchObject({ complete: false, sessions: [{}, {}] });
  expect(warn).toHaveBeenCalledWith(expect.stringContaining("There may be more sessions"));
  warn.mockRestore();
});

test("hostile names are one line, short, and without control characters in results and errors", async () => {
  const key = emulator.addShare("1").key;
  const names = [
    `${escapes}db`,
    "a\u202eb\nc",
    "x".repeat(10_000),
    "<script>alert(1)</script>",
    `/?key=${key}`,
    "\u0000",
  ];
  names.forEach((serverName, n) => emulator.addSession({ id: `${10 + n}`, serverName, userName: "Mallory" }));
  const { sessions } = await getSessions({ userName: "Mallory", names: true });
  const shown = sessions.map(({ serverName }) => serverName);
  // The last name has no character that can be shown.
  expect(shown.filter((name) => name !== undefined)).toHaveLength(names.length - 1);
  const problem = await problemOf({ userName: "Mallory" });
  const unknown = await problemOf({ serverName: "zzz" });
  for (const text of [...shown.filter((name) => name !== undefined), ...problem.split("\n"), unknown]) {
    expect(isHarmless(text)).toBe(true);
    expect(text).not.toContain("\n");
    expect(text.includes(key)).toBe(false);
    expect(text.length).toBeLessThan(1200);
  }
  expect(problem.split("\n")).toHaveLength(names.length + 1);
});
