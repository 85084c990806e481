// When the audit stops asking: only for failures that would cost each other session the same time, or block the API user.
import { fetchSessions } from "../../../provider/audit/collect/appliance-shares";
import { FudoError, type ErrorCode } from "../../../provider/client/errors";
import { createFixture, fingerprintOf, type AuditFixture } from "./fixture";

const sessions = (count: number, first = 1) => Array.from({ length: count }, (_, index) => String(first + index));

/** The outcome of each session when these fail with this error, and the others answer. */
async function outcomes(ids: readonly string[], errorOf: (id: string) => FudoError | undefined): Promise<string[]> {
  const listShares = (sessionId: string) => {
    const error = errorOf(sessionId);
    if (error !== undefined) return Promise.reject(error);
    return Promise.resolve({ shares: [], provesAbsence: true, problems: [] });
  };
  const results = await fetchSessions(ids, { client: { listShares }, now: () => 0, onResult: () => undefined });
  expect(results.map(({ sessionId }) => sessionId)).toEqual(ids);
  return results.map(({ outcome }) => outcome);
}

const fails = (code: ErrorCode, status?: number) => () => new FudoError(code, "no", { ...(status && { status }) });
const count = (found: readonly string[], outcome: string) => found.filter((one) => one === outcome).length;

test.each<[string, ErrorCode, number]>([
  ["403", "unauthorized", 403],
  ["a proxy's 404", "not-found", 404],
  ["400", "rejected", 400],
  ["a page instead of a list", "protocol", 200],
  ["a list that is too large", "limit", 200],
])("forty sessions that fail with %s do not hide twenty others", async (_, code, status) => {
  const error = fails(code, status);
  const found = await outcomes(sessions(60), (id) => (Number(id) <= 40 ? error() : undefined));
  expect([count(found, "failed"), count(found, "answered")]).toEqual([40, 20]);
});

test.each<[string, ErrorCode, number | undefined]>([
  ["a timeout", "unreachable", undefined],
  ["503", "unavailable", 503],
])("after sixteen failures with %s in a row the audit stops, and the others are not asked", async (_, code, status) => {
  const error = fails(code, status);
  const found = await outcomes(sessions(100), (id) => (id === "1" ? undefined : error()));
  expect(count(found, "answered")).toBe(1);
  expect(count(found, "not-asked")).toBeGreaterThan(70);
  expect(count(found, "failed") + count(found, "not-asked")).toBe(99);
});

test("fast failures in between do not make the audit wait for ever", async () => {
  const found = await outcomes(sessions(100), (id) =>
    Number(id) % 2 === 0 ? fails("unauthorized", 403)() : fails("unreachable")(),
  );
  expect(count(found, "not-asked")).toBeGreaterThan(40);
});

test("one answer in between shows that the appliance works", async () => {
  const found = await outcomes(sessions(100), (id) => (Number(id) % 10 === 1 ? undefined : fails("unreachable")()));
  expect([count(found, "answered"), count(found, "failed")]).toEqual([10, 90]);
});

test("one session that breaks the first connection does not stop the audit", async () => {
  const found = await outcomes(sessions(20), (id) => (id === "1" ? fails("unreachable")() : undefined));
  expect([count(found, "failed"), count(found, "answered")]).toEqual([1, 19]);
});

test("a rejected key stops the audit at once", async () => {
  const found = await outcomes(sessions(100), fails("unauthorized", 401));
  expect(count(found, "failed")).toBeLessThanOrEqual(8);
});

test("an error of the settings ends the audit", async () => {
  await expect(outcomes(sessions(3), fails("config"))).rejects.toMatchObject({ code: "config" });
});

test("the appliance's clock is known from an error response too", async () => {
  const fixture = await createFixture();
  const [session] = fixture.emulator.sessions;
  fixture.emulator.denyAccess(session!);
  const share = fixture.share(-1, 8, { sessionId: fixture.emulator.sessions[1]! });
  const listShares = () => Promise.reject(new FudoError("unauthorized", "no", { status: 403, applianceTime: 7000 }));
  const options = { client: { listShares }, now: () => 0, onResult: () => undefined };
  expect(await fetchSessions(["1"], options)).toMatchObject([{ outcome: "failed", applianceTime: 7000 }]);
  const { code, findings } = await fixture.report([], ["--session", session!, "--session", share.sessionId]);
  expect([code, findings[0]?.fingerprint]).toEqual([3, fingerprintOf(share.key)]);
});

test.each<[string, (fixture: AuditFixture, session: string) => unknown, RegExp]>([
  ["a lost right", ({ emulator }, session) => emulator.denyAccess(session), /GET \/api\/v2\/session\/ID\/share: 403/],
  ["a deleted session", ({ emulator }, session) => emulator.removeSession(session), /: not found on the appliance/],
])("%s of many sessions is one problem that names the first of them", async (_, change, text) => {
  const fixture = await createFixture();
  const asked = Array.from({ length: 12 }, () => fixture.emulator.addSession());
  const other = fixture.emulator.addSession();
  for (const session of asked) change(fixture, session);
  fixture.emulator.fault({ path: `${other}/share`, kind: "failure", status: 400, message: "Bad." });
  const named = [...asked, other].flatMap((id) => ["--session", id]);
  const { code, completeness, sessions: results } = await fixture.report([], named);
  expect([code, results.length]).toEqual([3, 13]);
  expect(completeness.problems).toHaveLength(2);
  const problem = completeness.problems.find((one) => text.test(one));
  expect(problem).toContain(`12 sessions (${asked.slice(0, 5).join(", ")} and 7 more): `);
  // One session keeps its request as it was sent.
  expect(completeness.problems).toContainEqual(
    expect.stringContaining(`session ${other}: GET /api/v2/session/${other}/`),
  );
});
