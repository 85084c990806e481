// Reads the provider's settings from the configuration of the stacks that the command line names, where the environment does
// not set them. `pulumi config` shows plain values without a passphrase; the API key is a secret and is never read.
import { resolve } from "node:path";
import { printable } from "../../client";
import { settingNames } from "../../lifecycle";
import { UsageError } from "../model/usage-error";
import { pulumi, type CliOptions, type CliResult } from "./pulumi-cli";
import { object } from "./state-json";

const connectionSettings = ["caCertificate", "certificateFingerprint", "insecureSkipVerify"] as const;
const readableSettings = ["url", ...connectionSettings, "maxDuration", "timeout"] as const;
type ReadableSetting = (typeof readableSettings)[number];

export interface StackSettings {
  /** By the name in the configuration, for example `fudo:url`. */
  readonly values: ReadonlyMap<string, string>;
  /** One sentence for each configuration or setting that cannot be read. */
  readonly problems: readonly string[];
}

type Configuration = { readonly stack: string; readonly values: ReadonlyMap<ReadableSetting, string> };

/** `unneeded` names settings that the command line gives. Throws `UsageError` when stacks disagree on a setting. */
export async function readStackSettings(
  stacks: readonly string[],
  options: CliOptions,
  unneeded: readonly ReadableSetting[] = [],
): Promise<StackSettings> {
  const { environment } = options;
  const isSet = (name: ReadableSetting) => (environment[settingNames[name].environment] ?? "").trim() !== "";
  const needed = readableSettings.filter(
    (name) => !isSet(name) && !unneeded.includes(name) && !isReplaced(name, isSet),
  );
  const problems: string[] = [];
  const configurations: Configuration[] = [];
  let hangs = false;
  for (const stack of needed.length === 0 ? [] : new Set(stacks)) {
    const result: CliResult = hangs ? notAsked : await pulumi(["config", "--json", "--stack", stack], options);
    hangs ||= "problem" in result && result.hangs === true;
    const json = "json" in result ? object(result.json) : undefined;
    if (json !== undefined) configurations.push(readConfiguration(json, stack, { needed, problems, ...options }));
    else problems.push(notRead(stack, "problem" in result ? result.problem : "it is not a JSON object"));
  }
  const usable = configurations.map((one) => withoutOthersConnection(one, environment[settingNames.url.environment]));
  const agreed = needed.flatMap((name) => {
    const value = agreedValue(name, usable);
    return value === undefined ? [] : [[settingNames[name].config, value] as const];
  });
  return { values: new Map(agreed), problems };
}

const notAsked = { problem: "`pulumi config` did not end for another stack" };

function notRead(stack: string, reason: string): string {
  return `the audit cannot read the configuration of stack ${printable(stack, 200)}: ${reason}`;
}

/** A pinned certificate and no verification exclude each other; what the environment sets decides. */
function isReplaced(name: ReadableSetting, isSet: (name: ReadableSetting) => boolean): boolean {
  if (name === "insecureSkipVerify") return isSet("certificateFingerprint");
  return name === "certificateFingerprint" && isSet("insecureSkipVerify");
}

interface ReadOptions {
  readonly needed: readonly ReadableSetting[];
  readonly problems: string[];
  readonly folder: string;
}

function readConfiguration(
  json: Readonly<Record<string, unknown>>,
  stack: string,
  { needed, problems, folder }: ReadOptions,
): Configuration {
  const values = new Map<ReadableSetting, string>();
  for (const name of new Set([...needed, "url" as const])) {
    const { config, environment } = settingNames[name];
    const { value, secret } = object(json[config]) ?? {};
    const text = typeof value === "string" ? value.trim() : "";
    if (text !== "") values.set(name, normalized(name, text, folder));
    else if (secret === true && needed.includes(name)) {
      problems.push(
        `${config} of stack ${printable(stack, 200)} is a secret, which the audit does not read: set ${environment}`,
      );
    }
  }
  return { stack, values };
}

function normalized(name: ReadableSetting, text: string, folder: string): string {
  if (name === "url") return originOf(text);
  // The provider runs in the project's folder, so a relative path starts there.
  return name === "caCertificate" && !text.includes("-----BEGIN") ? resolve(folder, text) : text;
}

function originOf(url: string): string {
  return /^[^/]+:\/\/[^/?#@]+\/?$/.test(url) && URL.canParse(url) ? new URL(url).origin : url;
}

/** How to trust one appliance says nothing about another one, to which the environment points. */
function withoutOthersConnection(configuration: Configuration, url = ""): Configuration {
  const own = configuration.values.get("url");
  if (url.trim() === "" || own === undefined || own === originOf(url.trim())) return configuration;
  const isKept = ([name]: readonly [ReadableSetting, string]) => !connectionSettings.some((other) => other === name);
  return { ...configuration, values: new Map([...configuration.values].filter(isKept)) };
}

function agreedValue(name: ReadableSetting, configurations: readonly Configuration[]): string | undefined {
  const having = configurations.filter(({ values }) => values.has(name));
  const [first] = having;
  const other = having.find(({ values }) => values.get(name) !== first?.values.get(name));
  if (first === undefined || other === undefined) return first?.values.get(name);
  const { config, environment } = settingNames[name];
  throw new UsageError(
    `the stacks ${printable(first.stack, 200)} and ${printable(other.stack, 200)} have different values of ${config}: set ${environment}, or audit these stacks one after the other`,
  );
}
