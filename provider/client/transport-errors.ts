// Why no answer came, from the error codes of Node.js and undici to words for people. It must not know what was asked.
import { FudoError, isFudoError, type ErrorCode, type Executed } from "./errors";
import { printable } from "./redact";
import { pinMismatch } from "./tls";

/** Codes of the errors that an exchange ends itself. */
export const deadline = "FUDO_DEADLINE";
export const tooLarge = "FUDO_ANSWER_TOO_LARGE";

/** Failures that may be over a moment later; each text follows the origin. */
const passing: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refused the connection",
  ECONNRESET: "closed the connection",
  EPIPE: "closed the connection",
  UND_ERR_SOCKET: "closed the connection",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "sent an answer of another length than it announced",
  ETIMEDOUT: "did not accept the connection in time",
  UND_ERR_CONNECT_TIMEOUT: "did not accept the connection in time",
  EHOSTUNREACH: "cannot be reached from here (no route to it)",
  ENETUNREACH: "cannot be reached from here (no route to it)",
  ENETDOWN: "cannot be reached from here (the network is down)",
  ENOTFOUND: "has a name that DNS does not know",
  EAI_AGAIN: "has a name that DNS could not look up",
  [deadline]: "gave no complete answer in time",
};

const certificates: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "was issued by a CA that is not trusted here",
  UNABLE_TO_GET_ISSUER_CERT: "was issued by a CA that is not known here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "was issued by a CA that is not known here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "was issued by a CA that is not known here, or comes without its chain",
  CERT_HAS_EXPIRED: "has expired",
  CERT_NOT_YET_VALID: "is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "is for another name",
  [pinMismatch]: "is not one of the pinned ones",
};

const trust =
  "To trust this appliance set fudo:caCertificate (or FUDO_CA_CERTIFICATE) to its CA, " +
  "or pin its certificate with fudo:certificateFingerprint (or FUDO_CERTIFICATE_FINGERPRINT)";
const repin =
  "If it was renewed, compare it with the one in the admin panel, and add it to fudo:certificateFingerprint (or " +
  "FUDO_CERTIFICATE_FINGERPRINT); if not, somebody stands in between. Nothing was sent";
const notTls = "does not answer with TLS: is the port right, and does https belong in fudo:url (or FUDO_URL)?";

/** What is known of the request that failed. */
export interface Attempt {
  /** What was asked, without secrets: `GET /api/v2/…`. */
  readonly label: string;
  readonly origin: string;
  readonly executed: Executed;
}

/** The failure of an exchange as an error for people; what is a `FudoError` already stays as it is. */
export function failureOf(cause: unknown, { label, origin, executed }: Attempt): FudoError {
  if (isFudoError(cause)) return cause;
  const { name, code = "", message = "" } = cause as { name?: string; code?: string; message?: string };
  const fail = (kind: ErrorCode, text: string) => new FudoError(kind, `${label}: ${text}`, { cause, executed });
  if (code === tooLarge || code === "UND_ERR_HEADERS_OVERFLOW") {
    return fail("limit", `${origin} sent more than is accepted${code === tooLarge ? ` (${message})` : " (headers)"}`);
  }
  if (name === "HTTPParserError")
    return fail("protocol", `what answers at ${origin} does not speak HTTP/1.1 (${printable(message)})`);
  if (code === "EPROTO" || code.startsWith("ERR_SSL_")) return fail("unreachable", `${origin} ${notTls} (${code})`);
  const certificate = Object.hasOwn(certificates, code) ? certificates[code] : undefined;
  if (certificate !== undefined) {
    const advice = code === pinMismatch ? `: ${message}. ${repin}` : `. ${trust}`;
    return fail("unreachable", `the certificate of ${origin} ${certificate}${advice}`);
  }
  const text = Object.hasOwn(passing, code) ? passing[code] : undefined;
  const detail = code === deadline ? ` (${message}; set by fudo:timeout or FUDO_TIMEOUT)` : ` (${code || "no code"})`;
  return fail(
    "unreachable",
    text === undefined ? `no answer from ${origin}: ${printable(message)}${detail}` : `${origin} ${text}${detail}`,
  );
}

/** True where trying again can help: never for a certificate, for TLS, or for what nobody foresaw. */
export function isPassing(error: FudoError): boolean {
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return (
    error.code === "unavailable" ||
    (error.code === "unreachable" && typeof code === "string" && Object.hasOwn(passing, code))
  );
}
