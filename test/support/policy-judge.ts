// Calls a policy as the SDK's server does, with its proxies for values that are not known yet. For unit tests; knows nothing of
// what a test expects.
import type { Policies } from "@pulumi/policy";
import * as proxies from "@pulumi/policy/proxy";

type Policy = Policies[number];

// The SDK's declarations leave out what is internal.
const { unknownCheckingProxy, unknownStringValue } = proxies as unknown as {
  unknownCheckingProxy: (props: object) => object;
  unknownStringValue: string;
};

/** A value that is not known in a preview. */
export const unknownValue = unknownStringValue;
export const dynamicType = "pulumi-nodejs:dynamic/fudo:SessionShare";

export interface Judged {
  readonly config?: object;
  readonly type?: string;
  readonly provider?: object;
}

class NotApplicable extends Error {}

const common = ({ config = {} }: Judged) => ({
  getConfig: () => config,
  notApplicable: (reason?: string) => {
    throw new NotApplicable(reason);
  },
});

/** What the policy reports about a resource with these inputs, or why it does not apply. */
export function judgeInputs(policy: Policy, inputs: object, judged: Judged = {}, urn = "urn"): string[] {
  const { type = dynamicType, provider } = judged;
  const resource = { type, urn, name: "vendor", props: unknownCheckingProxy(inputs) };
  const more = provider === undefined ? {} : { provider: { props: unknownCheckingProxy(provider) } };
  return reports((report) => {
    if (!("validateResource" in policy)) throw new Error(`${policy.name} judges no resources`);
    const validate = policy.validateResource as (args: object, report: (text: string) => void) => void;
    validate({ ...resource, ...more, ...common(judged) }, report);
  });
}

/** What the policy reports at the end about resources with these outputs, by URN. */
export function judgeStack(policy: Policy, outputs: Readonly<Record<string, object>>, judged: Judged = {}): string[] {
  const { type = dynamicType } = judged;
  const resources = Object.entries(outputs).map(([urn, props]) => ({
    type,
    urn,
    name: urn,
    props: unknownCheckingProxy(props),
  }));
  return reports((report) => {
    if (!("validateStack" in policy)) throw new Error(`${policy.name} judges no stacks`);
    const validate = policy.validateStack as unknown as (args: object, report: (text: string) => void) => void;
    validate({ resources, ...common(judged) }, report);
  });
}

function reports(judge: (report: (text: string) => void) => void): string[] {
  const texts: string[] = [];
  try {
    judge((text) => texts.push(text));
  } catch (error) {
    if (!(error instanceof NotApplicable)) throw error;
    return [`not applicable: ${error.message}`];
  }
  return texts;
}
