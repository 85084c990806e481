// fudo:caCertificate in a preview: a file that no request could use is a failure of check, once for a new share.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLifecycle } from "../../../provider/lifecycle";
import { makeCertificate } from "../../../provider/emulator";
import { recorded, sessionId, settings } from "../../support/states";
import { VirtualClock } from "../../support/virtual-clock";

const folder = mkdtempSync(join(tmpdir(), "fudo-ca-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(text: string): string {
  const file = join(folder, `${text.length}.pem`);
  writeFileSync(file, text);
  return file;
}

function lifecycleWith(caCertificate: string) {
  return createLifecycle({
    settings: settings({ "fudo:caCertificate": caCertificate }),
    clock: new VirtualClock(),
    createClient: () => {
      throw new Error("a preview sends no request");
    },
    flags: { abandonLive: false, recover: "off" },
  });
}

const news = { sessionId, duration: "PT8H" };
const { root: certificate } = makeCertificate();

test.each<[string, string, RegExp]>([
  ["no file", join(folder, "none.pem"), /is neither PEM text nor a readable file \(ENOENT\): /],
  ["a folder", folder, /is neither PEM text nor a readable file \(EISDIR\): /],
  ["a file without a certificate", fileWith("hello"), /contains no PEM certificate/],
  ["text that is cut off", certificate.slice(0, 200), /contains no PEM certificate/],
])("%s: the preview of a new share says so", (_, caCertificate, reason) => {
  const { failures } = lifecycleWith(caCertificate).check({}, news);
  expect(failures).toEqual([{ property: "", reason: expect.stringMatching(reason) }]);
  expect(failures[0]!.reason).toMatch(/^fudo:caCertificate \(or FUDO_CA_CERTIFICATE\) /);
});

test("a readable certificate is no failure, as text and as a file", () => {
  for (const value of [certificate, fileWith(certificate)]) {
    expect(lifecycleWith(value).check({}, news).failures).toEqual([]);
  }
});

test("an existing share needs no file, because its next `up` sends no request", () => {
  const { duration, readonly, labels } = recorded();
  const olds = { sessionId, duration, readonly, labels };
  expect(lifecycleWith(join(folder, "none.pem")).check(olds, news).failures).toEqual([]);
});
