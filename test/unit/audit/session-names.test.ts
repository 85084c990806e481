// The names of server, account and user in the reports: where they are, what happens without the right to read them, and that
// they change no finding.
import { formats } from "../../../provider/audit/cli/arguments";
import type { Report } from "../../../provider/audit/model/report-schema";
import { createFixture, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

/** An undeclared share on this session makes a finding in each format. */
const shareOn = (sessionId: string) => fixture.share(-1, 8, { sessionId });
const paths = () => fixture.emulator.requests.map(({ path }) => path);
const nameRequests = () => paths().filter((path) => /v2\/(server|account|user)|filter=/.test(path));
const ofAcme = { serverName: "db-07", accountName: "root@db-07", userName: "ACME" };

async function everyFormat(args: readonly string[]): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const format of formats) texts[format] = (await fixture.run([...args, "-o", format])).stdout;
  return texts;
}

test("every format has the names of server and user next to the session, JSON and CSV also the account", async () => {
  const sessionId = fixture.emulator.addSession(ofAcme);
  shareOn(sessionId);
  const { json = "", csv, table, markdown, sarif, html } = await everyFormat(["--session", sessionId]);
  const { shares, findings, linksToRevoke } = JSON.parse(json) as Report;
  for (const entry of [...shares, ...findings, ...linksToRevoke]) expect(entry).toMatchObject({ sessionId, ...ofAcme });
  expect([shares.length, findings.length, linksToRevoke.length]).toEqual([1, 1, 1]);
  expect(csv).toContain(`,session ${sessionId},db-07,root@db-07,ACME,`);
  expect(table).toContain(`session ${sessionId} (server db-07, user ACME), share `);
  expect(table).toContain(`\n  session ${sessionId} (server db-07, user ACME)\n`);
  expect(markdown).toContain(`Session \`${sessionId}\` (server db-07, user ACME), share `);
  expect(markdown).toContain(`- Session \`${sessionId}\` (server db-07, user ACME)\n`);
  expect(sarif).toContain(" (server db-07, user ACME): ");
  expect(html!.match(/server <bdi>db-07<\/bdi>, user <bdi>ACME<\/bdi>/g)).toHaveLength(4);
});

test("a narrow table has the names, too", async () => {
  const sessionId = fixture.emulator.addSession(ofAcme);
  shareOn(sessionId);
  const { stdout } = await fixture.run(["--session", sessionId], { columns: 60 });
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    `SHARES no stack active, expires in 7 h, readonly session ${sessionId} (server db-07, user ACME) share `,
  );
});

test("a report without shares asks for no names", async () => {
  const { code } = await fixture.report([], ["--all-sessions"]);
  expect([code, nameRequests()]).toEqual([0, []]);
});

