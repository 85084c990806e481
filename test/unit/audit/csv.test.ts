// The CSV report as spreadsheets and other languages read it: no formula for any separator, and IDs that stay text.
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import type { Report, ReportedShare } from "../../../provider/audit/model/report-schema";
import { csvColumns, toCsv } from "../../../provider/audit/report/formats/csv";
import { toJson } from "../../../provider/audit/report/formats/json";
import { report } from "../../support/audit-report";

type Row = Readonly<Record<string, string>>;

/** Reads standard input with Python's own modules, and prints what it read as JSON. */
function python<T>(script: string, input: string): T {
  try {
    return JSON.parse(
      execFileSync("python3", ["-IS", "-c", script], { input, encoding: "utf8", maxBuffer: 2 ** 28 }),
    ) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error("this test needs Python: there is no `python3` on PATH", { cause: error });
  }
}

const rowsOf = (csv: string) =>
  python<Row[]>(
    `import csv, io, json, sys
text = sys.stdin.buffer.read().decode("utf-8-sig")
print(json.dumps(list(csv.DictReader(io.StringIO(text, newline=""), strict=True))))`,
    csv,
  );

/** Every cell that a reader can see which separates cells by one of these: by the quotes of CSV, and without them. */
const cellsOf = (csv: string) =>
  python<string[]>(
    `import csv, io, json, sys
text = sys.stdin.buffer.read().decode("utf-8-sig")
cells = set()
for separator in ";,\\t|":
  for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator): cells.update(row)
  for line in text.splitlines(): cells.update(line.split(separator))
print(json.dumps(list(cells)))`,
    csv,
  );

const [share] = report().shares as [ReportedShare];
const withShares = (...shares: readonly Partial<ReportedShare>[]): Report =>
  report({ findings: [], shares: shares.map((more) => ({ ...share, findings: [], ...more })) });
const withLabel = (value: string) => withShares({ labels: { vendor: value } });

/** A cell that a spreadsheet runs, after the spaces that it may ignore. */
const formula = /^[\s"]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/;
const formulasIn = (csv: string) => cellsOf(csv).filter((cell) => formula.test(cell));

describe("no cell is a formula, whatever separates the cells", () => {
  test.each([
    "x;=cmd|' /C calc'!A0",
    "x,=1+1",
    "x|@SUM(A1)",
    "x; =1+1",
    'x;"=1+1"',
    'x;" =1+1',
    "x;-2+3+cmd|' /C calc'!A0",
    "x;+1",
    "x;\uFF1D1+1",
    "a;b,=1;@x,+2",
    '";=1',
    '"",=1',
  ])("%s", (text) => {
    const resource = { stack: text, urn: text };
    const labels = { vendor: text, [text]: "x" };
    expect(formulasIn(toCsv(withShares({ labels, declaredBy: [resource], onceDeclaredBy: [resource] })))).toEqual([]);
  });

  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\uFF0B1", '"=1+1"', " =1"])("%s at the start of a cell", (text) => {
    const csv = toCsv(withShares({ declaredBy: [{ stack: text, urn: text }] }));
    expect(formulasIn(csv)).toEqual([]);
    expect(rowsOf(csv)[0]?.["urns"]).toBe(text.replace(/(?=[=+\-@\uFF0B])/, "'"));
  });

  test("an end that is not a number is no formula either", () => {
    expect(formulasIn(toCsv(withShares({ validSince: "-infinity", validTo: "infinity" })))).toEqual([]);
  });

  test("any text of separators, quotes and formula characters is harmless, and only apostrophes are added", () => {
    const part = fc.constantFrom(";", ",", "|", '"', "'", " ", "=", "+", "-", "@", "x", "1", "\uFF20");
    const texts = fc.sample(
      fc.array(part, { maxLength: 9 }).map((parts) => `a${parts.join("")}z`),
      { numRuns: 2000, seed: 11 },
    );
    const csv = toCsv(withShares(...texts.map((text) => ({ labels: { vendor: text } }))));
    expect(formulasIn(csv)).toEqual([]);
    const plain = (text: string) => text.replaceAll("'", "");
    expect(rowsOf(csv).map(({ labels = "" }) => plain(labels))).toEqual(texts.map((text) => plain(`vendor=${text}`)));
  });

  test("ordinary text is unchanged", () => {
    const text = `ACME; "Support", a-b, 1+1=2 | see a@b.example, it's`;
    expect(rowsOf(toCsv(withLabel(text)))[0]?.["labels"]).toBe(`vendor=${text}`);
  });
});

