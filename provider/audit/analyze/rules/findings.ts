// Decides which inventory entries are findings, and how severe they are. Pure; one rule for each kind, and at most one
// finding of a kind for each entry.
import { findingKindNames, findingKinds, type FindingKind, type Severity } from "../../model/finding-kinds";
import { duplicate, expiresSoon, interactive, missingLabels, removed, unreadable } from "./declared-rules";
import type { InventoryEntry } from "../inventory/inventory";
import type { Policy } from "../policy";
import { remediationFor } from "./remediation";
import type { Rule } from "./rule";
import { missing, noLongerListed, orphaned, reactivated, replaced, unidentified, unmanaged } from "./undeclared-rules";
import { tooLong, windowDiffers } from "./window-rules";

export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly entry: InventoryEntry;
  /** What the audit found, one to three sentences. */
  readonly message: string;
  /** What to do about it, one alternative each. */
  readonly nextSteps: readonly string[];
}

/** The findings for one entry. A share that expired or that is on another appliance has none. */
export function findingsOf(entry: InventoryEntry, policy: Policy): Finding[] {
  if (entry.seen === "elsewhere" || entry.to <= entry.now) return [];
  return findingKindNames.flatMap((kind) => {
    const found = rules[kind](entry, policy);
    if (found === undefined) return [];
    const usual = { message: "", severity: findingKinds[kind].severity };
    const judged = typeof found === "string" ? { ...usual, message: found } : found;
    return [{ kind, ...judged, entry, nextSteps: remediationFor(kind, entry) }];
  });
}

const rules: Readonly<Record<FindingKind, Rule>> = {
  unmanaged,
  orphaned,
  reactivated,
  unidentified,
  replaced,
  "window-differs": windowDiffers,
  "too-long": tooLong,
  duplicate,
  removed,
  missing,
  "missing-labels": missingLabels,
  unreadable,
  interactive,
  "no-longer-listed": noLongerListed,
  "expires-soon": expiresSoon,
};
