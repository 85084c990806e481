// Whom to trust: the TLS part of a connection, as a connector for undici. It must not know what travels on it.
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { TLSSocket } from "node:tls";
import type { buildConnector } from "undici";
import type { TlsOptions } from "./api";
import { FudoError } from "./errors";

/** The `code` of the error that a connection ends with when the certificate is not one of the pinned ones. */
export const pinMismatch = "FUDO_CERTIFICATE_PIN";

/**
 * Connects as `options` say: by the system's trust, by an own CA, by pinned certificates, or unverified. Verification
 * is always set explicitly, so NODE_TLS_REJECT_UNAUTHORIZED changes nothing. Throws `config` for an unusable CA.
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
    // A resumed session would show the certificate of an earlier handshake: with a pin each connection has its own.
    ...(pins !== undefined && { maxCachedSessions: 0 }),
  });
  if (pins === undefined) return connect;
  return (target, callback) =>
    connect(target, (error, socket) => {
      if (error !== null) return callback(error, null);
      const mismatch = target.protocol === "https:" ? compare(socket as TLSSocket, pins) : undefined;
      if (mismatch === undefined) return callback(null, socket);
      // The socket was not handed over yet: no HTTP byte has been written to it.
      socket.destroy();
      callback(mismatch, null);
    });
}

function compare(socket: TLSSocket, pins: ReadonlySet<string>): Error | undefined {
  const presented = socket.getPeerCertificate().fingerprint256 as string | undefined;
  if (presented !== undefined && pins.has(presented.replaceAll(":", "").toLowerCase())) return undefined;
  const message =
    presented === undefined ? "it presents no certificate" : `the SHA-256 of the one presented is ${presented}`;
  return Object.assign(new Error(message), { code: pinMismatch });
}

function readCertificates(textOrPath: string): string {
  const pem = textOrPath.includes("-----BEGIN") ? textOrPath : readFile(textOrPath);
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]{1,100000}-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw unusable("holds no PEM certificate");
  for (const [index, block] of blocks.entries()) {
    try {
      new X509Certificate(block);
    } catch (cause) {
      throw unusable(`holds a certificate that cannot be read (number ${index + 1} of ${blocks.length})`, cause);
    }
  }
  return blocks.join("\n");
}

function readFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw unusable(`is neither PEM text nor a file that can be read (${code ?? "unreadable"})`, cause);
  }
}

function unusable(what: string, cause?: unknown): FudoError {
  return new FudoError("config", `fudo:caCertificate (or FUDO_CA_CERTIFICATE) ${what}`, { cause });
}
