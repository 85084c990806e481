// The file that `--previous` names: what the audit reads, and what it says about any other file. No entry is skipped silently.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { isSameStack } from "../../../provider/audit/analyze/inventory/stack-identity";
import type { Report } from "../../../provider/audit/model/report-schema";
import { createFixture, type AuditFixture } from "./fixture";
import { kindsOf, ReportChain } from "./report-chain";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

/** A report with one declared share. */
async function writtenReport(): Promise<{ report: Report; key: string }> {
  const share = fixture.share();
  const { code: _code, ...report } = await fixture.report([fixture.resourceFor(share)]);
  return { report, key: share.key };
}

const previous = (text: string, args: readonly string[] = []) =>
  fixture.run(["--previous", fixture.file("previous.json", text), "-o", "json", ...args]);

describe("a file that is not a previous report", () => {
  test.each<[string, () => string, RegExp]>([
    [
      "does not exist",
      () => "/nowhere/report.json",
      /cannot read \/nowhere\/report\.json \(ENOENT\); omit --previous on the first run/,
    ],
    ["is not JSON", () => fixture.file("x", "sgfeea6jsaz4mum9su8w6 is no JSON"), /is not a JSON report of fudo-audit/],
    ["has another format", () => fixture.file("x", '{"format":"other"}'), /is not a JSON report of fudo-audit/],
    ["is a list", () => fixture.file("x", "[]"), /is not a JSON report of fudo-audit/],
    ["is empty", () => fixture.file("x", ""), /is not a JSON report of fudo-audit/],
    [
      "is a folder",
      () => {
        mkdirSync(fixture.path("folder"));
        return fixture.path("folder");
      },
      /cannot read .* \(it is a folder\)/,
    ],
    [
      "is a pipe",
      () => {
        execFileSync("mkfifo", [fixture.path("pipe")]);
        return fixture.path("pipe");
      },
      /cannot read .*pipe/,
    ],
  ])("a file that %s is wrong usage", async (_, file, message) => {
    const { code, stderr, stdout } = await fixture.run(["--previous", file()]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("sgfeea6");
  });

  test.each(["fudo-audit-report/3", "fudo-audit-report/12"])(
    "a report of format %s asks for an update",
    async (format) => {
      const { report } = await writtenReport();
      expect(await previous(JSON.stringify({ ...report, format }))).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(
          /a newer fudo-audit wrote .* Update fudo-audit, or use the last report that this version wrote/,
        ),
      });
    },
  );
});

describe("one part that the audit uses and cannot read", () => {
  type Share = Report["shares"][number];
  const broken: [string, (share: Share) => unknown][] = [
    ["shares.0", () => null],
    ["shares.0.status", (share) => ({ ...share, status: "gone" })],
    ["shares.0.sessionId", (share) => ({ ...share, sessionId: 4665729213955834000 })],
    ["shares.0.fingerprint", (share) => ({ ...share, fingerprint: "x" })],
    ["shares.0.validTo", (share) => ({ ...share, validTo: "2026-13-45T00:00:00.000Z" })],
    ["shares.0.createdAt", (share) => ({ ...share, createdAt: 7 })],
    ["shares.0.firstReportedAt", (share) => ({ ...share, firstReportedAt: "yesterday" })],
    ["shares.0.notListedSince", (share) => ({ ...share, notListedSince: "" })],
    ["shares.0.reactivatedAt", (share) => ({ ...share, reactivatedAt: {} })],
    ["shares.0.labels", (share) => ({ ...share, labels: { vendor: 7 } })],
    ["shares.0.labels", (share) => ({ ...share, labels: ["ACME"] })],
    ["shares.0.declaredBy.0.urn", (share) => ({ ...share, declaredBy: [{ stack: "shop/dev" }] })],
    ["shares.0.findings.0", (share) => ({ ...share, findings: ["unknown-kind"] })],
  ];
  test.each(broken)("%s is wrong usage, and the message names it", async (place, change) => {
    const { report } = await writtenReport();
    const text = JSON.stringify({ ...report, shares: report.shares.map(change) });
    const { code, stderr } = await previous(text);
    expect(code).toBe(2);
    expect(stderr).toContain(`the audit cannot read ${place} `);
  });

  test("the same share twice is wrong usage", async () => {
    const { report } = await writtenReport();
    const text = JSON.stringify({ ...report, shares: [...report.shares, ...report.shares] });
    expect(await previous(text)).toMatchObject({ code: 2, stderr: expect.stringContaining("contains a share twice") });
  });

  test("the parts that the audit does not use may be absent", async () => {
    const { report, key } = await writtenReport();
    const { format, generatedAt, appliance, scope, completeness: _completeness, shares } = report;
    const { maxDurationSeconds } = scope;
    const used = {
      format,
      generatedAt,
      appliance,
      scope: { maxDurationSeconds },
      completeness: {},
      shares,
      findings: [],
    };
    const { code, stdout } = await previous(JSON.stringify(used));
    expect([code, kindsOf(JSON.parse(stdout) as Report, { key })]).toEqual([1, ["orphaned"]]);
  });
});

