// The HTML report in a real Chromium: it renders, filters, sends no requests, and fits phone and desktop. Without a browser
// this test fails and says what to install: a missing browser must not look like a passed test.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { toHtml } from "../../provider/audit/report/formats/html/html";
import { report } from "../support/audit-report";

const root = join(__dirname, "..", "..");
/** Pictures for people to look at: `SCREENSHOTS=true npm test -- engine test/engine/audit-page`. */
const screenshots = join(root, ".engine", "screenshots");
let browser: Browser;
let folder: string;
let address: string;

beforeAll(async () => {
  const executablePath = execFileSync("node", ["scripts/chromium.mjs"], { cwd: root, encoding: "utf8" }).trim();
  // Chromium has no sandbox for root; the page is trusted.
  browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
  folder = mkdtempSync(join(tmpdir(), "fudo-audit-page-"));
  mkdirSync(screenshots, { recursive: true });
  writeFileSync(join(folder, "report.html"), toHtml(report()));
  address = pathToFileURL(join(folder, "report.html")).href;
}, 700_000);
afterAll(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** The page at this size, with the messages and the requests of the browser. */
async function open(
  width: number,
  height: number,
  more: object = {},
): Promise<{ page: Page; messages: string[]; requests: string[] }> {
  const page = await (await browser.newContext({ viewport: { width, height }, ...more })).newPage();
  const [messages, requests]: [string[], string[]] = [[], []];
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(error.message));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(address);
  return { page, messages, requests };
}

/** A picture for people, only on request: a busy machine often cannot capture one, and no assertion needs it. */
async function keepPicture(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS === "true")
    await page.screenshot({ path: join(screenshots, `audit-${name}.png`), fullPage: true });
}

const visibleCount = (page: Page, selector: string) => page.locator(`${selector}:visible`).count();

test.each<[string, number, number, object]>([
  ["phone", 390, 844, { deviceScaleFactor: 2, isMobile: true }],
  ["desktop", 1280, 900, {}],
  ["dark", 1280, 900, { colorScheme: "dark" }],
])("%s: the page renders without messages, requests and horizontal scrolling", async (name, width, height, more) => {
  const { page, messages, requests } = await open(width, height, more);
  await keepPicture(page, name);
  expect(messages).toEqual([]);
  expect(requests).toEqual([address]);
  expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
  expect(await visibleCount(page, "article")).toBe(report().findings.length);
  const bars = await page.evaluate<number[]>(
    "[...document.querySelectorAll('.row rect.bar')].map((bar) => bar.getBoundingClientRect().width)",
  );
  expect(bars).toHaveLength(5);
  expect(Math.min(...bars)).toBeGreaterThan(1);
  await page.context().close();
});

test("each bar has the position of its window", async () => {
  const { page } = await open(1280, 900);
  const edges = await page.evaluate<
    Record<"from" | "to" | "now", number>[]
  >(`[...document.querySelectorAll(".row svg[role=img]")].map((track) => {
    const [bar, now] = [".bar", ".now"].map((part) => track.querySelector(part).getBoundingClientRect());
    return { from: bar.left, to: bar.right, now: now.left };
  })`);
  const [plain, other, , , night] = edges;
  expect(plain!.from).toBeLessThan(plain!.now);
  expect(plain!.to).toBeGreaterThan(plain!.now);
  expect((plain!.to - plain!.now) / (plain!.now - plain!.from)).toBeCloseTo(6 / 2, 1);
  expect(other!.to).toBeGreaterThan(plain!.to);
  expect(night!.from).toBeGreaterThan(night!.now);
  await page.context().close();
});

describe("filters", () => {
  const filtered = async (apply: (page: Page) => Promise<unknown>) => {
    const { page, messages } = await open(1280, 900);
    await apply(page);
    const counts = {
      rows: await visibleCount(page, "tbody tr"),
      cards: await visibleCount(page, "article"),
      bars: await visibleCount(page, ".row[data-share]"),
      groups: await visibleCount(page, "[data-group]"),
      output: await page.locator("output").textContent(),
    };
    expect(messages).toEqual([]);
    await page.context().close();
    return counts;
  };

  test("the filter by session", async () => {
    expect(await filtered((page) => page.getByLabel("Session or share").fill("4665729213955833858"))).toEqual({
      rows: 2,
      cards: 3,
      bars: 2,
      groups: 1,
      output: "2 of 7 shares shown",
    });
  });

  test("the filter by vendor", async () => {
    expect(await filtered((page) => page.getByLabel("Vendor").selectOption("ACME <b>Support</b>"))).toEqual({
      rows: 2,
      cards: 0,
      bars: 1,
      groups: 1,
      output: "2 of 7 shares shown",
    });
    expect(await filtered((page) => page.getByLabel("Vendor").selectOption("no vendor"))).toMatchObject({ rows: 2 });
  });

  test("the filter by status", async () => {
    expect(await filtered((page) => page.getByLabel("Status").selectOption("scheduled"))).toMatchObject({
      rows: 1,
      bars: 1,
    });
  });

  test("the filter by findings, and the page says when no share matches", async () => {
    expect(await filtered((page) => page.getByLabel("only with findings").check())).toMatchObject({
      rows: 5,
      cards: 6,
    });
    const none = await filtered(async (page) => {
      await page.getByLabel("Session or share").fill("nobody");
      expect(await page.getByText("No share matches the filters.").first().isVisible()).toBe(true);
    });
    expect(none).toEqual({ rows: 0, cards: 0, bars: 0, groups: 0, output: "0 of 7 shares shown" });
  });
});

test("the printed page has no filters and is complete", async () => {
  const { page } = await open(1280, 900);
  await page.getByLabel("only with findings").check();
  await page.getByLabel("only with findings").uncheck();
  await page.emulateMedia({ media: "print" });
  expect(await page.locator("form").isVisible()).toBe(false);
  expect(await visibleCount(page, "tbody tr")).toBe(7);
  writeFileSync(join(screenshots, "audit.pdf"), await page.pdf({ format: "A4", printBackground: true }));
  await page.context().close();
});

test("the Content-Security-Policy blocks injected content", async () => {
  const injected = join(folder, "injected.html");
  writeFileSync(
    injected,
    toHtml(report()).replace(
      "</main>",
      '<img src="https://evil.example/x.png"><script>document.title = "owned"</script></main>',
    ),
  );
  const page = await (await browser.newContext()).newPage();
  const messages: string[] = [];
  page.on("console", (message) => messages.push(message.text()));
  await page.goto(pathToFileURL(injected).href);
  expect(await page.title()).toBe("Session shares of https://fudo.example");
  expect(messages.filter((text) => text.includes("Content Security Policy"))).toHaveLength(2);
  await page.context().close();
});
