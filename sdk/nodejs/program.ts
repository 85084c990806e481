// Reads the program's stack configuration and environment, and checks what must be right before anything else runs.
import * as pulumi from "@pulumi/pulumi";
import { assertNodeVersion } from "../../provider/client/node-version";
import { settingNames, type SettingsSource } from "../../provider/lifecycle/settings";

/** Pulumi configuration and the environment of the program. */
export const programSource: SettingsSource = {
  config: (name) => pulumi.runtime.getConfig(name),
  environment: (name) => process.env[name],
};

/**
 * Throws `RunError` (a message without a stack) if Node.js is too old, or if the stack configuration contains the
 * API key in plain text.
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
      `The stack configuration contains ${name} in plain text. Run \`pulumi config set --secret ${name}\` (it prompts for ` +
        "the value). Then rotate the key on the appliance, because everyone who can read the file has it.",
    );
  }
}

// The SDK exports this function, but marks it @internal, so its type declarations omit it.
const runtime = pulumi.runtime as unknown as { isConfigSecret?: (name: string) => boolean };

function isSecret(name: string): boolean {
  return runtime.isConfigSecret?.(name) ?? true;
}
