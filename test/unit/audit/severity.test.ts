// Findings whose severity or existence depends on what was decided before: limits, labels, declared modes, ends that come soon.
import type { Fault } from "../../../provider/emulator";
import {
  createFixture,
  encrypted,
  fingerprintOf,
  hour,
  minute,
  now,
  plaintextSecret,
  type AuditFixture,
} from "./fixture";
import { kindsOf, ReportChain } from "./report-chain";

let fixture: AuditFixture;
let chain: ReportChain;
beforeEach(async () => {
  fixture = await createFixture();
  chain = new ReportChain(fixture);
});

const iso = (ms: number) => new Date(ms).toISOString();

describe("too-long compares both ends of one source", () => {
  const limit = ["--max-duration", "PT8H"];
  test.each<[string, { since: number; to: number }, { since: number; to: number }]>([
    ["in whole seconds", { since: -hour - 1000, to: 7 * hour - 1000 }, { since: -hour - 700, to: 7 * hour - 700 }],
    [
      "in whole minutes",
      { since: -hour - minute, to: 7 * hour - minute },
      { since: -hour - 20_000, to: 7 * hour - 20_000 },
    ],
    ["up to 59 seconds longer", { since: -hour, to: 7 * hour + 59_000 }, { since: -hour, to: 7 * hour }],
  ])("a window that the appliance stores %s is not too long", async (_, listed, declared) => {
    const share = fixture.share(-1, 8, { validSince: now + listed.since, validTo: now + listed.to });
    const outputs = { validSince: iso(now + declared.since), validTo: iso(now + declared.to) };
    expect(kindsOf(await chain.audit([fixture.resourceFor(share, { outputs })], { args: limit }), share)).toEqual([]);
  });

  test.each([
    [59_999, []],
    [60_000, ["too-long"]],
  ])("a window that is %d ms longer than the limit has the findings %j", async (more, kinds) => {
    const share = fixture.share(-1, 8 + more / hour);
    expect(kindsOf(await chain.audit([fixture.resourceFor(share)], { args: limit }), share)).toEqual(kinds);
  });

  test("where no list shows the window, the declared one counts, and then the granted one", async () => {
    const share = fixture.share();
    fixture.emulator.denyAccess(share.sessionId);
    const granted = { grantedSince: iso(now - hour), grantedTo: iso(now + 9 * hour) };
    const kinds = async (outputs: object) =>
      kindsOf(
        await fixture.report([fixture.resourceFor(share, { outputs: { ...granted, ...outputs } })], limit),
        share,
      );
    expect(await kinds({})).toEqual([]);
    expect(await kinds({ validSince: undefined, validTo: undefined })).toEqual(["too-long"]);
  });
});

test.each<[string, object, string]>([
  ["does not show", { kind: "without", attribute: "valid_since" }, "The window has no known start."],
  [
    "shows with an unreadable value",
    { kind: "attribute", attribute: "valid_since", value: "?" },
    "The window has no known start.",
  ],
  [
    "shows as -infinity",
    { kind: "attribute", attribute: "valid_since", value: "-infinity" },
    "The window has no start.",
  ],
])("a window whose start the list %s may be too long, and the message does not claim more", async (_, fault, text) => {
  const { sessionId } = fixture.share();
  fixture.emulator.fault({ path: "/share", ...fault } as Fault);
  const { findings } = await fixture.report([], ["--session", sessionId, "--max-duration", "PT8H"]);
  expect(findings.find(({ kind }) => kind === "too-long")?.message).toBe(`${text} The limit is 8 h.`);
});

describe("too-long after the limit was lowered", () => {
  const severity = async (args: readonly string[], resources: readonly object[]) => {
    const { findings } = await chain.audit(resources, { args });
    return findings.filter(({ kind }) => kind === "too-long").map((finding) => finding.severity);
  };

  test("is low for a share that an earlier limit allowed, in this report and the next ones", async () => {
    const resources = [fixture.resourceFor(fixture.share())];
    expect(await severity([], resources)).toEqual([]);
    for (const _round of [1, 2]) expect(await severity(["--max-duration", "PT4H"], resources)).toEqual(["low"]);
    expect(await severity(["--max-duration", "PT2H"], resources)).toEqual(["low"]);
  });

  test("is medium for a share that no earlier report contains", async () => {
    const first = fixture.resourceFor(fixture.share(-1, 2), { name: "first" });
    await chain.audit([first]);
    const share = fixture.resourceFor(fixture.share());
    expect(await severity(["--max-duration", "PT4H"], [first, share])).toEqual(["medium"]);
  });

  test("is medium for a share that was too long for the earlier limit too", async () => {
    const resources = [fixture.resourceFor(fixture.share())];
    await chain.audit(resources, { args: ["--max-duration", "PT6H"] });
    expect(await severity(["--max-duration", "PT4H"], resources)).toEqual(["medium"]);
  });

  test("is medium where the appliance granted a longer window than any limit allowed", async () => {
    const share = fixture.emulator.addShare(fixture.emulator.sessions[0]!, { validSince: now, validTo: Infinity });
    await chain.audit(undefined, { args: ["--session", share.sessionId] });
    expect(await severity([], [])).toEqual(["medium"]);
  });
});

