// The filters of the HTML report in a real Chromium: they search everything, and a filtered page can be linked.
import type { Page } from "playwright-core";
import { toHtml } from "../../provider/audit/report/formats/html/html";
import { report } from "../support/audit-report";
import { sampleShares } from "../support/audit-shares";
import { desktop, PageBrowser, phone } from "../support/report-page";

let browser: PageBrowser;
let address: string;
beforeAll(async () => {
  browser = await PageBrowser.start();
  address = browser.addressOf(toHtml(report()));
}, 700_000);
afterAll(() => browser?.stop());

const visible = (page: Page, selector: string) => page.locator(`${selector}:visible`).count();
const shown = (page: Page) => page.locator("output").textContent();

/** What is visible after a step. */
async function filtered(apply: (page: Page) => Promise<unknown>) {
  const { page, messages } = await browser.open(address);
  await apply(page);
  const counts = {
    rows: await visible(page, "#inventory tbody tr"),
    findings: await visible(page, "#findings li[data-share]"),
    groups: await visible(page, "#findings [data-group]"),
    bars: await visible(page, ".bar-row[data-share]"),
    links: await visible(page, "#revoke tbody tr"),
    shown: await shown(page),
  };
  expect(messages).toEqual([]);
  await page.context().close();
  return counts;
}

describe("search", () => {
  test.each([
    ["a label value", "CHG-1042", 3],
    ["a label value in other letters", "chg-1042", 3],
    ["a label name", "purpose", 1],
    ["a session", "9223372036854775807", 3],
    ["a fingerprint", "6f727068616e6564", 1],
    ["session and fingerprint", "4665729213955833858/6f727068616e6564", 1],
    ["a stack", "plant/prod", 1],
    ["a URN", "urn:pulumi:test::shop", 2],
    ["a resource", "acme-week", 1],
    ["a vendor", "soylent", 2],
    ["wide text", "株式会社", 2],
    ["full-width letters as narrow ones", "(fudo)", 1],
    ["a kind of finding", "too-long", 1],
    ["the title of a finding", "old link of a replaced", 1],
    ["the message of a finding", "someone revoked the access", 1],
    ["a status", "scheduled", 1],
    ["the reason of an acceptance", "needs the keyboard", 1],
    ["several words, in any order", "prod acme-db chg-1042", 1],
    ["nothing of this report", "nobody", 0],
  ])("the search finds %s", async (_, text, rows) => {
    const result = await filtered((page) => page.getByLabel("Search").fill(text));
    expect(result).toMatchObject({ rows, shown: `${rows} of 14 shares shown` });
  });
});

describe("choices", () => {
  test("the filter by vendor hides findings, groups, bars and links of other vendors", async () => {
    expect(await filtered((page) => page.locator(".filters").getByLabel("Vendor").selectOption("Soylent"))).toEqual({
      rows: 2,
      findings: 2,
      groups: 2,
      bars: 2,
      links: 1,
      shown: "2 of 14 shares shown",
    });
    expect(
      await filtered((page) => page.locator(".filters").getByLabel("Vendor").selectOption("no vendor")),
    ).toMatchObject({ rows: 3 });
  });

  test.each([
    ["Status", "scheduled", 1],
    ["Status", "not listed", 1],
    ["Stack", "acme-corp/shop/prod", 7],
    ["Stack", "acme-corp/shop/test", 2],
    ["Stack", "no stack", 3],
    ["Mode", "interactive", 2],
    ["Mode", "readonly", 12],
  ])("the filter %s = %s", async (label, option, rows) => {
    expect(await filtered((page) => page.locator(".filters").getByLabel(label).selectOption(option))).toMatchObject({
      rows,
    });
  });

  test("only with findings", async () => {
    expect(await filtered((page) => page.getByLabel("only with findings").check())).toMatchObject({
      rows: 11,
      findings: 13,
    });
  });

  test("two filters show the shares that match both, and the button clears them", async () => {
    const { page } = await browser.open(address);
    await page.locator(".filters").getByLabel("Mode").selectOption("interactive");
    await page.locator(".filters").getByLabel("Stack").selectOption("no stack");
    expect(await shown(page)).toBe("1 of 14 shares shown");
    expect(await page.locator("#revoke .count").textContent()).toBe("1 of 5 links");
    await page.getByRole("button", { name: "Clear filters" }).click();
    expect(await shown(page)).toBe("14 of 14 shares shown");
    expect(await page.locator("#revoke .count").textContent()).toBe("5 links");
    await page.context().close();
  });

  test("each list says when no entry matches", async () => {
    const { page } = await browser.open(address);
    await page.getByLabel("Search").fill("nobody");
    for (const text of ["No finding matches the filters.", "No link matches the filters."])
      expect(await page.getByText(text).isVisible()).toBe(true);
    expect(await visible(page, "#timeline [data-empty], #inventory [data-empty]")).toBe(2);
    await page.context().close();
  });
});

