// The rules for shares that a stack manages: what contradicts the declaration, or what the declaration does not say. Pure.
import { endText, untilEnd } from "./access-text";
import { isInUse, type Rule } from "./rule";
import type { InventoryEntry } from "../inventory/inventory";
import type { Policy } from "../policy";
import { windowOutputs } from "../inventory/status-rules";

export const duplicate: Rule = ({ managedBy }) =>
  managedBy.length > 1 ? `${managedBy.length} resources manage this share.` : undefined;

export const removed: Rule = (entry) => {
  if (entry.status !== "removed" || entry.managedBy.length === 0) return undefined;
  const source = entry.managedBy.some(({ recorded }) => recorded === "removed")
    ? "The state records"
    : "The previous report has";
  const text = entry.listed === undefined ? source : "The appliance lists";
  return `The share is declared ${untilEnd(entry)}. ${text} it as removed: someone revoked the access.`;
};

export const missingLabels: Rule = (entry, { requiredLabels }) => {
  const readable = entry.managedBy.filter(({ encryptedOutputs }) => !encryptedOutputs.includes("labels"));
  const absent = requiredLabels.filter((name) => readable.some(({ labels }) => !Object.hasOwn(labels, name)));
  return isInUse(entry) && absent.length > 0
    ? `The declaration does not have the required label${absent.length > 1 ? "s" : ""} ${absent.join(", ")}.`
    : undefined;
};

export const unreadable: Rule = (entry, policy) => {
  const names = neededEncryptedOutputs(entry, policy);
  return names.length > 0 ? `The state encrypts values that the audit needs: ${names.join(", ")}.` : undefined;
};

/** The encrypted outputs of a share's declarations that the audit needs; none for a removed share. */
export function neededEncryptedOutputs({ status, managedBy }: InventoryEntry, { requiredLabels }: Policy): string[] {
  if (status === "removed") return [];
  const needed = [...windowOutputs, "readonly", "appliance", ...(requiredLabels.length > 0 ? ["labels"] : [])];
  const outputs = needed.filter((name) => managedBy.some(({ encryptedOutputs }) => encryptedOutputs.includes(name)));
  // An encrypted value may be empty: it does not prove that the label says something.
  const labels = requiredLabels.filter((name) => managedBy.some((share) => labelOf(share, name) === encryptedLabel));
  return [...outputs, ...labels.map((name) => `labels.${name}`)];
}

const encryptedLabel = "[encrypted]";

function labelOf({ labels }: InventoryEntry["managedBy"][number], name: string): string | undefined {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}

export const interactive: Rule = (entry, policy) => {
  if (!isInUse(entry) || entry.readonly !== false) return undefined;
  const message = `Anyone with the link can act in the session ${untilEnd(entry)}.`;
  return isDecided(entry, policy)
    ? { message: `${message} The declaration says so and has labels.`, severity: "info" }
    : message;
};

/** Whether each declaration says that the share is interactive, and its labels tell for whom. */
function isDecided({ managedBy }: InventoryEntry, { requiredLabels }: Policy): boolean {
  const isDeclared = managedBy.every((share) => {
    const names = Object.keys(share.labels).filter((name) => labelOf(share, name) !== encryptedLabel);
    return share.readonly === false && names.length > 0 && requiredLabels.every((name) => names.includes(name));
  });
  return managedBy.length > 0 && isDeclared;
}

export const expiresSoon: Rule = (entry, { endsWithin }) => {
  const { managedBy, to, now } = entry;
  if (endsWithin === undefined || managedBy.length === 0 || !isInUse(entry) || !Number.isFinite(to)) return undefined;
  if (to - now > endsWithin) return undefined;
  return `The share expires at ${endText(entry)}. The link does not work after that.`;
};
