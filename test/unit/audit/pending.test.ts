// Creates that Pulumi has not finished: a run is under way or was interrupted. The audit names them until their window is over.
import { createFixture, encrypted, fingerprintOf, hour, minute, now, type AuditFixture } from "./fixture";
import { kindsOf, ReportChain } from "./report-chain";

let fixture: AuditFixture;
let chain: ReportChain;
beforeEach(async () => {
  fixture = await createFixture();
  chain = new ReportChain(fixture);
});

const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/fudo:SessionShare::acme";
const iso = (ms: number) => new Date(ms).toISOString();

/** A state with one unfinished create, written an hour ago. */
function stateWith(inputs: Record<string, unknown>, manifest: object = { time: iso(now - hour) }) {
  const type = "pulumi-nodejs:dynamic/fudo:SessionShare";
  const sessionId = fixture.emulator.sessions[0]!;
  const resource = { urn, custom: true, type, inputs: { sessionId, ...inputs } };
  return { manifest, pending_operations: [{ type: "creating", resource }] };
}

const underWay = (note: string) => note.includes("a run is under way or was interrupted");

describe("an unmanaged share on the session of an unfinished create", () => {
  test("names the resource, and asks to wait for the run before anything is revoked", async () => {
    const share = fixture.share();
    const report = await chain.audit([], { deployment: stateWith({ duration: "PT8H" }) });
    expect(report.findings).toMatchObject([
      {
        kind: "unmanaged",
        severity: "high",
        fingerprint: fingerprintOf(share.key),
        message: expect.stringContaining(
          `It may belong to a run that is under way or was interrupted: Pulumi has not finished the creation of ${urn}.`,
        ),
        nextSteps: [
          "Wait until the run ends, then run the audit again.",
          "If the run was interrupted: run `pulumi cancel`, then `FUDO_RECOVER=true pulumi up`, which takes the share over.",
          expect.stringMatching(/^If no run needs the share, revoke it: /),
        ],
      },
    ]);
    expect(report.linksToRevoke).toEqual([]);
    expect(report.completeness.notes.filter(underWay)).toHaveLength(1);
  });

  test("an unmanaged share on another session does not name it", async () => {
    const sessionId = fixture.emulator.sessions[1]!;
    fixture.share(-5, 8, { sessionId });
    const report = await chain.audit([], {
      deployment: stateWith({ duration: "PT8H" }),
      args: ["--session", sessionId],
    });
    expect(report.findings[0]!.message).not.toContain("under way");
    expect(report.findings[0]!.nextSteps[0]).toMatch(/^To revoke it/);
    expect(report.linksToRevoke).toMatchObject([{ sessionId, findings: ["unmanaged"] }]);
  });

  test.each<[string, Record<string, unknown>, boolean]>([
    ["the window of the create", { duration: "PT8H" }, true],
    ["a window that the appliance capped", { duration: "P2D" }, true],
    ["a window of coarse storage", { duration: "PT7H59M" }, true],
    ["a longer window", { duration: "PT7H" }, false],
    ["the end of the create", { validTo: iso(now + 7 * hour) }, true],
    ["a later end", { validTo: iso(now + 6 * hour) }, false],
    ["a create whose window is encrypted", { duration: encrypted }, true],
  ])("with %s may belong to the run (inputs %j): %s", async (_, inputs, expected) => {
    fixture.share(-1, 8, { createdAt: now - 2 * hour });
    const report = await chain.audit([], {
      deployment: stateWith(inputs),
      args: ["--session", fixture.emulator.sessions[0]!],
    });
    expect(report.findings[0]!.message.includes("Pulumi has not finished the creation")).toBe(expected);
    expect(report.linksToRevoke).toHaveLength(expected ? 0 : 1);
  });

  test("the session of an unfinished create must exist", async () => {
    const deployment = stateWith({ duration: "PT8H" });
    fixture.emulator.removeSession(fixture.emulator.sessions[0]!);
    const report = await chain.audit([], { deployment });
    expect(report).toMatchObject({ code: 3, completeness: { sessions: { unknown: 1 } } });
  });
});

describe("a share that is younger than the state that the audit read", () => {
  const audit = async (createdAt: number, writtenAt: number | undefined) => {
    const share = fixture.share(-1, 8, { createdAt });
    const manifest = writtenAt === undefined ? {} : { time: iso(writtenAt) };
    const report = await chain.audit([], { deployment: { manifest }, args: ["--session", share.sessionId] });
    return report.findings[0]!.message.includes("It is younger than the state that the audit read");
  };

  test.each<[string, number, number | undefined, boolean]>([
    ["created after it", now - minute, now - 2 * minute, true],
    ["created with it", now - minute, now - minute, true],
    ["created before it", now - 2 * minute, now - minute, false],
    ["created after it, but hours ago", now - 3 * hour, now - 4 * hour, false],
    ["next to a state without a time", now - minute, undefined, false],
  ])("%s: may belong to a run that is under way is %s", async (_, createdAt, writtenAt, expected) => {
    expect(await audit(createdAt, writtenAt)).toBe(expected);
  });
});

describe("the note on an unfinished create", () => {
  const day = 24 * hour;
  test.each<[string, Record<string, unknown>, number]>([
    ["validTo", { validTo: iso(now + 2 * hour) }, 2 * hour],
    ["validTo in a time zone", { validTo: iso(now + 7 * hour).replace("Z", "+05:00[Asia/Karachi]") }, 2 * hour],
    ["duration, counted from the state", { duration: "PT4H" }, 3 * hour],
    [
      "the longest window, when the state encrypts the end",
      { duration: { "4dabf18193072939515e22adb298388d": "x" } },
      30 * day - hour,
    ],
  ])("ends five minutes after the window that follows from %s", async (_, inputs, end) => {
    const noted = async (shift: number) => {
      fixture.emulator.clock.skew = shift;
      // The clock of this machine stays behind: only the appliance's clock counts.
      const { completeness } = await chain.audit([], { deployment: stateWith(inputs) });
      return completeness.notes.some(underWay);
    };
    expect(await noted(end + 4 * minute)).toBe(true);
    expect(await noted(end + 5 * minute)).toBe(false);
  });

  test("stays when the state has no time from which the duration counts", async () => {
    fixture.emulator.clock.skew = 400 * day;
    const { completeness } = await chain.audit([], { deployment: stateWith({ duration: "PT1H" }, {}) });
    expect(completeness.notes.some(underWay)).toBe(true);
  });
});

test("an unfinished create does not hide a share that a stack declares", async () => {
  const share = fixture.share();
  const report = await chain.audit([fixture.resourceFor(share)], { deployment: stateWith({ duration: "PT8H" }) });
  expect(kindsOf(report, share)).toEqual([]);
});
