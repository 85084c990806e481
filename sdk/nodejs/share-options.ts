// The options of a share as they reach the engine: credentials stay secret, and no option bypasses `refuseWhileLive`.
import * as pulumi from "@pulumi/pulumi";
import { printable } from "../../provider/client/redact/redact";
import { settingNames } from "../../provider/lifecycle/settings";
import { secretOutputs } from "../../provider/lifecycle/share/id";
import { programSource } from "./program";
import { withCheckedKey } from "./provider-key";

/** The program's options, and with each of them what a share needs, whatever a transformation returns. */
export function shareOptions(name: string, options: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  const last: pulumi.ResourceTransformation = ({ resource, type, props, opts }) => {
    if (resource !== share) return undefined;
    const provider = opts.provider ?? opts.parent?.getProvider(type);
    const checked = checkedProperties(name, props, opts);
    return { props: withCheckedKey(shareName(name), checked, provider), opts: withSecretOutputs(opts) };
  };
  let share: pulumi.Resource | undefined;
  // Engine: the SDK runs a resource's own transformations first, those of its parents after them, and reads the list while it
  // goes on. What the first one adds comes last, so it sees what all the others returned.
  const first: pulumi.ResourceTransformation = ({ resource }) => {
    if (share !== undefined) return undefined;
    share = resource;
    (resource as unknown as { __transformations?: pulumi.ResourceTransformation[] }).__transformations?.push(last);
    return undefined;
  };
  return { ...withSecretOutputs(options), transformations: [first, ...(options.transformations ?? [])] };
}

function withSecretOutputs(options: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  const additionalSecretOutputs = [...new Set([...(options.additionalSecretOutputs ?? []), ...secretOutputs])];
  return { ...options, additionalSecretOutputs };
}

// Engine: with these options it removes the resource from the state without asking the provider.
function bypassOf({ retainOnDelete, deletedWith }: pulumi.CustomResourceOptions): string | undefined {
  if (deletedWith !== undefined) return "deletedWith";
  return retainOnDelete === true ? "retainOnDelete" : undefined;
}

function checkedProperties(name: string, props: pulumi.Inputs, options: pulumi.CustomResourceOptions): pulumi.Inputs {
  assertNoImport(name, options);
  const bypass = bypassOf(options);
  // `get` reads a share that this stack does not manage.
  if (bypass === undefined || options.id !== undefined) return props;
  const declared: unknown = props["deletionPolicy"];
  if (!pulumi.Output.isInstance(declared) && !(declared instanceof Promise)) {
    assertAsksProvider(name, bypass, declared);
    return props;
  }
  const deletionPolicy = pulumi.output(declared).apply((policy: unknown) => {
    assertAsksProvider(name, bypass, policy);
    return policy;
  });
  return { ...props, deletionPolicy };
}

// Engine: an import calls the provider without its text, so it ends with "code must be a string" and a stack.
function assertNoImport(name: string, options: pulumi.CustomResourceOptions): void {
  if (options.import === undefined) return;
  throw new pulumi.RunError(
    `${shareName(name)}: the option \`import\` does not work for a dynamic resource. Declare the share with the input ` +
      "`adopt` instead, set to its fingerprint (the part of the ID after the slash): `up` then takes over exactly this share",
  );
}

function assertAsksProvider(name: string, option: string, declared: unknown): void {
  const { config, environment } = settingNames.deletionPolicy;
  const policy = declared ?? programSource.config(config) ?? programSource.environment(environment);
  if (policy === "refuseWhileLive") {
    throw new pulumi.RunError(
      `${shareName(name)}: ${option} and deletionPolicy refuseWhileLive contradict each other. With ${option} the Pulumi ` +
        "engine deletes the share without asking the provider, which could then not refuse. Remove one of them",
    );
  }
  void pulumi.log.warn(
    `${shareName(name)}: with ${option} the Pulumi engine deletes the share without asking the provider, so no message ` +
      "will say until when the link works. Deleting does not revoke the link",
  );
}

function shareName(name: string): string {
  return `SessionShare ${printable(name, 100)}`;
}
