// What to do about each kind of finding: the code to write, the command to run, or the place in the admin panel. Pure.
import { whereToRevoke } from "../../../lifecycle";
import { formatMilliseconds } from "../../../time/instants";
import type { FindingKind } from "../../model/finding-kinds";
import type { InventoryEntry } from "../inventory/inventory";

/** The steps for one finding, one alternative each. They contain session, fingerprint and URN, never a credential. */
export function remediationFor(kind: FindingKind, entry: InventoryEntry): string[] {
  return steps[kind](entry).filter((step) => step !== "");
}

const revoke = `To revoke it: ${whereToRevoke}.`;

const waitForRun = [
  "Wait until the run ends, then run the audit again.",
  "If the run was interrupted: run `pulumi cancel`, then `FUDO_RECOVER=true pulumi up`, which takes the share over.",
  `If no run needs the share, revoke it: ${whereToRevoke}.`,
];

const steps: Readonly<Record<FindingKind, (entry: InventoryEntry) => string[]>> = {
  unmanaged: (entry) => (entry.mayBelongToRun ? waitForRun : [revoke, adopt("To manage it in a stack", entry)]),
  orphaned: (entry) => [revoke, adopt("To manage it again", entry)],
  reactivated: (entry) => [
    revoke,
    entry.managedBy.length > 0
      ? `To keep it: run \`pulumi refresh\` for ${stacksOf(entry)} to update the state, and accept this finding with --accept. A refresh alone does not end it.`
      : "To keep it: accept this finding with --accept.",
  ],
  unidentified: ({ sessionId }) => [
    `Check the shares of session ${sessionId} in the admin panel, and revoke the ones that nobody needs: ${whereToRevoke}.`,
  ],
  replaced: () => [revoke],
  "no-longer-listed": ({ sessionId }) => [
    `If somebody revoked the share, there is nothing to do. Otherwise check session ${sessionId} in the admin panel with another user.`,
  ],
  "expires-soon": () => ["If the vendor needs longer access, declare a new window (this creates a new share)."],
  "window-differs": () => [
    `If the appliance granted too much, revoke the share: ${whereToRevoke}.`,
    "Otherwise declare what the appliance granted (this creates a new share).",
  ],
  "too-long": ({ managedBy }) => [
    revoke,
    managedBy.length > 0 ? "A shorter window in the declaration creates a new share and does not revoke this one." : "",
  ],
  duplicate: () => [
    "Keep one declaration. `pulumi state delete URN` removes another one from its state and does not change the share.",
  ],
  removed: (entry) => [
    `If the revocation was intended, remove the share from the program of ${stacksOf(entry)}.`,
    ...replace(entry),
  ],
  missing: (entry) =>
    entry.managedBy.length > 0
      ? [`Check the session in the admin panel, then run \`pulumi refresh\` for ${stacksOf(entry)}.`, ...replace(entry)]
      : [`Check session ${entry.sessionId} in the admin panel, and revoke the share if it is there: ${whereToRevoke}.`],
  "missing-labels": (entry) => [
    `Add the labels in the program of ${stacksOf(entry)}. This changes the state only, not the share.`,
  ],
  unreadable: (entry) => [
    `Do not mark these inputs as secret in the program of ${stacksOf(entry)}: they give no access.`,
  ],
  interactive: ({ managedBy }) => [
    managedBy.length > 0
      ? "If read-only access is enough, declare `readonly: true`. This creates a new share and does not revoke this one."
      : "",
    revoke,
  ],
};

function adopt(purpose: string, entry: InventoryEntry): string {
  const { sessionId, fingerprint, since, to, unknownEnd, readonly = true } = entry;
  if (unknownEnd !== undefined) return "A stack cannot declare a share whose end is not known.";
  if (!Number.isFinite(to)) return "A stack cannot declare a share without an end date.";
  const instant = (name: string, ms: number | undefined) =>
    ms !== undefined && Number.isFinite(ms) ? `, ${name}: "${formatMilliseconds(ms)}"` : "";
  return `${purpose}: new SessionShare("…", { sessionId: "${sessionId}"${instant("validSince", since)}${instant("validTo", to)}, readonly: ${readonly}, adopt: "${fingerprint ?? ""}" })`;
}

/** A command only where the URN is safe in every shell: people copy it. */
function replace({ managedBy }: InventoryEntry): string[] {
  return managedBy.map(({ urn, quotedUrn }) =>
    quotedUrn === undefined
      ? `To grant access again, replace this resource: ${urn} (its name has characters that are not safe in a shell, so there is no command to copy)`
      : `To grant access again: pulumi up --replace ${quotedUrn}`,
  );
}

function stacksOf({ managedBy }: InventoryEntry): string {
  return [...new Set(managedBy.map(({ stack }) => stack))].join(", ");
}
