// Makes undici's TLS connections and verifies certificates: by CA, by pinned fingerprint, or not at all.
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { TLSSocket } from "node:tls";
import type { buildConnector } from "undici";
import type { TlsOptions } from "./api";
import { FudoError } from "./errors";

/** The `code` of the connection error when the certificate does not match a pinned fingerprint. */
export const pinMismatch = "FUDO_CERTIFICATE_PIN";

/**
 * A connector that verifies certificates as `options` require: with the system's CA certificates, with the configured
 * ones, by pinned fingerprints, or not at all. It always sets verification explicitly, so NODE_TLS_REJECT_UNAUTHORIZED
 * has no effect. Throws `config` for an unusable CA certificate.
 */
export function connectorFor(
  options: TlsOptions,
  timeout: number,
  build: typeof buildConnector,
): buildConnector.connector {
  const pins = options.certificateFingerprints?.length ? new Set(options.certificateFingerprints) : undefined;
  const connect = build({
    ...(options.caCertificate !== undefined && { ca: readCertificates(options.caCertificate) }),
    rejectUnauthorized: pins === undefined && options.insecureSkipVerify !== true,
    allowH2: false,
    timeout,
    // A resumed TLS session reports the certificate of an earlier handshake. A pin must check the current one.
    ...(pins !== undefined && { maxCachedSessions: 0 }),
  });
  if (pins === undefined) return connect;
  return (target, callback) =>
    connect(target, (error, socket) => {
      if (error !== null) return callback(error, null);
      const mismatch = target.protocol === "https:" ? checkPin(socket as TLSSocket, pins) : undefined;
      if (mismatch === undefined) return callback(null, socket);
      // undici does not have this socket yet, so no HTTP byte has been written to it.
      socket.destroy();
      callback(mismatch, null);
    });
}

function checkPin(socket: TLSSocket, pins: ReadonlySet<string>): Error | undefined {
  const presented = socket.getPeerCertificate().fingerprint256 as string | undefined;
  if (presented !== undefined && pins.has(presented.replaceAll(":", "").toLowerCase())) return undefined;
  const message =
    presented === undefined
      ? "the server presented no certificate"
      : `the server presented a certificate with the SHA-256 fingerprint ${presented}`;
  return Object.assign(new Error(message), { code: pinMismatch });
}

function readCertificates(textOrPath: string): string {
  const pem = textOrPath.includes("-----BEGIN") ? textOrPath : readFile(textOrPath);
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]{1,100000}-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw unusableCertificate("contains no PEM certificate");
  for (const [index, block] of blocks.entries()) {
    try {
      new X509Certificate(block);
    } catch (cause) {
      const position = `number ${index + 1} of ${blocks.length}`;
      throw unusableCertificate(`contains a certificate that cannot be parsed (${position})`, cause);
    }
  }
  return blocks.join("\n");
}

function readFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw unusableCertificate(`is neither PEM text nor a readable file (${code ?? "unreadable"})`, cause);
  }
}

function unusableCertificate(problem: string, cause?: unknown): FudoError {
  return new FudoError("config", `fudo:caCertificate (or FUDO_CA_CERTIFICATE) ${problem}`, { cause });
}
