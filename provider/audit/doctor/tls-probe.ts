// A TLS handshake of its own, to read the certificate that an appliance presents. It sends no HTTP byte, and so no key.
import { isIP } from "node:net";
import { connect, type PeerCertificate, type TLSSocket } from "node:tls";

/** What the appliance presents, trusted or not. */
export interface Presented {
  /** SHA-256 of the certificate: 64 hex digits in pairs, colons between. */
  readonly fingerprint: string;
  /** Foreign text. */
  readonly subject: string;
  readonly issuer: string;
  /** Milliseconds since the epoch; NaN where it cannot be read. */
  readonly validTo: number;
  /** Node's word for why it is not trusted, chain, dates and name: `DEPTH_ZERO_SELF_SIGNED_CERT` … */
  readonly distrust?: string;
  /** `TLSv1.3`. */
  readonly protocol: string;
}

/** Shakes hands with `https://host[:port]`. Rejects with Node's error where there is no TLS to be had in time. */
export function handshake(origin: string, ca: string | undefined, timeout: number): Promise<Presented> {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      ...(isIP(host) === 0 && { servername: host }),
      ...(ca !== undefined && { ca }),
      // Looked at below: a certificate that is not trusted is what we want to see.
      rejectUnauthorized: false,
    });
    socket.setTimeout(timeout, () =>
      socket.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" })),
    );
    socket.once("error", reject);
    socket.once("secureConnect", () => {
      resolve(presentedBy(socket));
      socket.destroy();
    });
  });
}

function presentedBy(socket: TLSSocket): Presented {
  const certificate = socket.getPeerCertificate();
  const distrust = socket.authorized ? undefined : (socket.authorizationError as Error | string | undefined);
  return {
    fingerprint: certificate.fingerprint256,
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validTo: Date.parse(certificate.valid_to),
    ...(distrust !== undefined && { distrust: String(distrust) }),
    protocol: socket.getProtocol() ?? "TLS",
  };
}

function nameOf(name: PeerCertificate["subject"]): string {
  return [name.CN ?? name.O ?? "without a name"].flat().join(", ");
}
