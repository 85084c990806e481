// Reads the setting fudo:caCertificate: PEM text, or the path of a file with certificates. The client and doctor use the same
// reading, so that they never disagree about a file.
import { X509Certificate } from "node:crypto";
import { resolve } from "node:path";
import { FudoError } from "../errors";
import { printable } from "../redact/redact";
import { readRegularFile, UnreadableFile } from "../regular-file";

const maximumFileSize = 1024 * 1024;

/** The certificates as PEM text. Throws `config`. */
export function readCaCertificates(textOrPath: string): string {
  const isText = textOrPath.includes("-----BEGIN");
  const where = isText ? "" : ` (the file ${absolutePath(textOrPath)})`;
  const bytes = isText ? Buffer.from(textOrPath) : readFile(textOrPath);
  const certificates = certificatesIn(bytes, where);
  assertAuthority(certificates, where);
  return certificates.map((certificate) => certificate.toString()).join("\n");
}

// OpenSSL writes TRUSTED CERTIFICATE, with trust settings after the certificate; very old programs write X509 CERTIFICATE.
const pemBlock =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([^-]{1,100000})-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

function certificatesIn(bytes: Buffer, where: string): X509Certificate[] {
  const text = textOf(bytes);
  const contents: Buffer[] = Array.from(text.matchAll(pemBlock), ([, base64 = ""]) => Buffer.from(base64, "base64"));
  if (contents.length === 0 && isDer(bytes) && !isPkcs7(bytes) && !isPkcs12(bytes)) contents.push(bytes);
  if (contents.length === 0) throw unusable(withoutCertificate(bytes, text) + where);
  return contents.map((content, index) => {
    try {
      return new X509Certificate(firstElement(content));
    } catch (cause) {
      const position = `number ${index + 1} of ${contents.length}`;
      throw unusable(`contains a certificate that cannot be parsed (${position})${where}`, cause);
    }
  });
}

function textOf(bytes: Buffer): string {
  // Windows PowerShell writes UTF-16 when a command's output goes to a file.
  const text = bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString("utf16le") : bytes.toString("latin1");
  // An environment file often holds a line break as `\n`.
  return text.replaceAll("\\n", "\n");
}

function withoutCertificate(bytes: Buffer, text: string): string {
  if (/-----BEGIN (?:PKCS7|CMS|PKCS #7 SIGNED DATA)-----/.test(text) || isPkcs7(bytes)) {
    const form = isDer(bytes) ? " -inform DER" : "";
    return `is a PKCS#7 file (.p7b). Convert it with: openssl pkcs7${form} -print_certs -in FILE -out ca.pem`;
  }
  if (isPkcs12(bytes)) {
    return "is a PKCS#12 file (.p12, .pfx). Convert it with: openssl pkcs12 -nokeys -in FILE -out ca.pem";
  }
  return "contains no PEM certificate";
}

// DER starts with a SEQUENCE. PKCS#7 has its object identifier as the first element, PKCS#12 has version 3.
function isDer(bytes: Buffer): boolean {
  return bytes[0] === 0x30 && bytes.length > 16;
}

function isPkcs7(bytes: Buffer): boolean {
  return isDer(bytes) && bytes.subarray(0, 20).includes(Buffer.from("06092a864886f70d0107", "hex"));
}

function isPkcs12(bytes: Buffer): boolean {
  return isDer(bytes) && bytes.subarray(0, 9).includes(Buffer.from("020103", "hex"));
}

/** The first DER element: what follows a certificate in a TRUSTED CERTIFICATE is left out. */
function firstElement(der: Buffer): Buffer {
  const [tag, length = 0] = der;
  if (tag !== 0x30 || length < 0x81 || length > 0x84 || der.length < 6) return der;
  const digits = length & 0x0f;
  return der.subarray(0, 2 + digits + der.readUIntBE(2, digits));
}

// A self-signed certificate is its own authority, whatever it says about itself.
function assertAuthority(certificates: readonly X509Certificate[], where: string): void {
  if (certificates.some(({ ca, issuer, subject }) => ca || issuer === subject)) return;
  const fingerprints = certificates.slice(0, 3).map(({ fingerprint256 }) => fingerprint256);
  throw unusable(
    `contains no CA certificate, only the certificate of a server${where}. Set it to the CA that issued this certificate. ` +
      "Or pin the certificate: remove this setting, and set fudo:certificateFingerprint " +
      `(or FUDO_CERTIFICATE_FINGERPRINT) to ${fingerprints.join(", ")}`,
  );
}

function readFile(path: string): Buffer {
  try {
    return readRegularFile(path, maximumFileSize);
  } catch (cause) {
    if (!(cause instanceof UnreadableFile)) throw cause;
    const problem = `is neither PEM text nor a readable file (${cause.message}): ${absolutePath(path)}`;
    throw unusable(problem, cause.cause);
  }
}

function absolutePath(path: string): string {
  return printable(resolve(path), 1000);
}

function unusable(problem: string, cause?: unknown): FudoError {
  return new FudoError("config", `fudo:caCertificate (or FUDO_CA_CERTIFICATE) ${problem}`, { cause });
}
