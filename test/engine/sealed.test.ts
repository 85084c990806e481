// Sealed links on the real engine, with the class of the dynamic provider: the life of a share with `recipients`, opened by the
// `age` command as a vendor does.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Report } from "../../provider/audit/model/report-schema";
import {
  audit,
  diagnosticsOf,
  engineSuite,
  fingerprintOf,
  hour,
  openWindow,
  succeeded,
  type EngineSuite,
} from "../support/engine-share";
import { environmentOf } from "../support/engine-workspace";
import { pathWithLanguages } from "../support/plugin-language";
import { textOf } from "../support/repository";
import { newVendor, notForMe, openedBy, type Vendor } from "../support/vendor";

const header = "-----BEGIN AGE ENCRYPTED FILE-----\n";

describe("a share with recipients", () => {
  const suite = engineSuite({
    env: { PATH: pathWithLanguages() },
    emulator: { behaviour: { expiredShares: "hidden" } },
  });
  const window = openWindow();
  let vendor: Vendor;
  let colleague: Vendor;
  let outsider: Vendor;
  const project = () => join(suite().stack.folder, "project");
  const declare = (recipients: readonly string[]) => suite().declare(sealed({ ...inputs(), recipients }));
  const inputs = () => ({ sessionId: suite().sessionId, ...window });
  const url = () => suite().emulator.url + suite().emulator.shares()[0]!.link;
  const sealedUrl = async () => String((await suite().stack.outputs())["sealedUrl"]);

  beforeAll(() => {
    [vendor, colleague, outsider] = ["key.txt", "colleague.txt", "outsider.txt"].map((file) =>
      newVendor(project(), file),
    ) as [Vendor, Vendor, Vendor];
  });

  test("`up` creates it with one POST, and the state holds the link for the vendor only", async () => {
    declare([vendor.recipient]);
    expect(await suite().stack.up()).toMatchObject(succeeded("+ 2 created"));
    expect(suite().newRequests()).toEqual(["GET 200", "POST 200", "GET 200"]);
    const { outputs = {} } = await suite().recordedShare();
    expect(outputs).toMatchObject({ recipients: [vendor.recipient], sealedUrl: expect.stringMatching(header) });
    for (const name of ["key", "link", "url"]) expect(outputs).not.toHaveProperty(name);
    expect(openedBy(vendor, await sealedUrl())).toBe(url());
    expect(openedBy(outsider, await sealedUrl())).toEqual(notForMe);
  });

  test("the commands of the README print the link", () => {
    const [, block = ""] = /^## Sealed links\n.*?^```sh\n(.*?)^```/ms.exec(textOf("README.md")) ?? [];
    const env = environmentOf(suite().stack.folder, { PATH: pathWithLanguages() });
    expect(execFileSync("sh", ["-ec", block], { cwd: project(), env, encoding: "utf8" })).toBe(url());
  });

  test("the sealed link survives mail: line ends of Windows, spaces around it, JSON", async () => {
    const text = await sealedUrl();
    for (const form of [text.replaceAll("\n", "\r\n"), `\n\n${text}\n\n`, String(JSON.parse(JSON.stringify(text)))])
      expect(openedBy(vendor, form)).toBe(url());
  });

  test("the next `up` sends no request, and a refresh keeps the sealed link byte by byte", async () => {
    const { outputs } = await suite().recordedShare();
    suite().newRequests();
    expect(await suite().stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(suite().newRequests()).toEqual([]);
    expect(await suite().stack.refresh(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(suite().newRequests()).toEqual(["GET 200"]);
    expect((await suite().recordedShare()).outputs).toEqual(outputs);
  });

  test("another recipient: the preview sends no request, `up` one GET, and both open the link", async () => {
    declare([colleague.recipient, vendor.recipient]);
    expect(await suite().stack.preview()).toMatchObject(succeeded("~ 1 to update"));
    expect(suite().newRequests()).toEqual([]);
    expect(await suite().stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect(suite().newRequests()).toEqual(["GET 200"]);
    for (const one of [vendor, colleague]) expect(openedBy(one, await sealedUrl())).toBe(url());
    declare([vendor.recipient, colleague.recipient, vendor.recipient]);
    expect(await suite().stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(suite().newRequests()).toEqual([]);
  });

  test("a removed recipient cannot open the new text, and a warning says that the old text still opens", async () => {
    const old = await sealedUrl();
    declare([colleague.recipient]);
    const up = await suite().stack.up();
    expect(up).toMatchObject(succeeded("~ 1 updated"));
    expect(diagnosticsOf(up)).toEqual([expect.stringContaining("the removed recipients can still open the link")]);
    expect(suite().newRequests()).toEqual(["GET 200"]);
    expect(openedBy(vendor, await sealedUrl())).toEqual(notForMe);
    expect(openedBy(vendor, old)).toBe(url());
    expect(openedBy(colleague, await sealedUrl())).toBe(url());
  });

  test("another public URL: `up` sends one GET, and the link has the new address", async () => {
    const address = "https://vendors.example.com";
    await suite().stack.setConfig("fudo:publicUrl", address);
    expect(await suite().stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect(suite().newRequests()).toEqual(["GET 200"]);
    expect(openedBy(colleague, await sealedUrl())).toBe(address + suite().emulator.shares()[0]!.link);
    expect(await suite().stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(suite().newRequests()).toEqual([]);
  });

  test("`fudo-audit` says that it is sealed", async () => {
    const { shares, completeness } = await auditReport(suite());
    expect(shares).toMatchObject([{ status: "active", sealed: true, findings: [] }]);
    expect(completeness.problems).toEqual([]);
  });

  test("without recipients the state holds the link again, and with them it is sealed again", async () => {
    suite().newRequests();
    declare([]);
    expect(await suite().stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect(suite().newRequests()).toEqual(["GET 200"]);
    const { outputs } = await suite().recordedShare();
    expect(outputs).not.toHaveProperty("sealedUrl");
    for (const name of ["key", "link", "url"]) expect(outputs).toHaveProperty([name, "ciphertext"]);
    declare([colleague.recipient]);
    const up = await suite().stack.up();
    expect(up).toMatchObject(succeeded("~ 1 updated"));
    expect(diagnosticsOf(up)).toEqual([expect.stringMatching(/history.*still hold/i)]);
    expect(suite().newRequests()).toEqual([]);
    expect((await suite().recordedShare()).outputs).not.toHaveProperty("key");
    expect(await suite().stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
  });

  test("changed recipients of an expired share: one warning, and no change in the next `up`", async () => {
    const before = await sealedUrl();
    suite().advanceClocks(9);
    declare([vendor.recipient]);
    suite().newRequests();
    const up = await suite().stack.up();
    expect(up).toMatchObject(succeeded("~ 1 updated"));
    expect(diagnosticsOf(up)).toEqual([expect.stringMatching(/stays sealed as it was, because it has expired/)]);
    const next = await suite().stack.up(["--expect-no-changes"]);
    expect(next).toMatchObject(succeeded("2 unchanged"));
    expect(diagnosticsOf(next)).toEqual([]);
    expect(suite().newRequests()).toEqual([]);
    expect((await suite().recordedShare()).outputs).toMatchObject({
      recipients: [vendor.recipient],
      sealedRecipients: [colleague.recipient],
      sealedUrl: before,
    });
    expect(await suite().stack.destroy()).toMatchObject(succeeded("- 2 deleted"));
    expect(suite().emulator.shares()).toHaveLength(1);
  });
});

describe("shares that exist already", () => {
  const suite = engineSuite({ env: { PATH: pathWithLanguages() } });
  let vendor: Vendor;
  beforeAll(() => {
    vendor = newVendor(join(suite().stack.folder, "project"));
  });

  test("`adopt` seals a share without a POST; `get` of it holds the key, and the audit says so", async () => {
    const { stack, emulator, sessionId, declare, newRequests, recordedShare } = suite();
    const { key, link } = emulator.addShare(sessionId, { validTo: Date.now() + 8 * hour });
    const fingerprint = fingerprintOf(key);
    const inputs = { sessionId, validTo: emulator.shares()[0]!.validTo, recipients: [vendor.recipient] };
    const adopted = sealed({ ...inputs, adopt: fingerprint });
    declare(adopted);
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    expect(newRequests()).toEqual(["GET 200"]);
    expect(openedBy(vendor, String((await stack.outputs())["sealedUrl"]))).toBe(emulator.url + link);
    const shown = await stack.pulumi(["stack", "export", "--show-secrets"], { record: false });
    expect([shown.code, shown.stdout.includes(key)]).toEqual([0, false]);
    expect((await auditReport(suite())).shares).toMatchObject([{ sealed: true }]);
    declare(adopted, `fudo.SessionShare.get("got", "${sessionId}/${fingerprint}");`);
    expect(await stack.up()).toMatchObject(succeeded("2 unchanged"));
    expect((await recordedShare("got")).outputs).toHaveProperty("key");
    expect((await auditReport(suite())).shares).toMatchObject([{ sealed: false }]);
  });

  test("recipients that are secret in the program stay secret in the state, and the sealed link is none", async () => {
    const { stack, sessionId, declare, recordedShare } = suite();
    const inputs = `{ sessionId: "${sessionId}", duration: "PT8H", recipients: pulumi.secret(["${vendor.recipient}"]) }`;
    declare(`exports.sealedUrl = new fudo.SessionShare("hidden", ${inputs}).sealedUrl;`);
    expect(await stack.up()).toMatchObject(succeeded("+ 1 created"));
    const { outputs = {} } = await recordedShare("hidden");
    expect(outputs).toHaveProperty(["recipients", "ciphertext"]);
    expect(outputs).toHaveProperty("sealedUrl", expect.stringMatching(header));
    expect(await stack.outputs()).toHaveProperty("sealedUrl", outputs["sealedUrl"]);
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
  });
});

/** Program lines with one share and its sealed link. */
function sealed(inputs: object): string {
  return [
    `const vendor = new fudo.SessionShare("vendor", ${JSON.stringify(inputs)});`,
    `exports.sealedUrl = vendor.sealedUrl;`,
  ].join("\n");
}

async function auditReport(suite: EngineSuite): Promise<Report> {
  return JSON.parse(await audit(suite, ["--stack", "dev", "-o", "json"])) as Report;
}
