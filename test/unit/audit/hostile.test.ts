// Untrusted text (labels, URNs, stack names, error messages of the appliance) in every format: it stays text on one line, and a
// credential in it is masked.
import fc from "fast-check";
import { formats } from "../../../provider/audit/cli/arguments";
import { createFixture, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

const escape = "\u001b]0;owned\u0007\u001b[31m";
const hostile = {
  terminal: `${escape}red\r\nsecond line\u0085\u2028`,
  direction: "abc\u202e\u2066fed\u200b",
  html: `"><script>alert(1)</script><img src=x onerror=alert(1)>'`,
  formula: '=cmd|"/C calc"!A1',
  markdown:
    "| a | b\n\n# heading ![x](https://evil.example/x.png) [link](javascript:x) @everyone #1 `code` <b> www.evil.example",
  mermaid: 'x :crit, 0, 1\n section %%{init: {}}%%; click a href "https://evil.example"',
};

async function everyFormat(labels: Record<string, unknown>, name = "acme"): Promise<Record<string, string>> {
  const resources = [fixture.resourceFor(fixture.share(), { name, stack: `dev${name}`, outputs: { labels } })];
  const state = fixture.stateFile(resources);
  const texts = await Promise.all(
    formats.map(
      async (format) =>
        [format, (await fixture.run(["--state", state, "--max-duration", "PT1H", "-o", format])).stdout] as const,
    ),
  );
  return Object.fromEntries(texts);
}

/** Control and format characters, except line ends and the mark at the start of a CSV file: no report may contain them. */
function forbiddenCharacters(text: string): string[] {
  return [
    ...text
      .replace(/^\uFEFF/, "")
      .replaceAll("\r\n", "\n")
      .matchAll(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu),
  ].map(([character]) => character.codePointAt(0)!.toString(16));
}

test("no control character, escape or direction mark reaches any format", async () => {
  const texts = await everyFormat({ ...hostile, [`name${escape}`]: "x" }, `acme${escape}\u202e`);
  expect(Object.keys(texts)).toEqual([...formats]);
  for (const [format, text] of Object.entries(texts)) {
    expect([format, text === "", forbiddenCharacters(text)]).toEqual([format, false, []]);
    expect([format, text.includes("\nsecond line")]).toEqual([format, false]);
  }
});

test("HTML: labels are escaped", async () => {
  const { html } = await everyFormat(hostile, '"><script>alert(2)</script>');
  expect(html).not.toMatch(/<script>alert|<img/);
  expect(html!.match(/<script>/g)).toHaveLength(1);
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
});

test("CSV: no cell begins like a formula", async () => {
  const { csv } = await everyFormat({}, "=1+1");
  expect(csv).not.toMatch(/(^|,)"?[=+@-]/m);
  const shares = [fixture.resourceFor(fixture.share(), { name: "x", outputs: { labels: { "=HYPERLINK(1)": "x" } } })];
  const { stdout } = await fixture.run(["--state", fixture.stateFile(shares), "-o", "csv"]);
  expect(stdout).toContain("'=HYPERLINK(1)=x");
});

test("Markdown: untrusted text makes no table border, HTML, link, image, mention or reference", async () => {
  const { markdown } = await everyFormat(hostile);
  const lines = markdown!.split("\n");
  const entry = lines.find((line) => line.startsWith("- **acme**"))!;
  expect(entry.match(/<[^>]*>/g)).toEqual(["<br>", "<br>", "<br>"]);
  expect(entry.replace("- **acme**", "").replaceAll(/<br>|`[0-9a-f]+`/g, "")).not.toMatch(
    /[<>`*[\]|]|@everyone|#1\b|https:|www\./,
  );
  const row = lines.find((line) => line.startsWith("| acme, "))!;
  expect(row.match(/\|/g)).toHaveLength(6);
  expect(lines.filter((line) => line.startsWith("#"))).toEqual([
    "## Fudo session shares",
    "### Findings",
    "#### MEDIUM: Window longer than allowed (`too-long`)",
    "### Links to revoke by hand: 1",
    "### Who has access, and until when",
  ]);
});

test("Mermaid: untrusted text cannot end a name, or start a section or a directive", async () => {
  const { markdown } = await everyFormat({}, hostile.mermaid);
  const chart = /```mermaid\n([^`]*)\n```/.exec(markdown!)![1]!.split("\n");
  expect(chart.filter((line) => /^ *(section|click|%%)/.test(line))).toEqual([
    '%%{init: {"gantt": {"leftPadding": 165}}}%%',
    "  section Report",
    `  section ${fixture.emulator.sessions[0]!}`,
  ]);
  expect(chart.at(-1)).toMatch(/^ {2}· [\w ./-]+ :active, 2026-03-02 11:00, 2026-03-02 19:00$/);
});

test("a key or link in a label is masked", async () => {
  const other = fixture.share();
  const texts = await everyFormat({ note: `see ${fixture.emulator.url}${other.link}`, key: other.key }, other.key);
  for (const [format, text] of Object.entries(texts))
    expect([format, text.includes(format === "markdown" ? "&#91;secret&#93;" : "[secret]")]).toEqual([format, true]);
});

test("no format contains a command for a pipeline runner, whatever the width of a table wraps", async () => {
  const labels = {
    azure: "##vso[task.setvariable variable=x]y ##[error]z",
    github: "::error file=a::b ::set-output name=c::d",
    wrapped: `${"word ".repeat(30)}::warning::e ${"word ".repeat(30)}##[group]f`,
    "::notice::g": "##teamcity[message]",
    gitlab: "section_start:1:h section_end:1:h",
  };
  const resources = [fixture.resourceFor(fixture.share(), { name: "::error::x", stack: "##[x]", outputs: { labels } })];
  const state = fixture.stateFile(resources);
  for (const format of formats) {
    for (const columns of [40, 80, 100, 200]) {
      const { stdout } = await fixture.run(["--state", state, "--max-duration", "PT1H", "-o", format], { columns });
      const commands = stdout.match(/##[\w-]*\[|^\W*::\w+.*::|section_(?:start|end):/gm) ?? [];
      expect([format, columns, commands]).toEqual([format, columns, []]);
    }
  }
});

test("an error message of the appliance is one printable line", async () => {
  fixture.emulator.fault({
    kind: "failure",
    status: 400,
    message: `${escape}no\nkey=${fixture.share().key}`,
    times: Infinity,
  });
  for (const format of formats) {
    const { stdout } = await fixture.run(["--session", fixture.emulator.sessions[0]!, "-o", format]);
    expect([format, forbiddenCharacters(stdout)]).toEqual([format, []]);
  }
});

test("the command writes a report for any content of a state", async () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  const resource = fc.record({
    type: fc.constantFrom("fudo:index:SessionShare", 1),
    id: fc.oneof(fc.constant("1/0123456789abcdef"), json),
    urn: json,
    outputs: fc.oneof(
      json,
      fc.dictionary(fc.constantFrom("validTo", "labels", "readonly", "__proto__", "appliance"), json),
    ),
    inputs: json,
  });
  const deployment = fc.record({
    resources: fc.oneof(json, fc.array(resource)),
    pending_operations: fc.oneof(json, fc.array(fc.record({ resource }))),
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(json, fc.record({ deployment: fc.oneof(json, deployment) })), async (state) => {
      const { code, stdout, stderr } = await fixture.run(["--state", "-", "-o", "json"], {
        stdin: JSON.stringify(state),
      });
      expect(stderr).toBe("");
      expect([0, 1, 3]).toContain(code);
      expect(JSON.parse(stdout)).toMatchObject({ format: "fudo-audit-report/2" });
    }),
    { seed: 5, numRuns: 300 },
  );
});
