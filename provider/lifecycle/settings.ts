// The provider's settings: Pulumi configuration, else environment, setting by setting. Reading is pure: where the
// values come from is the caller's affair.
import { FudoError } from "../client/errors";
import { parseDuration } from "../time/durations";
import type { ClientOptions, TlsOptions } from "../client/api";
import type { Clock } from "../time/clock";

export const deletionPolicies = ["abandon", "refuseWhileLive"] as const;
export type DeletionPolicy = (typeof deletionPolicies)[number];

/** Each setting's two spellings and what it is; the README's table and the schema are kept equal to it. */
export const settingNames = {
  url: {
    config: "fudo:url",
    environment: "FUDO_URL",
    description: "Address of the appliance: https://host[:port]; plain http only for loopback.",
  },
  apiKey: {
    config: "fudo:apiKey",
    environment: "FUDO_API_KEY",
    description: "API key, sent raw in Authorization. In the stack's configuration it must be a secret.",
  },
  caCertificate: {
    config: "fudo:caCertificate",
    environment: "FUDO_CA_CERTIFICATE",
    description: "CA certificates, PEM text or a path; they replace the system's trust.",
  },
  certificateFingerprint: {
    config: "fudo:certificateFingerprint",
    environment: "FUDO_CERTIFICATE_FINGERPRINT",
    description:
      "SHA-256 of the appliance's certificate, hex, several separated by commas; a match stands in for chain, name and date.",
  },
  insecureSkipVerify: {
    config: "fudo:insecureSkipVerify",
    environment: "FUDO_INSECURE_SKIP_VERIFY",
    description: "true: the appliance's certificate is not verified.",
  },
  publicUrl: {
    config: "fudo:publicUrl",
    environment: "FUDO_PUBLIC_URL",
    description: "Origin that vendors use, when it is not that of url.",
  },
  maxDuration: {
    config: "fudo:maxDuration",
    environment: "FUDO_MAX_DURATION",
    description: "Longest window of a new share, ISO 8601 duration. Default P30D.",
  },
  deletionPolicy: {
    config: "fudo:deletionPolicy",
    environment: "FUDO_DELETION_POLICY",
    description: "abandon (default) or refuseWhileLive, for shares that declare none.",
  },
  timeout: {
    config: "fudo:timeout",
    environment: "FUDO_TIMEOUT",
    description: "ISO 8601 duration for one exchange with the appliance. Default PT30S.",
  },
} as const;

export type SettingName = keyof typeof settingNames;

/** Where values come from. `undefined` and the empty string both mean "not set". */
export interface SettingsSource {
  config(name: string): string | undefined;
  environment(name: string): string | undefined;
}

/** Instants and lengths are milliseconds; URLs are WHATWG origins. What could not be read is absent and in `problems`. */
export interface Settings {
  readonly url?: string;
  readonly apiKey?: string;
  readonly apiKeySource: string;
  readonly tls: TlsOptions;
  readonly publicUrl?: string;
  readonly maxDuration: number;
  /** For shares that declare none; absent only when it is set to something unreadable. */
  readonly deletionPolicy?: DeletionPolicy;
  readonly timeout: number;
  /** One sentence for each missing or malformed setting; never its value. */
  readonly problems: readonly string[];
  /** Of these, the ones that are set but cannot be read. */
  readonly malformed: readonly string[];
}

const day = 86_400_000;
const defaults = { maxDuration: 30 * day, timeout: 30_000 };

/** Reads every setting; never throws: `demandSettings` does, when one is needed that is not there. */
export function readSettings(source: SettingsSource): Settings {
  const missing = (["url", "apiKey"] as const).filter((name) => settingText(source, name) === undefined);
  const malformed: string[] = [];
  const read = <T>(name: SettingName, parse: (text: string) => T | Problem): T | undefined => {
    const text = settingText(source, name)?.text;
    if (text === undefined) return undefined;
    const value = parse(text);
    if (!(value instanceof Problem)) return value;
    malformed.push(`${spelt(name)} ${value.text}`);
    return undefined;
  };
  const url = read("url", parseOrigin);
  const publicUrl = read("publicUrl", parseOrigin);
  const apiKey = read("apiKey", parseApiKey);
  const deletionPolicy = settingText(source, "deletionPolicy") ? read("deletionPolicy", parsePolicy) : "abandon";
  return {
    ...(url !== undefined && { url }),
    ...(publicUrl !== undefined && { publicUrl }),
    ...(apiKey !== undefined && { apiKey }),
    ...(deletionPolicy !== undefined && { deletionPolicy }),
    apiKeySource: apiKeySource(source),
    tls: readTls(source, read, malformed),
    maxDuration: read("maxDuration", parseLength) ?? defaults.maxDuration,
    timeout: read("timeout", parseTimeout) ?? defaults.timeout,
    problems: [...missing.map((name) => `${spelt(name)} is not set`), ...malformed],
    malformed,
  };
}

