// The HTML report in a real Chromium: it renders on phone, desktop and paper, sends no requests, and axe finds nothing.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import type { BrowserContextOptions, Page } from "playwright-core";
import { toHtml } from "../../provider/audit/report/formats/html/html";
import { report } from "../support/audit-report";
import { desktop, keepPicture, PageBrowser, phone, screenshots } from "../support/report-page";

let browser: PageBrowser;
let address: string;
let incomplete: string;
beforeAll(async () => {
  browser = await PageBrowser.start();
  address = browser.addressOf(toHtml(report()));
  const problems = Array.from({ length: 8 }, (_, index) => `The audit could not read stack number ${index}.`);
  incomplete = browser.addressOf(
    toHtml(report({ completeness: { ...report().completeness, complete: false, problems } })),
  );
}, 700_000);
afterAll(() => browser?.stop());

const looks: [string, BrowserContextOptions][] = [
  ["phone", phone],
  ["phone-dark", { ...phone, colorScheme: "dark" }],
  ["desktop", desktop],
  ["dark", { ...desktop, colorScheme: "dark" }],
];

/** The parts of the axis and of the bars that are outside their track, and labels that touch each other. */
const misplaced = `(() => {
  const labels = [...document.querySelectorAll(".axis text")].map((text) => text.getBoundingClientRect()).filter(({ width }) => width > 0);
  const track = document.querySelector(".axis svg").getBoundingClientRect();
  const cut = labels.filter(({ left, right }) => left < track.left - 2 || right > track.right + 2);
  const close = labels.filter(({ left }, index) => index > 0 && left < labels[index - 1].right + 3);
  return { labels: labels.length, cut: cut.length, close: close.length };
})()`;

