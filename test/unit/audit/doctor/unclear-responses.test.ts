// Doctor claims nothing that it has not seen: an appliance that changes while doctor runs, a list that fails, a clock that nothing
// shows. And whatever ends doctor, it says what became of the share.
import { startEmulator, type Emulator, type EmulatorOptions } from "../../../../provider/emulator";
import type { Exchange } from "../../../../provider/client";
import { interruptedText } from "../../../../provider/audit/doctor/interruption";
import { profileOf } from "../../../../provider/audit/doctor/observations/topics";
import { ApplianceRecord } from "../../../../provider/audit/doctor/record";
import { runDoctor } from "../../../support/doctor";
import { VirtualClock } from "../../../support/virtual-clock";

const start = Date.parse("2026-03-02T12:00:17.250Z");
const always = { on: "GET", path: "/share", times: Infinity } as const;
const noDate = { kind: "headers", when: "after", headers: { date: "" }, times: Infinity } as const;
let time: VirtualClock;
let emulator: Emulator;

afterEach(() => emulator.close());

async function startAppliance(options: EmulatorOptions = {}): Promise<void> {
  time = new VirtualClock(start);
  emulator = await startEmulator({ seed: 1, clock: time.now, ...options });
}

/** The text after the subject, and the observed flags. */
async function observe(subject: string) {
  const { stdout, profile } = await runDoctor(emulator, { time });
  const { observed } = JSON.parse(profile!) as { observed: object };
  return { line: new RegExp(`^\\w+ +${subject} {2,}(.*)$`, "m").exec(stdout)?.[1], observed, stdout };
}

test("a session that begins while doctor runs is no list without pages", async () => {
  await startAppliance();
  const value = [{ id: emulator.sessions[1] }];
  emulator.fault({ kind: "list", value, path: "/session?offset=0", times: 1 });
  const { line, observed } = await observe("Paging");
  expect(line).toBe("as documented: the list of sessions has pages");
  expect(observed).toMatchObject({ sessionPaging: "honoured" });
});

test.each([
  ["it shows the share too late", { lagMilliseconds: 40_000 }, undefined],
  ["a list between them failed", { lagRequests: 1 }, { kind: "failure", status: 403, skip: 3, ...always, times: 1 }],
] as const)(
  "where only the list after the end shows the share, the lag is not known: %s",
  async (_, behaviour, fault) => {
    await startAppliance({ behaviour });
    if (fault !== undefined) emulator.fault(fault);
    const { line, observed } = await observe("New share");
    expect(line).toBe("different, please report: only the list after its end shows it");
    expect(observed).not.toHaveProperty("lagRequests");
    expect(observed).not.toHaveProperty("lagMilliseconds");
  },
);

test("without a Date header, a share that is still in the list may not have ended", async () => {
  await startAppliance();
  emulator.addShare(emulator.sessions[0]!, { validSince: start - 60_000, validTo: start - 10_000 });
  emulator.clock.skew = -45_000;
  emulator.fault(noDate);
  const { line, observed } = await observe("Not seen");
  expect(line).toMatch(/After end, Later start/);
  expect(observed).not.toHaveProperty("expiredShares");
});

test("the creation of a share whose response was lost is compared with the appliance's clock", async () => {
  await startAppliance();
  emulator.clock.skew = -45_000;
  emulator.fault({ kind: "reset", on: "POST", when: "after" });
  expect((await observe("Created at")).line).toBe("as documented: the time of the request");
});

test("a share that the appliance marks as removed after its end shows nothing about revoked shares", async () => {
  await startAppliance();
  // The lists while the share works come first: of the check, the snapshot, and the one after the POST.
  emulator.fault({ kind: "attribute", attribute: "removed", value: true, skip: 3, ...always });
  const { line, observed } = await observe("Removed");
  expect(line).toBe("as documented: in lists only where a share was revoked");
  expect(observed).toMatchObject({ removedOfLive: "omitted", expiredShares: "shown" });
  expect(observed).not.toHaveProperty("removedShares");
});

test("200 without a list is no list of names", async () => {
  await startAppliance();
  emulator.fault({ kind: "bare", status: 200, body: "<html>", path: "fields=id,name", times: Infinity });
  const { line, observed } = await observe("Names");
  expect(line).toMatch(/^different, handled: not all of servers, accounts and users/);
  expect(observed).not.toHaveProperty("namedObjects");
});

test("an end on another day is printed with the day", async () => {
  await startAppliance();
  emulator.fault({ kind: "attribute", attribute: "valid_to", value: "2026-03-05 14:00:00+00", ...always });
  expect((await observe("Test share")).line).toMatch(/view-only, ends at 14:00:00 UTC on 2026-03-05$/);
});

test("an unexpected error after the POST: doctor says until when the share lives, and writes what it saw", async () => {
  await startAppliance();
  jest.spyOn(time, "sleep").mockRejectedValue(new TypeError("a bug"));
  const { code, stderr, profile } = await runDoctor(emulator, { time });
  expect(stderr).toMatch(
    /^fudo-audit: an error ended doctor\. Share [0-9a-f]{16} exists: it ends at 12:01:17 UTC by the appliance's clock\.\nfudo-audit: a bug\n$/,
  );
  expect([code, emulator.shares().length]).toEqual([3, 1]);
  expect(JSON.parse(profile!)).toMatchObject({ observed: { postStatus: "200" } });
});

describe("lists of a record", () => {
  const session = "4665729213955833857";
  const key = "k".repeat(64);
  beforeEach(() => startAppliance());

  function recordOf(entries: readonly object[]): ApplianceRecord {
    const record = new ApplianceRecord();
    const text = JSON.stringify({ result: "success", session_share: entries });
    const times = { sentAt: start, endedAt: start };
    const response = { status: 200, headers: {}, text };
    const list: Exchange = { method: "GET", path: `/api/v2/session/${session}/share`, ...times, response };
    record.add(list);
    return Object.assign(record, { session });
  }

  test.each([
    [
      "the newest time decides, wherever it is in the list",
      ["2026-03-02 04:00:00-08", "2025-07-02 05:00:00-07"],
      "-08:00",
    ],
    ["a time in UTC", ["2026-03-02T12:00:00Z"], "+00:00"],
    ["a date without a time has no offset", ["2026-03-02"], undefined],
    ["a time without an offset has none", ["2026-03-02 12:00:00"], undefined],
  ])("the offset of the appliance's times: %s", (_, times, utcOffset) => {
    const profile = profileOf(recordOf(times.map((created_at) => ({ key, created_at })))) as { utcOffset?: string };
    expect(profile.utcOffset).toBe(utcOffset);
  });

  test("a signal: doctor names the end that the appliance granted, not only the requested one", () => {
    const record = recordOf([{ key, valid_to: "2026-03-02 14:30:00+00" }]);
    record.share = { key, fingerprint: "0123456789abcdef", since: start, to: start + 60_000 };
    record.latestEnd = record.share.to;
    expect(interruptedText(record, "a signal")).toBe(
      "fudo-audit: a signal ended doctor. Share 0123456789abcdef exists: it ends at 14:30:00 UTC by the appliance's clock.\n",
    );
  });
});