/** The client's options. Throws `config`, naming every problem at once, where the settings do not suffice. */
export function demandSettings(settings: Settings, clock: Clock): ClientOptions {
  const { url, apiKey, apiKeySource, tls, timeout, problems } = settings;
  if (problems.length > 0 || url === undefined || apiKey === undefined) {
    throw new FudoError("config", problems.join("; "));
  }
  return { url, apiKey, apiKeySource, tls, timeout, clock };
}

/** Said at each run under `insecureSkipVerify`. */
export const unverified = `${settingNames.insecureSkipVerify.config} is true: the appliance's certificate is not verified, and whoever is on the way can read the API key.`;

/** Both spellings of a setting, for messages. */
export function spelt(name: SettingName): string {
  const { config, environment } = settingNames[name];
  return `${config} (or ${environment})`;
}

class Problem {
  constructor(readonly text: string) {}
}

function settingText(
  source: SettingsSource,
  name: SettingName,
): { text: string; from: "config" | "environment" } | undefined {
  const names = settingNames[name];
  const configured = source.config(names.config)?.trim();
  if (configured) return { text: configured, from: "config" };
  const environment = source.environment(names.environment)?.trim();
  return environment ? { text: environment, from: "environment" } : undefined;
}

function apiKeySource(source: SettingsSource): string {
  return settingText(source, "apiKey")?.from === "environment"
    ? `the environment variable ${settingNames.apiKey.environment}`
    : `${settingNames.apiKey.config} of the stack's configuration`;
}

function readTls(
  source: SettingsSource,
  read: <T>(name: SettingName, parse: (text: string) => T | Problem) => T | undefined,
  malformed: string[],
): TlsOptions {
  const caCertificate = read("caCertificate", (text) => text);
  const certificateFingerprints = read("certificateFingerprint", parseFingerprints);
  const insecureSkipVerify = read("insecureSkipVerify", parseBoolean) ?? false;
  if (insecureSkipVerify && settingText(source, "certificateFingerprint") !== undefined) {
    malformed.push(`${spelt("certificateFingerprint")} and ${spelt("insecureSkipVerify")} exclude each other`);
  }
  return {
    ...(caCertificate !== undefined && { caCertificate }),
    ...(certificateFingerprints !== undefined && { certificateFingerprints }),
    insecureSkipVerify,
  };
}

function parseOrigin(text: string): string | Problem {
  const shape = "must be https://host[:port], without user info, path or query";
  if (!URL.canParse(text)) return new Problem(shape);
  const url = new URL(text);
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    return new Problem("must begin with https:// (plain http only for a loopback address)");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return new Problem(shape);
  const bare =
    url.username === "" && url.password === "" && url.pathname === "/" && url.search === "" && url.hash === "";
  return bare && !/[?#@]/.test(text) ? url.origin : new Problem(shape);
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function parseApiKey(text: string): string | Problem {
  // A header value: anything else would fail deep in the HTTP library, with the key in the message.
  return /^[\x21-\x7e]{1,4096}$/.test(text) ? text : new Problem("must be one line of printable ASCII without spaces");
}

function parseFingerprints(text: string): readonly string[] | Problem {
  const prints = text.split(",").map((part) => part.trim().replaceAll(":", "").toLowerCase());
  return prints.every((print) => /^[0-9a-f]{64}$/.test(print))
    ? prints
    : new Problem("must be SHA-256 fingerprints of 64 hex digits, colons optional, separated by commas");
}

function parseBoolean(text: string): boolean | Problem {
  if (text === "true") return true;
  return text === "false" ? false : new Problem('must be "true" or "false"');
}

function parsePolicy(text: string): DeletionPolicy | Problem {
  return (
    deletionPolicies.find((policy) => policy === text) ?? new Problem(`must be "${deletionPolicies.join('" or "')}"`)
  );
}

function parseLength(text: string): number | Problem {
  const length = parseDuration(text);
  return "ms" in length ? length.ms : new Problem(length.reason);
}

// Longer ones would overflow Node's timers, and end at once.
function parseTimeout(text: string): number | Problem {
  const length = parseLength(text);
  return typeof length !== "number" || length <= 3_600_000 ? length : new Problem("must be at most PT1H");
}
