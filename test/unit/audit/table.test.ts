// The table for a terminal: it fits any width, findings stand by kind, shares by name, and the verdict comes last.
import { neededColumns } from "../../../provider/audit/report/formats/grid";
import { toTable } from "../../../provider/audit/report/formats/table";
import { withoutBackticks } from "../../../provider/audit/report/text";
import { progressLine, wantsColour } from "../../../provider/audit/cli/process-io";
import type { Report, ReportedStack } from "../../../provider/audit/model/report-schema";
import { report } from "../../support/audit-report";

const table = (width: number, more: Partial<Report> = {}) => toTable(report(more), { width, colour: false });
const withoutSpaces = (text: string) => text.replaceAll(/\s+/g, "");

const widths = [24, 40, 71, 72, 80, 119, 120, 200];

describe.each(widths)("at %i columns", (width) => {
  test("every line fits", () => {
    for (const line of table(width).split("\n")) expect(neededColumns(line)).toBeLessThanOrEqual(width);
  });

  test("nothing that somebody needs to act is cut off", () => {
    const text = withoutSpaces(table(width));
    const { findings, acceptances, linksToRevoke } = report();
    const needed = [
      ...findings.flatMap(({ message, nextSteps, accepted }) =>
        accepted === undefined ? [message, ...nextSteps].map(withoutBackticks) : [accepted.reason],
      ),
      ...acceptances.map(({ reason }) => reason),
      ...linksToRevoke.flatMap(({ sessionId, fingerprint = "?" }) => [sessionId, fingerprint]),
      ...findings.flatMap(({ labels, sessionId, fingerprint = "?" }) => [
        ...Object.values(labels),
        sessionId,
        fingerprint,
      ]),
    ];
    for (const one of needed) expect(text).toContain(withoutSpaces(one));
  });

  test("the verdict is the last line, after a list of a few lines", () => {
    expect(withoutSpaces(table(width))).toMatch(/13findings:4high,6medium,3low\.1accepted\.$/);
  });
});

test.each([0, -1, NaN])("a terminal that reports %p columns gets a table of 100 columns", (width) => {
  expect(table(width)).toBe(table(100));
});

test("a kind of findings has one heading and its common steps once; the adopt line stays with its share", () => {
  const text = table(200);
  expect(text).toContain(
    "HIGH: Live share that no audited stack declares (unmanaged, 3 shares)\n  > To revoke it: Management > Sessions",
  );
  const [, unmanaged = ""] = /\(unmanaged, 3 shares\)\n(.*?)\n\nHIGH/s.exec(text) ?? [];
  expect(unmanaged.match(/To revoke it/g)).toHaveLength(1);
  expect(unmanaged.match(/To manage it in a stack/g)).toHaveLength(2);
});

test("a share stands by its vendor and resource, with its session and a small fingerprint", () => {
  const named =
    /^ACME <b>Support<\/b> \/ acme-db +active +6 h +4665729213955833857\n {2}acme-corp\/shop\/prod, +706c61696e2d2d2d$/m;
  expect(table(80)).toMatch(named);
  expect(table(120)).toMatch(/^ACME <b>Support<\/b> \/ acme-db +active +6 h +4665729213955833857 706c61696e2d2d2d$/m);
  expect(table(40)).toContain(
    "\nACME <b>Support</b> / acme-db\n  active, expires in 6 h, readonly\n  session 4665729213955833857\n  share 706c61696e2d2d2d\n  acme-corp/shop/prod, ticket=CHG-1042\n",
  );
  expect(table(80)).toMatch(/^no stack +active +never/m);
});

test("the columns of a row with wide letters begin where those of the others begin", () => {
  const lines = table(120).split("\n");
  const columnOf = (name: string) => {
    const line = lines.find((one) => one.startsWith(name)) ?? "";
    return neededColumns(line.slice(0, line.indexOf("active ")));
  };
  expect(columnOf("サイバーダイン")).toBe(columnOf("ACME <b>Support</b> / acme-db"));
});

