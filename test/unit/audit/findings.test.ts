// Every kind of finding, from the command against an emulator: one case where it applies, and cases where it almost does.
import { encrypted, fingerprintOf, hour, createFixture, minute, now, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

const id = ({ key }: { key: string }) => fingerprintOf(key);

test("a share that matches its declaration has no finding", async () => {
  const report = await fixture.report([fixture.resourceFor(fixture.share())]);
  expect(report).toMatchObject({
    code: 0,
    findings: [],
    completeness: { complete: true, problems: [] },
    shares: [{ status: "active", seen: "listed" }],
  });
});

describe("unmanaged", () => {
  test("a live share that no stack declares is unmanaged, and the next steps contain the code that adopts it", async () => {
    const declared = fixture.share();
    const other = fixture.share(-2, 10);
    const { code, findings } = await fixture.report([fixture.resourceFor(declared)]);
    expect(code).toBe(1);
    expect(findings).toEqual([
      expect.objectContaining({
        kind: "unmanaged",
        severity: "high",
        fingerprint: id(other),
        validTo: other.validTo,
        remainingSeconds: (8 * hour) / 1000,
        message:
          "The link works until 2026-03-02 20:00 UTC (in 8 h). No audited stack declares it (only an audit of all stacks proves that no stack does).",
        nextSteps: [
          "To revoke it: Management > Sessions > the session's menu > sharing > deactivate.",
          `To manage it in a stack: new SessionShare("…", { sessionId: "${other.sessionId}", validSince: "${other.validSince}", validTo: "${other.validTo}", readonly: true, adopt: "${id(other)}" })`,
        ],
      }),
    ]);
  });

  test("a scheduled share, and a share that a stack only looks up, are unmanaged", async () => {
    const [scheduled, lookedUp] = [fixture.share(5), fixture.share()];
    const resources = [fixture.resourceFor(lookedUp, { external: true })];
    expect(await fixture.findings(resources)).toEqual([`unmanaged ${id(lookedUp)}`, `unmanaged ${id(scheduled)}`]);
  });

  test("an expired share and a revoked share are not unmanaged", async () => {
    fixture.share(-9, 8);
    fixture.emulator.revoke(fixture.share().key);
    expect(await fixture.findings([], ["--session", fixture.emulator.sessions[0]!])).toEqual([]);
  });
});

describe("removed", () => {
  test("a declared share that was revoked in the admin panel is removed", async () => {
    const share = fixture.share();
    fixture.emulator.revoke(share.key);
    expect(await fixture.findings([fixture.resourceFor(share)])).toEqual([`removed ${id(share)}`]);
  });

  test("a share that only the state records as removed is removed, because the list hides removed shares", async () => {
    fixture.emulator.behaviour.removedShares = "hidden";
    const share = fixture.share();
    fixture.emulator.revoke(share.key);
    expect(await fixture.findings([fixture.resourceFor(share, { outputs: { removed: true } })])).toEqual([
      `removed ${id(share)}`,
    ]);
  });

  test("an expired share is not removed", async () => {
    const share = fixture.share(-9, 8);
    fixture.emulator.revoke(share.key);
    expect(await fixture.findings([fixture.resourceFor(share)])).toEqual([]);
  });
});

describe("missing", () => {
  beforeEach(() => {
    fixture.emulator.behaviour.removedShares = "hidden";
  });

  test("a declared share with an open window that a valid list does not contain is missing", async () => {
    const share = fixture.share();
    fixture.emulator.revoke(share.key);
    expect(await fixture.findings([fixture.resourceFor(share)])).toEqual([`missing ${id(share)}`]);
  });

  test("a share is missing when the appliance does not have its session, and the audit is incomplete", async () => {
    const share = fixture.share();
    fixture.emulator.removeSession(share.sessionId);
    const { findings, completeness } = await fixture.report([fixture.resourceFor(share)]);
    expect(findings.map(({ kind }) => kind)).toEqual(["missing"]);
    // The same response comes after a lost right, which would hide every other share of the session too.
    expect(completeness).toMatchObject({ complete: false, sessions: { answered: 0, unknown: 1 } });
  });

  test.each<[string, number, number]>([
    ["before its start", 1, 8],
    ["in its first five minutes", -4 / 60, 8],
    ["in its last five minutes", -8, 8 + 4 / 60],
    ["after its end", -9, 8],
  ])(
    "a share is not missing %s: lists may hide expired and scheduled shares, and clocks differ",
    async (_, since, hours) => {
      const share = fixture.share(since, hours);
      fixture.emulator.revoke(share.key);
      expect(await fixture.findings([fixture.resourceFor(share)])).toEqual([]);
    },
  );

  test("a share is not missing when the session could not be read", async () => {
    const share = fixture.share();
    fixture.emulator.revoke(share.key);
    fixture.emulator.fault({ kind: "html", status: 404, times: Infinity });
    expect(await fixture.report([fixture.resourceFor(share)])).toMatchObject({
      code: 3,
      findings: [],
      shares: [{ status: "active", seen: "not-looked" }],
    });
  });

  test("a share on another appliance is not missing", async () => {
    const share = fixture.share();
    fixture.emulator.revoke(share.key);
    const elsewhere = [fixture.resourceFor(share, { outputs: { appliance: "https://other.example" } })];
    const report = await fixture.report(elsewhere);
    expect(report).toMatchObject({ code: 3, findings: [], shares: [{ seen: "elsewhere" }] });
    expect(report.completeness.problems).toEqual([
      expect.stringContaining("1 declared share is on https://other.example, not on"),
    ]);
    fixture.emulator.resetRequests();
    const skipped = await fixture.report(elsewhere, ["--skip-other-appliances"]);
    expect(skipped).toMatchObject({ code: 0, shares: [] });
    expect(skipped.completeness.notes).toContain(
      "Excluded by --skip-other-appliances: 1 share on https://other.example.",
    );
    // Who can edit a state must not decide which sessions the audit reads.
    expect(fixture.emulator.requests).toHaveLength(1);
  });

  test("a share is not missing when the appliance has another host name now and lists the share", async () => {
    const share = fixture.share();
    expect(
      await fixture.report([fixture.resourceFor(share, { outputs: { appliance: "https://old-name.example" } })]),
    ).toMatchObject({ code: 0, findings: [] });
  });
});

describe("reactivated", () => {
  test.each(["removed", "missing"])(
    "a share that the state records as %s and that is listed as live is reactivated",
    async (before) => {
      const share = fixture.share();
      expect(await fixture.findings([fixture.resourceFor(share, { outputs: { [before]: true } })])).toEqual([
        `reactivated ${id(share)}`,
      ]);
    },
  );
});

describe("window-differs", () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      "a later end",
      { validTo: new Date(now + 2 * hour).toISOString() },
      "end 2026-03-02 19:00 UTC instead of 2026-03-02 14:00 UTC",
    ],
    [
      "another start",
      { validSince: new Date(now - 3 * hour).toISOString() },
      "start 2026-03-02 11:00 UTC instead of 2026-03-02 09:00 UTC",
    ],
    ["another mode", { readonly: false }, "mode readonly instead of interactive"],
  ])("%s than declared is a difference", async (_, outputs, text) => {
    const { findings } = await fixture.report([fixture.resourceFor(fixture.share(), { outputs })]);
    expect(findings).toEqual([
      expect.objectContaining({ kind: "window-differs", message: `The appliance granted: ${text}.` }),
    ]);
  });

  test("the later end counts: a share with a shorter listed window does not expire before its declared end", async () => {
    const share = fixture.share(-9, 8);
    const outputs = { validTo: new Date(now + hour).toISOString() };
    const { shares, findings } = await fixture.report([fixture.resourceFor(share, { outputs })]);
    expect(shares).toMatchObject([{ status: "active", remainingSeconds: 3600 }]);
    expect(findings.map(({ kind }) => kind)).toEqual(["window-differs"]);
  });

  test("a difference of less than a minute is not reported: the appliance may store windows with low precision", async () => {
    const outputs = { validTo: new Date(now + 7 * hour + 59_000).toISOString() };
    expect(await fixture.findings([fixture.resourceFor(fixture.share(), { outputs })])).toEqual([]);
  });
});

