// Which live shares are sealed: the state holds their link encrypted to the recipients, and in no other form.
import fc from "fast-check";
import { csvColumns, toCsv } from "../../../provider/audit/report/formats/csv";
import type { Report } from "../../../provider/audit/model/report-schema";
import { createFixture, encrypted, fingerprintOf, hour, now, plaintextSecret, type AuditFixture } from "./fixture";
import { ReportChain, shareIn } from "./report-chain";

const pluginType = "fudo:index:SessionShare";
const sealedUrl = "-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24=\n-----END AGE ENCRYPTED FILE-----\n";
/** The outputs of a sealed share. `undefined` is not in the JSON of the state. */
const sealed = { key: undefined, link: undefined, url: undefined, sealedUrl };

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

/** What the audit says about the only share, which has these outputs. */
async function sealedOf(outputs: Record<string, unknown>): Promise<boolean | undefined> {
  const { shares, code } = await fixture.report([fixture.resourceFor(fixture.share(), { outputs })]);
  expect([code, shares.length]).toEqual([0, 1]);
  return shares[0]!.sealed;
}

describe("a declared share", () => {
  test.each<[string, Record<string, unknown>]>([
    ["without key, link and url", sealed],
    ["with a key, a link and a url that are null", { ...sealed, key: null, link: null, url: null }],
    ["with a key that is an empty text", { ...sealed, key: plaintextSecret("") }],
    ["that a refresh has listed", { ...sealed, sealedRecipients: ["age1x"], sealedOrigin: "https://fudo.example" }],
  ])("%s and with a sealed link is sealed", async (_, outputs) => {
    expect(await sealedOf(outputs)).toBe(true);
  });

  test.each<[string, Record<string, unknown>]>([
    ["no sealed link", {}],
    ["neither a sealed link nor a key", { ...sealed, sealedUrl: undefined }],
    ["a sealed link, and an encrypted key", { ...sealed, key: encrypted }],
    ["a sealed link, and an encrypted link", { ...sealed, link: encrypted }],
    ["a sealed link, and a url that the export shows", { ...sealed, url: plaintextSecret("https://fudo.example/x") }],
    ["a sealed link, and a key in the clear", { ...sealed, key: "k" }],
    ["a sealed link, and a key that is no text", { ...sealed, key: 7 }],
    ["a sealed link that is encrypted in the state", { ...sealed, sealedUrl: encrypted }],
    ["a sealed link that is no age file", { ...sealed, sealedUrl: "https://fudo.example/x" }],
    ["a sealed link that is no text", { ...sealed, sealedUrl: 7 }],
  ])("with %s is not sealed", async (_, outputs) => {
    expect(await sealedOf(outputs)).toBe(false);
  });

  test("is matched by its fingerprint when it is sealed, with the type of either adapter", async () => {
    const [active, revoked, scheduled, absent] = [
      fixture.share(),
      fixture.share(-2),
      fixture.share(2),
      { ...fixture.share(-3), key: "no list has this key" },
    ];
    fixture.emulator.revoke(revoked.key);
    const type = (index: number) => (index % 2 === 0 ? {} : { type: pluginType });
    const shares = [active, revoked, scheduled, absent];
    const resources = shares.map((share, index) =>
      fixture.resourceFor(share, { name: `share-${index}`, outputs: sealed, ...type(index) }),
    );
    const report = await fixture.report(resources);
    expect(shares.map((share) => [shareIn(report, share)?.status, shareIn(report, share)?.sealed])).toEqual([
      ["active", true],
      ["removed", true],
      ["scheduled", true],
      ["missing", true],
    ]);
    expect(report.completeness.problems).toEqual([]);
  });

  test("is not sealed while another resource of the share holds its link", async () => {
    const [one, two, three] = [fixture.share(), fixture.share(-2), fixture.share(-3)];
    const report = await fixture.report([
      fixture.resourceFor(one, { name: "one", outputs: sealed }),
      fixture.resourceFor(one, { name: "looked-up", external: true }),
      fixture.resourceFor(two, { name: "two", outputs: sealed }),
      { ...fixture.resourceFor(two, { name: "replaced" }), delete: true },
      fixture.resourceFor(three, { name: "three", outputs: sealed }),
    ]);
    expect([one, two, three].map((share) => shareIn(report, share)?.sealed)).toEqual([false, false, true]);
  });
});

test("a share that no audited state has is neither sealed nor not sealed", async () => {
  const [unmanaged, destroyed] = [fixture.share(), fixture.share(-2)];
  const chain = new ReportChain(fixture);
  await chain.audit([fixture.resourceFor(destroyed, { outputs: sealed })]);
  const report = await chain.audit([]);
  for (const share of [unmanaged, destroyed]) expect(shareIn(report, share)).not.toHaveProperty("sealed");
});

test("an earlier report without the property, or with one that is not true or false, is read", async () => {
  const share = fixture.share();
  const resources = [fixture.resourceFor(share, { outputs: sealed })];
  const { code: _, ...first } = await fixture.report(resources);
  for (const earlier of [undefined, "yes"]) {
    const shares = first.shares.map(({ sealed: __, ...rest }) => ({ ...rest, sealed: earlier }));
    const previous = fixture.file("report.json", JSON.stringify({ ...first, shares }));
    expect(await fixture.report(resources, ["--previous", previous])).toMatchObject({
      code: 0,
      shares: [{ sealed: true }],
    });
  }
});

