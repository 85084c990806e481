// The command itself: usage, exit codes, what it says of its reach, and where its reports go.
import { encrypted, hour, makeScene, now, type Scene } from "./fixture";

let scene: Scene;
beforeEach(async () => {
  scene = await makeScene();
});

describe("wrong usage ends with 2, one sentence, and no call", () => {
  test.each<[string, string[], RegExp]>([
    ["nothing to audit", [], /say what to audit: --stack/],
    ["an unknown option", ["--frobnicate"], /Unknown option '--frobnicate'/],
    ["an unknown command", ["inspect"], /there is no command "inspect"/],
    ["a session that is no ID", ["--session", "../1"], /--session must be the session's decimal ID/],
    ["a stack that reads as an option", ["--stack=--show-secrets"], /--stack must be a stack's name/],
    [
      "a severity that does not exist",
      ["--session", "1", "--fail-on", "critical"],
      /--fail-on must be one of high, medium, low, none/,
    ],
    [
      "a duration that is none",
      ["--session", "1", "--max-duration", "8h"],
      /--max-duration is not an ISO 8601 duration/,
    ],
    ["an unknown format", ["--session", "1", "-o", "pdf=x"], /--output must be one of table, json/],
    ["two reports in one place", ["--session", "1", "-o", "json", "-o", "csv"], /two reports would go to one place/],
    ["no file after the format", ["--session", "1", "-o", "json="], /--output is FORMAT=FILE/],
    ["doctor with more than a session", ["doctor", "--all-sessions"], /doctor takes at most one --session/],
  ])("%s", async (_, args, message) => {
    const { code, stdout, stderr } = await scene.run(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr.split("\n")).toHaveLength(2);
    expect(scene.emulator.requests).toEqual([]);
  });

  test("settings that are missing or malformed, all at once, without their values", async () => {
    scene.environment = { FUDO_URL: "ftp://secret-host", FUDO_TIMEOUT: "soon" };
    const { code, stderr } = await scene.run(["--session", "1"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /FUDO_API_KEY\) is not set.*FUDO_URL\) must be https.*FUDO_TIMEOUT\) is not an ISO 8601 duration/,
    );
    expect(stderr).not.toContain("secret-host");
  });
});

