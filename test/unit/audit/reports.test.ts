// Every format of a report: against its published schema where it has one, readable where people read it.
import { tableOf, textOf } from "../../support/repository";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import Ajv from "ajv";
import AjvDraft04 from "ajv-draft-04";
import { reportJsonSchema, type Report } from "../../../provider/audit/model/report-schema";
import { kindNames, kinds } from "../../../provider/audit/model/finding-kinds";
import { hour, makeScene, now, type Scene } from "./fixture";

let scene: Scene;
let args: string[];

/** Something of everything: several kinds, statuses, an end that never comes, and a stack that cannot be read. */
beforeEach(async () => {
  scene = await makeScene();
  const [one, two, three] = scene.emulator.sessions as [string, string, string];
  const withdrawn = scene.share(-1, 8, { sessionId: two });
  const twice = scene.share(-1, 30, { sessionId: two, readonly: false });
  const resources = [
    scene.declared(scene.share(-1, 8, { sessionId: one }), {
      name: "acme-db",
      outputs: { labels: { vendor: "ACME Support", ticket: "CHG-1042" } },
    }),
    scene.declared(scene.share(10, 12, { sessionId: one }), {
      name: "night",
      outputs: { labels: { vendor: "Globex" } },
    }),
    scene.declared(scene.share(-90, 8, { sessionId: one }), { name: "over" }),
    scene.declared(withdrawn, { name: "withdrawn" }),
    scene.declared(twice, { name: "twice" }),
    scene.declared(twice, {
      name: "twice-again",
      stack: "a-stack-with-a-name-so-long-that-its-urn-fits-into-no-line-of-eighty-columns",
    }),
  ];
  scene.emulator.revoke(withdrawn.key);
  scene.emulator.addShare(three, { validSince: now - hour, validTo: Infinity });
  args = [
    "--state",
    scene.state(resources),
    "--state",
    scene.file("broken.json", "{}"),
    "--session",
    three,
    "--require-label",
    "vendor",
  ];
});

