// Every kind of finding, told by the command on an emulator: once where it is true, and not where it is nearly true.
import { encrypted, fingerprintOf, hour, makeScene, minute, now, type Scene } from "./fixture";

let scene: Scene;
beforeEach(async () => {
  scene = await makeScene();
});

const id = ({ key }: { key: string }) => fingerprintOf(key);

test("a share that is as declared is no finding", async () => {
  const report = await scene.report([scene.declared(scene.share())]);
  expect(report).toMatchObject({
    code: 0,
    findings: [],
    completeness: { complete: true, problems: [] },
    shares: [{ status: "active", seen: "listed" }],
  });
});

describe("unmanaged", () => {
  test("a live share that no stack declares, with the line that adopts it", async () => {
    const known = scene.share();
    const stranger = scene.share(-2, 10);
    const { code, findings } = await scene.report([scene.declared(known)]);
    expect(code).toBe(1);
    expect(findings).toEqual([
      expect.objectContaining({
        kind: "unmanaged",
        severity: "high",
        fingerprint: id(stranger),
        validTo: stranger.validTo,
        remainingSeconds: (8 * hour) / 1000,
        message:
          "Can be opened until 2026-03-02T20:00:00.000Z (in 8 h), and not in the stacks given (only all stacks of a backend prove more).",
        nextSteps: [
          "To end it: Management > Sessions > the session's menu > sharing > deactivate.",
          `To own it instead: new SessionShare("…", { sessionId: "${stranger.sessionId}", validSince: "${stranger.validSince}", validTo: "${stranger.validTo}", readonly: true, adopt: "${id(stranger)}" })`,
        ],
      }),
    ]);
  });

  test("also one to come, and one that a stack only looks up", async () => {
    const [scheduled, lookedUp] = [scene.share(5), scene.share()];
    const resources = [scene.declared(lookedUp, { external: true })];
    expect(await scene.findings(resources)).toEqual([`unmanaged ${id(lookedUp)}`, `unmanaged ${id(scheduled)}`]);
  });

  test("not one that has ended, nor one that was revoked", async () => {
    scene.share(-9, 8);
    scene.emulator.revoke(scene.share().key);
    expect(await scene.findings([], ["--session", scene.emulator.sessions[0]!])).toEqual([]);
  });
});

describe("removed", () => {
  test("declared, and withdrawn in the panel", async () => {
    const share = scene.share();
    scene.emulator.revoke(share.key);
    expect(await scene.findings([scene.declared(share)])).toEqual([`removed ${id(share)}`]);
  });

  test("also where the state alone knows, since the list hides removed shares", async () => {
    scene.emulator.behaviour.removedShares = "hidden";
    const share = scene.share();
    scene.emulator.revoke(share.key);
    expect(await scene.findings([scene.declared(share, { outputs: { removed: true } })])).toEqual([
      `removed ${id(share)}`,
    ]);
  });

  test("not once its window is over", async () => {
    const share = scene.share(-9, 8);
    scene.emulator.revoke(share.key);
    expect(await scene.findings([scene.declared(share)])).toEqual([]);
  });
});

describe("missing", () => {
  beforeEach(() => {
    scene.emulator.behaviour.removedShares = "hidden";
  });

  test("declared, its window open, and not in a good list", async () => {
    const share = scene.share();
    scene.emulator.revoke(share.key);
    expect(await scene.findings([scene.declared(share)])).toEqual([`missing ${id(share)}`]);
  });

  test("also where the appliance itself knows no such session", async () => {
    const share = scene.share();
    scene.emulator.removeSession(share.sessionId);
    const { findings, completeness } = await scene.report([scene.declared(share)]);
    expect(findings.map(({ kind }) => kind)).toEqual(["missing"]);
    expect(completeness).toMatchObject({ complete: true, sessions: { answered: 0, unknown: 1 } });
  });

  test.each<[string, number, number]>([
    ["before its start", 1, 8],
    ["in its first five minutes", -4 / 60, 8],
    ["in its last five minutes", -8, 8 + 4 / 60],
    ["after its end", -9, 8],
  ])("not %s: ended and scheduled shares may be hidden, clocks differ", async (_, since, hours) => {
    const share = scene.share(since, hours);
    scene.emulator.revoke(share.key);
    expect(await scene.findings([scene.declared(share)])).toEqual([]);
  });

  test("not where the session could not be looked at", async () => {
    const share = scene.share();
    scene.emulator.revoke(share.key);
    scene.emulator.fault({ kind: "html", status: 404, times: Infinity });
    expect(await scene.report([scene.declared(share)])).toMatchObject({
      code: 3,
      findings: [],
      shares: [{ status: "active", seen: "not-looked" }],
    });
  });

  test("not where the share lives on another appliance", async () => {
    const share = scene.share();
    scene.emulator.revoke(share.key);
    const elsewhere = [scene.declared(share, { outputs: { appliance: "https://other.example" } })];
    const report = await scene.report(elsewhere);
    expect(report).toMatchObject({ code: 3, findings: [], shares: [{ seen: "elsewhere" }] });
    expect(report.completeness.problems).toEqual([expect.stringContaining("lives on https://other.example")]);
    scene.emulator.resetRequests();
    const skipped = await scene.report(elsewhere, ["--skip-other-appliances"]);
    expect(skipped).toMatchObject({ code: 0, shares: [] });
    expect(skipped.completeness.notes).toContain("Left out: 1 share of https://other.example.");
    expect(scene.emulator.requests).toEqual([]);
  });

  test("not where the appliance has another name now, and shows the share", async () => {
    const share = scene.share();
    expect(
      await scene.report([scene.declared(share, { outputs: { appliance: "https://old-name.example" } })]),
    ).toMatchObject({ code: 0, findings: [] });
  });
});