test("--help and --version need no settings", async () => {
  scene.environment = {};
  const { code, stdout } = await scene.run(["--help"]);
  expect(code).toBe(0);
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(await scene.run(["--version"])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

describe("exit codes", () => {
  const mixed = () => [scene.declared(scene.share(-1, 8, { readonly: false }))];

  test("0: nothing found, and it does not say that all is well", async () => {
    const { code, stdout } = await scene.run(["--state", scene.state([scene.declared(scene.share())])]);
    expect(code).toBe(0);
    expect(stdout).toContain("Nothing found in scope.");
    expect(stdout).not.toMatch(/clean|all (is )?well|no problem/i);
  });

  test.each([
    ["low", 1],
    ["medium", 0],
    ["high", 0],
    ["none", 0],
  ])("one low finding with --fail-on %s: %i", async (failOn, expected) => {
    expect(await scene.run(["--state", scene.state(mixed()), "--fail-on", failOn])).toMatchObject({
      code: expected,
      stdout: expect.stringContaining("1 finding: 1 low."),
    });
  });

  test("3 outranks 1: a finding, and something that could not be looked at", async () => {
    scene.share();
    const broken = scene.file("broken.json", "{}");
    const { code, stdout } = await scene.run([
      "--session",
      scene.emulator.sessions[0]!,
      "--state",
      broken,
      "--fail-on",
      "none",
    ]);
    expect(code).toBe(3);
    expect(stdout).toContain("INCOMPLETE. 1 finding: 1 high as far as could be looked at.");
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("and in none of the stacks that could be read.");
    expect(stdout).toMatch(/Stacks .*broken\.json: not read\n/);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("this is not the JSON that `pulumi stack export` prints");
  });
});

describe("incomplete", () => {
  const problemsOf = async (args: readonly string[], resources: readonly object[] = []) => {
    const { code, completeness } = await scene.report(resources, args);
    return { code, ...completeness };
  };
  const session = () => scene.emulator.sessions[0]!;

  test.each<[string, () => void, RegExp]>([
    ["a 403", () => scene.emulator.loseRights(session()), /^session \d+: GET .*: 403/],
    ["a 500", () => scene.emulator.fault({ kind: "failure", status: 400, message: "no" }), /^session \d+: GET .*: 400/],
    ["a page instead of JSON", () => scene.emulator.fault({ kind: "html", status: 200 }), /not a JSON object/],
    [
      "a 404 that is not the appliance's",
      () => scene.emulator.fault({ kind: "html", status: 404 }),
      /This is not the appliance's own answer/,
    ],
    [
      "a list that is not as documented",
      () => (scene.share(), scene.emulator.fault({ kind: "truncated" })),
      /^session \d+: /,
    ],
  ])("%s", async (_, spoil, message) => {
    spoil();
    const { code, complete, problems, sessions } = await problemsOf(["--session", session()]);
    expect([code, complete]).toEqual([3, false]);
    expect(problems).toEqual([expect.stringMatching(message)]);
    expect(sessions).toEqual({ inScope: 1, answered: 0, unknown: 0, failed: 1, notAsked: 0 });
  });

  test("a session that was named and is not there", async () => {
    expect(await problemsOf(["--session", "7"])).toMatchObject({
      code: 3,
      problems: ["session 7: the appliance knows none, or shows none to this API user"],
    });
  });

  test("a resource whose ID cannot be read", async () => {
    const { problems, code } = await problemsOf([], [scene.declared(scene.share(), { id: "4665729213955833857" })]);
    expect(code).toBe(3);
    expect(problems).toEqual([
      expect.stringMatching(/^resource urn:pulumi:dev::shop::.*its ID is not <sessionId>\/<fingerprint>/),
    ]);
  });

  test("a refused key ends the questions at once: nobody is locked out", async () => {
    const other = Array.from({ length: 40 }, () => scene.emulator.addSession());
    scene.emulator.rotateKey();
    const { code, sessions, problems } = await problemsOf(other.flatMap((id) => ["--session", id]));
    expect(code).toBe(3);
    expect(sessions.failed).toBeLessThanOrEqual(8);
    expect(sessions.notAsked).toBe(40 - sessions.failed);
    expect(problems.at(-1)).toBe(`${sessions.notAsked} sessions were not asked: the audit gave up`);
  });

  test("an appliance that cannot be reached", async () => {
    await scene.emulator.close();
    const { code, stdout } = await scene.run(["--session", "1"]);
    expect(code).toBe(3);
    expect(stdout).toContain("INCOMPLETE. Nothing found in scope as far as could be looked at.");
    expect(stdout).toContain("refused the connection");
  });
});

test("a creation that was interrupted puts its session into scope", async () => {
  const share = scene.share();
  const pending = {
    type: "creating",
    resource: { type: "pulumi-nodejs:dynamic/fudo:SessionShare", urn: "urn:x", inputs: { sessionId: share.sessionId } },
  };
  const state = scene.state([], {
    pending_operations: [
      pending,
      { type: "creating", resource: { ...pending.resource, inputs: { sessionId: encrypted } } },
    ],
  });
  const { code, stdout } = await scene.run(["--state", state]);
  expect(code).toBe(1);
  expect(stdout).toContain("unmanaged");
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    "A creation was interrupted on 1 session: what it left behind, if anything, is listed as unmanaged.",
  );
});

test("one GET for each session, a state from standard input, several reports at once", async () => {
  const [one, two] = scene.emulator.sessions;
  const resources = [scene.share(), scene.share(), scene.share(0, 1, { sessionId: two! })].map((share, index) =>
    scene.declared(share, { name: `share-${index}` }),
  );
  const stdin = JSON.stringify({ deployment: { resources } });
  const { code, stdout } = await scene.run(
    ["--state", "-", "--output", `json=${scene.path("report.json")}`, "--output", `csv=${scene.path("report.csv")}`],
    { stdin },
  );
  expect(code).toBe(0);
  expect(scene.emulator.requests.map(({ path }) => path).sort()).toEqual(
    [one, two].map((id) => `/api/v2/session/${id}/share`),
  );
  expect(stdout).toContain("standard input (shop/dev): 3 shares");
  expect(JSON.parse(scene.read("report.json"))).toMatchObject({ shares: [{}, {}, {}] });
  expect(scene.read("report.csv").trim().split("\r\n")).toHaveLength(4);
});

test("a report that cannot be written is told, and is no success", async () => {
  expect(await scene.run(["--session", scene.emulator.sessions[0]!, "-o", "json=/nowhere/report.json"])).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining("--output: /nowhere/report.json cannot be written (ENOENT)"),
  });
});

test("progress shows on a terminal alone, and is wiped away", async () => {
  const args = ["--session", scene.emulator.sessions[0]!];
  expect((await scene.run(args)).stderr).toBe("");
  const { stderr } = await scene.run(args, { isTTY: true });
  expect(stderr).toContain("sessions: 1 of 1 asked");
  expect(stderr.endsWith("\r\u001b[2K")).toBe(true);
});

test("an unverified certificate is told in each report", async () => {
  scene.environment["FUDO_INSECURE_SKIP_VERIFY"] = "true";
  const { completeness } = await scene.report([]);
  expect(completeness.notes).toContainEqual(expect.stringContaining("certificate was not verified"));
});

test("scheduled shares that lists hide are told from the state, as to come", async () => {
  scene.emulator.switches.scheduledShares = "hidden";
  expect(await scene.report([scene.declared(scene.share(2, 8, { createdAt: now - hour }))])).toMatchObject({
    code: 0,
    shares: [{ status: "scheduled", seen: "absent" }],
  });
});
