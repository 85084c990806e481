// What a rule of the audit is: it looks at one share and says what is wrong with it. Pure.
import type { Severity } from "../../model/finding-kinds";
import { isLive } from "../../model/status";
import type { InventoryEntry } from "../inventory/inventory";
import type { Policy } from "../policy";

/** The message of the finding, with its severity where that is not the usual one of the kind. */
export type RuleResult = string | { readonly message: string; readonly severity: Severity } | undefined;

export type Rule = (entry: InventoryEntry, policy: Policy) => RuleResult;

/** Live, or declared and not listed yet: what the declaration grants counts already. */
export function isInUse(entry: InventoryEntry): boolean {
  return isLive(entry) || (entry.status === "not-listed" && entry.managedBy.length > 0);
}