describe("revived", () => {
  test.each(["removed", "missing"])("known to the state as %s, and listed as live again", async (before) => {
    const share = scene.share();
    expect(await scene.findings([scene.declared(share, { outputs: { [before]: true } })])).toEqual([
      `revived ${id(share)}`,
    ]);
  });
});

describe("granted-otherwise", () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      "a later end",
      { validTo: new Date(now + 2 * hour).toISOString() },
      "the end 2026-03-02T19:00:00.000Z instead of 2026-03-02T14:00:00.000Z",
    ],
    [
      "another start",
      { validSince: new Date(now - 3 * hour).toISOString() },
      "the start 2026-03-02T11:00:00.000Z instead of 2026-03-02T09:00:00.000Z",
    ],
    ["another mode", { readonly: false }, "mode readonly instead of interactive"],
  ])("%s than declared", async (_, outputs, text) => {
    const { findings } = await scene.report([scene.declared(scene.share(), { outputs })]);
    expect(findings).toEqual([
      expect.objectContaining({ kind: "granted-otherwise", message: `The appliance granted ${text}.` }),
    ]);
  });

  test("the later end counts: a share that the appliance cut short is not over before its declared end", async () => {
    const share = scene.share(-9, 8);
    const outputs = { validTo: new Date(now + hour).toISOString() };
    const { shares, findings } = await scene.report([scene.declared(share, { outputs })]);
    expect(shares).toMatchObject([{ status: "active", remainingSeconds: 3600 }]);
    expect(findings.map(({ kind }) => kind)).toEqual(["granted-otherwise"]);
  });

  test("not less than a minute's difference: the appliance may store coarsely", async () => {
    const outputs = { validTo: new Date(now + 7 * hour + 59_000).toISOString() };
    expect(await scene.findings([scene.declared(scene.share(), { outputs })])).toEqual([]);
  });
});

describe("interactive", () => {
  test("live and not readonly", async () => {
    const share = scene.share(-1, 8, { readonly: false });
    const { findings, code } = await scene.report([scene.declared(share)]);
    expect(findings).toEqual([expect.objectContaining({ kind: "interactive", severity: "low" })]);
    expect(code).toBe(1);
  });

  test("not after its end", async () => {
    expect(await scene.findings([scene.declared(scene.share(-9, 8, { readonly: false }))])).toEqual([]);
  });
});

describe("too-long", () => {
  const long = () => scene.share(-1, 9);

  test("over --max-duration, else over the setting", async () => {
    const resources = [scene.declared(long())];
    expect(await scene.findings(resources)).toEqual([]);
    expect(await scene.findings(resources, ["--max-duration", "PT9H"])).toEqual([]);
    expect(await scene.findings(resources, ["--max-duration", "PT8H59M"])).toHaveLength(1);
    scene.environment["FUDO_MAX_DURATION"] = "PT8H";
    const { findings } = await scene.report(resources);
    expect(findings).toEqual([
      expect.objectContaining({ kind: "too-long", message: "Its window is 9 h; 8 h are allowed." }),
    ]);
  });

  test("a share without an end is longer than anything, and cannot be declared", async () => {
    const share = scene.emulator.addShare(scene.emulator.sessions[0]!, { validSince: now, validTo: Infinity });
    const { findings } = await scene.report([], ["--session", share.sessionId, "--max-duration", "P365D"]);
    expect(findings).toMatchObject([
      {
        kind: "unmanaged",
        validTo: "infinity",
        remainingSeconds: null,
        nextSteps: [expect.any(String), "A share without an end cannot be declared."],
      },
      { kind: "too-long", message: "Its window is without an end; 365 d are allowed." },
    ]);
  });
});

