// What the program's own process knows: its stack configuration, which of it is secret, and the environment.
import * as pulumi from "@pulumi/pulumi";
import { demandNode } from "../../provider/client/node-version";
import { settingNames, type SettingsSource } from "../../provider/lifecycle/settings";

/** Pulumi configuration and the environment of the program. */
export const programSource: SettingsSource = {
  config: (name) => pulumi.runtime.getConfig(name),
  environment: (name) => process.env[name],
};

/** Throws `RunError` (one sentence, no stack) on an old Node.js and where the API key stands in the configuration in clear. */
export function demandProgram(): void {
  try {
    demandNode();
  } catch (error) {
    throw new pulumi.RunError((error as Error).message);
  }
  const name = settingNames.apiKey.config;
  if (programSource.config(name) && !isSecret(name)) {
    throw new pulumi.RunError(
      `${name} stands in the stack's configuration in plain text. Run \`pulumi config set --secret ${name}\` (it asks for the value), ` +
        "and rotate the key on the appliance: whoever could read the file has it.",
    );
  }
}

// The SDK exports it, its declarations leave it out (@internal).
const runtime = pulumi.runtime as unknown as { isConfigSecret?: (name: string) => boolean };

function isSecret(name: string): boolean {
  return runtime.isConfigSecret?.(name) ?? true;
}
