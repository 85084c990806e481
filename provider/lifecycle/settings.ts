// The provider's settings: each one from the Pulumi configuration, else from the environment. Reading is pure: the caller
// passes the source of the values.
import { FudoError } from "../client/errors";
import type { ClientOptions, TlsOptions } from "../client/api";
import type { Clock } from "../time/clock";
import { closestName } from "./did-you-mean";
import {
  Malformed,
  parseApiKey,
  parseBoolean,
  parseFingerprints,
  parseLength,
  parseOrigin,
  parsePolicy,
  parseTimeout,
  type DeletionPolicy,
} from "./setting-values";

export { deletionPolicies, type DeletionPolicy } from "./setting-values";

/** Each setting's two names and its description. Tests compare the README's table and the schema with it. */
export const settingNames = {
  url: {
    config: "fudo:url",
    environment: "FUDO_URL",
    description: "Address of the appliance: https://host[:port]. Plain http only for a loopback address.",
  },
  apiKey: {
    config: "fudo:apiKey",
    environment: "FUDO_API_KEY",
    description:
      "API key, sent unchanged in the Authorization header. Keep it as a secret in the stack's configuration.",
  },
  caCertificate: {
    config: "fudo:caCertificate",
    environment: "FUDO_CA_CERTIFICATE",
    description: "CA certificates: PEM text or a path. They replace the system's CA certificates.",
  },
  certificateFingerprint: {
    config: "fudo:certificateFingerprint",
    environment: "FUDO_CERTIFICATE_FINGERPRINT",
    description:
      "SHA-256 of the appliance's certificate in hex; several are separated by commas. A match replaces the checks of chain, name and dates.",
  },
  insecureSkipVerify: {
    config: "fudo:insecureSkipVerify",
    environment: "FUDO_INSECURE_SKIP_VERIFY",
    description: "true: the provider does not verify the appliance's certificate.",
  },
  publicUrl: {
    config: "fudo:publicUrl",
    environment: "FUDO_PUBLIC_URL",
    description: "Origin that vendors use, if it differs from url.",
  },
  maxDuration: {
    config: "fudo:maxDuration",
    environment: "FUDO_MAX_DURATION",
    description: "Longest window of a new share: ISO 8601 duration. Default: P30D.",
  },
  deletionPolicy: {
    config: "fudo:deletionPolicy",
    environment: "FUDO_DELETION_POLICY",
    description: "abandon (default) or refuseWhileLive, for shares that declare no deletionPolicy.",
  },
  timeout: {
    config: "fudo:timeout",
    environment: "FUDO_TIMEOUT",
    description: "ISO 8601 duration: the limit for one request, without queueing. Default: PT30S.",
  },
} as const;

export type SettingName = keyof typeof settingNames;

/** The source of the values. `undefined` and the empty string both mean "not set". */
export interface SettingsSource {
  /** Which process looks: the program and the provider have their own environment. */
  readonly process?: "program" | "provider";
  config(name: string): string | undefined;
  environment(name: string): string | undefined;
}

/** Lengths are milliseconds; URLs are WHATWG origins. A setting that cannot be read is absent and in `problems`. */
export interface Settings {
  readonly url?: string;
  readonly apiKey?: string;
  readonly apiKeySource: string;
  readonly tls: TlsOptions;
  readonly publicUrl?: string;
  readonly maxDuration: number;
  /** For shares that declare none. Absent only if the setting cannot be read. */
  readonly deletionPolicy?: DeletionPolicy;
  readonly timeout: number;
  /** One sentence for each missing or malformed setting, without its value. */
  readonly problems: readonly string[];
  /** The sentences of the malformed settings alone. */
  readonly malformed: readonly string[];
}

const day = 86_400_000;
const defaults = { maxDuration: 30 * day, timeout: 30_000 };

/** Reads every setting. A malformed one never throws: `requireSettings` does, for an operation that needs the settings. */
export function readSettings(source: SettingsSource): Settings {
  const missing = (["url", "apiKey"] as const).filter((name) => configured(source, name) === undefined);
  const malformed: string[] = [];
  const read = <T>(name: SettingName, parse: (text: string) => T | Malformed): T | undefined => {
    const text = configured(source, name)?.text;
    if (text === undefined) return undefined;
    const value = parse(text);
    if (!(value instanceof Malformed)) return value;
    malformed.push(`${bothNames(name)} ${value.text}`);
    return undefined;
  };
  const url = read("url", parseOrigin);
  const publicUrl = read("publicUrl", parseOrigin);
  const apiKey = read("apiKey", parseApiKey);
  const deletionPolicy = configured(source, "deletionPolicy") ? read("deletionPolicy", parsePolicy) : "abandon";
  return {
    ...(url !== undefined && { url }),
    ...(publicUrl !== undefined && { publicUrl }),
    ...(apiKey !== undefined && { apiKey }),
    ...(deletionPolicy !== undefined && { deletionPolicy }),
    apiKeySource: apiKeySource(source),
    tls: readTls(source, read, malformed),
    maxDuration: read("maxDuration", parseLength) ?? defaults.maxDuration,
    timeout: read("timeout", parseTimeout) ?? defaults.timeout,
    problems: [...missing.map((name) => missingText(name, source)), ...malformed],
    malformed,
  };
}

