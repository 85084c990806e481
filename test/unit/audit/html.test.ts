// The HTML report as text: it is complete without a script, its links lead somewhere, and foreign text never becomes markup.
import { toHtml } from "../../../provider/audit/report/formats/html/html";
import type { Report, ReportedFinding, ReportedShare } from "../../../provider/audit/model/report-schema";
import { report } from "../../support/audit-report";
import { textOf, trackedFiles } from "../../support/repository";
import { sampleShares } from "../../support/audit-shares";

const idsOf = (page: string) => [...page.matchAll(/ id="([^"]*)"/g)].map(([, id = ""]) => id);
const bodyOf = (page: string) => page.slice(page.indexOf("<body>"), page.indexOf("<script>"));
/** The text of the page without lines to copy, in which times are exact. */
const proseOf = (page: string) =>
  bodyOf(page)
    .replaceAll(/<code class="line">[^<]*<\/code>/g, "")
    .replaceAll(/<[^>]*>/g, "");

test("the page may load nothing", () => {
  const page = toHtml(report());
  expect(page.slice(0, 400).replaceAll("&#39;", "'")).toContain("default-src 'none'; style-src 'sha256-");
  expect(page).not.toMatch(/(src|href)="(?!data:,|#)|url\(|@import|fetch\(|style="/);
});

