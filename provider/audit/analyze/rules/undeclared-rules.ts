// The rules for shares that no stack manages: which finding they are, and its message. What an earlier report found stays
// until a list shows something else. Pure.
import { isLive, mayGiveAccess } from "../../model/status";
import { utcText } from "../../model/wording";
import { accessText, successorText, untilEnd } from "./access-text";
import type { Rule } from "./rule";
import type { InventoryEntry } from "../inventory/inventory";
import type { Policy } from "../policy";

type UndeclaredKind = "unmanaged" | "orphaned" | "replaced";

/** Which kind a live share is that no stack manages; `undefined` for any other share. */
export function undeclaredKind(entry: InventoryEntry, policy: Policy): UndeclaredKind | undefined {
  if (entry.managedBy.length > 0 || entry.fingerprint === undefined || !isLive(entry)) return undefined;
  if (entry.onceManagedBy.length === 0) return "unmanaged";
  return entry.replacedBy.length > 0 || wasReplaced(entry, policy) ? "replaced" : "orphaned";
}

/** An earlier report found that the share was replaced, and this audit has not read the stack. */
function wasReplaced({ previous, onceManagedBy }: InventoryEntry, { allStatesRead, isAudited }: Policy): boolean {
  if (previous?.findings.has("replaced") !== true) return false;
  return !allStatesRead || onceManagedBy.every(({ stack }) => !isAudited(stack));
}

export const unmanaged: Rule = (entry, policy) => {
  if (undeclaredKind(entry, policy) !== "unmanaged") return undefined;
  const { everyStack, allStatesRead } = policy;
  const audited = allStatesRead
    ? "No audited stack declares it (only an audit of all stacks proves that no stack does)."
    : "No stack that the audit could read declares it.";
  const where = everyStack ? "No stack of the backend declares it." : audited;
  const lookups = entry.lookedUpBy.map(({ urn }) => ` ${urn} only looks it up and does not manage it.`).join("");
  return `${accessText(entry)}. ${where}${lookups}${runText(entry)}`;
};

function runText({ pendingCreates, mayBelongToRun }: InventoryEntry): string {
  if (!mayBelongToRun) return "";
  if (pendingCreates.length === 0)
    return " It is younger than the state that the audit read: it may belong to a run that is under way or was interrupted.";
  const names = [...new Set(pendingCreates.map(({ urn }) => urn))].join(", ");
  return ` It may belong to a run that is under way or was interrupted: Pulumi has not finished the creation of ${names}.`;
}

export const orphaned: Rule = (entry, policy) => {
  if (undeclaredKind(entry, policy) !== "orphaned") return undefined;
  const { isAudited, allStatesRead } = policy;
  const before = entry.onceManagedBy;
  const absent = [...new Set(before.map(({ stack }) => stack))].filter((stack) => !isAudited(stack));
  const hint = absent.length > 0 ? ` This audit did not include ${absent.join(", ")}: add it if it still exists.` : "";
  const now = allStatesRead
    ? "No audited stack declares it now."
    : "No stack that the audit could read declares it now.";
  return `${accessText(entry)}. It was previously declared by ${namesOf(entry)}. ${now}${hint}`;
};

export const replaced: Rule = (entry, policy) => {
  if (undeclaredKind(entry, policy) !== "replaced") return undefined;
  const successors = entry.replacedBy.map((successor) => ` ${successorText(successor)}.`).join("");
  return `${accessText(entry)}. It is the old link of ${namesOf(entry)}, and the replacement did not revoke it.${successors}`;
};

function namesOf({ onceManagedBy }: InventoryEntry): string {
  return onceManagedBy.map(({ urn }) => urn).join(", ");
}

export const reactivated: Rule = (entry) => {
  const { reactivatedAt, status, seen, now, previous, managedBy, notListedSince } = entry;
  // Only a valid list without the share is newer knowledge: after a failed request, the finding stays.
  const stays = isLive(entry) || (mayGiveAccess(entry) && notListedSince === undefined);
  if (reactivatedAt === undefined || !stays) return undefined;
  const before = managedBy.find(({ recorded }) => recorded !== undefined)?.recorded ?? previous?.status;
  const isNew = reactivatedAt === now && seen === "listed" && (before === "removed" || before === "missing");
  const what = isNew
    ? `The share was recorded as ${before}, and the appliance lists it as live again.`
    : `The share was recorded as removed or missing, and works again (first reported at ${utcText(reactivatedAt)}).`;
  return `${what} The link ${status === "missing" ? "may still work" : "works"} ${untilEnd(entry)}.`;
};

export const unidentified: Rule = (entry) =>
  entry.fingerprint === undefined && isLive(entry)
    ? `${accessText(entry)}. The appliance lists the share without a readable key, so the audit cannot match it to a stack.`
    : undefined;

export const noLongerListed: Rule = (entry) => {
  const { status, managedBy, previous, lastListedAt } = entry;
  const isKnown = previous !== undefined && (previous.notListedSince === undefined || previous.declared);
  if (status !== "not-listed" || managedBy.length > 0 || !isKnown) return undefined;
  const last = lastListedAt === undefined ? "" : ` A report last found it there at ${utcText(lastListedAt)}.`;
  const once = entry.onceManagedBy.length > 0 ? ` It was previously declared by ${namesOf(entry)}.` : "";
  return `The session's list does not contain the share any more: it was revoked, or this API user cannot see it.${last}${once} The link may still work ${untilEnd(entry)}.`;
};

export const missing: Rule = (entry) => {
  if (entry.status !== "missing" || entry.fingerprint === undefined) return undefined;
  const successors = entry.replacedBy.map((successor) => ` ${successorText(successor)}.`).join("");
  const what =
    entry.managedBy.length > 0
      ? "The share is declared, but the session's list does not contain it."
      : `The share was missing when ${namesOf(entry) || "a stack"} declared it, and the session's list has not shown it since.`;
  return `${what} It was revoked or removed, or this API user cannot see it. The link may still work ${untilEnd(entry)}.${successors}`;
};
