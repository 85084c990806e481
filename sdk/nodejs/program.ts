// Reads the program's stack configuration and environment, and checks what must be right before anything else runs.
import * as pulumi from "@pulumi/pulumi";
import { assertNodeVersion } from "../../provider/client/node-version";
import { printable } from "../../provider/client/redact/redact";
import { settingNames, unknownSettings, type SettingsSource } from "../../provider/lifecycle/settings";

/** Pulumi configuration and the environment of the program. */
export const programSource: SettingsSource = {
  process: "program",
  config: (name) => pulumi.runtime.getConfig(name),
  environment: (name) => process.env[name],
};

/**
 * Throws `RunError` (a message without a stack) if Node.js is too old, if the configuration contains the API key in plain
 * text, or if it contains a misspelled setting.
 */
export function assertProgramConfiguration(): void {
  try {
    assertNodeVersion();
  } catch (error) {
    throw new pulumi.RunError((error as Error).message);
  }
  const name = settingNames.apiKey.config;
  if (programSource.config(name) && !isSecret(name)) {
    throw new pulumi.RunError(
      `The program's process found ${name} in plain text in its configuration. If it is in the stack's configuration, run ` +
        `\`pulumi config set --secret ${name}\` (it prompts for the value), and rotate the key on the appliance, because ` +
        "everyone who can read the file has it. If the program sets it, remove that: it does not reach the provider's process.",
    );
  }
  assertKnownSettings();
}

// A misspelled fudo:maxDuration or fudo:deletionPolicy must not look like one that is not set.
function assertKnownSettings(): void {
  const unknown = unknownSettings(Object.keys(pulumi.runtime.allConfig()));
  if (unknown.length === 0) return;
  const misspelled = unknown.filter(({ meant }) => meant !== undefined);
  if (misspelled.length === 0) return warnOnce(unknown.map(({ name }) => printable(name, 60)));
  const texts = misspelled.map(({ name, meant }) => `${printable(name, 60)} is not a setting. Did you mean ${meant}?`);
  // Only a name that no shell interprets may stand in a command.
  const commands = misspelled
    .filter(({ name }) => /^[\w:-]+$/.test(name))
    .map(({ name }) => `pulumi config rm ${name}`);
  const removal = commands.length === 0 ? "remove this one" : `run \`${commands.join("; ")}\``;
  throw new pulumi.RunError(
    `The configuration has a misspelled setting: ${texts.join(" ")} Set the right one, and ${removal}`,
  );
}

const warnedRuns = new WeakSet<object>();

function warnOnce(names: readonly string[]): void {
  const run = pulumi.runtime.getStackResource();
  // In a project called fudo, all settings of the project itself start like this.
  if (run === undefined || warnedRuns.has(run) || pulumi.getProject() === "fudo") return;
  warnedRuns.add(run);
  void pulumi.log.warn(`fudo: the configuration has settings that this package does not know: ${names.join(", ")}`);
}

// The SDK exports this function, but marks it @internal, so its type declarations omit it.
const runtime = pulumi.runtime as unknown as { isConfigSecret?: (name: string) => boolean };

function isSecret(name: string): boolean {
  return runtime.isConfigSecret?.(name) ?? true;
}
