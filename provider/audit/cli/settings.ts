// The settings of the audit and of doctor: from the environment, and for the audit also from the configuration of stacks.
import { FudoError, isFudoError, readCaCertificates } from "../../client";
import { readSettings, settingNames, type Settings } from "../../lifecycle";

/** The configuration that was read, by name (`fudo:url`), and what to say about the rest. */
export interface ConfiguredValues {
  readonly values: ReadonlyMap<string, string>;
  /** Stacks whose configuration the audit asked for. */
  readonly stacks: readonly string[];
  /** Why a configuration could not be read. */
  readonly problems: readonly string[];
}

/** A missing setting is named as this command reads it: the API key never comes from a configuration. */
export function commandSettings(environment: NodeJS.ProcessEnv, configured?: ConfiguredValues): Settings {
  const settings = readSettings({
    config: (name) => configured?.values.get(name),
    environment: (name) => environment[name],
  });
  const isMissing = (name: "url" | "apiKey") => (environment[settingNames[name].environment] ?? "").trim() === "";
  const problems = [
    ...(isMissing("url") && !configured?.values.has("fudo:url") ? [missingUrl(configured)] : []),
    ...(isMissing("apiKey")
      ? ["FUDO_API_KEY is not set (the audit does not read fudo:apiKey from a stack's configuration: it is a secret)"]
      : []),
    ...settings.malformed,
  ];
  return { ...settings, problems };
}

function missingUrl(configured: ConfiguredValues | undefined): string {
  if (configured === undefined || configured.stacks.length === 0)
    return "FUDO_URL is not set (the audit reads fudo:url only from the configuration of stacks that --stack names)";
  if (configured.problems.length > 0) return `FUDO_URL is not set, and ${configured.problems.join("; ")}`;
  return `FUDO_URL is not set, and the stacks of --stack have no fudo:url in their configuration`;
}

/** Throws `config` for settings that no request can use: an audit must fail before its first request. */
export function requireUsableCertificates(settings: Settings): Settings {
  const { caCertificate } = settings.tls;
  if (caCertificate === undefined) return settings;
  try {
    readCaCertificates(caCertificate);
    return settings;
  } catch (error) {
    if (!isFudoError(error)) throw error;
    throw new FudoError("config", [...settings.problems, error.message].join("; "), { cause: error });
  }
}
