// What an earlier report adds: the live links of a destroyed stack stay in the register, and what works again is noticed.
import { fingerprintOf, hour, makeScene, now, type Scene } from "./fixture";

let scene: Scene;
beforeEach(async () => {
  scene = await makeScene();
});

const id = ({ key }: { key: string }) => fingerprintOf(key);

/** Runs on these resources, and keeps the report for the next run. */
async function earlier(resources: readonly object[], args: readonly string[] = []): Promise<string> {
  const report = await scene.report(resources, args);
  return scene.file("previous.json", JSON.stringify(report));
}

/** The report after the stack was destroyed: it names nothing, only the earlier report does. */
async function afterwards(previous: string, args: readonly string[] = []) {
  return scene.report([], ["--previous", previous, ...args]);
}

test("the live share of a destroyed stack is abandoned, and its session is asked though no stack names it", async () => {
  const share = scene.share();
  const previous = await earlier([scene.declared(share, { outputs: { labels: { vendor: "ACME" } } })]);
  const { code, findings, shares } = await afterwards(previous);
  expect(code).toBe(1);
  expect(findings).toMatchObject([
    {
      kind: "abandoned",
      severity: "high",
      fingerprint: id(share),
      labels: { vendor: "ACME" },
      declaredBy: [],
      onceDeclaredBy: [{ stack: "shop/dev" }],
      message: expect.stringMatching(/^Can be opened until .*It was declared once by urn:pulumi:dev::shop::/),
    },
  ]);
  expect(shares).toHaveLength(1);
});

test("a stack that was given then and not now is named: its share may be declared still", async () => {
  const share = scene.share();
  const previous = await earlier([scene.declared(share)]);
  const { findings } = await afterwards(previous, [
    "--state",
    scene.state([scene.declared(scene.share(), { stack: "prod" })]),
  ]);
  expect(findings[0]!.message).toMatch(
    /is not in the stacks given now\. shop\/dev is not among them: give it too, if it still exists\.$/,
  );
  const given = await afterwards(previous, [
    "--state",
    scene.state([scene.declared(scene.share(), { name: "another" })]),
  ]);
  expect(given.findings.find(({ kind }) => kind === "abandoned")!.message).toMatch(/is not in the stacks given now\.$/);
});

test("it stays abandoned from report to report, until its end", async () => {
  const share = scene.share(-1, 8);
  const first = await earlier([scene.declared(share)]);
  const second = await earlier([], ["--previous", first]);
  expect((await afterwards(second)).findings.map(({ kind }) => kind)).toEqual(["abandoned"]);
  const late = await scene.run(["--previous", second, "-o", "json"], { time: now + 8 * hour });
  expect(late.code).toBe(0);
  expect(JSON.parse(late.stdout)).toMatchObject({ findings: [], shares: [], sessions: [] });
});

test("one that was revoked in the panel since then is no finding, and not forgotten", async () => {
  scene.emulator.behaviour.removedShares = "hidden";
  const share = scene.share();
  const previous = await earlier([scene.declared(share)]);
  scene.emulator.revoke(share.key);
  expect(await afterwards(previous)).toMatchObject({
    code: 0,
    findings: [],
    shares: [{ status: "missing", onceDeclaredBy: [{ stack: "shop/dev" }] }],
  });
});

test("what comes back after that is revived", async () => {
  const share = scene.share();
  const declared = await earlier([scene.declared(share)]);
  scene.emulator.revoke(share.key);
  const revoked = await earlier([], ["--previous", declared]);
  scene.emulator.restore(share.key);
  const { findings } = await afterwards(revoked);
  expect(findings.map(({ kind }) => kind)).toEqual(["abandoned", "revived"]);
});

test("a share that was unmanaged stays so, and is not called abandoned", async () => {
  const share = scene.share();
  const previous = await earlier([], ["--session", share.sessionId]);
  expect((await afterwards(previous)).findings.map(({ kind }) => kind)).toEqual(["unmanaged"]);
});

test("one that a stack has taken over is as declared", async () => {
  const share = scene.share();
  const previous = await earlier([], ["--session", share.sessionId]);
  expect(await scene.report([scene.declared(share)], ["--previous", previous])).toMatchObject({
    code: 0,
    findings: [],
  });
});

test("what could not be looked at now is told as the earlier report knew it, and carried on", async () => {
  const share = scene.share();
  const previous = await earlier([scene.declared(share)]);
  scene.emulator.denyAccess(share.sessionId);
  const report = await afterwards(previous);
  expect(report).toMatchObject({ code: 3, findings: [{ kind: "abandoned" }], shares: [{ seen: "not-looked" }] });
  expect(report.findings[0]!.message).toContain("as an earlier report says (not looked at now)");
  scene.emulator.allowAccess(share.sessionId);
  expect((await afterwards(scene.file("again.json", JSON.stringify(report)))).findings.map(({ kind }) => kind)).toEqual(
    ["abandoned"],
  );
});

test("a scheduled share of a destroyed stack that the list hides is still to come", async () => {
  scene.emulator.behaviour.scheduledShares = "hidden";
  const previous = await earlier([scene.declared(scene.share(3))]);
  expect((await afterwards(previous)).findings).toMatchObject([
    { kind: "abandoned", status: "scheduled", message: expect.stringContaining("(not listed now)") },
  ]);
});

describe("an earlier report that is none", () => {
  test.each<[string, () => string, RegExp]>([
    ["is not there", () => "/nowhere/report.json", /cannot be read \(ENOENT\); leave it out on the first run/],
    ["is not JSON", () => scene.file("x", "sgfeea6jsaz4mum9su8w6 is no JSON"), /is not a JSON report of fudo-audit/],
    ["is something else", () => scene.file("x", '{"format":"other"}'), /is not a JSON report of fudo-audit/],
  ])("%s: wrong usage", async (_, file, message) => {
    const { code, stderr, stdout } = await scene.run(["--previous", file()]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("sgfeea6");
  });

  test("is of another appliance: wrong usage", async () => {
    const previous = await earlier([scene.declared(scene.share())]);
    const other = scene.file(
      "other.json",
      JSON.stringify({ ...(await scene.report([])), appliance: "https://other.example" }),
    );
    expect((await afterwards(previous)).code).toBe(1);
    expect(await scene.run(["--previous", other])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("is a report on https://other.example"),
    });
  });
});
