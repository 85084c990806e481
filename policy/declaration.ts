// The rules for what a share declares besides its window. The inputs decide, so the clock changes nothing.
import type {
  EnforcementLevel,
  PolicyConfigSchema,
  ResourceValidationArgs,
  ResourceValidationPolicy,
} from "@pulumi/policy";
import { readSettings, settingNames } from "../provider/lifecycle/settings";
import { configurationOf, explainUnknown, requireShare, type Properties } from "./share-policy";

interface DeclarationRule {
  readonly name: string;
  readonly description: string;
  readonly enforcementLevel?: EnforcementLevel;
  /** Absent for a rule without configuration. */
  readonly configSchema?: PolicyConfigSchema;
  /** Why the share violates the rule, or undefined. */
  readonly judge: (inputs: Properties, config: Properties, args: ResourceValidationArgs) => string | undefined;
}

function declarationPolicy(rule: DeclarationRule): ResourceValidationPolicy {
  const { name, description, enforcementLevel = "mandatory", configSchema, judge } = rule;
  return {
    name,
    description,
    enforcementLevel,
    ...(configSchema && { configSchema }),
    validateResource: (args, report) => {
      requireShare(args);
      const config = configSchema === undefined ? {} : configurationOf(name, configSchema, args);
      const violation = explainUnknown(() => judge(args.props, config, args));
      if (violation !== undefined) report(violation);
    },
  };
}

export const readonlyRequired = declarationPolicy({
  name: "readonly-required",
  description: "A share must be view-only.",
  // The provider's default is true.
  judge: ({ readonly = true }) =>
    readonly === true
      ? undefined
      : "readonly is false, so the vendor can act in a live session. Remove it, or declare true.",
});

export const labelsRequired = declarationPolicy({
  name: "labels-required",
  description: "A share must have the required labels.",
  configSchema: {
    properties: {
      names: { type: "array", minItems: 1, items: { type: "string" }, description: "Names of the labels." },
    },
  },
  judge: ({ labels }, { names }) => {
    const given = (labels ?? {}) as Readonly<Record<string, string>>;
    const isMissing = (name: string) => !Object.hasOwn(given, name) || given[name]?.trim() === "";
    const missing = (names as readonly string[]).filter(isMissing);
    return missing.length === 0 ? undefined : `These labels are missing or empty: ${missing.join(", ")}.`;
  },
});

export const allowedSessions = declarationPolicy({
  name: "allowed-sessions",
  description: "A share must be on an allowed session.",
  configSchema: {
    properties: {
      sessionIds: {
        type: "array",
        items: { type: "string", pattern: "^[0-9]+$" },
        description: "IDs of the sessions, as text in quotes: as numbers they would lose their last digits.",
      },
    },
  },
  judge: ({ sessionId }, { sessionIds }) =>
    (sessionIds as readonly unknown[]).includes(sessionId)
      ? undefined
      : `The session ${String(sessionId)} is not one of the allowed sessions.`,
});

export const deletionPolicy = declarationPolicy({
  name: "deletion-policy",
  description: "A share must have the required deletion policy.",
  configSchema: {
    properties: {
      value: { type: "string", enum: ["abandon", "refuseWhileLive"], description: "The deletion policy." },
    },
  },
  judge: ({ deletionPolicy: declared }, { value }, { provider }) => {
    const effective = declared ?? settingOf(provider?.props ?? {});
    return effective === value
      ? undefined
      : `The deletionPolicy is ${JSON.stringify(effective ?? "not valid")}. Declare ${JSON.stringify(value)}.`;
  },
});

/**
 * What the provider takes for a share that declares none. Engine: the provider resource holds the stack's configuration, and
 * this process has the environment of the provider's process.
 */
function settingOf(provider: Properties): unknown {
  const { config: name, environment } = settingNames.deletionPolicy;
  return readSettings({
    config: (one) => (one === name ? textOf(provider["deletionPolicy"] ?? provider[name]) : undefined),
    environment: (one) => (one === environment ? process.env[one] : undefined),
  }).deletionPolicy;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export const recipientsRequired = declarationPolicy({
  name: "recipients-required",
  description: "A share must be sealed, so that the state holds no key.",
  // A stack without sealed links is normal. The configuration switches the rule on.
  enforcementLevel: "disabled",
  judge: ({ recipients }) =>
    Array.isArray(recipients) && recipients.length > 0
      ? undefined
      : "The share declares no recipients. Declare the age public key of everybody who may open the link.",
});