describe("interactive", () => {
  test("a live share that is not readonly is interactive", async () => {
    const share = fixture.share(-1, 8, { readonly: false });
    const { findings, code } = await fixture.report([fixture.resourceFor(share)]);
    expect(findings).toEqual([expect.objectContaining({ kind: "interactive", severity: "low" })]);
    expect(code).toBe(1);
  });

  test("an expired share is not interactive", async () => {
    expect(await fixture.findings([fixture.resourceFor(fixture.share(-9, 8, { readonly: false }))])).toEqual([]);
  });
});

describe("too-long", () => {
  const long = () => fixture.share(-1, 9);

  test("a window is too long above --max-duration, or above the setting without that option", async () => {
    const resources = [fixture.resourceFor(long())];
    expect(await fixture.findings(resources)).toEqual([]);
    expect(await fixture.findings(resources, ["--max-duration", "PT9H"])).toEqual([]);
    expect(await fixture.findings(resources, ["--max-duration", "PT8H59M"])).toHaveLength(1);
    fixture.environment["FUDO_MAX_DURATION"] = "PT8H";
    const { findings } = await fixture.report(resources);
    expect(findings).toEqual([
      expect.objectContaining({ kind: "too-long", message: "The window is 9 h long. The limit is 8 h." }),
    ]);
  });

  test("a share without an end is always too long, and a stack cannot declare it", async () => {
    const share = fixture.emulator.addShare(fixture.emulator.sessions[0]!, { validSince: now, validTo: Infinity });
    const { findings } = await fixture.report([], ["--session", share.sessionId, "--max-duration", "P365D"]);
    expect(findings).toMatchObject([
      {
        kind: "unmanaged",
        validTo: "infinity",
        remainingSeconds: null,
        nextSteps: [expect.any(String), "A stack cannot declare a share without an end date."],
      },
      { kind: "too-long", message: "The window has no end. The limit is 365 d." },
    ]);
  });
});