test("accepted findings, useless entries, links to revoke, expired declarations and shares not listed have their place", () => {
  const text = table(200);
  for (const part of [
    "ACCEPTED: 1 finding\n  Umbrella / firmware\n",
    "Accepted until 2026-03-03 12:00 UTC: The vendor needs the keyboard",
    "ENTRIES OF THE --accept FILE THAT ACCEPT NOTHING: 3\n",
    "- unmanaged, share 0000000000000000, until 2026-03-03 12:00 UTC (CHG-1): This report has no such finding.",
    "LINKS TO REVOKE BY HAND: 5\n  For each of them: Management > Sessions",
    "  session 9223372036854775807\n    - no stack: created 2026-03-01 06:00 UTC, valid 2026-03-01 06:00 to 2026-03-03 06:00 UTC, interactive,",
    "3 declarations of shares that expired can be removed",
    "not-listed: A valid list does not contain the share.",
  ])
    expect(text).toContain(part);
  expect(withoutSpaces(text)).toContain("acme-corp/shop/test,notlistedsince2026-03-0212:00UTC");
  const none = table(200, { findings: [], acceptances: [], linksToRevoke: [], expiredDeclarations: [], shares: [] });
  expect(none).not.toMatch(/ACCEPTED:|--accept|LINKS|Expired|not-listed: /);
});

test("a long list is cut, and its last line counts the others and names the report that has them", () => {
  const complete = report().completeness;
  const many = Array.from({ length: 2000 }, (_, index) => String(index));
  const [link] = report().linksToRevoke;
  const [acceptance] = report().acceptances.slice(1);
  const text = table(80, {
    completeness: { ...complete, complete: false, problems: many.map((id) => `session ${id}: the request failed`) },
    linksToRevoke: many.map((sessionId) => ({ ...link!, sessionId })),
    acceptances: many.map(() => acceptance!),
  });
  for (const noun of ["problem", "link", "acceptance"])
    expect(text).toContain(`… and 1900 more ${noun}s: see the JSON report\n`);
  expect(text.match(/^Problem /gm)).toHaveLength(101);
});

test("times in prose have minutes and UTC, and no back-tick reaches the terminal", () => {
  const text = table(200).replaceAll(/new SessionShare\([^)]*\)/g, "");
  expect(text).not.toMatch(/\d\d:\d\d:\d\d|\.\d{3}Z|`/);
});

describe("the stacks of the scope", () => {
  const stacksLine = (stacks: ReportedStack[]) => {
    const text = table(140, { scope: { ...report().scope, stacks } });
    return withoutSpaces(/^Stacks(.*?)^Sessions/ms.exec(text)?.[1] ?? "");
  };
  const many = (count: number, more: Partial<ReportedStack>) =>
    Array.from({ length: count }, (_, index) => ({ source: `s${index}`, shares: 0, ...more }));

  test.each<[string, ReportedStack[], string]>([
    ["stacks without shares are a count", many(248, {}), "248 stacks without shares"],
    ["one stack without shares is one", many(1, {}), "1 stack without shares"],
    [
      "a stack that was not read comes first",
      [...many(2, { shares: 3 }), ...many(1, { source: "bad", problem: "no passphrase" })],
      "bad: not read; s0: 3 shares; s1: 3 shares",
    ],
    [
      "only ten stacks with shares have a name",
      many(300, { shares: 2 }),
      `${many(10, {})
        .map(({ source }) => `${source}: 2 shares`)
        .join("; ")}; 290 more stacks with 580 shares`,
    ],
    [
      "only ten stacks that were not read have a name",
      many(40, { problem: "no passphrase" }),
      `${many(10, {})
        .map(({ source }) => `${source}: not read`)
        .join("; ")}; 30 more stacks not read`,
    ],
    ["a stack has its full name once", [{ source: "dev", stack: "org/shop/dev", shares: 1 }], "org/shop/dev: 1 share"],
    [
      "a file has the name of its stack",
      [{ source: "s.json", stack: "shop/dev", shares: 1 }],
      "s.json (shop/dev): 1 share",
    ],
  ])("%s", (_, stacks, line) => {
    expect(stacksLine(stacks)).toBe(withoutSpaces(`${line} (all stacks of the backend)`));
  });
});

describe("a terminal that can do little (TERM=dumb)", () => {
  const written: string[] = [];
  const terminal = { write: (text: string) => written.push(text), isTTY: true };

  test.each([
    ["dumb", false],
    ["xterm-256color", true],
    [undefined, true],
  ])("TERM=%s: colour and a progress line are %p", (TERM, expected) => {
    written.length = 0;
    const environment = TERM === undefined ? {} : { TERM };
    progressLine(terminal, environment).show("stacks: 12 of 250 read");
    expect(written).toEqual(expected ? ["\r\u001b[2Kstacks: 12 of 250 read"] : []);
    expect(wantsColour(terminal, environment)).toBe(expected);
  });

  test("a pipe gets no progress line", () => {
    written.length = 0;
    const progress = progressLine({ ...terminal, isTTY: false }, { TERM: "xterm" });
    progress.show("sessions: 1 of 2 read");
    progress.clear();
    expect(written).toEqual([]);
  });
});
