// Turns TLS failures into sentences: why the certificate was rejected or the handshake failed, and what to do.
import type { TlsOptions } from "../api";
import { printable } from "../redact/redact";

/** The `code` of the connection error when the certificate does not match a pinned fingerprint. */
export const pinMismatch = "FUDO_CERTIFICATE_PIN";
/** The `code` of the connection error when the server ended the handshake after it asked for a client certificate. */
export const clientCertificateWanted = "FUDO_CLIENT_CERTIFICATE";

interface TlsFailure {
  readonly code: string;
  readonly message: string;
  readonly cert?: { readonly subject?: { readonly CN?: unknown }; readonly subjectaltname?: unknown };
}

const trusted = "fudo:caCertificate (or FUDO_CA_CERTIFICATE)";
const pinned = "fudo:certificateFingerprint (or FUDO_CERTIFICATE_FINGERPRINT)";
const pin = `pin its certificate with ${pinned}`;

const pinAdvice =
  "Nothing was sent. If the certificate was renewed, compare this fingerprint with the one in the admin panel, then add " +
  `it to ${pinned}. If it was not renewed, someone may be intercepting the connection`;

type CertificateText = (failure: TlsFailure, hasCa: boolean) => string;

/** For an issuer that is not trusted: another sentence where the setting is set already. */
const untrusted =
  (without: string): CertificateText =>
  (_failure, hasCa) =>
    hasCa
      ? `was not issued by a CA in ${trusted}. Set it to the CA that issued this certificate, or ${pin}`
      : `${without}. To trust this appliance, set ${trusted} to its CA certificate, or ${pin}`;

const renew = (what: string): CertificateText => {
  return () => `${what}. Issue a new certificate on the appliance, or ${pin}`;
};

const unknownIssuer = untrusted("was issued by a CA that this computer does not know");

const certificateTexts: Readonly<Record<string, CertificateText>> = {
  [pinMismatch]: ({ message }) => `does not match a pinned fingerprint: ${message}. ${pinAdvice}`,
  DEPTH_ZERO_SELF_SIGNED_CERT: (failure, hasCa) =>
    hasCa
      ? `is self-signed and is not in ${trusted}. Add it to that file, or ${pin}`
      : untrusted("is self-signed")(failure, hasCa),
  SELF_SIGNED_CERT_IN_CHAIN: untrusted("was issued by a CA that this computer does not trust"),
  UNABLE_TO_GET_ISSUER_CERT: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownIssuer,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted(
    "was issued by a CA that this computer does not know, or the server did not send the certificate chain",
  ),
  CERT_HAS_EXPIRED: () => `has expired by this machine's clock (${clockText()}). Renew it on the appliance, or ${pin}`,
  CERT_NOT_YET_VALID: () =>
    `is not valid yet by this machine's clock (${clockText()}). Check that clock and the certificate's dates, or ${pin}`,
  ERR_TLS_CERT_ALTNAME_INVALID: (failure) =>
    `is for a different hostname: ${namesIn(failure)}. Set fudo:url (or FUDO_URL) to a name of the certificate, or ${pin}`,
  INVALID_PURPOSE: renew("was not issued for a server (wrong purpose)"),
  INVALID_CA: renew("was issued by a certificate that is not a CA"),
  PATH_LENGTH_EXCEEDED: renew("has a chain that one of its CAs forbids (path length)"),
  CERT_CHAIN_TOO_LONG: renew("has too long a chain"),
  CERT_SIGNATURE_FAILURE: renew("has a wrong signature"),
  CERT_REVOKED: () => "was revoked by its CA. Issue a new certificate on the appliance",
  CERT_REJECTED: renew("was rejected by its CA's trust settings"),
  CERT_UNTRUSTED: untrusted("was issued by a CA that this computer does not trust"),
};

