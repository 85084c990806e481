// Every report format: valid against its published schema if it has one, and readable if it is for people.
import { tableOf, textOf } from "../../support/repository";
import { validateSarif } from "../../support/sarif-schema";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import Ajv from "ajv";
import { reportJsonSchema, type Report } from "../../../provider/audit/model/report-schema";
import { findingKindNames, findingKinds } from "../../../provider/audit/model/finding-kinds";
import { withoutBackticks } from "../../../provider/audit/report/text";
import { hour, createFixture, now, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
let args: string[];

/** Several kinds of findings and statuses, a share without an end, and a stack that cannot be read. */
beforeEach(async () => {
  fixture = await createFixture();
  const [one, two, three] = fixture.emulator.sessions as [string, string, string];
  const revoked = fixture.share(-1, 8, { sessionId: two });
  const twice = fixture.share(-1, 30, { sessionId: two, readonly: false });
  const resources = [
    fixture.resourceFor(fixture.share(-1, 8, { sessionId: one }), {
      name: "acme-db",
      outputs: { labels: { vendor: "ACME Support", ticket: "CHG-1042" } },
    }),
    fixture.resourceFor(fixture.share(10, 12, { sessionId: one }), {
      name: "night",
      outputs: { labels: { vendor: "Globex" } },
    }),
    fixture.resourceFor(fixture.share(-90, 8, { sessionId: one }), { name: "expired" }),
    fixture.resourceFor(revoked, { name: "revoked" }),
    fixture.resourceFor(twice, { name: "twice" }),
    fixture.resourceFor(twice, {
      name: "twice-again",
      stack: "a-stack-with-a-name-so-long-that-its-urn-fits-into-no-line-of-eighty-columns",
    }),
  ];
  fixture.emulator.revoke(revoked.key);
  fixture.emulator.addShare(three, { validSince: now - hour, validTo: Infinity });
  args = [
    "--state",
    fixture.stateFile(resources),
    "--state",
    fixture.file("broken.json", "{}"),
    "--session",
    three,
    "--require-label",
    "vendor",
  ];
});

async function written(format: string, terminal = {}): Promise<string> {
  const { stdout, stderr, code } = await fixture.run([...args, "-o", format], terminal);
  expect([code, stderr.replaceAll(/\r\u001b\[2K[^\r]*/g, "")]).toEqual([3, ""]);
  return stdout;
}

describe("JSON", () => {
  test("the report is valid against the documented schema, and the document equals the code", async () => {
    const documented = readFileSync(join(__dirname, "../../../docs/audit-report.schema.json"), "utf8");
    expect(documented).toBe(`${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
    const validate = new Ajv({ allErrors: true }).compile(JSON.parse(documented));
    const report = JSON.parse(await written("json")) as Report;
    validate(report);
    expect(validate.errors).toBeNull();
    expect(validate({ ...report, findings: [{ kind: "unknown-kind" }] })).toBe(false);
    expect(report.summary).toEqual({
      findings: { high: 1, medium: 4, low: 1, info: 0, accepted: 0 },
      shares: { scheduled: 1, active: 3, "not-listed": 0, missing: 0, removed: 1, expired: 1 },
    });
  });
});

describe("SARIF", () => {
  test("the log is valid against the published schema, with one result for each finding and one rule for each kind", async () => {
    const log = JSON.parse(await written("sarif"));
    validateSarif(log);
    expect(validateSarif.errors).toBeNull();
    const [{ tool, results, invocations }] = log.runs;
    const report = JSON.parse(await written("json")) as Report;
    expect(results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(report.findings.map(({ kind }) => kind));
    expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(findingKindNames);
    expect(invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: expect.arrayContaining([
          expect.objectContaining({ level: "error", message: { text: expect.stringContaining("broken.json") } }),
        ]),
      },
    ]);
    expect(validateSarif({ ...log, version: 2 })).toBe(false);
  });
});

describe("the table", () => {
  test.each([40, 80, 120, 200])("the table fits %i columns without colour, and nothing is cut off", async (columns) => {
    const text = await written("table", { columns });
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(text).not.toMatch(/\u001b/);
    expect(text.replaceAll(/\s/g, "")).toContain(
      "a-stack-with-a-name-so-long-that-its-urn-fits-into-no-line-of-eighty-columns::shop",
    );
    const { findings } = JSON.parse(await written("json")) as Report;
    const words = (sentence: string) => sentence.replaceAll(/\s+/g, "");
    for (const { message, nextSteps } of findings) {
      for (const sentence of [message, ...nextSteps].map(withoutBackticks))
        expect(words(text)).toContain(words(sentence));
    }
  });

  test("the table on a terminal has the same text in colour, and NO_COLOR turns colour off", async () => {
    const plain = await written("table", { columns: 80 });
    const coloured = await written("table", { columns: 80, isTTY: true });
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
    fixture.environment["NO_COLOR"] = "1";
    expect(await written("table", { columns: 80, isTTY: true })).toBe(plain);
  });

  test("the table counts expired shares and lists the shares that give access", async () => {
    const text = await written("table");
    expect(text).toContain("Shares: 3 active, 1 scheduled, 1 removed, 1 expired");
    expect(text).toMatch(/^ACME Support \/ acme-db +active +7 h +\d+\n +shop\/dev, ticket=CHG-1042 +[0-9a-f]{16}$/m);
    expect(text).not.toMatch(/^expired /m);
  });
});

test("a report on thousands of shares is cut in the formats for people, which say so, and whole in the formats for programs", async () => {
  const [, , three] = fixture.emulator.sessions as [string, string, string];
  for (let count = 0; count < 4000; count++)
    fixture.emulator.addShare(three, { validSince: now - hour, validTo: now + hour });
  const text = await written("table");
  expect(text).toMatch(/… and 3806 more findings: see the JSON or CSV report\n/);
  expect(text).toMatch(/… and 3904 more shares: see the JSON or CSV report\n/);
  const markdown = await written("markdown");
  expect(markdown.length).toBeLessThan(1_000_000);
  expect(markdown).toContain("title 50 of 4004 windows");
  expect((await written("html")).length).toBeLessThan(5_000_000);
  expect((JSON.parse(await written("json")) as Report).findings).toHaveLength(4006);
  expect((await written("csv")).trimEnd().split("\r\n")).toHaveLength(4007);
});

test("CSV: each share is one row with its findings", async () => {
  const { shares } = JSON.parse(await written("json")) as Report;
  const rows = (await written("csv")).trimEnd().split("\r\n");
  expect(rows[0]).toBe(
    "\uFEFFstatus,severity,seen,share,session,server,account,user,valid_since,valid_to,remaining_seconds,mode,created_at,not_listed_since,reactivated_at,stacks,urns,once_declared_by,labels,findings,accepted,accepted_until,accepted_reason,next_steps,sealed",
  );
  expect(rows).toHaveLength(shares.length + 1);
  expect(rows.find((row) => row.includes("ACME"))).toMatch(
    /^active,,listed,\d+\/[0-9a-f]{16},session \d+,db-01,root@db-01,ACME Support,2026-03-02T11:00:00.000Z,2026-03-02T19:00:00.000Z,25200,readonly,.*,"vendor=ACME Support, ticket=CHG-1042",,,,,,no$/,
  );
  expect(rows.find((row) => row.includes("twice"))).toMatch(
    /^active,medium,.*,duplicate; missing-labels; interactive,/,
  );
});

test("Markdown: the verdict, an entry for each finding, the problems, and a chart with a bar for each open window", async () => {
  const text = await written("markdown");
  const { findings } = JSON.parse(await written("json")) as Report;
  expect(text).toContain("**INCOMPLETE: see the problems. 6 findings: 1 high, 4 medium, 1 low.**");
  const [, list = ""] = /^### Findings\n(.*?)^### /ms.exec(text) ?? [];
  expect(list.match(/^- \*\*/gm)).toHaveLength(findings.length);
  expect(text).toContain("### Problems");
  const [, chart = ""] = /```mermaid\n([^`]*)\n```/.exec(text) ?? [];
  expect(chart.match(/^ {2}· .* :(crit, |active, )?2026/gm)).toHaveLength(4);
  expect(chart).toContain("  · ACME Support / acme-db :active, 2026-03-02 11:00, 2026-03-02 19:00\n");
});

test("every format says that there are no findings and no shares", async () => {
  args = ["--session", fixture.emulator.addSession()];
  const { stdout } = await fixture.run([...args, "-o", "markdown"]);
  expect(stdout).toContain("**No findings in scope.**");
  expect(stdout).not.toContain("mermaid");
  expect((await fixture.run([...args, "-o", "html"])).stdout).toContain("No share in this report may give access.");
  expect((await fixture.run(args)).stdout).toContain("Shares: none");
});

test("the table of findings in the documentation equals the code", () => {
  const rows = tableOf(textOf("docs/audit.md"), "finding");
  expect(rows).toEqual(
    Object.entries(findingKinds).map(([kind, { severity, meaning }]) => [`\`${kind}\``, severity, meaning]),
  );
});
