// Turns everything that the audit read into shares, findings and coverage: what the report contains. Pure.
import { packageVersion } from "../../client";
import type { Settings } from "../../lifecycle";
import type { AuditArguments } from "../cli/arguments";
import type { Acceptance } from "../collect/acceptances";
import type { SessionResult } from "../collect/appliance-shares";
import type { NameLookUp } from "../collect/session-names";
import type { LoadedState } from "../collect/stacks";
import type { ReportedStack } from "../model/report-schema";
import { acceptFindings, type AcceptedFinding, type JudgedAcceptance } from "./acceptances";
import { runClock } from "./inventory/clock";
import { coverageOf, type Coverage } from "./coverage/coverage";
import type { ScopeSources } from "./coverage/coverage-sources";
import { findingsOf } from "./rules/findings";
import { buildInventory, type InventoryEntry } from "./inventory/inventory";
import type { Policy } from "./policy";
import { auditedStacks } from "./inventory/stack-identity";

/** Everything that the audit read. */
export interface Collected extends ScopeSources {
  readonly results: readonly SessionResult[];
  readonly names: NameLookUp["names"];
  readonly acceptances: readonly Acceptance[];
}

export interface AnalyzeOptions {
  readonly args: AuditArguments;
  readonly settings: Settings;
  /** Origin of the audited appliance. */
  readonly origin: string;
  /** The local clock. */
  readonly now: number;
}

export interface Analysis {
  readonly version: string;
  /** The local clock, milliseconds. */
  readonly now: number;
  readonly appliance: string;
  readonly stacks: readonly ReportedStack[];
  readonly allSessions: boolean;
  readonly policy: Policy;
  readonly previousReportAt?: number;
  readonly entries: readonly InventoryEntry[];
  readonly findings: readonly AcceptedFinding[];
  readonly acceptances: readonly JudgedAcceptance[];
  readonly results: readonly SessionResult[];
  /** By the ID of the session. */
  readonly names: NameLookUp["names"];
  readonly coverage: Coverage;
}

export function analyze(collected: Collected, { args, settings, origin, now }: AnalyzeOptions): Analysis {
  const { states, results, previous, acceptances } = collected;
  const policy = policyOf(args, settings, states);
  const origins = args.renamedFrom === undefined ? [origin] : [origin, args.renamedFrom];
  const clock = runClock(results, now);
  const all = buildInventory({ ...collected, maxDuration: policy.maxDuration, origins, clock });
  const [skipped, entries] = partition(all, ({ seen }) => args.skipOtherAppliances && seen === "elsewhere");
  const found = entries.flatMap((entry) => findingsOf(entry, policy));
  const accepted = acceptFindings(found, acceptances, clock.now);
  const unverified = settings.tls.insecureSkipVerify === true;
  const coverage = { ...collected, entries, policy, origin, unverified, skipped, clock };
  return {
    version: packageVersion(),
    now,
    appliance: origin,
    stacks: states.map(reportStack),
    allSessions: args.allSessions,
    policy,
    ...(previous !== undefined && { previousReportAt: previous.generatedAt }),
    entries,
    findings: accepted.findings,
    acceptances: accepted.acceptances,
    results,
    names: collected.names,
    coverage: coverageOf(coverage),
  };
}

function policyOf(args: AuditArguments, settings: Settings, states: readonly LoadedState[]): Policy {
  const allStatesRead = states.every((loaded) => "state" in loaded && loaded.state.problems.length === 0);
  return {
    maxDuration: args.maxDuration ?? settings.maxDuration,
    requiredLabels: args.requiredLabels,
    ...(args.endsWithin !== undefined && { endsWithin: args.endsWithin }),
    everyStack: args.allStacks && allStatesRead,
    allStatesRead,
    isAudited: auditedStacks(states),
  };
}

function partition(
  entries: readonly InventoryEntry[],
  test: (entry: InventoryEntry) => boolean,
): [InventoryEntry[], InventoryEntry[]] {
  return [entries.filter(test), entries.filter((entry) => !test(entry))];
}

function reportStack(loaded: LoadedState): ReportedStack {
  if ("problem" in loaded) return { source: loaded.source, shares: 0, problem: loaded.problem };
  const { stack, shares } = loaded.state;
  return { source: loaded.source, ...(stack !== undefined && { stack }), shares: shares.length };
}
