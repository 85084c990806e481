// Runs one audit: collects the states and the appliance's lists, analyzes them, and writes the reports.
import { createClient, packageVersion, type Client } from "../client";
import { requireSettings, type Settings } from "../lifecycle";
import { listAllSessions } from "../lifecycle/functions/sessions";
import { coverageOf, sessionsInScope, type ScopeSources } from "./analyze/coverage";
import type { Policy } from "./analyze/findings";
import { buildInventory } from "./analyze/inventory";
import type { AuditArguments } from "./cli/arguments";
import { environmentSettings, progressLine, type ProcessIo } from "./cli/process-io";
import { fetchSessions, type SessionResult } from "./collect/appliance-shares";
import { readPrevious } from "./collect/previous-report";
import type { DeclaredShare } from "./collect/stack-state";
import { loadStates, type LoadedState } from "./collect/stacks";
import { isAtLeast } from "./model/finding-kinds";
import type { Report, ReportedStack } from "./model/report-schema";
import { makeReport } from "./report/report";
import { requireWritable, writeReports } from "./report/write";

/** Runs one audit and writes its reports. Returns the exit code; throws `UsageError`, and `FudoError` for settings. */
export async function audit(args: AuditArguments, io: ProcessIo): Promise<number> {
  const settings = environmentSettings(io.environment);
  requireWritable(args.outputs);
  const client = createClient(requireSettings(settings, io.clock));
  try {
    const collected = await collect(args, client, io);
    const report = analyze(collected, args, settings, client.origin, io.clock.now());
    return Math.max(exitCode(report, args), writeReports(report, args.outputs, io));
  } finally {
    await client.close();
  }
}

/** 3: the audit is incomplete. 1: a finding is at least as severe as `failOn`. Otherwise 0. */
export function exitCode({ completeness, findings }: Report, { failOn }: Pick<AuditArguments, "failOn">): number {
  if (!completeness.complete) return 3;
  return findings.some(({ severity }) => isAtLeast(severity, failOn)) ? 1 : 0;
}

/** Everything that the audit read, before it is analyzed. */
interface Collected extends ScopeSources {
  /** Shares on other appliances that the user excluded. */
  readonly skipped: readonly DeclaredShare[];
  readonly results: readonly SessionResult[];
}

async function collect(
  args: AuditArguments,
  client: Client,
  { clock, environment, stdin, stderr }: ProcessIo,
): Promise<Collected> {
  const { origin } = client;
  const { stacks, allStacks, states: files, folder } = args;
  // The previous report comes first: a wrong file fails before the slow exports.
  const previous = args.previous === undefined ? [] : await readPrevious(args.previous, origin, clock.now());
  const states = await loadStates({ stacks, allStacks, files, folder, environment, stdin });
  const isSkipped = ({ appliance = origin }: DeclaredShare) => args.skipOtherAppliances && appliance !== origin;
  const [skipped, declared] = partition(sharesOf(states), isSkipped);
  const progress = progressLine(stderr);
  const visible = args.allSessions
    ? await listAllSessions(client, (found) => progress.show(`sessions: ${found} found`))
    : undefined;
  const scope = { declared, states, previous, sessions: args.sessions, visible };
  const sessions = sessionsInScope(scope);
  const onResult = (done: number) => progress.show(`sessions: ${done} of ${sessions.length} read`);
  const results = await fetchSessions(sessions, { client, now: () => clock.now(), onResult });
  progress.clear();
  return { ...scope, skipped, results };
}

function analyze(collected: Collected, args: AuditArguments, settings: Settings, origin: string, now: number): Report {
  const { states, results } = collected;
  const policy = policyOf(args, settings, states);
  const entries = buildInventory({ ...collected, origin, now });
  const unverified = settings.tls.insecureSkipVerify === true;
  return makeReport({
    version: packageVersion(),
    now,
    appliance: origin,
    stacks: states.map(reportStack),
    allSessions: args.allSessions,
    policy,
    entries,
    results,
    coverage: coverageOf({ ...collected, entries, policy, origin, unverified }),
  });
}

function policyOf(args: AuditArguments, settings: Settings, states: readonly LoadedState[]): Policy {
  const allStatesRead = states.every((loaded) => "state" in loaded);
  return {
    maxDuration: args.maxDuration ?? settings.maxDuration,
    requiredLabels: args.requiredLabels,
    everyStack: args.allStacks && allStatesRead,
    allStatesRead,
    isAudited: (stack) => states.some((loaded) => isStack(loaded, stack)),
  };
}

/** The shares of all states; a stack that the command line names twice counts once. */
function sharesOf(states: readonly LoadedState[]): DeclaredShare[] {
  const all = states.flatMap((loaded) => ("state" in loaded ? loaded.state.shares : []));
  return [...new Map(all.map((share) => [`${share.urn} ${share.sessionId}/${share.fingerprint}`, share])).values()];
}

/** Compares by the URNs of the state. An empty state has none: then by the name on the command line. */
function isStack(loaded: LoadedState, stack: string): boolean {
  const [, name] = stack.split("/");
  return (
    ("state" in loaded && loaded.state.stack === stack) || loaded.source === name || loaded.source.endsWith(`/${stack}`)
  );
}

function partition<T>(values: readonly T[], test: (value: T) => boolean): [T[], T[]] {
  return [values.filter(test), values.filter((value) => !test(value))];
}

function reportStack(loaded: LoadedState): ReportedStack {
  if ("problem" in loaded) return { source: loaded.source, shares: 0, problem: loaded.problem };
  const { stack, shares } = loaded.state;
  return { source: loaded.source, ...(stack !== undefined && { stack }), shares: shares.length };
}
