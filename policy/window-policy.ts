// Runs the rules for windows. The inputs decide before the share is created. What only the state can tell is judged at the
// end of the preview or the update, when the outputs are visible.
import type {
  PolicyConfigSchema,
  PolicyResource,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { whereToRevoke } from "../provider/lifecycle/share/messages";
import { configurationOf, explainUnknown, isShare, knownValue, requireShare, type Properties } from "./share-policy";
import { declaredWindow, recordedWindow, type DeclaredWindow, type Window } from "./window";

export interface WindowRule {
  readonly name: string;
  readonly description: string;
  readonly configSchema: PolicyConfigSchema;
  /** Whether the rule needs the place of the window, and not only its length or a start that is not later than now. */
  readonly needsPlace: boolean;
  /** Reads the configuration and returns what judges a window: why the window violates the rule, or undefined. */
  readonly read: (config: Properties) => (window: Window) => string | undefined;
}

interface Judged {
  readonly window: DeclaredWindow | undefined;
  readonly reported: boolean;
}

export function windowPolicy(
  { name, description, configSchema, needsPlace, read }: WindowRule,
  now: () => number,
): ResourceValidationPolicy & StackValidationPolicy {
  // Engine: one process of the pack serves one preview or one update, and judges each resource before it judges the stack.
  const judged = new Map<string, Judged>();
  return {
    name,
    description,
    configSchema: { properties: configSchema.properties },
    enforcementLevel: "mandatory",
    validateResource: (args, report) => {
      requireShare(args);
      const judge = read(configurationOf(name, configSchema, args));
      const window = explainUnknown(() => declaredWindow(args.props, now()));
      // A share whose window is over opens nothing.
      const isOver = window === undefined || window.to <= now();
      // The inputs of an existing share look like those of a new one. Where the clock moves the window, only the state tells.
      const violation = isOver || (window.floats && needsPlace) ? undefined : judge(window);
      judged.set(args.urn, { window, reported: violation !== undefined });
      if (violation !== undefined) report(violation);
    },
    validateStack: (args, report) => {
      const judge = read(configurationOf(name, configSchema, args));
      for (const resource of args.resources) {
        const first = isShare(resource.type) ? judged.get(resource.urn) : undefined;
        if (first === undefined || first.reported) continue;
        const violation = judgeAtTheEnd(resource, first.window, judge, now());
        if (violation !== undefined) report(violation, resource.urn);
      }
    },
  };
}

function judgeAtTheEnd(
  { props }: PolicyResource,
  declared: DeclaredWindow | undefined,
  judge: (window: Window) => string | undefined,
  now: number,
): string | undefined {
  const recorded = recordedWindow(props);
  if (recorded === undefined) return declared?.floats === true ? withAdvice(judge(declared), ifItExists) : undefined;
  if (recorded.to <= now || knownValue(props, "removed") === true) return undefined;
  return withAdvice(judge(recorded), toRevoke);
}

function withAdvice(violation: string | undefined, advice: string): string | undefined {
  return violation === undefined ? undefined : `${violation} ${advice}`;
}

const toRevoke = `The share exists already. To revoke its link: ${whereToRevoke}. Then run \`pulumi refresh\`.`;

// Engine: in the preview of an update, a dynamic share has no outputs and looks like a new one.
const ifItExists = "If the share exists already, declare the validSince that the state holds: that changes nothing.";
