// What doctor says about an appliance and writes into its profile: one row for each behaviour flag and value that it can
// observe, and for each response that the provider tolerates or cannot read.
import { behaviourFlagList, startEmulator, type BehaviourFlags, type Emulator } from "../../../../provider/emulator";
import { flagNames } from "../../../../provider/audit/doctor/observations/observation";
import { schemaProblems } from "../../../support/appliance-profile";
import { runDoctor } from "../../../support/doctor";
import { VirtualClock } from "../../../support/virtual-clock";

const start = Date.parse("2026-03-02T12:00:17.250Z");
const minute = 60_000;

interface Appliance {
  readonly behaviour?: Partial<BehaviourFlags>;
  /** Changes the emulator before doctor starts. */
  readonly prepare?: (emulator: Emulator, session: string) => void;
}

/** The line of each subject, and the profile. */
async function observe({ behaviour = {}, prepare }: Appliance) {
  const time = new VirtualClock(start);
  const emulator = await startEmulator({ seed: 1, clock: time.now, behaviour });
  try {
    prepare?.(emulator, emulator.sessions[0]!);
    const { code, stdout, profile } = await runDoctor(emulator, { time });
    const written = JSON.parse(profile!) as { observed: Record<string, unknown>; shapes: Record<string, unknown> };
    expect(schemaProblems(written)).toEqual([]);
    const lines = Object.fromEntries(
      [...stdout.matchAll(/^(\w+) +(\S.{0,10}?) {2,}(.*)$/gm)].map(([, outcome, subject, text]) => [
        subject,
        `${outcome} ${text}`,
      ]),
    );
    return { code, stdout, lines, ...written };
  } finally {
    await emulator.close();
  }
}

/** Three shares that the panel created one hour after the other. */
const withShares = (emulator: Emulator, session: string) => {
  for (const hours of [3, 2, 1]) {
    const createdAt = start - hours * 60 * minute;
    emulator.addShare(session, { createdAt, validSince: createdAt, validTo: start + 60 * minute });
  }
};
const always = { on: "GET", path: "/share", times: Infinity } as const;
const withShare = (emulator: Emulator, session: string, since: number, to: number) =>
  void emulator.addShare(session, { validSince: start + since * minute, validTo: start + to * minute });

const documented = /^ok as documented: /;
const handled = /^ok different, handled: .+: (the|a|they|so|it) /;
const report = /^warn different, please report: /;

test("the flags of doctor are the flags of the emulator", () => {
  expect([...flagNames].sort()).toEqual(behaviourFlagList.map(({ name }) => name).sort());
});

test("the documented appliance has no difference, and each flag at its default", async () => {
  const { code, lines, observed } = await observe({ prepare: withShares });
  const subjects = Object.keys(lines).slice(Object.keys(lines).indexOf("Test share") + 1);
  expect(subjects.filter((subject) => !documented.test(lines[subject]))).toEqual(["Not seen"]);
  expect(lines["Not seen"]).toBe("note Later start, Empty list");
  expect(code).toBe(0);
  const defaults = Object.fromEntries(behaviourFlagList.map(({ name, defaultValue }) => [name, defaultValue]));
  expect(observed).toEqual(Object.fromEntries(Object.keys(observed).map((name) => [name, defaults[name]])));
  expect(Object.keys(observed)).toHaveLength(19);
});

