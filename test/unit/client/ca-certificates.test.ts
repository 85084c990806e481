// The setting fudo:caCertificate: which texts and files are read, and what the message says about the others.
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { isFudoError } from "../../../provider/client/errors";
import { readCaCertificates } from "../../../provider/client/tls/ca-certificates";
import { makeCertificate } from "../../../provider/emulator/http/certificate";

const fixtures = join(__dirname, "../../fixtures/certificates");
const pem = readFileSync(join(fixtures, "ca.pem"), "utf8");
const expected = new X509Certificate(pem).fingerprint256;
const root = makeCertificate({ commonName: "root", names: [], authority: true });
const issuing = makeCertificate({ commonName: "issuing", names: [], authority: true, issuer: root });
const leaf = makeCertificate({ commonName: "leaf", issuer: issuing });

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "fudo-"))));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Buffer): string {
  const path = join(folder, "ca");
  writeFileSync(path, content);
  return path;
}

const prints = (textOrPath: string) =>
  readCaCertificates(textOrPath)
    .split(/(?=-----BEGIN)/)
    .map((one) => new X509Certificate(one).fingerprint256);

function problem(textOrPath: string): string {
  try {
    readCaCertificates(textOrPath);
  } catch (error) {
    if (isFudoError(error) && error.code === "config") return error.message;
  }
  throw new Error("no config error");
}

const relabelled = (label: string) => pem.replaceAll(" CERTIFICATE-----", ` ${label}-----`);
const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64");

test.each<[string, () => string]>([
  ["PEM text", () => pem],
  ["PEM text with words around it", () => `subject=CN\n${pem}\nthe end`],
  ["PEM text with written line breaks", () => pem.replaceAll("\n", "\\n")],
  ["PEM text with Windows line breaks", () => pem.replaceAll("\n", "\r\n")],
  ["X509 CERTIFICATE", () => relabelled("X509 CERTIFICATE")],
  ["TRUSTED CERTIFICATE", () => readFileSync(join(fixtures, "ca-trusted.pem"), "utf8")],
  ["a file", () => join(fixtures, "ca.pem")],
  ["a file with a relative path", () => relative(process.cwd(), join(fixtures, "ca-trusted.pem"))],
  ["a DER file", () => file(der)],
  ["a file of UTF-16", () => file(Buffer.from(`\ufeff${pem}`, "utf16le"))],
  ["a file with a byte order mark", () => file(`\ufeff${pem}`)],
])("%s is read", (_what, textOrPath) => expect(prints(textOrPath())).toEqual([expected]));

test("several certificates are read in their order, and a leaf beside its CA does not matter", () => {
  expect(prints(leaf.chain + root.root)).toHaveLength(3);
  expect(prints(pem + relabelled("X509 CERTIFICATE"))).toEqual([expected, expected]);
});

test("an intermediate CA alone is read", () => expect(prints(issuing.chain)).toHaveLength(1));

test("a leaf alone gets the advice to pin it, with its fingerprint", () => {
  const [own = ""] = leaf.chain.split(/(?<=-----END CERTIFICATE-----\n)/);
  const message = problem(own);
  expect(message).toContain("contains no CA certificate, only the certificate of a server");
  expect(message).toContain(`set fudo:certificateFingerprint (or FUDO_CERTIFICATE_FINGERPRINT) to ${leaf.fingerprint}`);
});

const pkcs7 = readFileSync(join(fixtures, "ca.p7b"), "utf8");

test.each<[string, () => string, string]>([
  ["PKCS#7 text", () => pkcs7, "is a PKCS#7 file (.p7b). Convert it with: openssl pkcs7 -print_certs -in FILE"],
  ["a PKCS#7 file", () => join(fixtures, "ca.p7b"), "Convert it with: openssl pkcs7 -print_certs -in FILE -out ca.pem"],
  [
    "a PKCS#7 file in DER",
    () => file(Buffer.from(pkcs7.replace(/-----[^-]+-----/g, ""), "base64")),
    "openssl pkcs7 -inform DER -print_certs",
  ],
  [
    "a PKCS#12 file",
    () => file(Buffer.concat([Buffer.from("308209d2020103", "hex"), Buffer.alloc(64)])),
    "is a PKCS#12 file (.p12, .pfx). Convert it with: openssl pkcs12 -nokeys",
  ],
  ["a private key", () => leaf.privateKey, "contains no PEM certificate"],
  ["an empty file", () => file(""), "contains no PEM certificate (the file "],
  ["a truncated DER file", () => file(der.subarray(0, 300)), "cannot be parsed (number 1 of 1)"],
])("%s is refused", (_what, textOrPath, text) => {
  const message = problem(textOrPath());
  expect(message).toContain(`fudo:caCertificate (or FUDO_CA_CERTIFICATE) `);
  expect(message).toContain(text);
});

test("a file that cannot be read: the message has the absolute path", () => {
  expect(problem("no-such-folder/ca.pem")).toContain(`(ENOENT): ${join(process.cwd(), "no-such-folder/ca.pem")}`);
  expect(problem(folder)).toContain(`(EISDIR): ${folder}`);
});

test("only a regular file of at most 1 MiB is read", () => {
  const fifo = join(folder, "fifo");
  execFileSync("mkfifo", [fifo]);
  for (const path of [fifo, "/dev/zero", "/dev/null"]) expect(problem(path)).toContain(`(not a regular file): ${path}`);
  const large = file(pem);
  truncateSync(large, 1024 * 1024 + 1);
  expect(problem(large)).toContain(`(larger than 1 MiB): ${large}`);
  truncateSync(large, 1024 * 1024);
  expect(prints(large)).toEqual([expected]);
});
