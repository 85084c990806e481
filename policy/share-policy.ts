// What all policies have in common: which resources they judge, their configuration, and values that are not known yet.
import type { PolicyConfigSchema, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { didYouMean } from "../provider/lifecycle/did-you-mean";

const shareTypes = ["pulumi-nodejs:dynamic/fudo:SessionShare", "fudo:index:SessionShare"];

/** The properties of a resource. Engine: in a preview, an access to a value that is not known yet throws. */
export type Properties = Readonly<Record<string, unknown>>;

export function isShare(type: string): boolean {
  return shareTypes.includes(type);
}

/** Skips every resource that is no share. */
export function requireShare(args: ResourceValidationArgs): void {
  if (!isShare(args.type)) args.notApplicable("The policy applies only to shares");
}

/**
 * The configuration of a policy. Skips the policy if there is none. Throws for a name that the policy does not have: a
 * rule that a spelling mistake switches off must not look like one that everything complies with.
 */
export function configurationOf(
  policy: string,
  schema: PolicyConfigSchema,
  args: ResourceValidationArgs | StackValidationArgs,
): Properties {
  const config = args.getConfig<Record<string, unknown>>();
  const names = Object.keys(schema.properties);
  const given = Object.keys(config).filter((name) => config[name] !== undefined);
  if (given.length === 0) args.notApplicable("The policy is not configured");
  for (const name of given)
    if (!names.includes(name)) throw misconfigured(policy, `${name} is not a property${didYouMean(name, names)}`);
  for (const name of schema.required ?? names)
    if (!given.includes(name)) throw misconfigured(policy, `${name} is missing`);
  return config;
}

/** Stops the run: a rule with a wrong configuration judges nothing. */
export function misconfigured(policy: string, reason: string): Error {
  const error = new Error(`The configuration of ${policy} is wrong: ${reason}. docs/policy.md describes it.`);
  // The SDK prints the stack, which leads into this package and helps nobody.
  error.stack = error.message;
  return error;
}

/**
 * Runs `judge` and explains what happens to a value that is not known yet. The SDK turns that error into a warning, and
 * prints its message.
 */
export function explainUnknown<T>(judge: () => T): T {
  try {
    return judge();
  } catch (error) {
    if (isUnknownValue(error)) {
      error.message = `${error.props.join(".")} is not known yet. \`pulumi up\` judges the share before it creates it`;
    }
    throw error;
  }
}

/** The value, or undefined where it is absent or not known yet. */
export function knownValue(props: Properties, name: string): unknown {
  try {
    return props[name];
  } catch (error) {
    if (isUnknownValue(error)) return undefined;
    throw error;
  }
}

// The SDK does not export the class of this error.
function isUnknownValue(error: unknown): error is Error & { readonly props: readonly string[] } {
  return error instanceof Error && error.constructor.name === "UnknownValueError";
}
