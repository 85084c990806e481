// The declaration tag of a resource: computed when the program declares it, from what the engine makes its URN of. No value of
// another resource is needed, so the tag is the same in each run.
import * as pulumi from "@pulumi/pulumi";
import { declarationTag } from "../../provider/lifecycle/share/declaration-tag";

const stackType = "pulumi:pulumi:Stack";

/** Types of the resource's parents from the outermost one, and its own, as in the URN; the stack itself does not count. */
function typesOf(type: string, parent: pulumi.Resource | undefined): string[] {
  const types = [type];
  // Engine: the SDK keeps type and parent of each resource in these fields.
  for (
    let resource = parent as ResourceFields | undefined;
    resource !== undefined;
    resource = resource.__parentResource
  ) {
    if (resource.__pulumiType !== stackType) types.unshift(resource.__pulumiType ?? "");
  }
  return types;
}

interface ResourceFields {
  readonly __pulumiType?: string;
  readonly __parentResource?: ResourceFields;
}

export function tagOf(type: string, name: string, parent: pulumi.Resource | undefined): number {
  return declarationTag([organization(), pulumi.getProject(), pulumi.getStack(), ...typesOf(type, parent), name]);
}

// Engine: it sets the organization in each run. Pulumi's mocks may not, and `getOrganization` then throws.
function organization(): string {
  try {
    return pulumi.getOrganization();
  } catch {
    return "";
  }
}