describe("unlabelled", () => {
  const args = ["--require-label", "vendor", "--require-label", "ticket"];
  const labelled = (labels: unknown) => [scene.declared(scene.share(), { outputs: { labels } })];

  test("required labels absent or empty", async () => {
    const { findings } = await scene.report(labelled({ vendor: "", reason: "x" }), args);
    expect(findings).toEqual([
      expect.objectContaining({ kind: "unlabelled", message: "Its declaration lacks the labels vendor, ticket." }),
    ]);
  });

  test("not when all are there, also with an encrypted value", async () => {
    const { findings, shares } = await scene.report(labelled({ vendor: encrypted, ticket: "CHG-1" }), args);
    expect(findings).toEqual([]);
    expect(shares).toMatchObject([{ labels: { vendor: "[encrypted]", ticket: "CHG-1" } }]);
  });

  test("not a share that nobody declares: it has no labels to miss", async () => {
    const stranger = scene.share();
    expect(await scene.findings([], [...args, "--session", stranger.sessionId])).toEqual([`unmanaged ${id(stranger)}`]);
  });
});

describe("unreadable", () => {
  test("labels that are encrypted as a whole: incomplete, never unlabelled", async () => {
    const resources = [scene.declared(scene.share(), { outputs: { labels: encrypted } })];
    expect(await scene.report(resources)).toMatchObject({ code: 0, findings: [] });
    const report = await scene.report(resources, ["--require-label", "vendor"]);
    expect(report).toMatchObject({
      code: 3,
      findings: [{ kind: "unreadable", message: "Encrypted in the state, so it could not be judged: labels." }],
    });
    expect(report.completeness.problems).toEqual(["needed facts of 1 share are encrypted in the state"]);
  });

  test("a window that is encrypted: nothing is said of its absence", async () => {
    scene.emulator.behaviour.removedShares = "hidden";
    const share = scene.share();
    scene.emulator.revoke(share.key);
    const report = await scene.report([scene.declared(share, { outputs: { validTo: encrypted } })]);
    expect(report).toMatchObject({
      code: 3,
      findings: [{ kind: "unreadable" }],
      shares: [{ status: "active", seen: "absent", remainingSeconds: null }],
    });
    expect(report.shares[0]).not.toHaveProperty("validTo");
  });

  test("not of a share that the appliance says has ended", async () => {
    expect(await scene.report([scene.declared(scene.share(-9, 8), { outputs: { validTo: encrypted } })])).toMatchObject(
      { code: 0, findings: [] },
    );
  });
});

test("duplicate: one share in two stacks is one finding that names both", async () => {
  const share = scene.share();
  const both = [
    scene.declared(share),
    scene.declared(share, { stack: "prod", name: "again" }),
    scene.declared(share, { stack: "prod", name: "reader", external: true }),
  ];
  const { findings } = await scene.report(both);
  expect(findings).toMatchObject([
    {
      kind: "duplicate",
      message: "One share, owned by 2 resources.",
      declaredBy: [{ stack: "shop/dev" }, { stack: "shop/prod" }],
    },
  ]);
});

test("a state that is given twice declares its shares once", async () => {
  const resources = [scene.declared(scene.share())];
  expect(await scene.findings(resources, ["--state", scene.state(resources)])).toEqual([]);
});

test("unidentified: a live entry without a key, each one", async () => {
  const [one] = [scene.share(), scene.share()];
  scene.emulator.fault({ kind: "without", attribute: "key", times: Infinity });
  const { findings, shares } = await scene.report([], ["--session", one.sessionId]);
  expect(findings.map(({ kind, fingerprint }) => [kind, fingerprint])).toEqual([
    ["unidentified", undefined],
    ["unidentified", undefined],
  ]);
  expect(shares).toHaveLength(2);
});

test("both faces' resources are read, and nobody else's", async () => {
  const [dynamic, plugin, other] = [scene.share(), scene.share(), scene.share()];
  const resources = [
    scene.declared(dynamic),
    scene.declared(plugin, { type: "fudo:index:SessionShare" }),
    scene.declared(other, { type: "fudo:index:Other" }),
  ];
  expect(await scene.findings(resources)).toEqual([`unmanaged ${id(other)}`]);
});

test("the appliance's clock decides, not ours", async () => {
  scene.emulator.clock.skew = 2 * hour;
  const share = scene.share(-1, 2);
  expect(await scene.report([scene.declared(share)])).toMatchObject({
    shares: [{ status: "ended", remainingSeconds: 0 }],
  });
});

test("findings come by severity, then what is open, then what stays open longest", async () => {
  const shares = [scene.share(2, 90), scene.share(-1, 3, { readonly: false }), scene.share(-1, 20)];
  const expected = [
    `unmanaged ${id(shares[2]!)}`,
    `unmanaged ${id(shares[1]!)}`,
    `unmanaged ${id(shares[0]!)}`,
    `interactive ${id(shares[1]!)}`,
  ];
  expect(await scene.findings([], ["--session", shares[0]!.sessionId])).toEqual(expected);
});

test("a share listed twice is one", async () => {
  const share = scene.share(-minute / hour);
  scene.emulator.fault({ kind: "duplicate", times: Infinity });
  expect(await scene.findings([], ["--session", share.sessionId])).toEqual([`unmanaged ${id(share)}`]);
});
