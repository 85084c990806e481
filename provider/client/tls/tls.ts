// Makes undici's TLS connections and verifies certificates: by CA, by pinned fingerprint, or not at all.
import type { TLSSocket } from "node:tls";
import type { buildConnector } from "undici";
import type { TlsOptions } from "../api";
import { readCaCertificates } from "./ca-certificates";
import { clientCertificateWanted, handshakeProblem, pinMismatch } from "./tls-errors";

/**
 * A connector that verifies certificates as `options` require: with the system's CA certificates, with the configured
 * ones, by pinned fingerprints, or not at all. It always sets verification and the lowest TLS version explicitly, so
 * NODE_TLS_REJECT_UNAUTHORIZED and NODE_OPTIONS have no effect. Throws `config` for an unusable CA certificate.
 */
export function connectorFor(
  options: TlsOptions,
  timeout: number,
  build: typeof buildConnector,
): buildConnector.connector {
  const pins = options.certificateFingerprints?.length ? new Set(options.certificateFingerprints) : undefined;
  const connect = namingClientCertificates(
    build({
      ...(options.caCertificate !== undefined && {
        ca: readCaCertificates(options.caCertificate),
        // An intermediate CA alone is enough, as for `curl --cacert`.
        allowPartialTrustChain: true,
      }),
      minVersion: "TLSv1.2",
      rejectUnauthorized: pins === undefined && options.insecureSkipVerify !== true,
      allowH2: false,
      timeout,
      // A resumed TLS session reports the certificate of an earlier handshake. A pin must check the current one.
      ...(pins !== undefined && { maxCachedSessions: 0 }),
    }),
  );
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

/**
 * In TLS 1.2, a server that wants a client certificate ends the handshake with the same alert as one without a common cipher
 * suite, but only after both sides have agreed on secrets.
 */
function namingClientCertificates(connect: buildConnector.connector): buildConnector.connector {
  return (target, callback) => {
    let hasSecrets = false;
    const done: buildConnector.Callback = (...[error, socket]) => {
      if (error === null) {
        // In TLS 1.3, the alert comes after the handshake. undici would report the end of the connection that follows it.
        socket.on(
          "error",
          (failure: NodeJS.ErrnoException) => handshakeProblem(failure) !== undefined && socket.destroy(),
        );
        return callback(null, socket);
      }
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (hasSecrets && /ALERT_HANDSHAKE_FAILURE$/.test(code)) Object.assign(error, { code: clientCertificateWanted });
      callback(error, null);
    };
    // undici returns the socket, which its types do not say.
    const socket = connect(target, done) as unknown as TLSSocket | undefined;
    if (target.protocol === "https:") socket?.once("keylog", () => (hasSecrets = true));
  };
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
