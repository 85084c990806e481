// Checks the arguments of a share without an engine and without a request: for unit tests of programs.
import { check } from "../operations/check";
import { readSettings, type SettingsSource } from "../settings";
import type { RawInputs } from "../share/inputs";

export { unknown } from "../share/unknown";

/**
 * What check would say about a new share with these inputs: one sentence for each failure. A missing setting is none,
 * because a unit test needs no appliance. Values that are not known yet are the `unknown` mark.
 */
export function checkArguments(inputs: RawInputs, source: SettingsSource, now: number): string[] {
  const settings = readSettings(source);
  const { failures } = check({}, inputs, { settings: { ...settings, problems: settings.malformed }, now });
  return failures.map(({ reason }) => reason);
}