async function written(format: string, terminal = {}): Promise<string> {
  const { stdout, stderr, code } = await scene.run([...args, "-o", format], terminal);
  expect([code, stderr.replaceAll(/\r\u001b\[2K[^\r]*/g, "")]).toEqual([3, ""]);
  return stdout;
}

describe("JSON", () => {
  test("fits its documented schema, which is what the code says", async () => {
    const documented = readFileSync(join(__dirname, "../../../docs/audit-report.schema.json"), "utf8");
    expect(documented).toBe(`${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
    const validate = new Ajv({ allErrors: true }).compile(JSON.parse(documented));
    const report = JSON.parse(await written("json")) as Report;
    validate(report);
    expect(validate.errors).toBeNull();
    expect(validate({ ...report, findings: [{ kind: "unheard-of" }] })).toBe(false);
    expect(report.summary).toEqual({
      findings: { high: 1, medium: 4, low: 1 },
      shares: { scheduled: 1, active: 3, ended: 1, removed: 1, missing: 0 },
    });
  });
});

describe("SARIF", () => {
  const schema: object = JSON.parse(
    readFileSync(require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8"),
  );
  const validate = new AjvDraft04({
    strict: false,
    unicodeRegExp: false,
    validateFormats: false,
    allErrors: true,
  }).compile(schema);

  test("fits the published schema, has one result for each finding and a rule for each kind", async () => {
    const log = JSON.parse(await written("sarif"));
    validate(log);
    expect(validate.errors).toBeNull();
    const [{ tool, results, invocations }] = log.runs;
    const report = JSON.parse(await written("json")) as Report;
    expect(results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(report.findings.map(({ kind }) => kind));
    expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(kindNames);
    expect(invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: expect.arrayContaining([
          { level: "error", message: { text: expect.stringContaining("broken.json") } },
        ]),
      },
    ]);
    expect(validate({ ...log, version: 2 })).toBe(false);
  });

  test("knows the same finding again on the next run", async () => {
    const prints = async () =>
      JSON.parse(await written("sarif")).runs[0].results.map(
        ({ partialFingerprints }: { partialFingerprints: object }) => partialFingerprints,
      );
    const first = await prints();
    expect(await prints()).toEqual(first);
    expect(new Set(first.map((print: object) => JSON.stringify(print))).size).toBe(first.length);
  });
});

describe("the table", () => {
  test.each([80, 120, 200])("fits %i columns without colour, and nothing is cut off", async (columns) => {
    const text = await written("table", { columns });
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(text).not.toMatch(/\u001b/);
    expect(text.replaceAll(/\s/g, "")).toContain(
      "a-stack-with-a-name-so-long-that-its-urn-fits-into-no-line-of-eighty-columns::shop",
    );
    const { findings } = JSON.parse(await written("json")) as Report;
    const words = (sentence: string) => sentence.replaceAll(/\s+/g, "");
    for (const { message, nextSteps } of findings) {
      for (const sentence of [message, ...nextSteps]) expect(words(text)).toContain(words(sentence));
    }
  });

  test("says the same in colour on a terminal, and NO_COLOR is heard", async () => {
    const plain = await written("table", { columns: 80 });
    const coloured = await written("table", { columns: 80, isTTY: true });
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
    scene.environment["NO_COLOR"] = "1";
    expect(await written("table", { columns: 80, isTTY: true })).toBe(plain);
  });

  test("counts what has ended, and shows who can look in", async () => {
    const text = await written("table");
    expect(text).toContain("Shares: 1 scheduled, 3 active, 1 ended, 1 removed");
    expect(text).toMatch(
      /active +\d+ +[0-9a-f]{16} +7 h +acme-db \(shop\/dev\)\n +vendor=ACME Support, ticket=CHG-1042/,
    );
    expect(text).not.toContain("over (shop/dev)");
  });
});

test("a report on thousands of shares: what people read is bounded and says so, what programs read is whole", async () => {
  const [, , three] = scene.emulator.sessions as [string, string, string];
  for (let count = 0; count < 4000; count++)
    scene.emulator.addShare(three, { validSince: now - hour, validTo: now + hour });
  const text = await written("table");
  expect(text).toMatch(/… and 3806 findings more: see the JSON or CSV report\n/);
  expect(text).toMatch(/… and 3904 shares more: see the JSON or CSV report\n/);
  const markdown = await written("markdown");
  expect(markdown.length).toBeLessThan(1_000_000);
  expect(markdown).toContain("title 50 of 4004 windows");
  expect((await written("html")).length).toBeLessThan(5_000_000);
  expect((JSON.parse(await written("json")) as Report).findings).toHaveLength(4006);
  expect((await written("csv")).trim().split("\r\n")).toHaveLength(4007);
});

test("CSV: one row for each share, with its findings", async () => {
  const { shares } = JSON.parse(await written("json")) as Report;
  const rows = (await written("csv")).trim().split("\r\n");
  expect(rows[0]).toBe(
    "status,seen,session,fingerprint,valid_since,valid_to,remaining_seconds,mode,created_at,stacks,urns,once_declared_by,labels,findings,severity,next_steps",
  );
  expect(rows).toHaveLength(shares.length + 1);
  expect(rows.find((row) => row.includes("ACME"))).toMatch(
    /^active,listed,\d+,[0-9a-f]{16},2026-03-02T11:00:00.000Z,2026-03-02T19:00:00.000Z,25200,readonly,.*,"vendor=ACME Support, ticket=CHG-1042",,,$/,
  );
  expect(rows.find((row) => row.includes("twice"))).toContain("duplicate; unlabelled; interactive,medium,");
});

describe("Markdown", () => {
  test("has the verdict, a row for each finding and the problems", async () => {
    const text = await written("markdown");
    const { findings } = JSON.parse(await written("json")) as Report;
    expect(text).toContain("**INCOMPLETE. 6 findings: 1 high, 4 medium, 1 low as far as could be looked at.**");
    expect(text.match(/^\| (high|medium|low) \|/gm)).toHaveLength(findings.length);
    expect(text).toContain("### Could not be looked at");
  });

  test("draws each open window as a bar of a Mermaid gantt chart", async () => {
    const [, chart = ""] = /```mermaid\n([^`]*)\n```/.exec(await written("markdown")) ?? [];
    const [init, diagram, title, dateFormat, axisFormat, ...lines] = chart.split("\n");
    expect([init, diagram, title, dateFormat, axisFormat]).toEqual([
      '%%{init: {"gantt": {"leftPadding": 165}}}%%',
      "gantt",
      "  title Who can look in, and until when",
      "  dateFormat x",
      "  axisFormat %d %b %H:%M",
    ]);
    const bars = lines.filter((line) => !line.startsWith("  section "));
    expect(bars).toHaveLength(4);
    for (const bar of bars) expect(bar).toMatch(/^ {2}[0-9a-f]{8} [\w ./-]+ :(crit, |active, )?\d{13}, \d{13}$/);
    expect(bars).toContainEqual(
      `  ${bars
        .find((bar) => bar.includes("acme-db"))!
        .trim()
        .slice(0, 8)} acme-db shop/dev :active, ${now - hour}, ${now + 7 * hour}`,
    );
  });
});

describe("HTML", () => {
  test("is one page that may load nothing, with everything a reader needs without a script", async () => {
    const page = await written("html");
    const { findings, shares } = JSON.parse(await written("json")) as Report;
    expect(page.slice(0, 400).replaceAll("&#39;", "'")).toContain("default-src 'none'; style-src 'sha256-");
    expect(page).not.toMatch(/(src|href)="(?!data:,)|url\(|@import|fetch\(|style="/);
    expect(page.match(/<article /g)).toHaveLength(findings.length);
    expect(page.match(/<tr data-share=/g)).toHaveLength(shares.length);
    expect(page.match(/<rect class="bar [a-z ]+" x="[\d.]+%"/g)).toHaveLength(4);
  });
});

test("nothing to draw and nothing found is said in every format", async () => {
  args = ["--session", scene.emulator.addSession()];
  const { stdout } = await scene.run([...args, "-o", "markdown"]);
  expect(stdout).toContain("**Nothing found in scope.**");
  expect(stdout).not.toContain("mermaid");
  expect((await scene.run([...args, "-o", "html"])).stdout).toContain("No window is open or to come.");
  expect((await scene.run(args)).stdout).toContain("Shares: none");
});

test("the documentation's table of findings is the code's", () => {
  const rows = tableOf(textOf("docs/audit.md"), "finding");
  expect(rows).toEqual(
    Object.entries(kinds).map(([kind, { severity, meaning }]) => [`\`${kind}\``, severity, meaning]),
  );
});
