// Reads the certificate of the appliance and how the client judges it. It opens TLS connections exactly as the client does, and
// sends no HTTP on them, and so no API key.
import type { PeerCertificate, TLSSocket } from "node:tls";
import { handshakeProblem, openTls } from "../../client";
import type { Settings } from "../../lifecycle";

/** The certificate that the appliance presents, trusted or not. */
export interface PresentedCertificate {
  /** SHA-256 of the certificate: 64 hex digits in pairs, separated by colons. */
  readonly fingerprint: string;
  /** Untrusted text, like `issuer`. */
  readonly subject: string;
  readonly issuer: string;
  /** Milliseconds since the epoch; NaN when it cannot be read. */
  readonly validTo: number;
  /** Why the client does not trust chain, dates or name. */
  readonly trustError?: NodeJS.ErrnoException;
  /** For example `TLSv1.3`. */
  readonly protocol: string;
}

/** How long a server may take to refuse the client after the handshake, in milliseconds. */
const alertDelay = 300;

/** Does TLS handshakes with `https://host[:port]`. Rejects with the error of a handshake that fails or times out. */
export async function probeTls(origin: string, { tls, timeout }: Settings): Promise<PresentedCertificate> {
  const ca = tls.caCertificate === undefined ? {} : { caCertificate: tls.caCertificate };
  const socket = await openTls(origin, { ...ca, insecureSkipVerify: true }, timeout);
  try {
    await noAlert(socket);
    const trustError = await openTls(origin, ca, timeout).then(
      (verified) => void verified.destroy(),
      (error: NodeJS.ErrnoException) => error,
    );
    return { ...presentedCertificate(socket), ...(trustError !== undefined && { trustError }) };
  } finally {
    socket.destroy();
  }
}

/**
 * Rejects if the server ends the connection with an alert. In TLS 1.3, a server that wants a client certificate does so only
 * after the client has completed the handshake.
 */
async function noAlert(socket: TLSSocket): Promise<void> {
  if (socket.getProtocol() !== "TLSv1.3") return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, alertDelay);
    socket.resume().once("close", () => (clearTimeout(timer), resolve()));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (handshakeProblem({ code: error.code ?? "" }) !== undefined) reject(error);
    });
  });
}

function presentedCertificate(socket: TLSSocket): PresentedCertificate {
  const certificate = socket.getPeerCertificate();
  return {
    fingerprint: certificate.fingerprint256,
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validTo: Date.parse(certificate.valid_to),
    protocol: socket.getProtocol() ?? "TLS",
  };
}

function nameOf(name: PeerCertificate["subject"]): string {
  return [name.CN ?? name.O ?? "(no name)"].flat().join(", ");
}
