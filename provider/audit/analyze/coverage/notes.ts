// The notes of a report: what this audit cannot see, what it assumes, and what its user should know. Pure.
import { plural } from "../../model/wording";
import type { CoverageSources } from "./coverage-sources";
import type { InventoryEntry } from "../inventory/inventory";
import { openCreates } from "../inventory/pending";

/** `unknown` is the number of sessions without a list that are no problem. */
export function notesOf(sources: CoverageSources, unknown: number): string[] {
  const { visible, skipped, unverified, notes } = sources;
  return [
    "The appliance lists only what the API user may see: other sessions and shares are not in this report.",
    visible === undefined
      ? "The audit read only the sessions of the stacks, of --session and of the previous report. Shares on other sessions are not in this report; --all-sessions includes them."
      : "The vendor does not document the responses of GET /api/v2/session. The audit assumes that the appliance honours `offset` and `limit`, and checks that each page continues the page before.",
    ...(unknown > 0
      ? [`${plural(unknown, "session")}: not found on the appliance, or not visible to this API user.`]
      : []),
    ...pendingNotes(sources),
    ...(unverified
      ? [
          "The appliance's certificate was not verified (FUDO_INSECURE_SKIP_VERIFY): this data could have been tampered with in transit.",
        ]
      : []),
    ...(skipped.length > 0
      ? [`Excluded by --skip-other-appliances: ${plural(skipped.length, "share")} on ${originsOf(skipped)}.`]
      : []),
    ...notes,
  ];
}

/** The note ends with the window of the create: after that, its link works no longer. */
function pendingNotes({ states, clock, policy }: CoverageSources): string[] {
  const pending = openCreates(states, clock, policy.maxDuration).filter(({ sessionId }) => sessionId !== undefined);
  if (pending.length === 0) return [];
  const urns = [...new Set(pending.map(({ urn }) => urn))];
  const more = urns.length > maxNamed ? ` and ${urns.length - maxNamed} more` : "";
  return [
    `Pulumi has not finished ${plural(pending.length, "create")} of shares (${urns.slice(0, maxNamed).join(", ")}${more}): a run is under way or was interrupted. If the appliance created a share, this report lists it as unmanaged.`,
  ];
}

const maxNamed = 5;

/** The appliances where these shares are. */
export function originsOf(entries: readonly InventoryEntry[]): string {
  const shares = entries.flatMap(({ managedBy, lookedUpBy }) => [...managedBy, ...lookedUpBy]);
  return [...new Set(shares.flatMap(({ appliance }) => appliance ?? []))].join(", ");
}