/** OpenSSL has no code for these, and Node reports `UNSPECIFIED`. */
const unspecifiedTexts: readonly (readonly [RegExp, string])[] = [
  [/EE certificate key too weak/i, "has a weak key (for RSA, 2048 bits are the minimum)"],
  [/CA certificate key too weak/i, "has a CA with a weak key (for RSA, 2048 bits are the minimum)"],
  [/digest algorithm too weak/i, "is signed with a weak digest (SHA-1 or MD5)"],
];

const version = "Enable TLS 1.2 or newer on the appliance, or on the proxy in front of it";
const clientCertificate =
  "the server requires a client certificate, and the provider has none. Allow connections without one for this address";
const port = "Check the port, and check that https is correct in fudo:url (or FUDO_URL)";

/** The end of the code of an OpenSSL error or alert, and what it means. The first match counts. */
const handshakeTexts: readonly (readonly [RegExp, string])[] = [
  [/^FUDO_CLIENT_CERTIFICATE$/, clientCertificate],
  [/ALERT_(?:CERTIFICATE_REQUIRED|NO_CERTIFICATE|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN)$/, clientCertificate],
  [
    /ALERT_NO_APPLICATION_PROTOCOL$/,
    "the server does not offer HTTP/1.1 (it may offer only HTTP/2). Enable HTTP/1.1 for this address",
  ],
  [
    /ALERT_PROTOCOL_VERSION$|UNSUPPORTED_PROTOCOL$|VERSION_TOO_LOW$|WRONG_SSL_VERSION$|LEGACY_SIGALG/,
    `the server offers only TLS versions older than 1.2. ${version}`,
  ],
  [/UNRECOGNIZED_NAME$/, "the server does not know this hostname. Check fudo:url (or FUDO_URL)"],
  [
    /ALERT_(?:HANDSHAKE_FAILURE|INSUFFICIENT_SECURITY)$|NO_CIPHERS?_MATCH$|DH_KEY_TOO_SMALL$/,
    "the server and the provider have no cipher suite in common. Enable current cipher suites on the server",
  ],
  [
    /WRONG_VERSION_NUMBER$|HTTP_REQUEST$|PACKET_LENGTH_TOO_LONG$/,
    `the server does not speak TLS on this port. ${port}`,
  ],
];

/** The problem of a certificate, as a phrase that follows "the certificate of <origin>"; undefined for other failures. */
export function certificateProblem(failure: TlsFailure, { caCertificate }: TlsOptions): string | undefined {
  const { code, message } = failure;
  const hasCa = caCertificate !== undefined;
  if (Object.hasOwn(certificateTexts, code)) return certificateTexts[code]?.(failure, hasCa);
  if (code !== "UNSPECIFIED") return undefined;
  const known = unspecifiedTexts.find(([pattern]) => pattern.test(message));
  return renew(known?.[1] ?? `was rejected (${printable(message, 120)})`)(failure, hasCa);
}

/** Why a TLS handshake failed; undefined for other failures. */
export function handshakeProblem({ code = "" }: { readonly code?: string | undefined }): string | undefined {
  if (code !== "EPROTO" && code !== clientCertificateWanted && !code.startsWith("ERR_SSL_")) return undefined;
  const known = handshakeTexts.find(([pattern]) => pattern.test(code));
  return `the TLS handshake failed (${code}): ${known?.[1] ?? port}`;
}

function clockText(): string {
  return `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

const maximumNames = 5;

/** At most five names, each cut by itself, so that the advice after them is never cut. */
function namesIn({ cert }: TlsFailure): string {
  const alternative = typeof cert?.subjectaltname === "string" ? cert.subjectaltname.split(", ") : [];
  const commonName = typeof cert?.subject?.CN === "string" ? [cert.subject.CN] : [];
  const names =
    alternative.length > 0 ? alternative.map((name) => name.replace(/^(?:DNS|IP Address):/, "")) : commonName;
  if (names.length === 0) return "it has no name";
  const more = names.length > maximumNames ? ` and ${names.length - maximumNames} more` : "";
  return `it has ${names
    .slice(0, maximumNames)
    .map((name) => printable(name, 80))
    .join(", ")}${more}`;
}
