// Sealed links on the real engine, with the plugin in YAML and in Python: the life of a share with `recipients`, opened by the `age`
// command as a vendor does.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pluginSharesIn } from "../support/engine-plugin";
import { diagnosticsOf, fingerprintOf, succeeded, type EngineSuite } from "../support/engine-share";
import { languageSuite } from "../support/plugin-language";
import { newVendor, notForMe, openedBy, type Vendor } from "../support/vendor";

jest.setTimeout(300_000);

/** The program with one share and its sealed link. */
const programs = {
  yaml: (inputs: Record<string, unknown>) => ({
    file: "Pulumi.yaml",
    text: JSON.stringify({
      name: "project",
      runtime: "yaml",
      resources: { vendor: { type: "fudo:SessionShare", properties: inputs } },
      outputs: { sealedUrl: "${vendor.sealedUrl}" },
    }),
  }),
  python: ({ sessionId, ...inputs }: Record<string, unknown>) => ({
    file: "__main__.py",
    text: [
      "import json",
      "import pulumi",
      "import pulumi_fudo as fudo",
      `inputs = json.loads(${JSON.stringify(JSON.stringify(inputs))})`,
      `vendor = fudo.SessionShare("vendor", session_id="${String(sessionId)}", **inputs)`,
      'pulumi.export("sealedUrl", vendor.sealed_url)',
      "",
    ].join("\n"),
  }),
} as const;

function declare({ stack, sessionId }: EngineSuite, language: keyof typeof programs, inputs: object): void {
  const { file, text } = programs[language]({ sessionId, ...inputs });
  writeFileSync(join(stack.folder, "project", file), text);
}

const sealedUrlOf = async ({ stack }: EngineSuite) => String((await stack.outputs())["sealedUrl"]);
const recorded = async ({ stack }: EngineSuite) => pluginSharesIn(await stack.export())[0]?.outputs ?? {};

describe.each(["yaml", "python"] as const)("%s", (language) => {
  const suite = languageSuite(language);
  let vendor: Vendor;
  let colleague: Vendor;
  const url = () => suite().emulator.url + suite().emulator.shares()[0]!.link;
  const withRecipients = (...recipients: readonly string[]) =>
    declare(suite(), language, { duration: "PT8H", recipients });

  beforeAll(() => {
    [vendor, colleague] = ["key.txt", "colleague.txt"].map((file) =>
      newVendor(join(suite().stack.folder, "project"), file),
    ) as [Vendor, Vendor];
  });

  test("`preview` sends no request; `up` creates the share with one POST, and the state holds the link for the vendor only", async () => {
    withRecipients(vendor.recipient);
    expect(await suite().stack.preview()).toMatchObject(succeeded("+ 2 to create"));
    expect(suite().newRequests()).toEqual([]);
    expect(await suite().stack.up()).toMatchObject(succeeded("+ 2 created"));
    expect(suite().newRequests()).toEqual(["GET 200", "POST 200", "GET 200"]);
    for (const name of ["key", "link", "url"]) expect(await recorded(suite())).not.toHaveProperty(name);
    expect(openedBy(vendor, await sealedUrlOf(suite()))).toBe(url());
    expect(openedBy(colleague, await sealedUrlOf(suite()))).toEqual(notForMe);
  });

  test("the next `up` sends no request, and a refresh keeps the sealed link byte by byte", async () => {
    const before = await recorded(suite());
    expect(await suite().stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(suite().newRequests()).toEqual([]);
    expect(await suite().stack.refresh(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(suite().newRequests()).toEqual(["GET 200"]);
    expect(await recorded(suite())).toEqual(before);
  });

  test("changed recipients: the preview sends no request, `up` one GET, and the new recipients open the link", async () => {
    withRecipients(colleague.recipient, vendor.recipient);
    expect(await suite().stack.preview()).toMatchObject(succeeded("~ 1 to update"));
    expect(suite().newRequests()).toEqual([]);
    expect(await suite().stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect(suite().newRequests()).toEqual(["GET 200"]);
    for (const one of [vendor, colleague]) expect(openedBy(one, await sealedUrlOf(suite()))).toBe(url());
    withRecipients(vendor.recipient, colleague.recipient);
    expect(await suite().stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
  });

  test("another public URL: `up` sends one GET, and the link has the new address", async () => {
    const address = "https://vendors.example.com";
    await suite().stack.setConfig("fudo:publicUrl", address);
    suite().newRequests();
    expect(await suite().stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect(suite().newRequests()).toEqual(["GET 200"]);
    expect(openedBy(vendor, await sealedUrlOf(suite()))).toBe(address + suite().emulator.shares()[0]!.link);
  });

  test("changed recipients of an expired share: one warning, and no change in the next `up`", async () => {
    suite().advanceClocks(9);
    withRecipients(vendor.recipient);
    suite().newRequests();
    const up = await suite().stack.up();
    expect(up).toMatchObject(succeeded("~ 1 updated"));
    expect(diagnosticsOf(up)).toEqual([expect.stringMatching(/stays sealed as it was, because it has expired/)]);
    const next = await suite().stack.up(["--expect-no-changes"]);
    expect(next).toMatchObject(succeeded("2 unchanged"));
    expect(diagnosticsOf(next)).toEqual([]);
    expect(suite().newRequests()).toEqual([]);
    expect(await suite().stack.destroy()).toMatchObject(succeeded("- 2 deleted"));
  });
});

describe("an imported share", () => {
  const suite = languageSuite("yaml");

  test("holds its key until the program declares recipients; then `up` seals it without a request and says so", async () => {
    const { stack, emulator, sessionId, newRequests } = suite();
    const vendor = newVendor(join(stack.folder, "project"));
    const { key, link, validSince, validTo } = emulator.addShare(sessionId);
    const id = `${sessionId}/${fingerprintOf(key)}`;
    const window = { validSince, validTo };
    const program = { ...window, readonly: emulator.shares()[0]!.readonly };
    declare(suite(), "yaml", program);
    const imported = await stack.pulumi(["import", "fudo:index:SessionShare", "vendor", id, "--yes", "--out=imported"]);
    expect(imported).toMatchObject(succeeded("1 imported"));
    expect(await recorded(suite())).toHaveProperty(["key", "ciphertext"]);
    declare(suite(), "yaml", { ...program, recipients: [vendor.recipient] });
    newRequests();
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("~ 1 updated"));
    expect(diagnosticsOf(up)).toEqual([expect.stringMatching(/the state no longer holds its key/)]);
    expect(newRequests()).toEqual([]);
    for (const name of ["key", "link", "url"]) expect(await recorded(suite())).not.toHaveProperty(name);
    expect(openedBy(vendor, await sealedUrlOf(suite()))).toBe(emulator.url + link);
  });
});