test.each(looks)(
  "%s: the page renders without messages, requests, horizontal scrolling and cut labels",
  async (name, look) => {
    const { page, messages, requests } = await browser.open(address, look);
    await keepPicture(page, name);
    expect(messages).toEqual([]);
    expect(requests).toEqual([address]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
    expect(await page.locator("#findings li[data-share]:visible").count()).toBe(13);
    const bars = await page.evaluate<number[]>(
      "[...document.querySelectorAll('.bar-row rect.bar')].map((bar) => bar.getBoundingClientRect().width)",
    );
    expect(bars).toHaveLength(12);
    expect(Math.min(...bars)).toBeGreaterThan(1);
    expect(await page.evaluate(misplaced)).toEqual({ labels: 4, cut: 0, close: 0 });
    await page.context().close();
  },
);

test.each([0.2, 5, 11, 23, 47, 90, 160, 330, 700, 1400, 2800, 8000])(
  "on a phone, the labels of an axis of %d hours are not cut and do not touch each other",
  async (hours) => {
    const shares = report().shares.map((share) => ({
      ...share,
      validTo: new Date(Date.parse(report().generatedAt) + hours * 3_600_000).toISOString(),
    }));
    const { page } = await browser.open(browser.addressOf(toHtml(report({ shares }))), phone);
    expect(await page.evaluate(misplaced)).toMatchObject({ cut: 0, close: 0 });
    await page.context().close();
  },
);

describe("axe finds nothing", () => {
  const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  /** What axe finds: the rule and the elements. */
  const violations = async (page: Page) => {
    await page.evaluate(axe);
    const results = await page.evaluate<AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
    expect(results.passes.length).toBeGreaterThan(20);
    return results.violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
  };

  test.each(looks)("%s", async (_, look) => {
    for (const one of [address, incomplete]) {
      const { page } = await browser.open(one, look);
      await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
      expect(await violations(page)).toEqual([]);
      await page.context().close();
    }
  });

  test("axe finds a badge whose contrast is too low, so these tests can fail", async () => {
    const { page } = await browser.open(address);
    await page.evaluate("document.querySelector('.badge.medium').style.color = '#b45309'");
    expect(await violations(page)).toEqual([["color-contrast", expect.stringContaining("badge medium")]]);
    await page.context().close();
  });
});

test("each bar has the position of its window", async () => {
  const { page } = await browser.open(address);
  const edges = await page.evaluate<
    Record<string, Record<"from" | "to" | "now", number>>
  >(`Object.fromEntries([...document.querySelectorAll(".bar-row[data-share]")].map((row) => {
    const [bar, now] = [".bar", ".now"].map((part) => row.querySelector(part).getBoundingClientRect());
    return [row.querySelector(".name").textContent, { from: bar.left, to: bar.right, now: now.left }];
  }))`);
  const plain = edges["ACME <b>Support</b> / acme-db"]!;
  expect((plain.to - plain.now) / (plain.now - plain.from)).toBeCloseTo(6 / 2, 0);
  expect(edges["Soylent / old-vendor"]!.to).toBeGreaterThan(plain.to);
  expect(edges["Globex / night"]!.from).toBeGreaterThan(plain.now);
  await page.context().close();
});

test.each<[string, BrowserContextOptions]>([
  ["desktop", desktop],
  ["phone", phone],
])("%s: the axis stays in sight below the filters while the timeline scrolls", async (_, look) => {
  const { page } = await browser.open(address, look);
  const last = page.locator(".bar-row").last();
  await last.evaluate((row) => row.scrollIntoView({ block: "end" }));
  const [axis, filters] = [
    (await page.locator(".axis").boundingBox())!,
    (await page.locator(".filters").boundingBox())!,
  ];
  const below = filters.y + filters.height > 0 ? filters.y + filters.height : 0;
  expect(Math.abs(axis.y - below)).toBeLessThanOrEqual(1);
  await page.context().close();
});

test("the keyboard reaches the link to the report first, then the sections and the filters", async () => {
  const { page } = await browser.open(address);
  const focused: string[] = [];
  for (let count = 0; count < 16; count++) {
    await page.keyboard.press("Tab");
    focused.push(await page.evaluate<string>("document.activeElement.name || document.activeElement.textContent"));
  }
  expect(focused[0]).toBe("Skip to the report");
  expect(focused).toEqual(
    expect.arrayContaining(["Findings", "Inventory", "q", "vendor", "status", "stack", "mode", "found"]),
  );
  await page.context().close();
});

describe("the printed page", () => {
  test("without a filter it has no form, is complete, and says nothing about filters", async () => {
    const { page } = await browser.open(address);
    await page.getByLabel("only with findings").check();
    await page.getByLabel("only with findings").uncheck();
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("form").isVisible()).toBe(false);
    expect(await page.getByText(/^Filtered/).isVisible()).toBe(false);
    expect(await page.locator("#inventory tbody tr:visible").count()).toBe(14);
    writeFileSync(join(screenshots, "audit.pdf"), await page.pdf({ format: "A4", printBackground: true }));
    await page.context().close();
  });

  test.each<[string, (page: Page) => Promise<unknown>]>([
    ["vendor = Globex. 1 of 14 shares", (page) => page.locator(".filters").getByLabel("Vendor").selectOption("Globex")],
    [
      "vendor = no vendor. 3 of 14 shares",
      (page) => page.locator(".filters").getByLabel("Vendor").selectOption("no vendor"),
    ],
    ['search = "CHG-1042". 3 of 14 shares', (page) => page.getByLabel("Search").fill("CHG-1042")],
    ["only shares with findings. 11 of 14 shares", (page) => page.getByLabel("only with findings").check()],
  ])("with a filter it says so: %s", async (text, apply) => {
    const { page } = await browser.open(address);
    await apply(page);
    expect(await page.getByText(/^Filtered/).isVisible()).toBe(false);
    await page.emulateMedia({ media: "print" });
    expect(await page.getByText(/^Filtered/).innerText()).toBe(`Filtered: ${text} are printed.`);
    await page.context().close();
  });
});

test("the Content-Security-Policy blocks injected content", async () => {
  const injected = toHtml(report()).replace(
    "</main>",
    '<img src="https://evil.example/x.png"><script>document.title = "owned"</script></main>',
  );
  const { page, messages } = await browser.open(browser.addressOf(injected));
  expect(await page.title()).toBe("Session shares of https://fudo.example");
  expect(messages.filter((text) => text.includes("Content Security Policy"))).toHaveLength(2);
  await page.context().close();
});