test("a sealed share of an unfinished create is not a problem of its own", async () => {
  const share = fixture.share();
  const urn = `urn:pulumi:dev::shop::${pluginType}::unfinished`;
  const inputs = { sessionId: share.sessionId, duration: "PT8H", recipients: ["age1x"] };
  const state = fixture.stateFile([fixture.resourceFor(share, { outputs: sealed })], {
    pending_operations: [{ type: "creating", resource: { urn, custom: true, type: pluginType, inputs } }],
  });
  const { stdout } = await fixture.run(["--state", state, "-o", "json"]);
  const { completeness, shares } = JSON.parse(stdout) as Report;
  expect(completeness).toMatchObject({ complete: true, problems: [] });
  expect(completeness.notes).toContainEqual(expect.stringContaining("::unfinished"));
  expect(shares).toMatchObject([{ sealed: true }]);
});

describe("the reports for people", () => {
  const row = async (resources: readonly object[], format = "table") => {
    const { stdout } = await fixture.run(["--state", fixture.stateFile(resources), "-o", format], { columns: 140 });
    expect(stdout).not.toContain("BEGIN AGE");
    return stdout.split("\n").filter((line) => /Sealed/.test(line));
  };

  test("say nothing of it while no live share is sealed", async () => {
    const over = fixture.share(-9, 8);
    const resources = [
      fixture.resourceFor(fixture.share(), { name: "open" }),
      fixture.resourceFor(over, { name: "over", outputs: sealed }),
    ];
    for (const format of ["table", "markdown", "html"]) expect(await row(resources, format)).toEqual([]);
  });

  test.each([
    ["table", /^Sealed +/],
    ["markdown", /^- Sealed: /],
    ["html", /^<div><dt>Sealed<\/dt><dd>/],
  ])("%s names the live shares that are not sealed", async (format, start) => {
    const [open, closed, over] = [fixture.share(), fixture.share(2), fixture.share(-9, 8)];
    const resources = [
      fixture.resourceFor(open, { name: "open" }),
      fixture.resourceFor(closed, { name: "closed", outputs: sealed }),
      fixture.resourceFor(over, { name: "over" }),
    ];
    const [line = "", ...more] = await row(resources, format);
    expect(more).toEqual([]);
    expect(line).toMatch(start);
    expect(line).toContain("1 of 2 live declared shares.");
    expect(line).toContain(`Not sealed, so a state holds the link: open (${fingerprintOf(open.key)}).`);
  });

  test("name ten shares, count the others, and name none when all are sealed", async () => {
    const shares = Array.from({ length: 13 }, () => fixture.share());
    const resources = shares.map((share, index) =>
      fixture.resourceFor(share, { name: `share-${index}`, outputs: index === 0 ? sealed : {} }),
    );
    const { stdout } = await fixture.run(["--state", fixture.stateFile(resources), "-o", "markdown"]);
    const [line = ""] = /^- Sealed: .*$/m.exec(stdout) ?? [];
    expect(line.match(/share-\d+/g)).toHaveLength(10);
    expect(line).toMatch(/, … and 2 more shares: see the JSON or CSV report\.$/);
    const all = shares.map((share, index) => fixture.resourceFor(share, { name: `share-${index}`, outputs: sealed }));
    expect(await row(all, "markdown")).toEqual(["- Sealed: 13 of 13 live declared shares."]);
  });
});

test("CSV: the last column says whether a declared share is sealed", async () => {
  const [open, closed, unmanaged] = [fixture.share(), fixture.share(2), fixture.share(-2)];
  const report = await fixture.report([
    fixture.resourceFor(open, { name: "open" }),
    fixture.resourceFor(closed, { name: "closed", outputs: sealed }),
  ]);
  expect(csvColumns.at(-1)).toBe("sealed");
  const rows = toCsv(report).trimEnd().split("\r\n");
  const lastOf = ({ key }: { key: string }) =>
    rows
      .find((line) => line.includes(fingerprintOf(key)))
      ?.split(",")
      .at(-1);
  expect([open, closed, unmanaged].map(lastOf)).toEqual(["no", "yes", ""]);
});

test("known less is never better: no value that the export hides makes a share sealed", async () => {
  const value = fc.constantFrom<unknown>(undefined, null, "", "text", 7, encrypted, plaintextSecret("x"), sealedUrl);
  const names = ["key", "link", "url", "sealedUrl"] as const;
  const share = fixture.share(-1, 8, { createdAt: now - hour });
  await fc.assert(
    fc.asyncProperty(fc.tuple(value, value, value, value), fc.constantFrom(...names), async (values, hidden) => {
      const outputs = Object.fromEntries(names.map((name, index) => [name, values[index]]));
      const sealedWith = async (more: object) =>
        (await fixture.report([fixture.resourceFor(share, { outputs: { ...outputs, ...more } })])).shares[0]!.sealed;
      const isEmpty = [undefined, null, ""].includes(outputs[hidden] as string | null | undefined);
      if (!isEmpty && (await sealedWith({})) === false) expect(await sealedWith({ [hidden]: encrypted })).toBe(false);
    }),
    { numRuns: 100 },
  );
});
