// The public name of `pulumi-fudo/policy`: the policies of the pack, to be used in a pack of one's own.
import type { Policies } from "@pulumi/policy";
import { allowedSessions, deletionPolicy, labelsRequired, readonlyRequired, recipientsRequired } from "./declaration";
import { curfew } from "./curfew";
import { earliestStart, longestWindow } from "./window-rules";
import { windowPolicy } from "./window-policy";

/**
 * The policies of the pack. docs/policy.md describes each one and its configuration.
 *
 * @example
 * ```ts
 * import { PolicyPack } from "@pulumi/policy";
 * import { policies } from "pulumi-fudo/policy";
 *
 * const longest = { enforcementLevel: "mandatory" as const, length: "P7D" };
 * new PolicyPack("ours", { policies: policies() }, { "longest-window": longest });
 * ```
 */
export function policies(): Policies {
  const now = () => Date.now();
  return [
    windowPolicy(longestWindow, now),
    windowPolicy(earliestStart, now),
    windowPolicy(curfew, now),
    readonlyRequired,
    labelsRequired,
    allowedSessions,
    deletionPolicy,
    recipientsRequired,
  ];
}