test("the number of requests depends on the pages of the lists, not on the sessions", async () => {
  const sessions = Array.from({ length: 101 }, () => fixture.emulator.addSession());
  sessions.forEach(shareOn);
  const { shares } = await fixture.report(
    [],
    sessions.flatMap((id) => ["--session", id]),
  );
  expect(shares.every(({ serverName }) => serverName === "db-01")).toBe(true);
  // 100 sessions in one request, and two for each list: the second one shows that nothing is missing.
  expect(nameRequests().map((path) => path.replace(/[?].*filter=/, " ").replace(/[?(].*/, ""))).toEqual([
    "/api/v2/session id.in",
    "/api/v2/session id.in",
    ...["server", "account", "user", "server", "account", "user"].map((kind) => `/api/v2/${kind}`),
  ]);
});

test("with --all-sessions, the list of sessions is not read again", async () => {
  shareOn(fixture.emulator.sessions[0]!);
  fixture.emulator.behaviour.sessionLimit = 1;
  const { shares } = await fixture.report([], ["--all-sessions"]);
  expect(shares).toMatchObject([{ serverName: "db-01", accountName: "root@db-01", userName: "ACME Support" }]);
  expect(paths().filter((path) => path.includes("filter="))).toEqual([]);
});

/** What the audit of a state with one of two shares reports: the names, and what decides. */
async function audited(state: string) {
  const sessions = fixture.emulator.sessions.slice(0, 2).flatMap((id) => ["--session", id]);
  const { code, stdout } = await fixture.run(["--state", state, ...sessions, "-o", "json"]);
  const { completeness, shares, ...report } = JSON.parse(stdout) as Report;
  const { notes, ...rest } = completeness;
  const withoutNames = JSON.parse(
    JSON.stringify({ code, rest, shares, ...report }, (name, value: unknown) =>
      /^(server|account|user)Name$/.test(name) ? undefined : value,
    ),
  ) as unknown;
  const names = shares.map(({ serverName, accountName, userName }) => [serverName, accountName, userName]);
  return { code, complete: completeness.complete, names, withoutNames, notes };
}

const all = [
  ["db-01", "root@db-01", "ACME Support"],
  ["ts-01", "administrator@ts-01", "ACME Support"],
];
const withoutAccounts = all.map(([server, , user]) => [server, undefined, user]);
const none = [
  [undefined, undefined, undefined],
  [undefined, undefined, undefined],
];
const missing = (kinds: string) => `Names are missing: ${kinds}. The API user has no right to read them`;
const always = { times: Infinity };

test.each<[string, (fixture: AuditFixture) => unknown, unknown[][], string]>([
  [
    "403 to the names",
    ({ emulator }) => (emulator.behaviour.namedObjects = "403"),
    none,
    missing("servers (403), accounts (403), users (403)"),
  ],
  [
    "404 to the names",
    ({ emulator }) => (emulator.behaviour.namedObjects = "404"),
    none,
    missing("servers (404), accounts (404), users (404)"),
  ],
  [
    "403 to one kind only",
    ({ emulator }) => emulator.fault({ kind: "failure", status: 403, path: "/account", ...always }),
    withoutAccounts,
    missing("accounts (403)"),
  ],
  [
    "503 to one kind only, without a retry",
    ({ emulator }) => emulator.fault({ kind: "failure", status: 503, path: "/account", ...always }),
    withoutAccounts,
    missing("accounts (503)"),
  ],
  [
    "a reset connection for one kind",
    ({ emulator }) => emulator.fault({ kind: "reset", path: "/account", ...always }),
    withoutAccounts,
    missing("accounts (unreachable)"),
  ],
  [
    "HTML for one kind",
    ({ emulator }) => emulator.fault({ kind: "html", status: 200, path: "/account", ...always }),
    withoutAccounts,
    missing("accounts (protocol)"),
  ],
  [
    "names that are no text",
    ({ emulator }) => emulator.fault({ kind: "attribute", attribute: "name", value: 5, path: "/account", ...always }),
    withoutAccounts,
    missing("accounts (incomplete list)"),
  ],
  [
    "400 to the filter",
    ({ emulator }) => emulator.fault({ kind: "failure", status: 400, path: "filter=", ...always }),
    none,
    "for 2 sessions: the audit could not read the list of sessions (400)",
  ],
  [
    "other sessions than the filter asks for",
    ({ emulator }) =>
      emulator.fault({ kind: "list", value: [{ id: "5", server_id: "6" }], path: "filter=", ...always }),
    none,
    "for 2 sessions: the appliance's list of sessions does not show them",
  ],
  [
    "a session list that is text",
    ({ emulator }) => emulator.fault({ kind: "list", value: "x", path: "filter=", ...always }),
    none,
    "the list of sessions (protocol)",
  ],
])("%s: a note, and nothing else is different", async (_, spoil, names, note) => {
  fixture.emulator.sessions.slice(0, 2).forEach(shareOn);
  const state = fixture.stateFile([fixture.resourceFor(fixture.emulator.shares()[0]!)]);
  const before = await audited(state);
  expect([before.code, before.complete, before.names.toSorted()]).toEqual([1, true, all]);
  spoil(fixture);
  const after = await audited(state);
  expect(after.withoutNames).toEqual(before.withoutNames);
  expect(after.names.toSorted()).toEqual(names);
  expect(after.notes).toEqual([...before.notes, expect.stringContaining(note)]);
  expect(after.notes.at(-1)).toMatch(/Names change no finding\.$/);
});

test("a rejected key does not cause more requests", async () => {
  const share = fixture.share();
  fixture.emulator.blockUser();
  const { code } = await fixture.report([fixture.resourceFor(share)]);
  expect([code, nameRequests()]).toEqual([3, []]);
});

test("an object that the API user may not see has no name, and the note says so", async () => {
  const sessionId = fixture.emulator.addSession({ attributes: { server_id: "21" } });
  shareOn(sessionId);
  const { shares, completeness } = await fixture.report([], ["--session", sessionId]);
  expect(shares[0]).not.toHaveProperty("serverName");
  expect(shares[0]).toMatchObject({ userName: "ACME Support" });
  expect(completeness.notes.at(-1)).toContain("Names are missing: servers (not visible)");
});

test("a share on another appliance has no names: there, the ID is another session", async () => {
  const share = shareOn(fixture.emulator.sessions[0]!);
  const gone = shareOn(share.sessionId);
  fixture.emulator.revoke(gone.key);
  fixture.emulator.behaviour.removedShares = "hidden";
  const elsewhere = fixture.resourceFor(gone, { outputs: { appliance: "https://other.example" } });
  const { shares } = await fixture.report([elsewhere], ["--session", share.sessionId]);
  expect(shares.map(({ seen, serverName }) => [seen, serverName]).sort()).toEqual([
    ["elsewhere", undefined],
    ["listed", "db-01"],
  ]);
  fixture.emulator.resetRequests();
  fixture.emulator.revoke(share.key);
  await fixture.report([elsewhere]);
  expect(nameRequests()).toEqual([]);
});

test("a session without a server in the list needs no name, and no note", async () => {
  const attributes = { server_id: null, account_id: null, user_id: null };
  const sessionId = fixture.emulator.addSession({ attributes });
  shareOn(sessionId);
  const { completeness } = await fixture.report([], ["--session", sessionId]);
  expect(completeness.notes.filter((note) => /^(Names are missing|No names)/.test(note))).toEqual([]);
});

test("the next audit reads a report with names, and needs none of them", async () => {
  const share = shareOn(fixture.emulator.sessions[0]!);
  await fixture.run(["--session", share.sessionId, "-o", `json=${fixture.path("last.json")}`]);
  const last = JSON.parse(fixture.read("last.json")) as Report;
  const renamed = {
    ...last,
    shares: last.shares.map((one) => ({ ...one, serverName: 5, userName: "x".repeat(9999) })),
  };
  const { code, shares } = await fixture.report(
    [],
    ["--previous", fixture.file("renamed.json", JSON.stringify(renamed))],
  );
  expect([code, shares.length, shares[0]?.serverName]).toEqual([1, 1, "db-01"]);
});
