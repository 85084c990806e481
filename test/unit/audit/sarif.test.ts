// The SARIF log: valid by the published schema, one alert for each finding in this run and the next, and text that stays text.
import type { Report, ReportedFinding } from "../../../provider/audit/model/report-schema";
import { toSarif } from "../../../provider/audit/report/formats/sarif";
import { report } from "../../support/audit-report";
import { validateSarif } from "../../support/sarif-schema";
import { createFixture } from "./fixture";

interface Result {
  readonly ruleId: string;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly object[];
  readonly locations: readonly { readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[] }[];
}

/** The only run of the log, which is valid. */
function runOf(source: Report) {
  const log = JSON.parse(toSarif(source));
  validateSarif(log);
  expect(validateSarif.errors).toBeNull();
  return log.runs[0] as {
    results: readonly Result[];
    tool: { driver: { informationUri: string; rules: readonly { id: string; properties: object }[] } };
    invocations: readonly { toolExecutionNotifications: readonly { level: string; message: { text: string } }[] }[];
  };
}

const hashesOf = (source: Report) =>
  runOf(source).results.map(({ partialFingerprints }) => partialFingerprints["primaryLocationLineHash"]);

const [finding] = report().findings as [ReportedFinding];

test("the sample report with all its lists is a valid log that says where to read more", () => {
  const run = runOf(report());
  expect(run.results).toHaveLength(report().findings.length);
  expect(run.tool.driver.informationUri).toMatch(/^https:\/\//);
});

describe("each finding is an alert of its own", () => {
  test("250 findings have 250 hashes, and the same hashes in the next run", async () => {
    const fixture = await createFixture();
    for (let index = 0; index < 250; index++)
      fixture.share(-1, 8, { sessionId: fixture.emulator.sessions[index % 3]! });
    const args = fixture.emulator.sessions.flatMap((id) => ["--session", id]);
    const audit = async () => JSON.parse((await fixture.run([...args, "-o", "json"])).stdout) as Report;
    const first = hashesOf(await audit());
    expect(first).toHaveLength(250);
    expect(new Set(first).size).toBe(250);
    // Shares that come and go between two runs change no other hash.
    fixture.share(-2, 9, { sessionId: fixture.emulator.sessions[0]! });
    expect(new Set(hashesOf(await audit()))).toEqual(new Set([...first, expect.any(String)]));
    expect(new Set([...hashesOf(await audit()), ...first]).size).toBe(251);
  });

  test("all findings of one share differ by their rule", () => {
    const kinds = ["unmanaged", "too-long", "interactive"] as const;
    const hashes = hashesOf(report({ findings: kinds.map((kind) => ({ ...finding, kind })) }));
    expect(new Set(hashes).size).toBe(3);
  });

  test("shares without a key differ by session and window, whatever their order", () => {
    const { fingerprint: _, ...unnamed } = finding;
    const entries = (["2026-03-02T13:00:00.000Z", "2026-03-02T14:00:00.000Z"] as const).flatMap((validTo) =>
      ["11", "12"].map((sessionId) => ({ ...unnamed, kind: "unidentified" as const, sessionId, validTo })),
    );
    const hashes = hashesOf(report({ findings: entries }));
    expect(new Set(hashes).size).toBe(4);
    expect(hashesOf(report({ findings: entries.toReversed() }))).toEqual(hashes.toReversed());
  });

  test("shares without a key in one session and window are numbered", () => {
    const { fingerprint: _, validTo: _end, ...unnamed } = finding;
    const hashes = hashesOf(report({ findings: [unnamed, unnamed, unnamed] }));
    expect(new Set(hashes).size).toBe(3);
    expect(hashesOf(report({ findings: [unnamed, unnamed] }))).toEqual(hashes.slice(0, 2));
  });

  test("a new message, severity, stack or end does not change the hash", () => {
    const later: ReportedFinding = {
      ...finding,
      message: "other",
      severity: "low",
      validTo: "infinity",
      declaredBy: [],
    };
    expect(hashesOf(report({ findings: [later] }))).toEqual(hashesOf(report({ findings: [finding] })));
  });

  test("the logical locations name the resources and the share", () => {
    const urn = "urn:pulumi:dev::shop::fudo:index:SessionShare::acme";
    const declared = { ...finding, declaredBy: [{ stack: "shop/dev", urn }] };
    const [result] = runOf(report({ findings: [declared] })).results;
    expect(result?.locations[0]?.logicalLocations.map(({ fullyQualifiedName }) => fullyQualifiedName)).toEqual([
      urn,
      `${finding.sessionId}/${finding.fingerprint}`,
    ]);
  });
});

describe("text stays text", () => {
  // SARIF 2.1.0, 3.11.5 and 3.11.6.
  const special = /\[[^\]]*\]\([^)]*\)|\{\d+\}/;

  test.each([
    "[click](https://evil.example)",
    "[a](1)",
    "![x](https://evil.example/x.png)",
    "[[a](b)](c)",
    "text {0} and {12}",
    "{{0}}",
    "[{0}]({1})",
    String.raw`\[a\](b)`,
  ])("%s in a name forms no link and no placeholder", (text) => {
    const source = report({
      findings: [{ ...finding, message: `It was declared by ${text}.`, nextSteps: [text] }],
      completeness: { ...report().completeness, complete: false, problems: [text], notes: [text] },
    });
    const { results, invocations } = runOf(source);
    const notifications = invocations[0]!.toolExecutionNotifications;
    const texts = [results[0]!, ...notifications].map(({ message }) => message.text);
    for (const shown of texts) expect(shown).not.toMatch(special);
    // Only spaces are added.
    expect(texts.filter((shown) => shown.replaceAll(" ", "").includes(text.replaceAll(" ", "")))).toHaveLength(3);
  });

  test("code with braces and brackets is unchanged", () => {
    const code = `new SessionShare("…", { sessionId: "1", readonly: true }); list[0] (x)`;
    const [result] = runOf(report({ findings: [{ ...finding, nextSteps: [code] }] })).results;
    expect(result?.message.text).toContain(code);
    expect(result?.message.text).toMatch(/^[^,]+, share \d+\/[0-9a-f]{16}: /);
  });
});

