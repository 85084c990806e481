// getSessions against an emulator: which sessions it returns, in which order, and which arguments it rejects.
import * as pulumi from "@pulumi/pulumi";
import { startEmulator, type Emulator } from "../../../provider/emulator";
import { selectSessions } from "../../../provider/lifecycle/functions/sessions";
import * as sdk from "../../../sdk/nodejs";
import type { GetSessionsArgs } from "../../../sdk/nodejs";

const hour = 3_600_000;
const start = Date.parse("2026-03-02T12:00:00.000Z");
let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator({ seed: "sessions", sessions: 0, clock: () => start });
  emulator.addSession({
    id: "4665729213955833857",
    startedAt: start - 3 * hour,
    attributes: { user_id: "11", server_id: "21", protocol: "ssh" },
  });
  emulator.addSession({
    id: "4665729213955833858",
    startedAt: start - 1 * hour,
    attributes: { user_id: "12", server_id: "21", protocol: "rdp", safe_id: "31", account_id: "41" },
  });
  emulator.addSession({
    id: "4665729213955833859",
    startedAt: start - 2 * hour,
    finishedAt: start - hour,
    attributes: { user_id: "11", server_id: "22", protocol: "ssh" },
  });
  pulumi.runtime.setAllConfig({ "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey }, ["fudo:apiKey"]);
});
afterEach(async () => {
  expect(emulator.requests.every(({ method }) => method === "GET")).toBe(true);
  await emulator.close();
});

const ids = async (args: GetSessionsArgs = {}) => (await sdk.getSessions(args)).sessions.map(({ id }) => id.slice(-2));

test("returns all sessions, newest first, with IDs as text and instants in UTC", async () => {
  const { sessions, complete } = await sdk.getSessions();
  expect(complete).toBe(true);
  expect(sessions.map(({ id }) => id)).toEqual(["4665729213955833858", "4665729213955833859", "4665729213955833857"]);
  expect(sessions[1]).toEqual({
    id: "4665729213955833859",
    live: false,
    protocol: "ssh",
    userId: "11",
    serverId: "22",
    safeId: expect.stringMatching(/^\d{19}$/),
    accountId: expect.stringMatching(/^\d{19}$/),
    startedAt: "2026-03-02T10:00:00.000000Z",
    finishedAt: "2026-03-02T11:00:00.000000Z",
  });
});

test.each<[GetSessionsArgs, string[]]>([
  [{ userId: "11" }, ["59", "57"]],
  [{ serverId: "21" }, ["58", "57"]],
  [{ safeId: "31" }, ["58"]],
  [{ accountId: "41" }, ["58"]],
  [{ protocol: "SSH" }, ["59", "57"]],
  [{ live: true }, ["58", "57"]],
  [{ live: false }, ["59"]],
  [{ limit: 1 }, ["58"]],
  [{ userId: "11", live: true, protocol: undefined }, ["57"]],
  [{ userId: "404" }, []],
])("%j", async (args, expected) => {
  expect(await ids(args)).toEqual(expected);
});

test("a removed session is omitted, because it cannot be shared", async () => {
  emulator.addSession({ id: "1", attributes: { removed: true } });
  expect(await ids()).toEqual(["58", "59", "57"]);
});

test("sessions without a start come last, the greater ID first", () => {
  const withStart = { id: "9", startedAt: "2026-03-02 04:00:00-08", removed: false };
  const withoutStart = ["5", "10", "4665729213955833858", "4665729213955833857"].map((id) => ({ id, removed: false }));
  expect(selectSessions([...withoutStart, withStart], {}).map(({ id }) => id)).toEqual([
    "9",
    "4665729213955833858",
    "4665729213955833857",
    "10",
    "5",
  ]);
});

test("a list without a visible end causes a warning", async () => {
  emulator.behaviour.sessionPaging = "ignored";
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  expect(await sdk.getSessions({ limit: 1 })).toMatchObject({
    complete: false,
    sessions: [{ id: "4665729213955833858" }],
  });
  expect(warn).toHaveBeenCalledWith(expect.stringContaining("There may be more sessions than this result contains"));
  warn.mockRestore();
});

test("the output form accepts values of other resources", async () => {
  const output = sdk.getSessionsOutput({ userId: pulumi.output("12"), live: true });
  const { sessions } = await new Promise<Awaited<ReturnType<typeof sdk.getSessions>>>((resolve) =>
    output.apply(resolve),
  );
  expect(sessions.map(({ id }) => id)).toEqual(["4665729213955833858"]);
});

test.each<[string, object, RegExp]>([
  ["an ID that is a number", { userId: 11 }, /userId must be a decimal ID as text/],
  ["an ID that is a path", { serverId: "../1" }, /serverId must be a decimal ID as text/],
  ["a filter that is null", { serverName: null }, /serverName must be a name as text/],
  ["live as text", { live: "yes" }, /live must be true or false/],
  ["a limit of zero", { limit: 0 }, /limit must be a whole number greater than zero/],
  ["a misspelled filter", { userID: "11" }, /no argument named "userID"\. Did you mean userId\?$/],
  ["another misspelled filter", { protcol: "ssh" }, /no argument named "protcol"\. Did you mean protocol\?$/],
  [
    "a filter that is like no other",
    { vendor: "a" },
    /no argument named "vendor"\. The arguments are userId, serverId/,
  ],
  ["an argument of every object", { constructor: 1 }, /no argument named "constructor"\. The arguments are/],
])("%s is rejected without a request", async (_, args, message) => {
  await expect(sdk.getSessions(args)).rejects.toThrow(message);
  expect(emulator.requests).toEqual([]);
});

test("limit and names that are null are not set", async () => {
  const args = { userId: "12", limit: null, names: null } as object;
  expect(await sdk.getSessions(args)).toEqual(await sdk.getSessions({ userId: "12" }));
});

test.each<[object, RegExp]>([
  [{ sessionID: "5" }, /no argument named "sessionID"\. Did you mean sessionId\?$/],
  [{ sessionId: "5", limit: 1 }, /no argument named "limit"\. The argument is sessionId$/],
])("getSessionShares refuses %j", async (args, message) => {
  await expect(sdk.getSessionShares(args as { sessionId: string })).rejects.toThrow(message);
});

test("an error response ends the program with one sentence", async () => {
  emulator.fault({ kind: "failure", status: 403, message: "no", times: Infinity });
  await expect(sdk.getSessions()).rejects.toThrow(
    expect.objectContaining({ __pulumiRunError: true, message: expect.stringMatching(/^GET .*: 403/) }),
  );
});

test.each([
  ["an unreadable `removed`", { kind: "attribute", attribute: "removed", value: "no" }],
  ["a masked key", { kind: "masked" }],
  ["no list", { kind: "list" }],
] as const)("getSessionShares warns about a list with %s", async (_, fault) => {
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  const sessionId = "4665729213955833857";
  emulator.addShare(sessionId, { validSince: start - hour, validTo: start + hour });
  emulator.fault({ on: "GET", ...fault });
  const { shares } = await sdk.getSessionShares({ sessionId });
  expect(shares).toEqual(fault.kind === "list" ? [] : [expect.objectContaining({ status: "active" })]);
  expect(warn.mock.calls).toEqual([
    [expect.stringMatching(/^fudo: getSessionShares: session 4665729213955833857: the /)],
  ]);
  warn.mockRestore();
});