const setCommands = {
  url: `pulumi config set ${settingNames.url.config} https://HOST`,
  apiKey: `pulumi config set --secret ${settingNames.apiKey.config}`,
};

// What a program sets in its own process (`process.env`, `pulumi.runtime.setConfig`) does not reach the provider's, and the
// other way round. So the sentence says which of them looked.
function missingText(name: "url" | "apiKey", { process }: SettingsSource): string {
  const where = process && ` in the stack's configuration or in the environment of the ${process}'s process`;
  return `${bothNames(name)} is not set${where ?? ""}. Run \`${setCommands[name]}\``;
}

/** A key of the configuration that is no setting, and the setting that it was probably meant to be. */
export interface UnknownSetting {
  readonly name: string;
  readonly meant?: string;
}

/** The keys of a configuration that start with `fudo:` and are no setting. */
export function unknownSettings(keys: readonly string[]): UnknownSetting[] {
  const known = Object.values(settingNames).map(({ config }) => config.slice(prefix.length));
  const own = keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  return own
    .filter((name) => !known.some((each) => each === name))
    .map((name) => {
      const meant = closestName(name, known);
      return { name: prefix + name, ...(meant !== undefined && { meant: prefix + meant }) };
    });
}
const prefix = "fudo:";

const variablePrefix = "FUDO_";
const variablesForOneRun = ["FUDO_ABANDON_LIVE", "FUDO_RECOVER"];

/** One sentence for each environment variable that is probably a misspelled one of ours. Only a warning: it may be another program's. */
export function misspelledVariables(names: readonly string[]): string[] {
  const settings = Object.values(settingNames).map(({ environment }) => environment);
  const known = [...settings, ...variablesForOneRun];
  const withoutPrefix = known.map((name) => name.slice(variablePrefix.length));
  return names
    .filter((name) => name.startsWith(variablePrefix) && !known.includes(name))
    .flatMap((name) => {
      const meant = closestName(name.slice(variablePrefix.length), withoutPrefix);
      return meant === undefined
        ? []
        : `the environment variable ${name.replace(/\W/g, "?")} has no effect. Did you mean ${variablePrefix}${meant}?`;
    });
}

/** The client's options. Throws `config` with all problems at once where the settings do not suffice. */
export function requireSettings(settings: Settings, clock: Clock): ClientOptions {
  const { url, apiKey, apiKeySource, tls, timeout, problems, malformed } = settings;
  if (problems.length > 0 || url === undefined || apiKey === undefined) {
    throw new FudoError("config", problems.join("; "), { isSettingMissing: problems.length > malformed.length });
  }
  return { url, apiKey, apiKeySource, tls, timeout, clock };
}

/** The warning of each run under `insecureSkipVerify`. */
export const insecureWarning = `${settingNames.insecureSkipVerify.config} is true: the provider does not verify the appliance's certificate. Anyone on the network path can read the API key.`;

/** Both names of a setting, for messages: `fudo:url (or FUDO_URL)`. */
export function bothNames(name: SettingName): string {
  const { config, environment } = settingNames[name];
  return `${config} (or ${environment})`;
}

function configured(
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
  return configured(source, "apiKey")?.from === "environment"
    ? `the environment variable ${settingNames.apiKey.environment}`
    : `${settingNames.apiKey.config} of the stack's configuration`;
}

function readTls(
  source: SettingsSource,
  read: <T>(name: SettingName, parse: (text: string) => T | Malformed) => T | undefined,
  malformed: string[],
): TlsOptions {
  const caCertificate = read("caCertificate", (text) => text);
  const certificateFingerprints = read("certificateFingerprint", parseFingerprints);
  const insecureSkipVerify = read("insecureSkipVerify", parseBoolean) ?? false;
  if (insecureSkipVerify && configured(source, "certificateFingerprint") !== undefined) {
    malformed.push(
      `${bothNames("certificateFingerprint")} and ${bothNames("insecureSkipVerify")} cannot be used together`,
    );
  }
  return {
    ...(caCertificate !== undefined && { caCertificate }),
    ...(certificateFingerprints !== undefined && { certificateFingerprints }),
    insecureSkipVerify,
  };
}
