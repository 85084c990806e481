// The HTML report in a real Chromium: it renders, filters, asks nobody anything, and fits phone and desktop. Without a
// browser this test fails and says what to install: a missing browser must never read as passed.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { toHtml } from "../../provider/audit/report/formats/html/html";
import { report } from "../support/audit-report";

const root = join(__dirname, "..", "..");
/** Kept, to be looked at. */
const pictures = join(root, ".engine", "screenshots");
let browser: Browser;
let folder: string;
let address: string;

beforeAll(async () => {
  const executablePath = execFileSync("node", ["scripts/chromium.mjs"], { cwd: root, encoding: "utf8" }).trim();
  // Chromium refuses its sandbox to root; the page is our own.
  browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
  folder = mkdtempSync(join(tmpdir(), "fudo-audit-page-"));
  mkdirSync(pictures, { recursive: true });
  writeFileSync(join(folder, "report.html"), toHtml(report()));
  address = pathToFileURL(join(folder, "report.html")).href;
}, 700_000);
afterAll(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** The page at this width, with everything that the browser complained of or asked for. */
async function open(
  width: number,
  height: number,
  more: object = {},
): Promise<{ page: Page; complaints: string[]; requests: string[] }> {
  const page = await (await browser.newContext({ viewport: { width, height }, ...more })).newPage();
  const [complaints, requests]: [string[], string[]] = [[], []];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(address);
  return { page, complaints, requests };
}

const shown = (page: Page, selector: string) => page.locator(`${selector}:visible`).count();

test.each<[string, number, number, object]>([
  ["phone", 390, 844, { deviceScaleFactor: 2, isMobile: true }],
  ["desktop", 1280, 900, {}],
  ["dark", 1280, 900, { colorScheme: "dark" }],
])(
  "%s: renders without a complaint, without a request, without sideways scrolling",
  async (name, width, height, more) => {
    const { page, complaints, requests } = await open(width, height, more);
    await page.screenshot({ path: join(pictures, `audit-${name}.png`), fullPage: true });
    expect(complaints).toEqual([]);
    expect(requests).toEqual([address]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
    expect(await shown(page, "article")).toBe(report().findings.length);
    const bars = await page.evaluate<number[]>(
      "[...document.querySelectorAll('.row rect.bar')].map((bar) => bar.getBoundingClientRect().width)",
    );
    expect(bars).toHaveLength(5);
    expect(Math.min(...bars)).toBeGreaterThan(1);
    await page.context().close();
  },
);

test("bars stand where their windows are", async () => {
  const { page } = await open(1280, 900);
  const edges = await page.evaluate<
    Record<"from" | "to" | "now", number>[]
  >(`[...document.querySelectorAll(".row svg[role=img]")].map((track) => {
    const [bar, now] = [".bar", ".now"].map((part) => track.querySelector(part).getBoundingClientRect());
    return { from: bar.left, to: bar.right, now: now.left };
  })`);
  const [plain, stranger, , , night] = edges;
  expect(plain!.from).toBeLessThan(plain!.now);
  expect(plain!.to).toBeGreaterThan(plain!.now);
  expect((plain!.to - plain!.now) / (plain!.now - plain!.from)).toBeCloseTo(6 / 2, 1);
  expect(stranger!.to).toBeGreaterThan(plain!.to);
  expect(night!.from).toBeGreaterThan(night!.now);
  await page.context().close();
});

describe("filters", () => {
  const filtered = async (use: (page: Page) => Promise<unknown>) => {
    const { page, complaints } = await open(1280, 900);
    await use(page);
    const counts = {
      rows: await shown(page, "tbody tr"),
      cards: await shown(page, "article"),
      bars: await shown(page, ".row[data-share]"),
      groups: await shown(page, "[data-group]"),
      says: await page.locator("output").textContent(),
    };
    expect(complaints).toEqual([]);
    await page.context().close();
    return counts;
  };

  test("by session", async () => {
    expect(await filtered((page) => page.getByLabel("Session or share").fill("4665729213955833858"))).toEqual({
      rows: 2,
      cards: 3,
      bars: 2,
      groups: 1,
      says: "2 of 7 shares shown",
    });
  });

  test("by vendor", async () => {
    expect(await filtered((page) => page.getByLabel("Vendor").selectOption("ACME <b>Support</b>"))).toEqual({
      rows: 2,
      cards: 0,
      bars: 1,
      groups: 1,
      says: "2 of 7 shares shown",
    });
    expect(await filtered((page) => page.getByLabel("Vendor").selectOption("without one"))).toMatchObject({ rows: 2 });
  });

  test("by status", async () => {
    expect(await filtered((page) => page.getByLabel("Status").selectOption("scheduled"))).toMatchObject({
      rows: 1,
      bars: 1,
    });
  });

  test("by findings, and nothing that fits is said", async () => {
    expect(await filtered((page) => page.getByLabel("with findings only").check())).toMatchObject({
      rows: 5,
      cards: 6,
    });
    const none = await filtered(async (page) => {
      await page.getByLabel("Session or share").fill("nobody");
      expect(await page.getByText("No share fits the filters.").first().isVisible()).toBe(true);
    });
    expect(none).toEqual({ rows: 0, cards: 0, bars: 0, groups: 0, says: "0 of 7 shares shown" });
  });
});

test("on paper: no filters, everything else", async () => {
  const { page } = await open(1280, 900);
  await page.getByLabel("with findings only").check();
  await page.getByLabel("with findings only").uncheck();
  await page.emulateMedia({ media: "print" });
  expect(await page.locator("form").isVisible()).toBe(false);
  expect(await shown(page, "tbody tr")).toBe(7);
  writeFileSync(join(pictures, "audit.pdf"), await page.pdf({ format: "A4", printBackground: true }));
  await page.context().close();
});

test("its security policy stops what a label could smuggle in", async () => {
  const smuggling = join(folder, "smuggling.html");
  writeFileSync(
    smuggling,
    toHtml(report()).replace(
      "</main>",
      '<img src="https://evil.example/x.png"><script>document.title = "owned"</script></main>',
    ),
  );
  const page = await (await browser.newContext()).newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  await page.goto(pathToFileURL(smuggling).href);
  expect(await page.title()).toBe("Session shares of https://fudo.example");
  expect(complaints.filter((text) => text.includes("Content Security Policy"))).toHaveLength(2);
  await page.context().close();
});
