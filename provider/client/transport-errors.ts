// Turns the error codes of Node.js and undici into messages that say why no response arrived and what to do.
import { FudoError, isFudoError, type ErrorCode, type Executed } from "./errors";
import { printable } from "./redact";
import { pinMismatch } from "./tls";

/** Codes of the errors that the transport itself raises. */
export const timedOut = "FUDO_REQUEST_TIMEOUT";
export const tooLarge = "FUDO_RESPONSE_TOO_LARGE";

/** Failures that a retry may solve. Each text follows the origin. */
const transient: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "the connection was closed before the response was complete",
  EPIPE: "the connection was closed before the response was complete",
  UND_ERR_SOCKET: "the connection was closed before the response was complete",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the length of the response differs from its Content-Length header",
  ETIMEDOUT: "connection timed out",
  UND_ERR_CONNECT_TIMEOUT: "connection timed out",
  EHOSTUNREACH: "no network route to this host",
  ENETUNREACH: "no network route to this host",
  ENETDOWN: "the network is down",
  ENOTFOUND: "hostname could not be resolved",
  EAI_AGAIN: "hostname could not be resolved because the DNS server did not respond",
};

const certificateProblems: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "was issued by a CA that this computer does not trust",
  UNABLE_TO_GET_ISSUER_CERT: "was issued by a CA that this computer does not know",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "was issued by a CA that this computer does not know",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "was issued by a CA that this computer does not know, or the server did not send the certificate chain",
  CERT_HAS_EXPIRED: "has expired",
  CERT_NOT_YET_VALID: "is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "is for a different hostname",
  [pinMismatch]: "does not match a pinned fingerprint",
};

const trustAdvice =
  "To trust this appliance, set fudo:caCertificate (or FUDO_CA_CERTIFICATE) to its CA certificate, " +
  "or pin its certificate with fudo:certificateFingerprint (or FUDO_CERTIFICATE_FINGERPRINT)";
const pinAdvice =
  "Nothing was sent. If the certificate was renewed, compare this fingerprint with the one in the admin panel, then add " +
  "it to fudo:certificateFingerprint (or FUDO_CERTIFICATE_FINGERPRINT). If it was not renewed, someone may be " +
  "intercepting the connection";
const tlsAdvice = "Check the port, and check that https is correct in fudo:url (or FUDO_URL)";

/** What the transport knows about the failed request. */
interface FailedRequest {
  /** Method and path, without secrets: `GET /api/v2/…`. */
  readonly label: string;
  readonly origin: string;
  readonly executed: Executed;
  /** In milliseconds. */
  readonly timeout: number;
}

/** The failure of a request as a `FudoError`. An error that already is one is returned unchanged. */
export function transportError(cause: unknown, { label, origin, executed, timeout }: FailedRequest): FudoError {
  if (isFudoError(cause)) return cause;
  const { name, code = "", message = "" } = cause as { name?: string; code?: string; message?: string };
  const fail = (kind: ErrorCode, text: string) => new FudoError(kind, `${label}: ${text}`, { cause, executed });
  if (code === tooLarge) return fail("limit", `${origin}: the response is too large (${message})`);
  if (code === "UND_ERR_HEADERS_OVERFLOW") return fail("limit", `${origin}: the response headers are too large`);
  if (name === "HTTPParserError") {
    return fail("protocol", `${origin}: the server does not speak HTTP/1.1 (${printable(message)})`);
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL_")) {
    return fail("unreachable", `${origin}: the TLS handshake failed (${code}). ${tlsAdvice}`);
  }
  const certificateProblem = Object.hasOwn(certificateProblems, code) ? certificateProblems[code] : undefined;
  if (certificateProblem !== undefined) {
    const advice = code === pinMismatch ? `: ${message}. ${pinAdvice}` : `. ${trustAdvice}`;
    return fail("unreachable", `the certificate of ${origin} ${certificateProblem}${advice}`);
  }
  if (code === timedOut) {
    const advice = "set `fudo:timeout` or FUDO_TIMEOUT to change it";
    return fail("unreachable", `${origin}: request timed out after ${timeout / 1000} s (${advice})`);
  }
  const text = Object.hasOwn(transient, code) ? transient[code] : `no response: ${printable(message)}`;
  return fail("unreachable", `${origin}: ${text} (${code || "no code"})`);
}

/** True if a retry may help: never for certificate problems, TLS failures or unknown errors. */
export function isTransient(error: FudoError): boolean {
  if (error.code === "unavailable") return true;
  const { code } = (error.cause ?? {}) as { code?: unknown };
  if (error.code !== "unreachable" || typeof code !== "string") return false;
  return code === timedOut || Object.hasOwn(transient, code);
}