describe("missing-labels", () => {
  const args = ["--require-label", "vendor", "--require-label", "ticket"];
  const labelled = (labels: unknown) => [fixture.resourceFor(fixture.share(), { outputs: { labels } })];

  test("required labels that are absent or empty are missing", async () => {
    const { findings } = await fixture.report(labelled({ vendor: "", reason: "x" }), args);
    expect(findings).toEqual([
      expect.objectContaining({
        kind: "missing-labels",
        message: "The declaration does not have the required labels vendor, ticket.",
      }),
    ]);
  });

  test("labels are not missing when all exist", async () => {
    const { code, findings } = await fixture.report(labelled({ vendor: "ACME", ticket: "CHG-1" }), args);
    expect([code, findings]).toEqual([0, []]);
  });

  test("a share that no stack declares has no missing labels", async () => {
    const other = fixture.share();
    expect(await fixture.findings([], [...args, "--session", other.sessionId])).toEqual([`unmanaged ${id(other)}`]);
  });
});

describe("unreadable", () => {
  test("labels that are encrypted as a whole make the audit incomplete and are not missing", async () => {
    const resources = [fixture.resourceFor(fixture.share(), { outputs: { labels: encrypted } })];
    expect(await fixture.report(resources)).toMatchObject({ code: 0, findings: [] });
    const report = await fixture.report(resources, ["--require-label", "vendor"]);
    expect(report).toMatchObject({
      code: 3,
      findings: [{ kind: "unreadable", message: "The state encrypts values that the audit needs: labels." }],
    });
    expect(report.completeness.problems).toEqual(["1 share: the state encrypts values that the audit needs"]);
  });

  test("a share with an encrypted window is not missing", async () => {
    fixture.emulator.behaviour.removedShares = "hidden";
    const share = fixture.share();
    fixture.emulator.revoke(share.key);
    const report = await fixture.report([fixture.resourceFor(share, { outputs: { validTo: encrypted } })]);
    expect(report).toMatchObject({
      code: 3,
      findings: [{ kind: "unreadable" }],
      shares: [{ status: "not-listed", seen: "absent", remainingSeconds: null }],
    });
    expect(report.shares[0]).not.toHaveProperty("validTo");
  });

  test("a share that the appliance lists as expired is not unreadable", async () => {
    expect(
      await fixture.report([fixture.resourceFor(fixture.share(-9, 8), { outputs: { validTo: encrypted } })]),
    ).toMatchObject({ code: 0, findings: [] });
  });
});

