// Runs every story with each value of each behaviour flag of the emulator, and in several time zones. Each row has only what
// differs from the documented appliance. Only the lifecycle driver runs it, because the lifecycle makes all decisions.
import { startEmulator } from "../../provider/emulator";
import { behaviourFlagList, type BehaviourFlags } from "../../provider/emulator/appliance/behaviour-flags";
import { documented, failed, fingerprintOf, missing, noChanges } from "../support/contract-expected";
import { succeeded, warning, type Expected } from "../support/contract-expected";
import { contractSuite, type SuiteOptions } from "../support/contract-suite";
import type { DriverOptions } from "../support/drivers/driver";
import { startLifecycle } from "../support/drivers/lifecycle-driver";
import { VirtualClock } from "../support/virtual-clock";
import { contractStories } from "./stories";

const lag: Partial<Expected> = {
  createWarnings: [warning.notListed],
  laterStartWarnings: [warning.notListed],
  overlongWindow: { ...documented.overlongWindow, warnings: [warning.notListed, warning.granted] },
};

const cutTo = (unit: number): Partial<Expected> => {
  const cut = (instant: unknown) => new Date(Math.floor(Date.parse(String(instant)) / unit) * unit).toISOString();
  return {
    storedWindow: ({ validSince, validTo }) => ({ validSince: cut(validSince), validTo: cut(validTo) }),
    // The list shows a new share, but not with the requested window.
    lostResponse: { outcome: (key) => failed("uncertain", fingerprintOf(key)), warnings: [] },
  };
};

const cappedAt = (milliseconds: number): Partial<Expected> => ({
  storedWindow: ({ validSince, validTo }) => {
    const end = Math.min(Date.parse(String(validTo)), Date.parse(String(validSince)) + milliseconds);
    return { validSince, validTo: new Date(end).toISOString() };
  },
  createWarnings: [warning.granted],
  lostResponse: { ...documented.lostResponse, warnings: [warning.recovered, warning.granted] },
});

const anyId = expect.stringMatching(/^\d+$/);

/** A name, the flags of an appliance, and what the stories expect of it instead of `documented`. */
const rows: [string, Partial<BehaviourFlags>, Partial<Expected>?][] = [
  ["expiredShares hidden", { expiredShares: "hidden" }, { getExpired: () => failed("not-found") }],
  ["scheduledShares hidden", { scheduledShares: "hidden" }, { laterStartWarnings: [warning.notListed] }],
  [
    "removedShares flagged",
    { removedShares: "flagged" },
    {
      revoked: {
        ...documented.revoked,
        outputs: (before) => ({ ...before, removed: true, modifiedAt: expect.any(String) }),
        warnings: [warning.revoked],
      },
    },
  ],
  [
    // The list shows the revoked share as if it were live.
    "removedShares unflagged",
    { removedShares: "unflagged" },
    {
      revoked: { outputs: (before) => ({ ...before, modifiedAt: expect.any(String) }), warnings: [], diff: noChanges },
    },
  ],
  ["removedOfLive false", { removedOfLive: "false" }],
  ["hiddenAttributes shown", { hiddenAttributes: "shown" }, { listedIds: { userId: anyId, shareId: anyId } }],
  ["expensiveAttributes omitted", { expensiveAttributes: "omitted" }],
  [
    "shownSessionId other",
    { shownSessionId: "other" },
    { listedLink: ({ key }) => expect.stringMatching(new RegExp(`^/sessions/\\d+/\\?key=${key}$`)) },
  ],
  ["listOrder newest", { listOrder: "newest" }],
  ["listOrder shuffled", { listOrder: "shuffled" }],
  ["shareLimit 5", { shareLimit: 5 }],
  ["lagRequests 2", { lagRequests: 2 }, { ...lag, lag: { requests: 2, milliseconds: 0 } }],
  ["lagMilliseconds 60,000", { lagMilliseconds: 60_000 }, { ...lag, lag: { requests: 0, milliseconds: 60_000 } }],
  ["storedWindows milliseconds", { storedWindows: "milliseconds" }],
  ["storedWindows seconds", { storedWindows: "seconds" }, cutTo(1000)],
  ["storedWindows minutes", { storedWindows: "minutes" }, cutTo(60_000)],
  ["longestWindow 4 h, overlongWindow capped", { longestWindow: 4 * 3600 }, cappedAt(4 * 3_600_000)],
  [
    "overlongWindow refused",
    { overlongWindow: "refused", longestWindow: 10 * 3600 },
    { overlongWindow: { outcome: () => failed("rejected", "too long"), warnings: [], diffs: [] } },
  ],
  ["pastValidTo refused", { pastValidTo: "refused" }],
  ["reversedWindow accepted", { reversedWindow: "accepted" }],
  ["inputTimes lenient", { inputTimes: "lenient" }],
  ["extraAttributes ignored", { extraAttributes: "ignored" }],
  ["contentType ignored", { contentType: "ignored" }],
  [
    "identicalShares refused",
    { identicalShares: "refused" },
    { identicalShares: [succeeded(), failed("conflict", "An identical share already exists")] },
  ],
  [
    "finishedSessions refused",
    { finishedSessions: "refused" },
    { finishedSession: failed("rejected", "The session is finished") },
  ],
  ["postStatus 201", { postStatus: "201" }, { postStatus: 201 }],
  ["unknownSession empty", { unknownSession: "empty" }],
  ["unseenSession 404", { unseenSession: "404" }, { hiddenSession: missing }],
  ["unseenSession empty", { unseenSession: "empty" }, { hiddenSession: missing }],
  // A 404 without the appliance's own JSON can come from a proxy.
  ["notFoundBody html", { notFoundBody: "html" }, { removedSession: () => failed("not-found") }],
  ["notFoundBody empty", { notFoundBody: "empty" }, { removedSession: () => failed("not-found") }],
  ["otherMethods 404", { otherMethods: "404" }],
  ["badQuery ignored", { badQuery: "ignored" }],
  ["sessionPaging ignored", { sessionPaging: "ignored" }],
  ["sessionLimit 1", { sessionLimit: 1 }],
  ["objspecFlags omitted", { objspecFlags: "omitted" }],
  ["healthcheck ok", { healthcheck: "ok" }],
  ["healthcheck error", { healthcheck: "error" }],
  ["emptyList null", { emptyList: "null" }],
  ["booleans letters", { booleans: "letters" }],
  ["booleans words", { booleans: "words" }],
  ["booleans numbers", { booleans: "numbers" }],
  ["jsonLayout indented", { jsonLayout: "indented" }],
];

