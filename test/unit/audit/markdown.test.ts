// Markdown for job summaries and merge requests: findings as lists, nothing in foreign text becomes markup, and the size
// stays below what GitHub accepts.
import fc from "fast-check";
import { toMarkdown } from "../../../provider/audit/report/formats/markdown";
import { escaped, prose, short, step } from "../../../provider/audit/report/formats/markdown-text";
import type { Report, ReportedFinding, ReportedShare } from "../../../provider/audit/model/report-schema";
import { report } from "../../support/audit-report";

const markdown = (more: Partial<Report> = {}) => toMarkdown(report(more));
const mebibyte = 1024 * 1024;
const partOf = (text: string, heading: string) =>
  text.split(/^(?=###? )/m).find((one) => one.startsWith(heading)) ?? "";

test("the verdict comes first, then what was audited, the problems, and the findings", () => {
  const incomplete = { ...report().completeness, complete: false, problems: ["session 1: the request failed"] };
  const text = markdown({ completeness: incomplete });
  expect(text).toMatch(/^## Fudo session shares\n\n\*\*INCOMPLETE: see the problems\. 13 findings: 4 high, .*\*\*\n/);
  expect([...text.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading)).toEqual([
    "Problems",
    "Findings",
    "Accepted findings",
    "Entries of the acceptance file that accept nothing",
    "Links to revoke by hand: 5",
    "Who has access, and until when",
  ]);
});

test("a kind of findings has a heading and its common steps once, then one entry for each share", () => {
  const unmanaged = markdown().split("#### ")[1] ?? "";
  expect(unmanaged).toMatch(
    /^HIGH: Live share that no audited stack declares \(`unmanaged`, 3 shares\)\n\n> - To revoke it: /,
  );
  expect(unmanaged.match(/To revoke it/g)).toHaveLength(1);
  expect(unmanaged.match(/^- \*\*no stack\*\*: active, /gm)).toHaveLength(3);
  expect(unmanaged.match(/^ {2}- To manage it in a stack: `new SessionShare\(.*\)`$/gm)).toHaveLength(2);
});

test("links to revoke are a task list, one for each session", () => {
  const list = partOf(markdown(), "### Links to revoke");
  expect(list.match(/^- Session `\d+`$/gm)).toHaveLength(3);
  expect(list.match(/^ {2}- \[ \] \*\*/gm)).toHaveLength(5);
});

test("the inventory and the expired declarations open on a click; shares not listed are a short list", () => {
  const text = markdown();
  expect(text).toContain("<details><summary>Inventory: 14 shares</summary>\n\n| Share | Status |");
  expect(text).toContain("| Umbrella / firmware, acme-corp/plant/prod | active |");
  expect(text).toContain("| Soylent / old-vendor, previously acme-corp/shop/test | active |");
  expect(text).toContain("| no stack | active |");
  expect(text).toContain(
    "<details><summary>Declarations of expired shares that can be removed: 3</summary>\n\n- expired",
  );
  expect(text).toContain("- **Soylent / batch**: not listed since 2026-03-02 12:00 UTC, expires in 15 h, session ");
});

describe("code in our texts", () => {
  test.each([
    ["a command between back-ticks is code", prose("Run `pulumi refresh` now."), "Run `pulumi refresh` now."],
    ["a back-tick in a name is no code", prose("urn::a`<b>`c"), "urn::a&#96;&#60;b&#62;&#96;c"],
    [
      "text between back-ticks with markup is no code",
      prose("`<b>` `a|b`"),
      "&#96;&#60;b&#62;&#96; &#96;a&#124;b&#96;",
    ],
    [
      "a command at the end of a step is code",
      step("Again: pulumi up --replace 'urn:p::n'"),
      "Again: `pulumi up --replace 'urn:p::n'`",
    ],
    ["a command with a back-tick stays text", step("Again: pulumi up 'a`b'"), "Again: pulumi up 'a&#96;b'"],
    ["a command with markup stays text", step("Again: pulumi up '<b>'"), "Again: pulumi up '&#60;b&#62;'"],
    [
      "the code that adopts a share is code",
      step('To manage: new SessionShare("…", { a: 1 })'),
      'To manage: `new SessionShare("…", { a: 1 })`',
    ],
  ])("%s", (_, given, expected) => {
    expect(given).toBe(expected);
  });
});

test.each([
  ["a short text is whole", "abc", 3, "abc"],
  ["a long text ends with an ellipsis", "abcd", 3, "abc…"],
  ["no grapheme is cut", "a👩\u200D💻b", 2, "a👩\u200D💻…"],
  ["a text with many units in few graphemes is whole", "👩\u200D💻👍🏽", 2, "👩\u200D💻👍🏽"],
  ["no character reference is cut", "<<<<", 2, "&#60;&#60;…"],
])("text with a limit: %s", (_, text, max, expected) => {
  expect(short(text, max)).toBe(expected);
});

test("foreign text has no character that Markdown, GitHub or GitLab reads as markup", () => {
  const special = fc.constantFrom(..."`*_{}[]<>|&@#!$~%^", "https://a", "smb://a", "www.", "a", "1", " ", "\\");
  fc.assert(
    fc.property(fc.array(special, { maxLength: 40 }), (parts) => {
      const text = escaped(parts.join(""));
      expect(text.replaceAll(/&#\d+;/g, "·")).not.toMatch(/[\\`*_{}[\]<>|&]|[@#!$~%^]\w|https?:|:\/\/|www\./i);
    }),
    { seed: 15, numRuns: 1000 },
  );
});

test.each([String.raw`$\phantom{ACME}$`, "$$x$$", "$ {x}$", "costs 5$", "$`x`$"])(
  "%s makes no formula, which could hide text",
  (text) => {
    expect(escaped(text)).not.toContain("$");
  },
);

describe("the size", () => {
  const many = <T>(count: number, value: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => value(index));
  const [aFinding] = report().findings as [ReportedFinding];
  const [aShare] = report().shares as [ReportedShare];
  const labels = (letter: string) => Object.fromEntries(many(12, (index) => [`label${index}`, letter.repeat(300)]));
  const findings = (count: number, letter: string) => many(count, () => ({ ...aFinding, labels: labels(letter) }));
  const complete = report().completeness;

  test.each<[string, Partial<Report>, RegExp]>([
    ["250 shares with 12 labels of 300 underscores", { findings: findings(250, "_") }, /… and \d+ more findings/],
    ["labels of three bytes a letter", { findings: findings(250, "字") }, /… and \d+ more findings/],
    [
      "long messages and steps",
      {
        findings: many(200, () => ({
          ...aFinding,
          message: "<".repeat(2000),
          nextSteps: many(4, () => "#a".repeat(1000)),
        })),
      },
      /… and \d+ more findings/,
    ],
    [
      "4,000 problems",
      { completeness: { ...complete, complete: false, problems: many(4000, () => "<".repeat(1000)) } },
      /… and \d+ more problems/,
    ],
    [
      "20,000 links on 2,000 sessions",
      { linksToRevoke: many(20_000, (index) => ({ sessionId: `${index % 2000}`, findings: ["unmanaged" as const] })) },
      /… and 19800 more links/,
    ],
    ["20,000 shares", { shares: many(20_000, () => ({ ...aShare, labels: labels("&") })) }, /… and 19800 more shares/],
    [
      "20,000 accepted findings",
      { findings: many(20_000, () => ({ ...aFinding, accepted: { reason: "_".repeat(1000), until: "infinity" } })) },
      /… and \d+ more accepted findings/,
    ],
    [
      "20,000 useless entries",
      {
        acceptances: many(20_000, () => ({
          urn: "<".repeat(500),
          finding: "missing" as const,
          reason: "x",
          until: "infinity",
          state: "expired" as const,
        })),
      },
      /… and \d+ more acceptances/,
    ],
    [
      "20,000 expired declarations",
      {
        expiredDeclarations: many(20_000, () => ({
          stack: "_".repeat(400),
          urn: "u",
          sessionId: "1",
          fingerprint: "0".repeat(16),
        })),
      },
      /… and 19800 more declarations/,
    ],
  ])("is bounded with %s; verdict, problems and tags are whole", (_, more, moreLine) => {
    const text = markdown(more);
    expect(Buffer.byteLength(text)).toBeLessThan(0.9 * mebibyte);
    expect(text).toMatch(moreLine);
    expect(text).toMatch(/^## Fudo session shares\n\n\*\*(INCOMPLETE: .*)?13 findings/);
    expect(text.replaceAll(/&#\d+;/g, "")).not.toContain("&");
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
    expect(text.match(/^```/gm) ?? []).toHaveLength(more.shares === undefined || more.shares.length > 0 ? 2 : 0);
    expect(text).toMatch(/other sessions and shares are not in this report\.\n$/);
  });

  test("problems and findings appear also when both are too many", () => {
    const problems = many(4000, () => "<".repeat(1000));
    const text = markdown({ completeness: { ...complete, complete: false, problems }, findings: findings(250, "_") });
    expect(Buffer.byteLength(text)).toBeLessThan(0.9 * mebibyte);
    expect(text.match(/^- (?:&#60;)+$/gm)?.length).toBeGreaterThan(10);
    expect(text.match(/^- \*\*no stack\*\*/gm)?.length).toBeGreaterThan(10);
  });
});
