// Opens a TLS connection only to read the certificate of the appliance. It sends no HTTP, and so no API key.
import { isIP } from "node:net";
import { connect, type PeerCertificate, type TLSSocket } from "node:tls";

/** The certificate that the appliance presents, trusted or not. */
export interface PresentedCertificate {
  /** SHA-256 of the certificate: 64 hex digits in pairs, separated by colons. */
  readonly fingerprint: string;
  /** Untrusted text, like `issuer`. */
  readonly subject: string;
  readonly issuer: string;
  /** Milliseconds since the epoch; NaN when it cannot be read. */
  readonly validTo: number;
  /** Node's code for why it does not trust chain, dates or name, for example `DEPTH_ZERO_SELF_SIGNED_CERT`. */
  readonly trustError?: string;
  /** For example `TLSv1.3`. */
  readonly protocol: string;
}

/** Does a TLS handshake with `https://host[:port]`. Rejects with Node's error when the handshake fails or times out. */
export function probeTls(origin: string, ca: string | undefined, timeout: number): Promise<PresentedCertificate> {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      ...(isIP(host) === 0 && { servername: host }),
      ...(ca !== undefined && { ca }),
      // The probe must also read a certificate that is not trusted. The caller checks `trustError`.
      rejectUnauthorized: false,
    });
    socket.setTimeout(timeout, () =>
      socket.destroy(Object.assign(new Error("the TLS handshake timed out"), { code: "ETIMEDOUT" })),
    );
    socket.once("error", reject);
    socket.once("secureConnect", () => {
      resolve(presentedCertificate(socket));
      socket.destroy();
    });
  });
}

function presentedCertificate(socket: TLSSocket): PresentedCertificate {
  const certificate = socket.getPeerCertificate();
  const trustError = socket.authorized ? undefined : (socket.authorizationError as Error | string | undefined);
  return {
    fingerprint: certificate.fingerprint256,
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validTo: Date.parse(certificate.valid_to),
    ...(trustError !== undefined && { trustError: String(trustError) }),
    protocol: socket.getProtocol() ?? "TLS",
  };
}

function nameOf(name: PeerCertificate["subject"]): string {
  return [name.CN ?? name.O ?? "(no name)"].flat().join(", ");
}
