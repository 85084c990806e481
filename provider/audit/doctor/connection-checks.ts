// What `fudo-audit doctor` looks at before a key is sent anywhere: settings, connection and certificate.
import { readFileSync } from "node:fs";
import { printable } from "../../client";
import { lengthText, type Settings } from "../../lifecycle";
import type { Line } from "./api-checks";
import { handshake, type Presented } from "./tls-probe";

/** The settings as they were read: complete, or what is wrong with each. */
export function settingsLines({ url, apiKeySource, problems }: Settings): Line[] {
  if (problems.length > 0)
    return problems.map((text) => ({
      outcome: "fail",
      subject: "Settings",
      text,
      advice: "Set the environment variable; README, Settings, has them all.",
    }));
  return [{ outcome: "ok", subject: "Settings", text: `${url}, API key from ${apiKeySource}` }];
}

/** Connection and certificate, by a handshake that sends no key. */
export async function connectionLines(url: string, { tls, timeout }: Settings, now: number): Promise<Line[]> {
  if (url.startsWith("http:"))
    return [
      {
        outcome: "ok",
        subject: "Connection",
        text: "plain HTTP to this machine itself: there is no certificate to check",
      },
    ];
  const ca = authorities(tls.caCertificate);
  if (ca === null) {
    return [
      {
        outcome: "fail",
        subject: "Certificate",
        text: "FUDO_CA_CERTIFICATE is neither PEM text nor a file that can be read",
        advice: "Give the path of the CA's certificate.",
      },
    ];
  }
  try {
    const presented = await handshake(url, ca, timeout);
    const line: Line = { outcome: "ok", subject: "Connection", text: `${presented.protocol} with ${url}` };
    return [
      line,
      certificateLine(presented, tls, now),
      {
        outcome: "ok",
        subject: "Fingerprint",
        text: `${presented.fingerprint} (SHA-256, for FUDO_CERTIFICATE_FINGERPRINT)`,
      },
    ];
  } catch (error) {
    const { code = "no code", message } = error as NodeJS.ErrnoException;
    const advice =
      "Is FUDO_URL right, host and port? Does a firewall stand in between? Proxy variables of the environment are not applied.";
    return [
      {
        outcome: "fail",
        subject: "Connection",
        text: `no TLS with ${url}: ${printable(message, 120)} (${code})`,
        advice,
      },
    ];
  }
}

function authorities(textOrPath: string | undefined): string | undefined | null {
  if (textOrPath === undefined || textOrPath.includes("-----BEGIN")) return textOrPath;
  try {
    return readFileSync(textOrPath, "utf8");
  } catch {
    return null;
  }
}

const month = 30 * 86_400_000;

function certificateLine(presented: Presented, tls: Settings["tls"], now: number): Line {
  const { fingerprint, subject, issuer, validTo } = presented;
  const ends = Number.isFinite(validTo)
    ? validTo > now
      ? `, ends in ${lengthText(validTo - now)}`
      : `, ended ${lengthText(now - validTo)} ago`
    : "";
  const text = `of ${printable(subject, 100)}, issued by ${printable(issuer, 100)}${ends}`;
  const line = (outcome: Line["outcome"], why: string, advice?: string): Line => ({
    outcome,
    subject: "Certificate",
    text: `${why} (${text})`,
    ...(advice !== undefined && { advice }),
  });
  const pins = tls.certificateFingerprints ?? [];
  if (pins.length > 0) {
    return pins.includes(fingerprint.replaceAll(":", "").toLowerCase())
      ? line("ok", "is one of the pinned ones")
      : line(
          "fail",
          "is not one of the pinned ones",
          "If it was renewed, compare the fingerprint below with the one in the admin panel, and add it; if not, somebody stands in between.",
        );
  }
  const why = presented.distrust === undefined ? undefined : reasonOf(presented.distrust);
  if (tls.insecureSkipVerify)
    return line(
      "warn",
      `is not verified (FUDO_INSECURE_SKIP_VERIFY)${why === undefined ? "" : `; it ${why}`}`,
      "Pin the fingerprint below instead, once you have compared it with the one in the admin panel.",
    );
  if (why === undefined)
    return validTo - now < month
      ? line("warn", "is trusted, and ends soon", "Renew it on the appliance.")
      : line("ok", "is trusted");
  return line(
    "fail",
    why,
    "Set FUDO_CA_CERTIFICATE to the appliance's CA; or compare the fingerprint below with the one in the admin panel, and set FUDO_CERTIFICATE_FINGERPRINT to it.",
  );
}

const known: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "is self-signed",
  ERR_TLS_CERT_ALTNAME_INVALID: "is for another name than FUDO_URL has",
  CERT_HAS_EXPIRED: "has expired",
  CERT_NOT_YET_VALID: "is not valid yet",
};

function reasonOf(distrust: string): string {
  return Object.hasOwn(known, distrust) ? (known[distrust] ?? "") : `is not trusted here: ${printable(distrust, 80)}`;
}
