// Generates certificates: self-signed ones, as an appliance has by default, and chains, other names and other dates for
// tests of certificate checks. It writes only the DER that these need; Node.js generates the keys and signatures.
import { Buffer } from "node:buffer";
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";

/** The contents of a certificate. */
export interface CertificateRequest {
  /** DNS names and IP addresses (localhost, 127.0.0.1, ::1). */
  names?: readonly string[];
  /** The common name of the subject (fudo-emulator). */
  commonName?: string;
  /** Default: yesterday. */
  validFrom?: Date;
  /** Default: in ten years. */
  validTo?: Date;
  /** Whether the certificate can sign others (false). */
  authority?: boolean;
  /** The certificate that signs this one. Default: self-signed. */
  issuer?: Certificate;
}

/** A certificate with its private key (P-256). */
export interface Certificate {
  readonly commonName: string;
  /** PEM of the leaf, then of the issuers below the root: the certificates that a server presents. */
  readonly chain: string;
  /** PEM of the root, or of the certificate itself if it is self-signed: the certificate that a client trusts. */
  readonly root: string;
  /** PEM, PKCS#8. */
  readonly privateKey: string;
  /** SHA-256 of the leaf's DER: 64 hex digits in pairs, separated by colons. */
  readonly fingerprint: string;
  readonly key: KeyObject;
}

const day = 86_400_000;
const oid = {
  ecdsaWithSha256: "2a8648ce3d040302",
  commonName: "550403",
  subjectAltName: "551d11",
  basicConstraints: "551d13",
};

/** Generates a certificate and its key. */
export function makeCertificate(request: CertificateRequest = {}): Certificate {
  const {
    names = ["localhost", "127.0.0.1", "::1"],
    commonName = "fudo-emulator",
    authority = false,
    issuer,
  } = request;
  const { validFrom = new Date(Date.now() - day), validTo = new Date(Date.now() + 3650 * day) } = request;
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(objectId(oid.ecdsaWithSha256));
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    algorithm,
    distinguishedName(issuer?.commonName ?? commonName),
    sequence(time(validFrom), time(validTo)),
    distinguishedName(commonName),
    publicKey.export({ type: "spki", format: "der" }),
    der(
      0xa3,
      sequence(
        extension(oid.basicConstraints, sequence(...(authority ? [der(0x01, Buffer.from([0xff]))] : []))),
        alternativeNames(names),
      ),
    ),
  );
  const signature = sign("sha256", body, issuer?.key ?? privateKey);
  const bytes = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature));
  const certificate = pem(bytes);
  return {
    commonName,
    chain: issuer === undefined || issuer.chain === issuer.root ? certificate : certificate + issuer.chain,
    root: issuer?.root ?? certificate,
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    fingerprint: createHash("sha256").update(bytes).digest("hex").toUpperCase().match(/../g)?.join(":") ?? "",
    key: privateKey,
  };
}

function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

function sequence(...contents: Buffer[]): Buffer {
  return der(0x30, ...contents);
}

function objectId(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

/** A positive integer: clears the leading bit that would make it negative, and avoids leading zeros. */
function integer(bytes: Buffer): Buffer {
  const [first = 0] = bytes;
  return der(0x02, Buffer.from([(first & 0x3f) | (bytes.length > 1 ? 0x40 : 0)]), bytes.subarray(1));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(der(0x31, sequence(objectId(oid.commonName), der(0x0c, Buffer.from(commonName)))));
}

function time(date: Date): Buffer {
  const text = date.toISOString().replace(/\.\d+|[-:T]/g, "");
  // X.509 uses two-digit years up to 2049, and four-digit years from 2050.
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(text.slice(2))) : der(0x18, Buffer.from(text));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(objectId(id), der(0x04, value));
}

function alternativeNames(names: readonly string[]): Buffer {
  return extension(
    oid.subjectAltName,
    sequence(
      ...names.map((name) => (isIPv4(name) || isIPv6(name) ? der(0x87, address(name)) : der(0x82, Buffer.from(name)))),
    ),
  );
}

function address(text: string): Buffer {
  if (isIPv4(text)) return Buffer.from(text.split(".").map(Number));
  const [head = "", tail] = text.split("::").map((half) => half.split(":").filter((group) => group !== ""));
  const missing = 8 - head.length - (tail?.length ?? 0);
  const groups = [...head, ...Array<string>(Math.max(0, missing)).fill("0"), ...(tail ?? [])];
  return Buffer.from(groups.map((group) => group.padStart(4, "0")).join(""), "hex");
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
