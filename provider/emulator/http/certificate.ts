// Generates certificates: self-signed ones, as an appliance has by default, and chains, other names and other dates for
// tests of certificate checks. It writes only the DER that these need.
import { Buffer } from "node:buffer";
import { createHash, createPublicKey, type KeyObject, randomUUID } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import { realNow } from "../real-time";
import { der, integer, pem, sequence } from "./der";
import { privateKeyFrom, signFrom } from "./signature";

/** The contents of a certificate. */
export interface CertificateRequest {
  /** DNS names and IP addresses (localhost, 127.0.0.1, ::1). */
  names?: readonly string[];
  /** The common name of the subject (fudo-emulator). */
  commonName?: string;
  /** Default: yesterday; with a seed, the start of 2025. */
  validFrom?: Date;
  /** Default: in ten years; with a seed, the start of 2050. */
  validTo?: Date;
  /** Whether the certificate can sign others (false). */
  authority?: boolean;
  /** The certificate that signs this one. Default: self-signed. */
  issuer?: Certificate;
  /** The same seed and contents give the same certificate and key (random). Everyone who knows the seed has the key. */
  seed?: string | number;
}

/** A certificate with its private key (P-256). */
export interface Certificate {
  /** The common name of the subject. */
  readonly commonName: string;
  /** PEM of the leaf, then of the issuers below the root: the certificates that a server presents. */
  readonly chain: string;
  /** PEM of the root, or of the certificate itself if it is self-signed: the certificate that a client trusts. */
  readonly root: string;
  /** PEM, PKCS#8. */
  readonly privateKey: string;
  /** SHA-256 of the leaf's DER: 64 hex digits in pairs, separated by colons. */
  readonly fingerprint: string;
  /** The private key as an object of `node:crypto`. */
  readonly key: KeyObject;
}

const day = 86_400_000;
const oid = {
  ecdsaWithSha256: "2a8648ce3d040302",
  commonName: "550403",
  subjectAltName: "551d11",
  basicConstraints: "551d13",
};

/**
 * Generates a certificate and its key.
 *
 * @example
 * ```ts
 * import { makeCertificate, startEmulator } from "pulumi-fudo/emulator";
 *
 * const authority = makeCertificate({ commonName: "Example CA", authority: true });
 * export const appliance = startEmulator({ https: makeCertificate({ names: ["127.0.0.1"], issuer: authority }) });
 * export const caCertificate = authority.root;
 * ```
 */
export function makeCertificate(request: CertificateRequest = {}): Certificate {
  const { commonName = "fudo-emulator", issuer, seed = randomUUID() } = request;
  const origin = `${seed} certificate ${commonName}`;
  const key = privateKeyFrom(origin);
  const algorithm = sequence(objectId(oid.ecdsaWithSha256));
  const body = bodyOf({ ...request, commonName }, { origin, key, algorithm });
  const signature = signFrom(issuer?.key ?? key, body);
  const bytes = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature));
  const certificate = pem(bytes);
  return {
    commonName,
    chain: issuer === undefined || issuer.chain === issuer.root ? certificate : certificate + issuer.chain,
    root: issuer?.root ?? certificate,
    privateKey: key.export({ type: "pkcs8", format: "pem" }).toString(),
    fingerprint: createHash("sha256").update(bytes).digest("hex").toUpperCase().match(/../g)?.join(":") ?? "",
    key,
  };
}

/** The part of the certificate that its issuer signs. */
function bodyOf(
  request: CertificateRequest & { commonName: string },
  { origin, key, algorithm }: { origin: string; key: KeyObject; algorithm: Buffer },
): Buffer {
  const { names = ["localhost", "127.0.0.1", "::1"], commonName, authority = false, issuer } = request;
  const defaults = defaultDates(request.seed);
  const { validFrom = defaults.validFrom, validTo = defaults.validTo } = request;
  const contents = [origin, authority, validFrom.toISOString(), validTo.toISOString(), ...names].join("\n");
  return sequence(
    der(0xa0, integer(Buffer.from([2]))),
    // Clients refuse two certificates of one issuer that differ but have the same serial number.
    integer(createHash("sha256").update(contents).digest().subarray(0, 16)),
    algorithm,
    distinguishedName(issuer?.commonName ?? commonName),
    sequence(time(validFrom), time(validTo)),
    distinguishedName(commonName),
    createPublicKey(key).export({ type: "spki", format: "der" }),
    der(
      0xa3,
      sequence(
        extension(oid.basicConstraints, sequence(...(authority ? [der(0x01, Buffer.from([0xff]))] : []))),
        alternativeNames(names),
      ),
    ),
  );
}

/** A pinned fingerprint must stay the same, so the certificate of a seed has fixed dates. */
function defaultDates(seed: string | number | undefined): { validFrom: Date; validTo: Date } {
  if (seed !== undefined) return { validFrom: new Date("2025-01-01"), validTo: new Date("2050-01-01") };
  return { validFrom: new Date(realNow() - day), validTo: new Date(realNow() + 3650 * day) };
}

function objectId(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
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
