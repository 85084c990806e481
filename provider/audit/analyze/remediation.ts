// What to do about each kind of finding: the code to write, the command to run, or the place in the admin panel. Pure.
import { whereToRevoke } from "../../lifecycle";
import { formatMilliseconds } from "../../time/instants";
import type { FindingKind } from "../model/finding-kinds";
import type { InventoryEntry } from "./inventory";

/** The steps for one finding, one alternative each. They contain session, fingerprint and URN, never a credential. */
export function remediationFor(kind: FindingKind, entry: InventoryEntry): string[] {
  return steps[kind](entry).filter((step) => step !== "");
}

const revoke = `To revoke it: ${whereToRevoke}.`;

const steps: Readonly<Record<FindingKind, (entry: InventoryEntry) => string[]>> = {
  unmanaged: (entry) => [revoke, adopt("To manage it in a stack", entry)],
  orphaned: (entry) => [revoke, adopt("To manage it again", entry)],
  reactivated: (entry) => [
    revoke,
    entry.managedBy.length > 0 ? `To keep it: run \`pulumi refresh\` for ${stacksOf(entry)} to update the state.` : "",
  ],
  unidentified: ({ sessionId }) => [
    `Check the shares of session ${sessionId} in the admin panel, and revoke the ones that nobody needs: ${whereToRevoke}.`,
  ],
  replaced: () => [revoke],
  "no-longer-listed": ({ sessionId }) => [`Check the shares of session ${sessionId} in the admin panel.`],
  "expires-soon": () => ["If the vendor needs longer access, declare a new window (this creates a new share)."],
  "window-differs": () => [
    `If the appliance granted too much, revoke the share: ${whereToRevoke}.`,
    "Otherwise declare what the appliance granted (this creates a new share).",
  ],
  "too-long": () => [revoke, "A shorter window in the declaration creates a new share and does not revoke this one."],
  duplicate: () => [
    "Keep one declaration. `pulumi state delete URN` removes another one from its state and does not change the share.",
  ],
  removed: (entry) => [
    `If the revocation was intended, remove the share from the program of ${stacksOf(entry)}.`,
    ...replace(entry),
  ],
  missing: (entry) => [
    `Check the session in the admin panel, then run \`pulumi refresh\` for ${stacksOf(entry)}.`,
    ...replace(entry),
  ],
  "missing-labels": (entry) => [
    `Add the labels in the program of ${stacksOf(entry)}. This changes the state only, not the share.`,
  ],
  unreadable: (entry) => [
    `Do not mark these inputs as secret in the program of ${stacksOf(entry)}: they give no access.`,
  ],
  interactive: () => ["If read-only access is enough, declare `readonly: true` (this creates a new share).", revoke],
};

function adopt(purpose: string, { sessionId, fingerprint, since, to, listed, previous }: InventoryEntry): string {
  if (!Number.isFinite(to)) return "A stack cannot declare a share without an end date.";
  const instant = (name: string, ms: number | undefined) =>
    ms !== undefined && Number.isFinite(ms) ? `, ${name}: "${formatMilliseconds(ms)}"` : "";
  const readonly = listed?.readonly ?? previous?.readonly ?? true;
  return `${purpose}: new SessionShare("…", { sessionId: "${sessionId}"${instant("validSince", since)}${instant("validTo", to)}, readonly: ${readonly}, adopt: "${fingerprint ?? ""}" })`;
}

function replace({ managedBy }: InventoryEntry): string[] {
  return managedBy.map(({ urn }) => `To grant access again: pulumi up --replace '${urn}'`);
}

function stacksOf({ managedBy }: InventoryEntry): string {
  return [...new Set(managedBy.map(({ stack }) => stack))].join(", ");
}
