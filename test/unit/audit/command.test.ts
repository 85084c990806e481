// The command: exit codes, incomplete audits, and the destinations of its reports.
import { hour, createFixture, now, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

test("--help and --version need no settings", async () => {
  fixture.environment = {};
  const { code, stdout } = await fixture.run(["--help"]);
  expect(code).toBe(0);
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(await fixture.run(["--version"])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

describe("exit codes", () => {
  const mixed = () => [fixture.resourceFor(fixture.share(-1, 8, { readonly: false }))];

  test("0: no findings in scope, and the report does not claim more", async () => {
    const { code, stdout } = await fixture.run(["--state", fixture.stateFile([fixture.resourceFor(fixture.share())])]);
    expect(code).toBe(0);
    expect(stdout).toContain("No findings in scope.");
    expect(stdout).not.toMatch(/clean|all (is )?well|no problem/i);
  });

  test.each([
    ["low", 1],
    ["medium", 0],
    ["high", 0],
    ["none", 0],
  ])("one low finding with --fail-on %s exits with %i", async (failOn, expected) => {
    expect(await fixture.run(["--state", fixture.stateFile(mixed()), "--fail-on", failOn])).toMatchObject({
      code: expected,
      stdout: expect.stringContaining("1 finding: 1 low."),
    });
  });

  test("3 overrides 1: a finding in an incomplete audit", async () => {
    fixture.share();
    const broken = fixture.file("broken.json", "{}");
    const { code, stdout } = await fixture.run([
      "--session",
      fixture.emulator.sessions[0]!,
      "--state",
      broken,
      "--fail-on",
      "none",
    ]);
    expect(code).toBe(3);
    expect(stdout).toContain("INCOMPLETE: see the problems. 1 finding: 1 high.");
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("No stack that the audit could read declares it.");
    expect(stdout).toMatch(/Stacks .*broken\.json: not read\n/);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("not the JSON output of pulumi stack export");
  });
});

describe("incomplete", () => {
  const problemsOf = async (args: readonly string[], resources: readonly object[] = []) => {
    const { code, completeness } = await fixture.report(resources, args);
    return { code, ...completeness };
  };
  const session = () => fixture.emulator.sessions[0]!;

  test.each<[string, () => void, RegExp]>([
    ["a 403", () => fixture.emulator.denyAccess(session()), /^session \d+: GET .*: 403/],
    [
      "a 500",
      () => fixture.emulator.fault({ kind: "failure", status: 400, message: "no" }),
      /^session \d+: GET .*: 400/,
    ],
    ["an HTML page instead of JSON", () => fixture.emulator.fault({ kind: "html", status: 200 }), /not a JSON object/],
    [
      "a 404 that is not from the appliance",
      () => fixture.emulator.fault({ kind: "html", status: 404 }),
      /This response is not from the appliance/,
    ],
    [
      "a list that is not valid",
      () => (fixture.share(), fixture.emulator.fault({ kind: "truncated" })),
      /^session \d+: /,
    ],
  ])("%s makes the audit incomplete", async (_, applyFault, message) => {
    applyFault();
    const { code, complete, problems, sessions } = await problemsOf(["--session", session()]);
    expect([code, complete]).toEqual([3, false]);
    expect(problems).toEqual([expect.stringMatching(message)]);
    expect(sessions).toEqual({ inScope: 1, answered: 0, unknown: 0, failed: 1, notAsked: 0 });
  });

  test("a named session that does not exist makes the audit incomplete", async () => {
    expect(await problemsOf(["--session", "7"])).toMatchObject({
      code: 3,
      problems: ["session 7: not found on the appliance, or not visible to this API user"],
    });
  });

  test("a resource with a malformed ID makes the audit incomplete", async () => {
    const { problems, code } = await problemsOf(
      [],
      [fixture.resourceFor(fixture.share(), { id: "4665729213955833857" })],
    );
    expect(code).toBe(3);
    expect(problems).toEqual([
      expect.stringMatching(/^state of .*: resource urn:pulumi:dev::shop::.*its ID is not <sessionId>\/<fingerprint>/),
    ]);
  });

  test("a rejected key stops the requests at once, so that the API user is not locked out", async () => {
    const other = Array.from({ length: 40 }, () => fixture.emulator.addSession());
    fixture.emulator.rotateKey();
    const { code, sessions, problems } = await problemsOf(other.flatMap((id) => ["--session", id]));
    expect(code).toBe(3);
    expect(sessions.failed).toBeLessThanOrEqual(8);
    expect(sessions.notAsked).toBe(40 - sessions.failed);
    expect(problems.at(-1)).toBe(`${sessions.notAsked} sessions not requested: the audit stopped early`);
  });

  test("an unreachable appliance makes the audit incomplete", async () => {
    await fixture.emulator.close();
    const { code, stdout } = await fixture.run(["--session", "1"]);
    expect(code).toBe(3);
    expect(stdout).toContain("INCOMPLETE: see the problems. No findings in the rest.");
    expect(stdout).toContain("connection refused");
  });
});

test("the audit sends one GET for each session and a few for names, reads a state from standard input, and writes several reports", async () => {
  const [one, two] = fixture.emulator.sessions;
  const resources = [fixture.share(), fixture.share(), fixture.share(0, 1, { sessionId: two! })].map((share, index) =>
    fixture.resourceFor(share, { name: `share-${index}` }),
  );
  const stdin = JSON.stringify({ version: 3, deployment: { resources } });
  const { code, stdout } = await fixture.run(
    [
      "--state",
      "-",
      "--output",
      `json=${fixture.path("report.json")}`,
      "--output",
      `csv=${fixture.path("report.csv")}`,
    ],
    { stdin },
  );
  expect(code).toBe(0);
  const pages = ["account 0", "account 2", "server 0", "server 2", "user 0", "user 1"].map((page) => page.split(" "));
  expect(fixture.emulator.requests.map(({ path }) => path).sort()).toEqual(
    [
      ...[one, two].map((id) => `/api/v2/session/${id}/share`),
      `/api/v2/session?offset=0&limit=2&filter=id.in(${one},${two})`,
      ...pages.map(([kind, offset]) => `/api/v2/${kind}?fields=id,name&offset=${offset}&limit=500`),
    ].sort(),
  );
  expect(stdout).toContain("No findings in scope.");
  expect(JSON.parse(fixture.read("report.json"))).toMatchObject({
    scope: { stacks: [{ source: "standard input", stack: "shop/dev", shares: 3 }] },
    shares: [{}, {}, {}],
  });
  expect(fixture.read("report.csv").trim().split("\r\n")).toHaveLength(4);
});

test("a report that cannot be written is an error", async () => {
  expect(
    await fixture.run(["--session", fixture.emulator.sessions[0]!, "-o", "json=/nowhere/report.json"]),
  ).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining("--output: cannot write /nowhere/report.json (ENOENT)"),
  });
});

test("only a terminal shows progress, and the line is cleared at the end", async () => {
  const args = ["--session", fixture.emulator.sessions[0]!];
  expect((await fixture.run(args)).stderr).toBe("");
  const { stderr } = await fixture.run(args, { isTTY: true });
  expect(stderr).toContain("sessions: 1 of 1 read");
  expect(stderr.endsWith("\r\u001b[2K")).toBe(true);
});

test("each report says that the certificate was not verified", async () => {
  fixture.environment["FUDO_INSECURE_SKIP_VERIFY"] = "true";
  const { completeness } = await fixture.report([]);
  expect(completeness.notes).toContainEqual(
    expect.stringContaining(
      "certificate was not verified (FUDO_INSECURE_SKIP_VERIFY): this data could have been tampered with",
    ),
  );
});

test("a scheduled share that the list hides is reported from the state", async () => {
  fixture.emulator.behaviour.scheduledShares = "hidden";
  expect(await fixture.report([fixture.resourceFor(fixture.share(2, 8, { createdAt: now - hour }))])).toMatchObject({
    code: 0,
    shares: [{ status: "scheduled", seen: "absent" }],
  });
});