describe("a flag with another value", () => {
  test.each<[flag: Partial<BehaviourFlags>, subject: string, text: RegExp, prepare?: Appliance["prepare"]]>([
    [{ expiredShares: "hidden" }, "After end", /lists hide a share that has ended/],
    [{ removedOfLive: "false" }, "Removed", /`removed: false` for a share that works/],
    [{ hiddenAttributes: "shown" }, "Hidden", /id and user_id: they become the outputs/],
    [{ expensiveAttributes: "omitted" }, "Link", /not in lists: the provider builds a link/],
    [{ shownSessionId: "other" }, "Session ID", /another one than the request/],
    [{ listOrder: "newest" }, "List order", /newest first/, withShares],
    [{ listOrder: "shuffled" }, "List order", /another order in each list/, withShares],
    [{ lagRequests: 1, lagMilliseconds: 0 }, "New share", /list 2 shows it/],
    [{ lagRequests: 4, lagMilliseconds: 0 }, "New share", /list 5 shows it/],
    [{ lagRequests: 0, lagMilliseconds: 2000 }, "New share", /lists show it after 2 s/],
    [{ lagRequests: 0, lagMilliseconds: 29_500 }, "New share", /lists show it after 30 s/],
    [{ storedWindows: "seconds" }, "Window", /cut to the second/],
    [{ storedWindows: "minutes" }, "Window", /cut to the minute/],
    [{ postStatus: "201" }, "POST status", /^ok different, handled: 201/],
    [{ unknownSession: "empty" }, "No session", /an empty list: the provider finds a wrong session ID/],
    [{ notFoundBody: "html" }, "404", /an HTML page/],
    [{ notFoundBody: "empty" }, "404", /no body/],
    [{ badQuery: "ignored" }, "Bad query", /a negative offset is ignored/],
    [{ sessionPaging: "ignored" }, "Paging", /ignores offset and limit/],
    [{ objspecFlags: "omitted" }, "Objspec", /types alone/],
    [{ healthcheck: "ok" }, "Health", /returns ok/],
    [{ healthcheck: "error" }, "Health", /returns error/],
    [{ emptyList: "null" }, "Empty list", /null/],
    [{ booleans: "letters" }, "Booleans", /"t" and "f"/],
    [{ booleans: "words" }, "Booleans", /"true" and "false"/],
    [{ booleans: "numbers" }, "Booleans", /1 and 0/],
    [{ jsonLayout: "indented" }, "JSON", /indented/],
  ])("%j is different, and handled", async (...[flag, subject, text, prepare]) => {
    const { code, lines, observed } = await observe({ behaviour: flag, ...(prepare && { prepare }) });
    expect(lines[subject]).toMatch(text);
    expect(lines[subject]).toMatch(handled);
    expect(observed).toMatchObject(flag);
    expect(code).toBe(0);
  });

  test("that only another share shows is observed where the session has one", async () => {
    const revoked = (emulator: Emulator, session: string) =>
      emulator.revoke(emulator.addShare(session, { createdAt: start - minute }).key);
    expect((await observe({ behaviour: { removedShares: "flagged" }, prepare: revoked })).observed).toMatchObject({
      removedShares: "flagged",
      removedOfLive: "omitted",
    });
    const later = await observe({ prepare: (emulator, session) => withShare(emulator, session, 60, 120) });
    expect(later.observed).toMatchObject({ scheduledShares: "shown" });
    expect(later.lines["Later start"]).toMatch(documented);
  });

  test("milliseconds look like microseconds, because the provider sends milliseconds", async () => {
    const { observed } = await observe({ behaviour: { storedWindows: "milliseconds" } });
    expect(observed).toMatchObject({ storedWindows: "microseconds" });
  });
});

