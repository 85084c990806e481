// Runs of Pulumi that did not finish, or that are under way while the audit reads: their shares are found and not blamed.
import { fakePulumi } from "./fake-pulumi";
import { createFixture, encrypted, fingerprintOf, hour, minute, now, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

const type = "pulumi-nodejs:dynamic/fudo:SessionShare";
const urn = `urn:pulumi:dev::p::${type}::vendor`;
const operation = (inputs: object, kind = "creating") => ({
  type: kind,
  resource: { urn, custom: true, type, inputs: { duration: "PT4H", ...inputs } },
});
const audit = (...operations: object[]) =>
  fixture.report([], ["--state", fixture.stateFile([], { pending_operations: operations })]);

test("the link of an interrupted create is found on its session", async () => {
  const share = fixture.share();
  const { code, findings } = await audit(operation({ sessionId: share.sessionId }));
  expect(code).toBe(1);
  expect(findings).toMatchObject([{ kind: "unmanaged", fingerprint: fingerprintOf(share.key) }]);
});

test("an interrupted create with an encrypted session makes the audit incomplete and names the way on", async () => {
  const share = fixture.share();
  const { code, completeness } = await audit(operation({ sessionId: encrypted }));
  expect(code).toBe(3);
  expect(completeness.problems).toEqual([expect.stringMatching(/vendor: .*encrypts its session ID.*--session ID$/)]);
  const named = await fixture.run(["--state", fixture.stateFile([]), "--session", share.sessionId]);
  expect(named).toMatchObject({ code: 1, stdout: expect.stringContaining("unmanaged") });
});

describe("an interrupted create with an encrypted session is a problem", () => {
  const problemsOf = async (writtenAt: number | undefined, inputs: object) => {
    // A declared share on another session: without a response, no clock of the appliance decides.
    const declared = fixture.resourceFor(fixture.share());
    const manifest = writtenAt === undefined ? {} : { time: new Date(writtenAt).toISOString() };
    const operations = [operation({ sessionId: encrypted, ...inputs })];
    return (
      await fixture.report([], ["--state", fixture.stateFile([declared], { manifest, pending_operations: operations })])
    ).completeness.problems;
  };
  const instant = (hours: number) => ({ duration: undefined, validTo: new Date(now + hours * hour).toISOString() });

  test.each<[string, number | undefined, object]>([
    ["while its window is open", now - 3 * hour, {}],
    ["while its declared end is in the future", now - 300 * hour, instant(1)],
    ["for 30 days, when its end is encrypted", now - 29 * 24 * hour, { duration: encrypted }],
    ["without an end, when the state has no time", undefined, {}],
  ])("%s", async (_, writtenAt, inputs) => {
    expect(await problemsOf(writtenAt, inputs)).toEqual([expect.stringMatching(/encrypts its session ID/)]);
  });

  test.each<[string, number, object]>([
    ["its window is over", now - 5 * hour, {}],
    ["its declared end is over", now - 5 * hour, instant(-1)],
    ["the longest window is over", now - 31 * 24 * hour, { duration: encrypted }],
  ])("until %s by the appliance's clock", async (_, writtenAt, inputs) => {
    expect(await problemsOf(writtenAt, inputs)).toEqual([]);
    fixture.emulator.clock.skew = -32 * 24 * hour;
    expect(await problemsOf(writtenAt, inputs)).toContainEqual(expect.stringMatching(/encrypts its session ID/));
  });
});

test.each(["deleting", "reading", "updating"])("a pending operation %s is no interrupted create", async (kind) => {
  const { code, completeness } = await audit(operation({ sessionId: encrypted }, kind));
  expect([code, completeness.problems]).toEqual([0, []]);
  expect(completeness.notes.join(" ")).not.toMatch(/interrupted|not finished/);
});

describe("a share that was created while the audit was reading", () => {
  /** An audit of the stack dev, whose second export declares the share. */
  const auditDuringRun = async (first: object, second: string, createdAt = now - minute) => {
    const share = fixture.share(0, 8, { createdAt });
    const state = (deployment: object) => ({ version: 3, deployment: { manifest: {}, ...deployment } });
    const declared = state({ resources: [fixture.resourceFor(share)] });
    const script = `
      if (args[0] === "config") print({});
      else {
        const fs = require("fs"), calls = ${JSON.stringify(fixture.path("calls"))};
        const isFirst = !fs.existsSync(calls);
        fs.appendFileSync(calls, "x");
        if (isFirst) print(${JSON.stringify(state(first))});
        else ${second === "declared" ? `print(${JSON.stringify(declared)})` : second};
      }`;
    fixture.environment["PATH"] = fakePulumi(fixture.folder, script);
    const args = ["--stack", "dev", "--session", share.sessionId, "-o", "json"];
    const { code, stdout } = await fixture.run(args);
    const { findings, completeness } = JSON.parse(stdout);
    const kinds = findings.map(({ kind }: { kind: string }) => kind);
    return { code, kinds, problems: completeness.problems, exports: fixture.read("calls").length };
  };
  const writtenAt = (time: number) => ({ manifest: { time: new Date(time).toISOString() } });
  const pending = { pending_operations: [operation({ sessionId: "1" })] };

  test.each<[string, object]>([
    ["a state that is older than the share", writtenAt(now - hour)],
    ["a state with a create under way", { ...writtenAt(now), pending_operations: pending.pending_operations }],
    ["a state without a time", {}],
  ])("%s is read once more, and the share is managed", async (_, first) => {
    expect(await auditDuringRun(first, "declared")).toEqual({ code: 0, kinds: [], problems: [], exports: 2 });
  });

  test.each<[string, object, number | undefined]>([
    ["a state that is newer than the share", writtenAt(now), undefined],
    ["a share of last week", writtenAt(now - 30 * 24 * hour), now - 7 * 24 * hour],
  ])("%s: the state is not read again", async (_, first, createdAt) => {
    expect(await auditDuringRun(first, "declared", createdAt)).toMatchObject({
      code: 1,
      kinds: ["unmanaged"],
      exports: 1,
    });
  });

  test("when the second export fails, the audit keeps the first", async () => {
    expect(await auditDuringRun(writtenAt(now - hour), "process.exit(1)")).toMatchObject({
      code: 1,
      kinds: ["unmanaged"],
      exports: 2,
    });
  });

  test("when the second state declares a share on a further session, that session is read too", async () => {
    const further = fixture.share(-1, 8, { sessionId: fixture.emulator.sessions[1]! });
    const both = { version: 3, deployment: { resources: [fixture.resourceFor(further)] } };
    const { exports } = await auditDuringRun(writtenAt(now - hour), `print(${JSON.stringify(both)})`);
    expect(exports).toBe(2);
    const asked = fixture.emulator.requests.map(({ path }) => path);
    expect(asked).toContain(`/api/v2/session/${further.sessionId}/share`);
    expect(new Set(asked).size).toBe(asked.length);
  });
});

describe("--skip-other-appliances does not take a session out of the audit", () => {
  const elsewhere = { outputs: { appliance: "https://other.example" } };
  const option = ["--skip-other-appliances"];

  test("a share that this appliance lists is audited here, whatever its state says", async () => {
    const share = fixture.share(-1, 8, { readonly: false });
    expect(await fixture.findings([fixture.resourceFor(share, elsewhere)], option)).toEqual([
      `interactive ${fingerprintOf(share.key)}`,
    ]);
  });

  test("another share on its session is found", async () => {
    const [declared, other] = [fixture.share(), fixture.share()];
    fixture.emulator.denyAccess(declared.key);
    expect(await fixture.findings([fixture.resourceFor(declared, elsewhere)], option)).toEqual([
      `unmanaged ${fingerprintOf(other.key)}`,
    ]);
  });

  test("a session that this appliance does not have is no problem, and the share is excluded", async () => {
    const share = { ...fixture.share(), sessionId: "7" };
    const { code, completeness, shares } = await fixture.report([fixture.resourceFor(share, elsewhere)], option);
    expect([code, shares]).toEqual([0, []]);
    expect(completeness.notes.join(" ")).toContain("Excluded by --skip-other-appliances: 1 share");
  });
});
