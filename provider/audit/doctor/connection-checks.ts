// The checks of `fudo-audit doctor` that do not need the API key: settings, connection and certificate.
import { readFileSync } from "node:fs";
import { printable } from "../../client";
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

/** Checks connection and certificate with a TLS handshake that sends no API key. */
export async function connectionChecks(url: string, { tls, timeout }: Settings, now: number): Promise<CheckResult[]> {
  if (url.startsWith("http:")) {
    const text = "plain HTTP to this machine: there is no certificate to check";
    return [{ outcome: "ok", subject: "Connection", text }];
  }
  const ca = readCa(tls.caCertificate);
  if (ca === null) {
    const text = "FUDO_CA_CERTIFICATE is neither PEM text nor a readable file";
    return [{ outcome: "fail", subject: "Certificate", text, advice: "Set it to the path of the CA certificate." }];
  }
  try {
    const certificate = await probeTls(url, ca, timeout);
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
    return [connectionFailure(url, error as NodeJS.ErrnoException)];
  }
}

function connectionFailure(url: string, { code = "no code", message }: NodeJS.ErrnoException): CheckResult {
  return {
    outcome: "fail",
    subject: "Connection",
    text: `cannot open a TLS connection to ${url}: ${printable(message, 120)} (${code})`,
    advice:
      "Check host and port in FUDO_URL, and the firewall. The provider ignores the proxy variables of the environment.",
  };
}

/** PEM text; `undefined` when the setting is absent, `null` when the file cannot be read. */
function readCa(textOrPath: string | undefined): string | undefined | null {
  if (textOrPath === undefined || textOrPath.includes("-----BEGIN")) return textOrPath;
  try {
    return readFileSync(textOrPath, "utf8");
  } catch {
    return null;
  }
}

const month = 30 * 86_400_000;

/** The pinned fingerprints decide first, then `insecureSkipVerify`, then Node's verification: as in the client. */
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
  const problem = trustError === undefined ? undefined : trustProblem(trustError);
  if (tls.insecureSkipVerify) {
    const also = problem === undefined ? "" : `; it ${problem}`;
    return result("warn", `is not verified (FUDO_INSECURE_SKIP_VERIFY)${also}`, advice.pinInstead);
  }
  if (problem !== undefined) return result("fail", problem, advice.untrusted);
  return validTo - now < month
    ? result("warn", "is trusted and expires soon", "Renew it on the appliance.")
    : result("ok", "is trusted");
}

const advice = {
  pinMismatch:
    "If the certificate was renewed, compare the fingerprint below with the one in the admin panel and add it to FUDO_CERTIFICATE_FINGERPRINT. If not, someone may be intercepting the connection.",
  pinInstead:
    "Compare the fingerprint below with the one in the admin panel, then set FUDO_CERTIFICATE_FINGERPRINT to it instead.",
  untrusted:
    "Set FUDO_CA_CERTIFICATE to the appliance's CA. Or compare the fingerprint below with the one in the admin panel, then set FUDO_CERTIFICATE_FINGERPRINT to it.",
};

function certificateText({ subject, issuer, validTo }: PresentedCertificate, now: number): string {
  const expiry = validTo > now ? `expires in ${lengthText(validTo - now)}` : `expired ${lengthText(now - validTo)} ago`;
  const names = `for ${printable(subject, 100)}, issued by ${printable(issuer, 100)}`;
  return Number.isFinite(validTo) ? `${names}, ${expiry}` : names;
}

const trustProblems: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "is self-signed",
  ERR_TLS_CERT_ALTNAME_INVALID: "does not match the host name in FUDO_URL",
  CERT_HAS_EXPIRED: "has expired",
  CERT_NOT_YET_VALID: "is not valid yet",
};

function trustProblem(code: string): string {
  return Object.hasOwn(trustProblems, code) ? (trustProblems[code] ?? "") : `is not trusted: ${printable(code, 80)}`;
}