describe("a response that no flag has", () => {
  const hourLater = "2026-03-02 05:00:17.25-08";

  test.each<[what: string, fault: Parameters<Emulator["fault"]>[0], subject: string, line: RegExp, flag?: string]>([
    ["lists with each share twice", { kind: "duplicate", ...always }, "Repeated", handled],
    ["a single share that is no list", { kind: "list", as: "single", ...always }, "List", handled],
    ["an end that cannot be read", attribute("valid_to", "soon"), "Window", report, "storedWindows"],
    ["a window that starts an hour later", attribute("valid_since", hourLater), "Window", report, "storedWindows"],
    ["a creation in another hour", attribute("created_at", hourLater), "Created at", report],
    ["a creation that cannot be read", attribute("created_at", "now"), "Created at", report],
    ["no creation", { kind: "without", attribute: "created_at", ...always }, "Created at", handled],
    ["times in ISO 8601", attribute("modified_at", "2026-03-02T12:00:17Z"), "Times", handled],
    ["times that cannot be read", attribute("modified_at", 5), "Times", report],
    ["a boolean that is none", attribute("readonly", "maybe"), "Booleans", report, "booleans"],
    ["a removal that cannot be read", attribute("removed", "maybe"), "Removed", report, "removedOfLive"],
    ["no session ID", { kind: "without", attribute: "session_id", ...always }, "Session ID", handled, "shownSessionId"],
    ["masked keys", { kind: "masked", ...always }, "New share", report, "lagRequests"],
    ["a user ID without an ID", attribute("user_id", "5"), "Hidden", handled, "hiddenAttributes"],
    ["a 404 that is plain text", { kind: "bare", status: 404, body: "no", path: "healthcheck" }, "404", documented],
    [
      "403 for an unknown session",
      { kind: "failure", status: 403, path: "9223372036854775807" },
      "No session",
      handled,
    ],
    ["500 for an unknown session", { kind: "failure", status: 500, path: "9223372036854775807" }, "No session", report],
    ["500 for a wrong offset", { kind: "failure", status: 500, path: "offset=-1" }, "Bad query", handled, "badQuery"],
    ["a health check that fails", { kind: "failure", status: 503, path: "healthcheck" }, "Health", handled],
  ])("%s", async (...[, fault, subject, line, unobserved]) => {
    const { lines, observed } = await observe({ prepare: (emulator) => emulator.fault(fault) });
    expect(lines[subject]).toMatch(line);
    if (unobserved !== undefined) expect(observed).not.toHaveProperty(unobserved);
  });

  test.each([
    ["absent", { as: "absent" }, "no list at all"],
    ["object", { value: {} }, "an empty object"],
  ])("an empty list that is %s is handled, and no flag", async (form, fault, text) => {
    const given = { kind: "list", path: "/share", on: "GET", times: 2, ...fault } as never;
    const { lines, observed, shapes } = await observe({ prepare: (emulator) => emulator.fault(given) });
    expect(lines["Empty list"]).toBe(
      `ok different, handled: ${text}: a share can be created, but such a list never proves that a share is absent`,
    );
    expect(observed).not.toHaveProperty("emptyList");
    expect(shapes["emptyList"]).toBe(form);
  });

  test("401 with another body is handled; a wrong key that is accepted is to report", async () => {
    const wrongKey = (fault: object) => (emulator: Emulator) =>
      void emulator.fault({ path: "objspec", skip: 1, ...fault } as never);
    expect((await observe({ prepare: wrongKey({ kind: "html", status: 401 }) })).lines["Wrong key"]).toMatch(handled);
    expect((await observe({ prepare: wrongKey({ kind: "failure", status: 403 }) })).lines["Wrong key"]).toMatch(
      handled,
    );
    expect((await observe({ prepare: wrongKey({ kind: "bare", status: 200 }) })).lines["Wrong key"]).toMatch(report);
  });

  test("what the client cannot read in a list is to report", async () => {
    const { stdout, lines } = await observe({ prepare: (emulator) => emulator.fault({ kind: "masked", ...always }) });
    expect(lines["List"]).toBe("warn different, please report: the list has 1 of 1 entries without a readable key");
    expect(stdout).toContain("docs/appliance-profile.md says how to report it");
  });

  test("without a Date header, the time of this machine counts, and the start in the past is not seen", async () => {
    const headers = { kind: "headers", when: "after", headers: { date: "" }, times: Infinity } as const;
    const { lines, shapes } = await observe({ prepare: (emulator) => emulator.fault(headers) });
    expect(lines["Created at"]).toMatch(documented);
    expect(lines["Not seen"]).toMatch(/Past start/);
    expect(shapes["dateHeader"]).toBe(false);
  });
});

function attribute(name: string, value: unknown) {
  return { kind: "attribute", attribute: name, value, ...always } as Parameters<Emulator["fault"]>[0];
}
