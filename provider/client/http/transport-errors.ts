// Turns the error codes of Node.js and undici into messages that say why no response arrived and what to do.
import { FudoError, isFudoError, type ErrorCode, type Executed } from "../errors";
import { printable } from "../redact/redact";
import type { TlsOptions } from "../api";
import { certificateProblem, handshakeProblem, pinMismatch } from "../tls/tls-errors";

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

/** Failures before any connection: only for these does it matter that proxy variables are not applied. */
const unreachable: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** Certificate problems whose text has the fingerprint already, or does not suggest to pin the certificate. */
const notToPin: ReadonlySet<string> = new Set([pinMismatch, "CERT_REVOKED"]);

/** What the transport knows about the failed request. */
interface FailedRequest {
  /** Method and path, without secrets: `GET /api/v2/…`. */
  readonly label: string;
  readonly origin: string;
  readonly executed: Executed;
  /** In milliseconds. */
  readonly timeout: number;
  readonly tls: TlsOptions;
  /** True when no connection was made before the failure. */
  readonly isUnconnected: boolean;
}

/** The failure of a request as a `FudoError`. An error that already is one is returned unchanged. */
export function transportError(
  cause: unknown,
  { label, origin, executed, timeout, tls, isUnconnected }: FailedRequest,
): FudoError {
  if (isFudoError(cause)) return cause;
  const { name, code = "", message = "" } = cause as { name?: string; code?: string; message?: string };
  const fail = (kind: ErrorCode, text: string) => new FudoError(kind, `${label}: ${text}`, { cause, executed });
  if (code === tooLarge) return fail("limit", `${origin}: the response is too large (${message})`);
  if (code === "UND_ERR_HEADERS_OVERFLOW") return fail("limit", `${origin}: the response headers are too large`);
  if (name === "HTTPParserError") {
    return fail("protocol", `${origin}: the server does not speak HTTP/1.1 (${printable(message)})`);
  }
  const handshake = handshakeProblem({ code });
  if (handshake !== undefined) return fail("unreachable", `${origin}: ${handshake}`);
  const certificate = certificateProblem({ ...(cause as object), code, message }, tls);
  if (certificate !== undefined) {
    const advice = notToPin.has(code) ? "" : ". `npx fudo-audit doctor` prints the fingerprint";
    return fail("unreachable", `the certificate of ${origin} ${certificate}${advice}`);
  }
  if (code === timedOut) {
    const advice = "set `fudo:timeout` or FUDO_TIMEOUT to change it";
    return fail(
      "unreachable",
      `${origin}: request timed out after ${timeout / 1000} s (${advice})${isUnconnected ? proxyAdvice() : ""}`,
    );
  }
  const text = Object.hasOwn(transient, code) ? transient[code] : `no response: ${printable(message)}`;
  return fail("unreachable", `${origin}: ${text} (${code || "no code"})${unreachable.has(code) ? proxyAdvice() : ""}`);
}

const proxyVariables = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/** A sentence if a variable suggests that this machine reaches the appliance only through a proxy. */
function proxyAdvice(): string {
  const name = proxyVariables.find((variable) => (process.env[variable] ?? "") !== "");
  return name === undefined ? "" : `. ${name} is set, but the provider ignores proxy variables and connects directly`;
}

/** True if a retry may help: never for certificate problems, TLS failures or unknown errors. */
export function isTransient(error: FudoError): boolean {
  if (error.code === "unavailable") return true;
  const { code } = (error.cause ?? {}) as { code?: unknown };
  if (error.code !== "unreachable" || typeof code !== "string") return false;
  return code === timedOut || Object.hasOwn(transient, code);
}