describe("the encoding of a previous report", () => {
  const encodings: [string, (text: string) => Buffer][] = [
    ["UTF-8 with a byte order mark", (text) => Buffer.from(`\ufeff${text}`)],
    ["UTF-16LE, as PowerShell writes it", (text) => Buffer.from(`\ufeff${text}`, "utf16le")],
    ["UTF-16BE", (text) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
  ];
  test.each(encodings)("%s is read", async (_, encode) => {
    const { report, key } = await writtenReport();
    const { stdout } = await fixture.run([
      "--previous",
      fixture.file("p.json", encode(JSON.stringify(report))),
      "-o",
      "json",
    ]);
    expect(kindsOf(JSON.parse(stdout) as Report, { key })).toEqual(["orphaned"]);
  });
});

describe("an appliance with a new name", () => {
  const renamed = async () => {
    const { report, key } = await writtenReport();
    return { text: JSON.stringify({ ...report, appliance: "https://old.example" }), key };
  };

  test("a report on another appliance is wrong usage, and the message names --renamed-from", async () => {
    const { code, stderr } = await previous((await renamed()).text);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /is a report on https:\/\/old\.example, but FUDO_URL is .*If this is the same appliance under a new name, add --renamed-from 'https:\/\/old\.example' /,
    );
  });

  test.each(["https://a'; touch OWNED; echo '", "https://a\u2019", "https://a|calc"])(
    "the name %j of the appliance in the report is in no command",
    async (appliance) => {
      const { report } = await writtenReport();
      const { stderr } = await previous(JSON.stringify({ ...report, appliance }));
      expect(stderr).toMatch(/add --renamed-from with that address \(see fudo-audit --help\)\n$/);
    },
  );

  test("with --renamed-from the chain continues", async () => {
    const { text, key } = await renamed();
    const { stdout } = await previous(text, ["--renamed-from", "https://old.example"]);
    expect(kindsOf(JSON.parse(stdout) as Report, { key })).toEqual(["orphaned"]);
  });

  test("--renamed-from may stay on the command line when the report has the new name", async () => {
    const { report, key } = await writtenReport();
    const { stdout } = await previous(JSON.stringify(report), ["--renamed-from", "https://old.example"]);
    expect(kindsOf(JSON.parse(stdout) as Report, { key })).toEqual(["orphaned"]);
  });

  test("--renamed-from a third appliance is wrong usage", async () => {
    const { text } = await renamed();
    expect(await previous(text, ["--renamed-from", "https://third.example"])).toMatchObject({ code: 2 });
  });

  test("with --renamed-from, a declared share with the old name can be missing here", async () => {
    const share = fixture.share();
    fixture.emulator.denyAccess(share.key);
    const resources = [fixture.resourceFor(share, { outputs: { appliance: "https://old.example" } })];
    const { text } = await renamed();
    const file = fixture.file("previous.json", text);
    const args = ["--previous", file, "--renamed-from", "https://old.example"];
    const report = await fixture.report(resources, args);
    expect(kindsOf(report, share)).toEqual(["missing"]);
  });
});

test("a share of the chain is asked for here, also after somebody edited the `appliance` of its state", async () => {
  const chain = new ReportChain(fixture);
  const share = fixture.share();
  await chain.audit([fixture.resourceFor(share)]);
  const edited = [fixture.resourceFor(share, { outputs: { appliance: "https://other.example" } })];
  fixture.emulator.denyAccess(share.key);
  const report = await chain.audit(edited, { args: ["--skip-other-appliances"] });
  expect(kindsOf(report, share)).toEqual(["missing"]);
});

describe("the identity of a stack", () => {
  test.each<[string, string, boolean]>([
    ["shop/dev", "shop/dev", true],
    ["acme/shop/dev", "shop/dev", true],
    ["shop/dev", "acme/shop/dev", true],
    ["acme/shop/dev", "other/shop/dev", false],
    ["games/dev", "shop/dev", false],
    ["acme/games/dev", "acme/shop/dev", false],
    ["acme/workshop/dev", "shop/dev", false],
    ["shop/prod", "shop/dev", false],
  ])("%s and %s are one stack: %s", (one, other, same) => {
    expect(isSameStack(one, other)).toBe(same);
  });
});