describe("accepted findings", () => {
  const accepted = { reason: "CHG-1042", until: "2026-03-05T00:00:00.000Z" };

  test("an accepted finding is suppressed, and the others say that they are not", () => {
    const { results } = runOf(report({ findings: [{ ...finding, accepted }, finding] }));
    expect(results.map(({ suppressions }) => suppressions)).toEqual([
      [{ kind: "external", status: "accepted", justification: "CHG-1042", properties: { until: accepted.until } }],
      [],
    ]);
    // Code scanning of GitHub ignores suppressions: the text says it too.
    expect(results[0]?.message.text).toMatch(/Accepted until 2026-03-05T00:00:00.000Z: CHG-1042$/);
  });

  test("without accepted findings no result has suppressions", () => {
    expect(runOf(report({ findings: [finding] })).results[0]).not.toHaveProperty("suppressions");
  });

  test.each([
    ["expired", "It is over."],
    ["unmatched", "This report has no such finding."],
    ["too-late", "It ends after the share."],
  ] as const)("an entry of --accept that is %s is a warning", (state, text) => {
    const entry = { fingerprint: finding.fingerprint, finding: finding.kind, ...accepted, state };
    const [invocation] = runOf(report({ acceptances: [entry, { ...entry, state: "applied" }] })).invocations;
    const warnings = invocation!.toolExecutionNotifications.filter(({ level }) => level === "warning");
    expect(warnings.map(({ message }) => message.text)).toEqual([
      expect.stringContaining(`(CHG-1042) accepts nothing. ${text}`),
    ]);
  });
});

test.each([
  ["high", "error", "8.0"],
  ["medium", "warning", "5.0"],
  ["low", "note", "3.0"],
  ["info", "note", "0.1"],
] as const)(
  "a finding of severity %s has level %s and score %s, whatever the usual severity of its kind is",
  (severity, level, score) => {
    const [result] = runOf(report({ findings: [{ ...finding, severity }] })).results;
    expect(result).toMatchObject({ level, properties: { "security-severity": score } });
  },
);
