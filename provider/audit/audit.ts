// Runs one audit: checks what the command line names, collects the states and the appliance's lists, analyzes them, and writes
// the reports.
import { createClient, type Client } from "../client";
import { requireSettings } from "../lifecycle";
import { listAllSessions } from "../lifecycle/functions/sessions";
import { analyze, type Analysis, type Collected } from "./analyze/analyze";
import { sessionsInScope } from "./analyze/coverage/coverage";
import { declaredShares } from "./analyze/inventory/stack-identity";
import type { AuditArguments } from "./cli/arguments";
import { requireDistinctDestinations, requireKeptCertificates } from "./cli/destinations";
import { progressLine, type ProcessIo } from "./cli/process-io";
import { commandSettings, requireUsableCertificates, type ConfiguredValues } from "./cli/settings";
import { readAcceptances } from "./collect/acceptances";
import { fetchSessions } from "./collect/appliance-shares";
import { readPrevious } from "./collect/previous-report";
import { rereadStates } from "./collect/reread";
import { lookUpNames } from "./collect/session-names";
import { readStackSettings } from "./collect/stack-settings";
import { backendName, emptyBackend, exportStack, loadStates, type StateSources } from "./collect/stacks";
import { isAtLeast } from "./model/finding-kinds";
import type { Report } from "./model/report-schema";
import { publish } from "./notify/publish";
import { readWebhook } from "./notify/webhook";
import { makeReport } from "./report/report";
import { requireWritable } from "./report/write";

/**
 * Runs one audit and writes its reports. Returns the exit code. Throws `UsageError`, and `FudoError` for settings, before the
 * first request: an audit can take minutes.
 */
export async function audit(args: AuditArguments, io: ProcessIo): Promise<number> {
  requireDistinctDestinations(args);
  requireWritable(args.outputs);
  const webhook = readWebhook(args.webhook, io.environment);
  const acceptances = args.acceptFile === undefined ? [] : readAcceptances(args.acceptFile);
  const configured = await configuredValues(args, io);
  const settings = requireUsableCertificates(commandSettings(io.environment, configured));
  requireKeptCertificates(args.outputs, settings.tls.caCertificate);
  const client = createClient(requireSettings(settings, io.clock));
  try {
    const { notes, ...read } = await collect(args, client, io);
    const collected = { ...read, acceptances, notes: [...notesOn(configured), ...notes] };
    const analysis = analyze(collected, { args, settings, origin: client.origin, now: io.clock.now() });
    // After the analysis, so that names decide nothing.
    const names = await lookUpNames(sessionsToName(analysis), read.visible?.sessions ?? [], client);
    const report = makeReport(analysis, names);
    const { outputs } = args;
    const published = publish(report, { previous: read.previous, outputs, webhook, timeout: settings.timeout }, io);
    return Math.max(exitCode(report, args), await published);
  } finally {
    await client.close();
  }
}

/** 3: the audit is incomplete. 1: a finding is at least as severe as `failOn`, and not accepted. Otherwise 0. */
export function exitCode({ completeness, findings }: Report, { failOn }: Pick<AuditArguments, "failOn">): number {
  if (!completeness.complete) return 3;
  const fails = findings.some(({ severity, accepted }) => accepted === undefined && isAtLeast(severity, failOn));
  return fails ? 1 : 0;
}

/** The sessions of the shares in the report, as far as the appliance has them. */
function sessionsToName({ entries, results }: Analysis): string[] {
  const answered = new Set(results.filter(({ outcome }) => outcome === "answered").map(({ sessionId }) => sessionId));
  const here = entries.filter(({ sessionId, seen }) => seen !== "elsewhere" && answered.has(sessionId));
  return [...new Set(here.map(({ sessionId }) => sessionId))];
}

async function configuredValues(args: AuditArguments, { environment }: ProcessIo): Promise<ConfiguredValues> {
  const { stacks, folder, maxDuration } = args;
  const unneeded = maxDuration === undefined ? [] : (["maxDuration"] as const);
  return { stacks, ...(await readStackSettings(stacks, { folder, environment }, unneeded)) };
}

function notesOn({ problems }: ConfiguredValues): string[] {
  return problems.map(
    (problem) => `${problem.replace(/^the/, "The")}. The audit uses the environment and the defaults instead.`,
  );
}

async function collect(
  args: AuditArguments,
  client: Client,
  { clock, environment, stdin, stderr }: ProcessIo,
): Promise<Omit<Collected, "acceptances">> {
  const { stacks, allStacks, states: files, folder, previous: previousFile, renamedFrom } = args;
  const names = { origin: client.origin, ...(renamedFrom !== undefined && { renamedFrom }) };
  // The previous report comes first: a wrong file fails before the slow exports.
  const previous = previousFile === undefined ? undefined : readPrevious(previousFile, names);
  const progress = progressLine(stderr, environment);
  const onState = (done: number, total: number) => progress.show(`stacks: ${done} of ${total} read`);
  const sources: StateSources = { stacks, allStacks, files, folder, environment, stdin, onState };
  const loaded = await loadStates(sources);
  // The states come before the lists: a share that is created in between is then listed, and not declared.
  const visible = args.allSessions
    ? await listAllSessions(client, (found) => progress.show(`sessions: ${found} found`))
    : undefined;
  const read = { previous, sessions: args.sessions, visible };
  const inScope = (states: Collected["states"]) =>
    sessionsInScope({ ...read, states, declared: declaredShares(states) });
  const fetchAll = (sessions: readonly string[]) => {
    const onResult = (done: number) => progress.show(`sessions: ${done} of ${sessions.length} read`);
    return fetchSessions(sessions, { client, now: () => clock.now(), onResult });
  };
  const asked = new Set(inScope(loaded.states));
  const first = await fetchAll([...asked]);
  const states = await rereadStates(loaded.states, first, (name) => exportStack(name, sources));
  const more = inScope(states).filter((sessionId) => !asked.has(sessionId));
  const results = [...first, ...(more.length > 0 ? await fetchAll(more) : [])];
  const nothing = loaded.emptyBackend && results.length === 0 && !args.allSessions && states.length === 0;
  const backend = loaded.emptyBackend ? [await backendName(sources)] : [];
  progress.clear();
  const empty = nothing ? backend.map(emptyBackend) : [];
  const notes = nothing ? [] : backend.map((name) => `--all-stacks found no stack: ${name} holds none.`);
  return { ...read, states: [...states, ...empty], declared: declaredShares(states), results, notes };
}