describe("IDs stay text, with all their digits", () => {
  const ids = [
    ["4665729213955833857", "0123456789abcdef"],
    ["4665729213955833858", "1234567890123456"],
    ["9223372036854775807", "12e4567890123456"],
    ["1", "0000000000000000"],
    ["12", "1234567890123e45"],
  ] as const;

  test("Python reads the IDs of the CSV report as they are, and no cell of an ID converts to a number", () => {
    const csv = toCsv(withShares(...ids.map(([sessionId, fingerprint]) => ({ sessionId, fingerprint }))));
    expect(rowsOf(csv).map(({ share: name, session }) => [name, session])).toEqual(
      ids.map(([sessionId, fingerprint]) => [`${sessionId}/${fingerprint}`, `session ${sessionId}`]),
    );
    const numbers = python<string[]>(
      `import csv, io, json, sys
def converts(cell):
  try: float(cell)
  except ValueError: return False
  return True
rows = csv.DictReader(io.StringIO(sys.stdin.buffer.read().decode("utf-8-sig"), newline=""))
print(json.dumps([name for row in rows for name, cell in row.items() if converts(cell)]))`,
      csv,
    );
    expect(new Set(numbers)).toEqual(new Set(["remaining_seconds"]));
  });

  test("Python reads the IDs of the JSON report as they are", () => {
    const source = withShares(...ids.map(([sessionId, fingerprint]) => ({ sessionId, fingerprint })));
    const script = `import json, sys
shares = json.load(sys.stdin)["shares"]
print(json.dumps([[str(s["sessionId"]), str(s["fingerprint"])] for s in shares]))`;
    expect(python(script, toJson(source))).toEqual(ids);
  });

  test.each(["2026/3", "1/2/3", "1042", "12e45", "1.5", "50%", "2026-03-02", "12:30"])(
    "a stack %s is neither a number nor a date",
    (stack) => {
      const [row] = rowsOf(toCsv(withShares({ declaredBy: [{ stack, urn: "urn:x" }] })));
      expect(row?.["stacks"]).toBe(`'${stack}`);
    },
  );

  test("shares without a key have different names", () => {
    const { fingerprint: _, ...unnamed } = share;
    const source = report({ findings: [], shares: [unnamed, unnamed, { ...unnamed, validTo: "infinity" }] });
    expect(new Set(rowsOf(toCsv(source)).map(({ share: name }) => name)).size).toBe(3);
  });
});

test("the file begins with one byte order mark, and its lines end with CRLF", () => {
  const bytes = Buffer.from(toCsv(report()));
  expect(bytes.subarray(0, 3).toString("hex")).toBe("efbbbf");
  expect(bytes.indexOf(Buffer.from("efbbbf", "hex"), 3)).toBe(-1);
  expect(bytes.toString().replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
});

test("Python reads one row for each share, with every column", () => {
  const rows = rowsOf(toCsv(report()));
  expect(rows).toHaveLength(report().shares.length);
  for (const row of rows) expect(Object.keys(row)).toEqual([...csvColumns]);
});

test("wide letters and emoji are read back unchanged", () => {
  expect(rowsOf(toCsv(withLabel("「ACME」 Ünïcode 👩‍💻")))[0]?.["labels"]).toBe("vendor=「ACME」 Ünïcode 👩‍💻");
});

test("a row has the severity, what was accepted, and since when the share is not listed", () => {
  const accepted = { reason: "CHG-1042", until: "2026-03-05T00:00:00.000Z" };
  const base = { ...report().findings[0]!, ...share, message: "m" };
  const source = report({
    shares: [
      {
        ...share,
        findings: ["too-long", "interactive"],
        severity: "low",
        notListedSince: "2026-03-01T00:00:00.000Z",
        reactivatedAt: "2026-03-02T00:00:00.000Z",
      },
    ],
    findings: [
      { ...base, kind: "too-long", severity: "medium", accepted, nextSteps: ["accepted step"] },
      { ...base, kind: "interactive", severity: "low", accepted: undefined, nextSteps: ["step"] },
    ],
  });
  expect(rowsOf(toCsv(source))).toEqual([
    expect.objectContaining({
      severity: "low",
      findings: "too-long; interactive",
      accepted: "too-long",
      accepted_until: accepted.until,
      accepted_reason: "CHG-1042",
      not_listed_since: "2026-03-01T00:00:00.000Z",
      reactivated_at: "2026-03-02T00:00:00.000Z",
      next_steps: "step",
    }),
  ]);
});