describe("interactive", () => {
  const kinds = async (labels: unknown, args: readonly string[] = [], outputs: object = {}) => {
    const share = fixture.share(-1, 8, { readonly: false });
    const { findings, code } = await fixture.report(
      [fixture.resourceFor(share, { outputs: { labels, ...outputs } })],
      args,
    );
    const found = findings.filter(({ kind }) => kind === "interactive");
    return [code, ...found.map(({ severity }) => severity)];
  };
  const required = ["--require-label", "vendor", "--require-label", "approver"];

  test.each<[string, object, string[]]>([
    ["a label", { vendor: "ACME" }, []],
    ["a readable label next to an encrypted one", { vendor: "ACME", note: encrypted }, []],
    ["every required label", { vendor: "ACME", approver: "eve" }, required],
  ])("is info, and does not fail the command, where the declaration says so and has %s", async (_, labels, args) => {
    expect(await kinds(labels, args)).toEqual([0, "info"]);
  });

  test.each<[string, unknown, string[], object]>([
    ["without labels", {}, [], {}],
    ["whose only label is empty", { vendor: "" }, [], {}],
    ["whose only label is encrypted", { vendor: encrypted }, [], {}],
    ["whose declaration says readonly", { vendor: "ACME" }, [], { readonly: true }],
    ["whose mode is encrypted", { vendor: "ACME" }, [], { readonly: encrypted }],
    ["without one of the required labels", { vendor: "ACME" }, required, {}],
  ])("is low for a share %s", async (_, labels, args, outputs) => {
    const [code, severity] = await kinds(labels, args, outputs);
    expect([Number(code) > 0, severity]).toEqual([true, "low"]);
  });

  test("is low for a share that no stack declares", async () => {
    const share = fixture.share(-1, 8, { readonly: false });
    const { findings } = await fixture.report([], ["--session", share.sessionId]);
    expect(findings.map(({ kind, severity }) => [kind, severity])).toEqual([
      ["unmanaged", "high"],
      ["interactive", "low"],
    ]);
  });
});

describe("required labels", () => {
  const judge = async (labels: unknown) => {
    const report = await fixture.report(
      [fixture.resourceFor(fixture.share(), { outputs: { labels } })],
      ["--require-label", "approver"],
    );
    return [report.code, ...report.findings.map(({ kind, message }) => `${kind}: ${message}`)];
  };

  test.each<[string, unknown]>([
    ["a secret", { approver: encrypted }],
    ["a secret next to readable labels", { vendor: "ACME", approver: encrypted }],
  ])("%s is unreadable: its value may be empty", async (_, labels) => {
    expect(await judge(labels)).toEqual([
      3,
      "unreadable: The state encrypts values that the audit needs: labels.approver.",
    ]);
  });

  test.each<[string, unknown]>([
    ["an empty text", { approver: "" }],
    ["a secret that the export shows, with an empty text", { approver: plaintextSecret("") }],
    ["a label of another name", { Approver: "eve" }],
    ["a name that every object has", { toString: "x" }],
  ])("%s is missing", async (_, labels) => {
    expect(await judge(labels)).toEqual([1, expect.stringMatching(/^missing-labels/)]);
  });

  test("a label that is not required may be encrypted", async () => {
    expect(await judge({ approver: "eve", note: encrypted })).toEqual([0]);
  });

  test("the label __proto__ is kept in the report, and in the report after the next", async () => {
    const labels = JSON.parse('{"__proto__":"ACME","constructor":"x"}') as object;
    const share = fixture.share();
    await chain.audit([fixture.resourceFor(share, { outputs: { labels } })]);
    for (const _round of [1, 2]) {
      const { shares } = await chain.audit(undefined);
      expect(Object.entries(shares[0]!.labels)).toEqual(Object.entries(labels));
    }
  });
});

describe("expires-soon", () => {
  const kinds = async (resources: readonly object[]) =>
    (await fixture.report(resources, ["--ends-within", "PT24H"])).findings.map(
      ({ kind, fingerprint }) => `${kind} ${fingerprint}`,
    );

  test.each<[string, number, boolean]>([
    ["in 23 hours", 23, true],
    ["in exactly 24 hours", 24, true],
    ["in 25 hours", 25, false],
    ["an hour ago", -1, false],
  ])("a declared share that expires %s", async (_, hours, found) => {
    const share = fixture.share(-2, 2 + hours);
    const expected = found ? [`expires-soon ${fingerprintOf(share.key)}`] : [];
    expect(await kinds([fixture.resourceFor(share)])).toEqual(expected);
  });

  test.each<[string, number, number]>([
    ["that no list has shown yet", 0, 3],
    ["in the last minutes of its window", -8, 0.05],
  ])("a declared share %s expires soon, also when the list does not contain it", async (_, since, ends) => {
    const share = fixture.share(since, ends - since);
    fixture.emulator.denyAccess(share.key);
    const outputs = since === 0 ? { createdAt: undefined } : {};
    expect(await kinds([fixture.resourceFor(share, { outputs })])).toEqual([
      `expires-soon ${fingerprintOf(share.key)}`,
    ]);
  });

  test("a share that no stack declares, and a revoked one, do not expire soon", async () => {
    const [unmanaged, revoked] = [fixture.share(), fixture.share()];
    fixture.emulator.revoke(revoked.key);
    expect(await kinds([fixture.resourceFor(revoked)])).toEqual([
      `unmanaged ${fingerprintOf(unmanaged.key)}`,
      `removed ${fingerprintOf(revoked.key)}`,
    ]);
  });

  test("is no finding without --ends-within", async () => {
    expect(await fixture.findings([fixture.resourceFor(fixture.share())])).toEqual([]);
  });
});
