// The checks of `fudo-audit doctor` that do not need the API key: settings, connection and certificate.
import { certificateProblem, handshakeProblem, isFudoError, printable } from "../../client";
import { lengthText, type Settings } from "../../lifecycle";
import type { CheckResult, Outcome } from "./check-result";
import { probeTls, type PresentedCertificate } from "./tls-probe";

/** One result for each problem of the settings, or one that all are set. */
export function settingsChecks({ url, apiKeySource, problems }: Settings): CheckResult[] {
  if (problems.length > 0)
    return problems.map((text) => ({
      outcome: "fail",
      subject: "Settings",
      text,
      advice: "Set the environment variable. The README lists all of them in the section Settings.",
    }));
  return [{ outcome: "ok", subject: "Settings", text: `${url}, API key from ${apiKeySource}` }];
}

/** Checks connection and certificate with TLS handshakes that send no API key. */
export async function connectionChecks(url: string, settings: Settings, now: number): Promise<CheckResult[]> {
  const { tls } = settings;
  if (url.startsWith("http:")) {
    const text = "plain HTTP to this machine: there is no certificate to check";
    return [{ outcome: "ok", subject: "Connection", text }];
  }
  try {
    const certificate = await probeTls(url, settings);
    return [
      { outcome: "ok", subject: "Connection", text: `${certificate.protocol} with ${url}` },
      certificateCheck(certificate, tls, now),
      {
        outcome: "ok",
        subject: "Fingerprint",
        text: `${certificate.fingerprint} (SHA-256, for FUDO_CERTIFICATE_FINGERPRINT)`,
      },
    ];
  } catch (error) {
    // Thrown before any connection: the CA certificate is unusable.
    if (isFudoError(error)) return [failure("Certificate", error.message)];
    return [connectionFailure(url, error as NodeJS.ErrnoException)];
  }
}

function connectionFailure(url: string, error: NodeJS.ErrnoException): CheckResult {
  const { code = "no code", message } = error;
  const problem = handshakeProblem({ code });
  if (problem !== undefined) return failure("Connection", `cannot use ${url}: ${problem}`);
  const reason = code === "UND_ERR_CONNECT_TIMEOUT" ? "timed out (ETIMEDOUT)" : `${printable(message, 120)} (${code})`;
  return {
    outcome: "fail",
    subject: "Connection",
    text: `cannot open a TLS connection to ${url}: ${reason}`,
    advice:
      "Check host and port in FUDO_URL, and the firewall. The provider ignores the proxy variables of the environment.",
  };
}

/** A failed check. The client's messages say first what is wrong, then what to do. */
function failure(subject: string, message: string): CheckResult {
  const [text, advice] = inTwo(message);
  return { outcome: "fail", subject, text, ...(advice !== undefined && { advice: `${advice}.` }) };
}

/** The first sentence, without its full stop, and the rest. */
function inTwo(message: string): [first: string, rest?: string] {
  const end = /\. (?=[A-Z])/.exec(message);
  return end === null ? [message] : [message.slice(0, end.index), message.slice(end.index + 2)];
}

const month = 30 * 86_400_000;

/** The pinned fingerprints decide first, then `insecureSkipVerify`, then the client's verification: as in the client. */
function certificateCheck(certificate: PresentedCertificate, tls: Settings["tls"], now: number): CheckResult {
  const { fingerprint, validTo, trustError } = certificate;
  const details = certificateText(certificate, now);
  const result = (outcome: Outcome, text: string, advice?: string): CheckResult => ({
    outcome,
    subject: "Certificate",
    text: `${text} (${details})`,
    ...(advice !== undefined && { advice }),
  });
  const pins = tls.certificateFingerprints ?? [];
  if (pins.includes(fingerprint.replaceAll(":", "").toLowerCase())) return result("ok", "matches a pinned fingerprint");
  if (pins.length > 0) return result("fail", "does not match any pinned fingerprint", advice.pinMismatch);
  const [problem, remedy] = trustError === undefined ? [] : inTwo(trustProblem(trustError, tls));
  if (tls.insecureSkipVerify) {
    const also = problem === undefined ? "" : `; it ${problem}`;
    return result("warn", `is not verified (FUDO_INSECURE_SKIP_VERIFY)${also}`, advice.pinInstead);
  }
  if (problem !== undefined) {
    return result("fail", problem, [remedy && `${remedy}.`, advice.beforePin].filter(Boolean).join(" "));
  }
  return validTo - now < month
    ? result("warn", "is trusted and expires soon", "Renew it on the appliance.")
    : result("ok", "is trusted");
}

const advice = {
  pinMismatch:
    "If the certificate was renewed, compare the fingerprint below with the one in the admin panel and add it to FUDO_CERTIFICATE_FINGERPRINT. If not, someone may be intercepting the connection.",
  pinInstead:
    "Compare the fingerprint below with the one in the admin panel, then set FUDO_CERTIFICATE_FINGERPRINT to it instead.",
  beforePin: "Before you pin a certificate, compare the fingerprint below with the one in the admin panel.",
};

function certificateText({ subject, issuer, validTo }: PresentedCertificate, now: number): string {
  const expiry = validTo > now ? `expires in ${lengthText(validTo - now)}` : `expired ${lengthText(now - validTo)} ago`;
  const names = `for ${printable(subject, 100)}, issued by ${printable(issuer, 100)}`;
  return Number.isFinite(validTo) ? `${names}, ${expiry}` : names;
}

function trustProblem(error: NodeJS.ErrnoException, tls: Settings["tls"]): string {
  const { code = "", message } = error;
  return certificateProblem({ ...error, code, message }, tls) ?? `is not trusted: ${printable(code || message, 80)}`;
}
