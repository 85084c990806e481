// Rejects an API key in plain text in a provider resource, which a program declares for a further appliance.
import * as pulumi from "@pulumi/pulumi";
import { printable } from "../../provider/client/redact/redact";
import { settingNames } from "../../provider/lifecycle/settings";
import { valueOf } from "./known-values";
import { underMocks } from "./mocks";

/**
 * The properties of a share. Their registration fails if the key is in plain text: `share` names the share in the message.
 * The provider's own process cannot see this, because the engine passes secrets to it as plain values.
 */
export function withCheckedKey(
  share: string,
  props: pulumi.Inputs,
  provider: pulumi.ProviderResource | undefined,
): pulumi.Inputs {
  // Engine: the SDK keeps each property of a resource as an output of the same name.
  const key = (provider as unknown as Record<string, unknown> | undefined)?.[settingNames.apiKey.config];
  // With mocks, the test decides what is secret.
  if (!pulumi.Output.isInstance<unknown>(key) || underMocks()) return props;
  const sessionId: unknown = props["sessionId"];
  return { ...props, sessionId: pulumi.output(checked(share, nameOf(provider), key)).apply(() => sessionId) };
}

async function checked(share: string, provider: string, key: pulumi.Output<unknown>): Promise<boolean> {
  // Engine: `apply` would make the share depend on the provider resource.
  const isSet = Boolean(await valueOf(key));
  if (!isSet || (await pulumi.isSecret(key))) return true;
  throw new pulumi.RunError(
    `${share}: its provider "${provider}" has ${settingNames.apiKey.config} in plain text, and the state holds it as the ` +
      "program passes it. Pass a secret: `new pulumi.Config().requireSecret(…)` or `pulumi.secret(…)`. If an `up` has " +
      "already run, rotate the key on the appliance, because everyone who can read the state has it",
  );
}

// Engine: the SDK keeps the name of each resource in this field.
function nameOf(provider: pulumi.ProviderResource | undefined): string {
  return printable(String((provider as unknown as { __name?: string } | undefined)?.__name), 100);
}