test("duplicate: a share in two stacks is one finding that names both", async () => {
  const share = fixture.share();
  const both = [
    fixture.resourceFor(share),
    fixture.resourceFor(share, { stack: "prod", name: "again" }),
    fixture.resourceFor(share, { stack: "prod", name: "reader", external: true }),
  ];
  const { findings } = await fixture.report(both);
  expect(findings).toMatchObject([
    {
      kind: "duplicate",
      message: "2 resources manage this share.",
      declaredBy: [{ stack: "shop/dev" }, { stack: "shop/prod" }],
    },
  ]);
});

test("a state that the command line names twice declares its shares once", async () => {
  const resources = [fixture.resourceFor(fixture.share())];
  expect(await fixture.findings(resources, ["--state", fixture.stateFile(resources)])).toEqual([]);
});

test("unidentified: each live share without a key is a finding", async () => {
  const [one] = [fixture.share(), fixture.share()];
  fixture.emulator.fault({ kind: "without", attribute: "key", times: Infinity });
  const { findings, shares } = await fixture.report([], ["--session", one.sessionId]);
  expect(findings.map(({ kind, fingerprint }) => [kind, fingerprint])).toEqual([
    ["unidentified", undefined],
    ["unidentified", undefined],
  ]);
  expect(shares).toHaveLength(2);
});

test("the audit reads the resources of both adapters and no other resources", async () => {
  const [dynamic, plugin, other] = [fixture.share(), fixture.share(), fixture.share()];
  const resources = [
    fixture.resourceFor(dynamic),
    fixture.resourceFor(plugin, { type: "fudo:index:SessionShare" }),
    fixture.resourceFor(other, { type: "fudo:index:Other" }),
  ];
  expect(await fixture.findings(resources)).toEqual([`unmanaged ${id(other)}`]);
});

test("the appliance's clock decides, not the local clock", async () => {
  fixture.emulator.clock.skew = 2 * hour;
  const share = fixture.share(-1, 2);
  expect(await fixture.report([fixture.resourceFor(share)])).toMatchObject({
    shares: [{ status: "expired", remainingSeconds: 0 }],
  });
});

test("findings are sorted by severity, then open windows first, then the latest end first", async () => {
  const shares = [fixture.share(2, 90), fixture.share(-1, 3, { readonly: false }), fixture.share(-1, 20)];
  const expected = [
    `unmanaged ${id(shares[2]!)}`,
    `unmanaged ${id(shares[1]!)}`,
    `unmanaged ${id(shares[0]!)}`,
    `interactive ${id(shares[1]!)}`,
  ];
  expect(await fixture.findings([], ["--session", shares[0]!.sessionId])).toEqual(expected);
});

test("a share that the list contains twice is one share", async () => {
  const share = fixture.share(-minute / hour);
  fixture.emulator.fault({ kind: "duplicate", times: Infinity });
  expect(await fixture.findings([], ["--session", share.sessionId])).toEqual([`unmanaged ${id(share)}`]);
});