describe("addresses", () => {
  test("the address has the filters, and a page that opens with it shows the same", async () => {
    const { page } = await browser.open(address);
    await page.locator(".filters").getByLabel("Vendor").selectOption("ACME <b>Support</b>");
    await page.getByLabel("Search").fill("chg-1042 & more=1");
    await page.getByLabel("Search").fill("chg-1042");
    await page.locator(".filters").getByLabel("Status").selectOption("active");
    const link = page.url();
    expect(await shown(page)).toBe("2 of 14 shares shown");
    await page.context().close();
    const again = await browser.open(link);
    expect(await shown(again.page)).toBe("2 of 14 shares shown");
    expect(await again.page.locator(".filters").getByLabel("Vendor").inputValue()).toBe("=ACME <b>Support</b>");
    await again.page.context().close();
  });

  test("an address with a vendor that this report does not have shows no share, and says which vendor", async () => {
    const { page, messages } = await browser.open(`${address}#vendor=%3D<img src=x>`);
    expect(await shown(page)).toBe("0 of 14 shares shown");
    expect(await page.locator(".filters").getByLabel("Vendor").inputValue()).toBe("=<img src=x>");
    expect(messages).toEqual([]);
    await page.context().close();
  });

  test.each(["#%E0%A4%A", "#nothing-here", "#q=%E0%A4%A", "#=", "#__proto__=1", "#found=1&mode=unknown"])(
    "the address %s breaks nothing",
    async (hash) => {
      const { page, messages } = await browser.open(`${address}${hash}`);
      expect(messages).toEqual([]);
      expect(await shown(page)).toMatch(/^\d+ of 14 shares shown$/);
      await page.context().close();
    },
  );

  test("finding, inventory and timeline lead to each other, also to what a filter hides", async () => {
    const { page } = await browser.open(address, desktop);
    const key = `${sampleShares.orphaned.sessionId}/${sampleShares.orphaned.fingerprint}`;
    const at = (id: string) => page.locator(`[id="${id}"]`);
    await page.locator("#findings").getByRole("link", { name: "Soylent / old-vendor" }).click();
    expect(new URL(page.url()).hash).toBe(`#share-${key}`);
    await at(`share-${key}`).getByRole("link", { name: "2026-03-01 16:00 UTC" }).click();
    expect(new URL(page.url()).hash).toBe(`#window-${key}`);
    await at(`window-${key}`).getByRole("link", { name: "orphaned" }).click();
    expect(new URL(page.url()).hash).toBe(`#finding-orphaned-${key}`);
    await page.locator(".filters").getByLabel("Vendor").selectOption("Globex");
    expect(await at(`share-${key}`).isVisible()).toBe(false);
    await page.goto(`${address}#share-${key}`);
    await at(`share-${key}`).waitFor({ state: "visible" });
    expect(await shown(page)).toBe("14 of 14 shares shown");
    await page.context().close();
  });
});

test("on a phone the choices are folded until somebody opens them", async () => {
  const { page } = await browser.open(address, phone);
  expect(await page.locator(".filters").getByLabel("Vendor").isVisible()).toBe(false);
  await page.getByText("Filters", { exact: true }).click();
  await page.locator(".filters").getByLabel("Vendor").selectOption("Globex");
  expect(await shown(page)).toBe("1 of 14 shares shown");
  await page.context().close();
});

test("a page with 3,000 of 5,000 shares says so in the count", async () => {
  const many = Array.from({ length: 5000 }, (_, index) => ({
    ...sampleShares.plain,
    fingerprint: index.toString(16).padStart(16, "0"),
    findings: [],
  }));
  const { page } = await browser.open(browser.addressOf(toHtml(report({ shares: many }))));
  await page.getByLabel("Search").fill("00000000000000ff");
  expect(await shown(page)).toBe("1 of 3000 shares (of 5000 in the report) shown");
  await page.context().close();
});
