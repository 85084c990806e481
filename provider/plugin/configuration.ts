// The configuration of the provider resource: checks it, compares it, and reads the settings from it and the environment.
import { isDeepStrictEqual } from "node:util";
import { didYouMean, readSettings, settingNames, unknown, type Settings } from "../lifecycle";
import type { Properties } from "./values";

export interface ConfigFailure {
  /** Empty where the value may hold a credential. Engine: it prints the value of the property that a failure names. */
  readonly property: string;
  readonly reason: string;
}

const names = Object.keys(settingNames) as (keyof typeof settingNames)[];

/** Engine: it adds these to the configuration of each provider. */
const addedByEngine = ["version", "pluginDownloadURL"];

/** Settings whose value the engine may print. */
const printableSettings: readonly string[] = ["insecureSkipVerify", "maxDuration", "deletionPolicy", "timeout"];

/**
 * All failures of a configuration at once. A setting that is not known yet passes. A missing setting is no failure: it may
 * come from the environment, and a run without changes needs none. Engine: it does not say whether a value is secret in the
 * stack's configuration, so a key in plain text cannot be refused here.
 */
export function checkConfiguration(values: Readonly<Properties>): ConfigFailure[] {
  const failures: ConfigFailure[] = [];
  for (const name of Object.keys(values)) {
    if (addedByEngine.includes(name) || (names as string[]).includes(name)) continue;
    const shown = JSON.stringify(name.slice(0, 40).replace(/[^\w.:-]/g, "?"));
    failures.push({ property: "", reason: `there is no setting named ${shown}${didYouMean(name, names)}` });
  }
  for (const name of names) {
    const property = printableSettings.includes(name) ? name : "";
    const reasons = isText(values[name]) ? malformed(values, [name]) : [`${settingNames[name].config} must be text`];
    for (const reason of reasons) failures.push({ property, reason });
  }
  // Settings that exclude each other.
  const reported = failures.map(({ reason }) => reason);
  for (const reason of malformed(values, names))
    if (!reported.includes(reason)) failures.push({ property: "", reason });
  return failures;
}

function isText(value: unknown): boolean {
  return value === undefined || value === null || value === unknown || ["string", "boolean"].includes(typeof value);
}

function malformed(values: Readonly<Properties>, only: readonly string[]): readonly string[] {
  const config = (name: string) => (only.includes(withoutPrefix(name)) ? configured(values, name) : undefined);
  return readSettings({ config, environment: () => undefined }).malformed;
}

/**
 * Names of the settings that differ. Engine: a setting that is not reported as different always keeps its old value. None
 * of them replaces: a replaced provider would re-create each of its shares. Another version of the plugin is no difference:
 * a release causes no diff, and the engine uses and records the new version anyway.
 */
export function changedSettings(olds: Readonly<Properties>, news: Readonly<Properties>): string[] {
  return [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (name) => !addedByEngine.includes(name) && (news[name] === unknown || !isDeepStrictEqual(olds[name], news[name])),
  );
}

/** The settings of this process: each one from the provider's configuration, else from the environment. */
export function settingsOf(values: Readonly<Properties>, environment: NodeJS.ProcessEnv): Settings {
  return readSettings({
    process: "provider",
    config: (name) => configured(values, name),
    environment: (name) => environment[name],
  });
}

function configured(values: Readonly<Properties>, name: string): string | undefined {
  const value = values[withoutPrefix(name)];
  // A boolean where a program declares one; text from the stack's configuration.
  return typeof value === "string" || typeof value === "boolean" ? String(value) : undefined;
}

function withoutPrefix(name: string): string {
  return name.slice("fudo:".length);
}