function runStories(options: SuiteOptions): void {
  const virtual = new VirtualClock(Date.now);
  // Each driver is a process of its own.
  const start = (given: DriverOptions) => startLifecycle(given, virtual.shared("process"));
  contractStories(start, { ...options, virtual });
}

describe.each(rows)("with %s", (_, behaviour, expected = {}) => runStories({ behaviour, expected }));

describe.each(["Asia/Kolkata", "Europe/London", "America/St_Johns", "Pacific/Apia"])("in the zone %s", (zone) =>
  runStories({ zone }),
);

test.each(behaviourFlagList.filter(({ name }) => name !== "pastValidSince"))(
  "each value of $name has a row, except its default",
  ({ name, values, defaultValue }) => {
    const inRows = rows.flatMap(([, behaviour]) => behaviour[name] ?? []);
    const inTable = values.length === 0 ? [expect.any(Number)] : values.filter((value) => value !== defaultValue);
    expect([...new Set(inRows)]).toEqual(expect.arrayContaining(inTable));
  },
);

describe("pastValidSince refused", () => {
  const suite = contractSuite(startLifecycle, { behaviour: { pastValidSince: "refused" } });

  test("a generated start is rejected, and the error says what to declare", async () => {
    const { declare, emulator } = suite();
    await expect(declare()).rejects.toMatchObject({
      code: "rejected",
      message: expect.stringMatching(/valid_since: in the past.*declare `validSince`/),
    });
    expect(emulator.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
    expect(emulator.shares()).toEqual([]);
  });

  test("a declared start in the future is granted", async () => {
    const { declare, emulator } = suite();
    const { outputs } = await declare({ validSince: new Date(Date.now() + 60_000).toISOString(), duration: "PT8H" });
    expect(emulator.shares()[0]).toMatchObject({ key: outputs["key"], validSince: outputs["validSince"] });
  });
});

describe("a zone that changes its offset inside the window", () => {
  test.each([
    ["Europe/London", "2025-10-26T00:30:00.123Z", "2025-10-26T01:30:00.456Z"],
    ["America/St_Johns", "2025-03-09T05:00:00.123Z", "2025-03-09T06:00:00.456Z"],
    ["Australia/Lord_Howe", "2025-04-05T14:30:00.123Z", "2025-04-05T15:30:00.456Z"],
  ])("%s: the window is the requested one, also after a refresh", async (zone, validSince, validTo) => {
    const clock = new VirtualClock(Date.parse(validSince) - 60_000);
    const emulator = await startEmulator({ zone, clock: clock.now });
    const config = { "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey };
    const driver = await startLifecycle({ config }, clock);
    const { inputs } = await driver.check({}, { sessionId: emulator.sessions[0], validSince, validTo });
    emulator.fault({ on: "POST", when: "after", kind: "reset" });
    const { id, outputs } = await driver.create(inputs);
    expect(outputs).toMatchObject({ validSince, validTo, key: emulator.shares()[0]!.key });
    expect(outputs).not.toHaveProperty("grantedSince");
    expect(await driver.read(id, outputs)).toEqual(outputs);
    expect(await driver.diff(id, outputs, inputs)).toEqual(noChanges);
    await driver.close();
    await emulator.close();
  });
});
