// One audit from its arguments to its exit code: reads states, asks the appliance, writes the reports. Every decision is in
// the file named after it.
import { createClient, type Client, type SessionDirectory } from "../client";
import { demandSettings, readSettings, type Settings } from "../lifecycle";
import { listAllSessions } from "../lifecycle/functions/sessions";
import type { AuditArguments } from "./cli/arguments";
import { completenessOf, sessionsInScope } from "./analyze/coverage";
import type { Declared } from "./collect/stack-state";
import type { Policy } from "./analyze/findings";
import { isAtLeast } from "./model/finding-kinds";
import { askSessions } from "./collect/appliance-shares";
import { readPrevious } from "./collect/previous-report";
import { makeRegister } from "./analyze/inventory";
import { makeReport } from "./report/report";
import type { Report, ReportedStack } from "./model/report-schema";
import { loadStates, type LoadedState } from "./collect/stacks";
import { progressOn, type Surroundings } from "./cli/process-io";
import { version } from "./cli/version";
import { writeReports } from "./report/write";

/** The provider's settings as the environment gives them. A stack's configuration is not read: its secrets are the stack's. */
export function environmentSettings(environment: NodeJS.ProcessEnv): Settings {
  return readSettings({ config: () => undefined, environment: (name) => environment[name] });
}

/** Runs one audit and writes its reports. Returns the exit code; throws `UsageError`, and `FudoError` for settings. */
export async function audit(args: AuditArguments, surroundings: Surroundings): Promise<number> {
  const settings = environmentSettings(surroundings.environment);
  const client = createClient(demandSettings(settings, surroundings.clock));
  try {
    const report = await look(args, settings, client, surroundings);
    await writeReports(report, args.outputs, surroundings);
    return exitCode(report, args);
  } finally {
    await client.close();
  }
}

/** 3 where something could not be looked at, else 1 where a finding is as severe as `failOn`, else 0. */
export function exitCode({ completeness, findings }: Report, { failOn }: Pick<AuditArguments, "failOn">): number {
  if (!completeness.complete) return 3;
  return findings.some(({ severity }) => isAtLeast(severity, failOn)) ? 1 : 0;
}

async function look(
  args: AuditArguments,
  settings: Settings,
  client: Client & SessionDirectory,
  surroundings: Surroundings,
): Promise<Report> {
  const { clock, environment, stdin, stderr } = surroundings;
  const { origin } = client;
  const earlier = args.previous === undefined ? [] : await readPrevious(args.previous, origin, clock.now());
  const states = await loadStates({
    stacks: args.stacks,
    allStacks: args.allStacks,
    files: args.states,
    folder: args.folder,
    environment,
    stdin,
  });
  const isSkipped = ({ appliance = origin }: Declared) => args.skipOtherAppliances && appliance !== origin;
  const [skipped, declared] = parted(declaredBy(states), isSkipped);
  const progress = progressOn(stderr);
  const visible = args.allSessions
    ? await listAllSessions(client, (found) => progress.show(`sessions: ${found} found`))
    : undefined;
  const scope = { declared, states, earlier, sessions: args.sessions, visible };
  const sessions = sessionsInScope(scope);
  const onAnswer = (done: number) => progress.show(`sessions: ${done} of ${sessions.length} asked`);
  const answers = await askSessions(sessions, { client, now: () => clock.now(), onAnswer });
  progress.clear();
  const allRead = states.every((loaded) => "state" in loaded);
  const policy: Policy = {
    maxDuration: args.maxDuration ?? settings.maxDuration,
    requiredLabels: args.requiredLabels,
    everyStack: args.allStacks && allRead,
    allRead,
    isGiven: (stack) => states.some((loaded) => isStack(loaded, stack)),
  };
  const entries = makeRegister({ declared, answers, earlier, origin, now: clock.now() });
  const unverified = settings.tls.insecureSkipVerify === true;
  const completeness = completenessOf({ ...scope, entries, answers, policy, origin, skipped, unverified });
  const stacks = states.map(reportStack);
  return makeReport({
    version: version(),
    now: clock.now(),
    appliance: origin,
    stacks,
    allSessions: args.allSessions,
    policy,
    entries,
    answers,
    completeness,
  });
}

/** All shares of all states; a stack that was given twice counts once. */
function declaredBy(states: readonly LoadedState[]): Declared[] {
  const all = states.flatMap((loaded) => ("state" in loaded ? loaded.state.declared : []));
  return [...new Map(all.map((share) => [`${share.urn} ${share.sessionId}/${share.fingerprint}`, share])).values()];
}

/** By the URNs of its state; an empty state has none, and then by the name that it was asked for with. */
function isStack(loaded: LoadedState, stack: string): boolean {
  const [, name] = stack.split("/");
  return (
    ("state" in loaded && loaded.state.stack === stack) || loaded.source === name || loaded.source.endsWith(`/${stack}`)
  );
}

function parted<T>(values: readonly T[], test: (value: T) => boolean): [T[], T[]] {
  return [values.filter(test), values.filter((value) => !test(value))];
}

function reportStack(loaded: LoadedState): ReportedStack {
  if ("problem" in loaded) return { source: loaded.source, shares: 0, problem: loaded.problem };
  const { stack, declared } = loaded.state;
  return { source: loaded.source, ...(stack !== undefined && { stack }), shares: declared.length };
}
