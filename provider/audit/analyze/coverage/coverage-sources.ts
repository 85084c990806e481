// What the scope, the problems and the notes of a report depend on.
import type { SessionListing } from "../../../lifecycle/functions/sessions";
import type { SessionResult } from "../../collect/appliance-shares";
import type { PreviousReport } from "../../collect/previous-report";
import type { DeclaredShare } from "../../collect/stack-state";
import type { LoadedState } from "../../collect/stacks";
import type { RunClock } from "../inventory/clock";
import type { InventoryEntry } from "../inventory/inventory";
import type { Policy } from "../policy";

export interface ScopeSources {
  readonly declared: readonly DeclaredShare[];
  readonly states: readonly LoadedState[];
  readonly previous: PreviousReport | undefined;
  /** Sessions that the command line names. */
  readonly sessions: readonly string[];
  /** Every session that the API user can see; absent without `--all-sessions`. */
  readonly visible: SessionListing | undefined;
  /** What the collection noticed: sentences. */
  readonly notes: readonly string[];
}

export interface CoverageSources extends ScopeSources {
  readonly entries: readonly InventoryEntry[];
  readonly results: readonly SessionResult[];
  readonly policy: Policy;
  readonly origin: string;
  /** Declared shares on other appliances that the user excluded. */
  readonly skipped: readonly InventoryEntry[];
  /** The clock of the run. */
  readonly clock: RunClock;
  /** The appliance's certificate was not verified. */
  readonly unverified: boolean;
}
