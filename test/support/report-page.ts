// The HTML report in a real Chromium. Without a browser, `startBrowser` fails and says what to install: a missing browser
// must not look like a passed test.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

const root = join(__dirname, "..", "..");
/** Pictures for people to look at: `SCREENSHOTS=true npm test -- engine test/engine/audit-page`. */
export const screenshots = join(root, ".engine", "screenshots");

export const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true } as const;
export const desktop = { viewport: { width: 1280, height: 900 } } as const;

export interface OpenPage {
  readonly page: Page;
  /** What the browser says about the page: errors and blocked content. */
  readonly messages: string[];
  readonly requests: string[];
}

export class PageBrowser {
  readonly #browser: Browser;
  readonly #folder = mkdtempSync(join(tmpdir(), "fudo-audit-page-"));
  #files = 0;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<PageBrowser> {
    const executablePath = execFileSync("node", ["scripts/chromium.mjs"], { cwd: root, encoding: "utf8" }).trim();
    mkdirSync(screenshots, { recursive: true });
    // Chromium has no sandbox for root; the page is trusted.
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    return new PageBrowser(await chromium.launch({ executablePath, args }));
  }

  /** Writes the page to a file and returns its address. */
  addressOf(html: string): string {
    const file = join(this.#folder, `report-${++this.#files}.html`);
    writeFileSync(file, html);
    return pathToFileURL(file).href;
  }

  async open(address: string, options: BrowserContextOptions = desktop): Promise<OpenPage> {
    const page = await (await this.#browser.newContext(options)).newPage();
    const [messages, requests]: [string[], string[]] = [[], []];
    page.on("console", (message) => messages.push(message.text()));
    page.on("pageerror", (error) => messages.push(error.message));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(address);
    return { page, messages, requests };
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A picture for people, only on request. A busy machine often cannot capture one: no test fails because of that. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS !== "true") return;
  const path = join(screenshots, `audit-${name}.png`);
  try {
    await page.screenshot({ path, fullPage: true });
  } catch (error) {
    process.stderr.write(`No picture was written to ${path}: ${String(error)}\n`);
  }
}