test("the page is complete without a script", () => {
  const { findings, shares, linksToRevoke, expiredDeclarations, acceptances } = report();
  const page = toHtml(report());
  const ids = idsOf(page);
  expect(ids.filter((id) => id.startsWith("finding-"))).toHaveLength(findings.length);
  expect(ids.filter((id) => id.startsWith("share-"))).toHaveLength(shares.length);
  expect(ids.filter((id) => id.startsWith("window-"))).toHaveLength(12);
  expect(page.match(/<input type="checkbox" aria-label="Done/g)).toHaveLength(linksToRevoke.length);
  for (const { urn } of expiredDeclarations) expect(page).toContain(urn.split("::")[3]);
  for (const { reason } of acceptances) expect(page).toContain(reason.replace("<us>", "&lt;us&gt;"));
  for (const { declaredBy, onceDeclaredBy } of findings)
    for (const { urn } of [...declaredBy, ...onceDeclaredBy]) expect(page).toContain(urn);
});

describe("links within the page", () => {
  const noKey = (more: Partial<ReportedShare>): ReportedShare => {
    const { fingerprint: _, ...other } = sampleShares.other;
    return { ...other, findings: ["unidentified"], severity: "high", ...more };
  };
  const unidentified = [noKey({}), noKey({}), noKey({ validTo: "infinity", remainingSeconds: null })];
  const findings = unidentified.map((share): ReportedFinding => ({
    ...share,
    kind: "unidentified",
    severity: "high",
    message: "No key.",
    nextSteps: [],
  }));
  const many = Array.from({ length: 5000 }, (_, index) => ({
    ...sampleShares.plain,
    fingerprint: index.toString(16).padStart(16, "0"),
    findings: [],
  }));

  test.each<[string, Partial<Report>]>([
    ["of the sample", {}],
    ["of shares without a key", { shares: unidentified, findings }],
    ["of a list that is cut", { shares: [...many, ...report().shares] }],
    ["of an empty report", { shares: [], findings: [], linksToRevoke: [], expiredDeclarations: [], acceptances: [] }],
  ])("each link %s leads to one place", (_, more) => {
    const page = toHtml(report(more));
    const ids = idsOf(page);
    const idSet = new Set(ids);
    expect(idSet.size).toBe(ids.length);
    const targets = [...page.matchAll(/href="#([^"]*)"/g)].map(([, target = ""]) => target);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => !idSet.has(target))).toEqual([]);
  });

  test("a list that is cut keeps the shares with findings and says how many shares it leaves out", () => {
    const page = toHtml(report({ shares: [...many, ...report().shares] }));
    expect(page).toContain("… and 2014 more shares: see the JSON or CSV report.");
    for (const { sessionId, fingerprint } of report().findings)
      expect(page).toContain(` id="share-${sessionId}/${fingerprint!}"`);
  });
});

describe("foreign text never becomes markup", () => {
  /** The sample, with this text in each place that a program, a state or the appliance can fill. */
  const filled = (text: string): string => {
    const resource = { stack: text, urn: `urn:pulumi:dev::p::t::${text}` };
    const foreign = { labels: { vendor: text, [text]: text }, declaredBy: [resource] };
    const { findings, shares, acceptances, scope, completeness } = report();
    return toHtml(
      report({
        appliance: text,
        shares: shares.map((share) => ({ ...share, ...foreign })),
        findings: findings.map((finding) => ({ ...finding, ...foreign, message: text, nextSteps: [text] })),
        acceptances: acceptances.map((one) => ({ ...one, urn: text, reason: text })),
        expiredDeclarations: report().expiredDeclarations.map((one) => ({ ...one, ...resource })),
        scope: { ...scope, stacks: [{ source: text, stack: text, shares: 1, problem: text }] },
        completeness: { ...completeness, complete: false, problems: [text], notes: [text] },
      }),
    );
  };
  /** Every tag and the names of its attributes, without their values. */
  const tagsOf = (page: string) =>
    [...page.matchAll(/<!?\/?[a-z][^\s>]*(\s+[a-z-]+(="[^"]*")?)*\s*>/g)].map(([tag]) =>
      tag.replaceAll(/="[^"]*"/g, ""),
    );

  test.each([
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "</style></script><svg onload='alert(1)'>",
    "`code` and `pulumi rm -rf`",
    "`<b>x</b>`",
    "javascript:alert(1)//' onfocus='alert(1)",
    "[link](https://evil.example) &lt;b&gt;",
    "To run it: <b>pulumi up</b>",
  ])("%s", (text) => {
    expect(tagsOf(filled(text))).toEqual(tagsOf(filled("plain")));
  });

  test("the page shows such text as it is", () => {
    expect(filled("<b>x</b>").match(/&lt;b&gt;x&lt;\/b&gt;/g)!.length).toBeGreaterThan(50);
  });
});

describe("our own sentences", () => {
  test("commands and names between back-ticks become code", () => {
    const nextSteps = ["If read-only access is enough, declare `readonly: true`. This creates a new share."];
    const { findings } = report();
    const page = toHtml(report({ findings: [...findings, { ...findings[0]!, kind: "interactive", nextSteps }] }));
    expect(page).toContain("then run <code>pulumi refresh</code> for acme-corp/shop/prod.");
    expect(page).toContain("declare <code>readonly: true</code>. This");
    expect(proseOf(page)).not.toContain("`");
  });

  test("each command that a text of the audit puts between back-ticks becomes code", () => {
    const files = trackedFiles("provider/audit/analyze/*.ts", "provider/audit/collect/*.ts");
    const spans = files.flatMap((file) => textOf(file).match(/(?<=["\\][^"\n]*)`[A-Za-z][\w= -]*\w(?=\\?`)/g) ?? []);
    expect(spans.length).toBeGreaterThan(3);
    const { completeness } = report();
    const page = toHtml(
      report({ completeness: { ...completeness, complete: false, problems: spans.map((span) => `${span}\``) } }),
    );
    for (const span of spans) expect(page).toContain(`<code>${span.slice(1)}</code>`);
  });

  test("a command and the code that adopts a share are lines to copy", () => {
    const page = toHtml(report());
    expect(page).toContain('To grant access again: <code class="line">pulumi up --replace &#39;urn:pulumi:prod::shop');
    expect(page).toContain('<code class="line">new SessionShare(');
  });

  test("times are written for people: 2026-03-10 19:00 UTC, without seconds", () => {
    const text = proseOf(toHtml(report()));
    expect(text).toContain("to 2026-03-10 19:00 UTC");
    expect(text).not.toMatch(/\d\dT\d\d:|\d\d:\d\d:\d\d/);
  });
});

test("the common steps of a group stand once, and each share of the group is named by vendor, resource and session", () => {
  const { shares } = report();
  const group = shares
    .slice(0, 3)
    .map((share) => ({
      ...share,
      kind: "missing-labels" as const,
      severity: "medium" as const,
      message: "No label.",
      nextSteps: ["Add the label."],
    }));
  const page = toHtml(report({ findings: group, linksToRevoke: [], acceptances: [] }));
  const section = /<section id="findings">.*?(?=<section id="timeline">)/s.exec(page)![0];
  expect(section.match(/Add the label\./g)).toHaveLength(1);
  expect(section.match(/No label\./g)).toHaveLength(1);
  expect(section).toContain("ACME &lt;b&gt;Support&lt;/b&gt; / acme-db</a>");
  expect(section.match(/Session <span class="mono">\d+<\/span>/g)).toHaveLength(3);
});

test("the colour of a finding is its own severity, not that of its kind", () => {
  const { shares, findings } = report();
  const lowered = findings.map((one) => (one.kind === "too-long" ? { ...one, severity: "low" as const } : one));
  const page = toHtml(report({ findings: lowered, shares }));
  expect(page).toContain('<span class="badge low">too-long</span>');
  expect(page).not.toContain('<span class="badge medium">too-long</span>');
});

test("an accepted finding is marked in the inventory and is not among the findings that count", () => {
  const page = toHtml(report());
  expect(page).toContain('<span class="badge ">interactive (accepted)</span>');
  const list = /<section id="findings">.*?(?=<section id="revoke">)/s.exec(page)![0];
  expect(list).not.toContain("Umbrella");
});

test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("the label %s is a label like others", (name) => {
  const labels = JSON.parse(`{"${name}": "value-of-it"}`) as Record<string, string>;
  const page = toHtml(report({ shares: [{ ...sampleShares.plain, findings: [], labels }] }));
  expect(page).toContain(`<bdi>${name}</bdi> = <bdi>value-of-it</bdi>`);
  expect(page).toContain('data-vendor=""');
});

test("stacks without shares are a count that opens; a stack that was not read stands in the open with its problem", () => {
  const { scope } = report();
  const failed = { source: "broken", shares: 0, problem: "`pulumi stack export` failed (exit code 1)" };
  const page = toHtml(report({ scope: { ...scope, stacks: [...scope.stacks, failed] } }));
  expect(page).toContain("<summary>42 stacks without shares</summary>");
  const open = page.slice(page.indexOf('<section id="stacks">'), page.indexOf("42 stacks without shares"));
  expect(open).toContain("<bdi>broken</bdi>: not read. <code>pulumi stack export</code> failed (exit code 1)");
  expect(open).not.toContain("team-1/dev");
});

test("an incomplete audit shows its problems before the findings, and folds all but the first five", () => {
  const problems = Array.from({ length: 250 }, (_, index) => `Problem number ${index}.`);
  const page = toHtml(report({ completeness: { ...report().completeness, complete: false, problems } }));
  expect(page.indexOf('<section id="problems">')).toBeLessThan(page.indexOf('<section id="findings">'));
  expect(page).toContain("<summary>245 more problems</summary>");
  expect(page).toContain("Problem number 249.");
});
