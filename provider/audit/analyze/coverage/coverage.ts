// Decides which sessions the audit reads, and describes what it could not read. An incomplete audit must never look like an
// audit without findings. Pure.
import { printable } from "../../../client";
import type { SessionResult } from "../../collect/appliance-shares";
import { skewText } from "../../model/clock-skew";
import type { Report } from "../../model/report-schema";
import { plural } from "../../model/wording";
import { longestWindow } from "../inventory/chain";
import { aheadBy } from "../inventory/clock";
import type { CoverageSources, ScopeSources } from "./coverage-sources";
import { neededEncryptedOutputs } from "../rules/declared-rules";
import type { InventoryEntry } from "../inventory/inventory";
import { notesOf, originsOf } from "./notes";
import { openCreates } from "../inventory/pending";

export type Coverage = Report["completeness"];

/** The sessions to read, each once: named, of unfinished creates, of the stacks, of the previous report, and visible. */
export function sessionsInScope({
  declared,
  states,
  previous,
  sessions,
  visible,
}: Omit<ScopeSources, "notes">): string[] {
  const pending = states.flatMap((loaded) => ("state" in loaded ? loaded.state.pendingCreates : []));
  const ids = [pending, declared, previous?.shares ?? []].flatMap((shares) =>
    shares.flatMap(({ sessionId }) => sessionId ?? []),
  );
  const visibleIds = visible?.sessions.map(({ id }) => id) ?? [];
  return [...new Set([...sessions, ...ids, ...visibleIds])];
}

/** The sessions that answered and on which the report has shares. */
export function sessionsWithShares(
  results: readonly SessionResult[],
  { declared, previous }: Pick<ScopeSources, "declared" | "previous">,
): string[] {
  const named = new Set(
    [declared, previous?.shares ?? []].flatMap((shares) => shares.map(({ sessionId }) => sessionId)),
  );
  return results.flatMap((result) => {
    const hasShares = result.outcome === "answered" && (result.shares.length > 0 || named.has(result.sessionId));
    return hasShares ? [result.sessionId] : [];
  });
}

export function coverageOf(sources: CoverageSources): Coverage {
  const { results, clock } = sources;
  const count = (outcome: SessionResult["outcome"]) => results.filter((result) => result.outcome === outcome).length;
  const unexpected = unexpectedlyUnknown(sources);
  const problems = problemsOf(sources, unexpected);
  return {
    complete: problems.length === 0,
    ...(results.length > 0 && { clock: clock.source }),
    sessions: {
      inScope: results.length,
      answered: count("answered"),
      unknown: count("unknown"),
      failed: count("failed"),
      notAsked: count("not-asked"),
    },
    problems: problems.map((text) => printable(text, 1000)),
    notes: notesOf(sources, count("unknown") - unexpected.length).map((text) => printable(text, 1000)),
  };
}

function problemsOf(sources: CoverageSources, unexpected: readonly string[]): string[] {
  const { states, visible } = sources;
  const unreadable = states.flatMap((loaded) =>
    "problem" in loaded ? [`state of ${loaded.source}: ${loaded.problem}`] : [],
  );
  const partly = states.flatMap((loaded) =>
    "state" in loaded ? loaded.state.problems.map((problem) => `state of ${loaded.source}: ${problem}`) : [],
  );
  return [
    ...unreadable,
    ...partly,
    ...pendingProblems(sources),
    ...(visible?.incomplete === undefined ? [] : [visible.incomplete]),
    ...(visible?.sessions.length === 0 ? [noSession] : []),
    ...sessionProblems(sources, unexpected),
    ...listProblems(sources),
    ...clockProblems(sources),
    ...encryptedProblems(sources),
    ...otherApplianceProblems(sources),
  ];
}

/** The problem ends with the window of the create: after that, its link works no longer. */
function pendingProblems({ states, clock, policy }: CoverageSources): string[] {
  return states.flatMap((loaded) =>
    openCreates([loaded], clock, policy.maxDuration).flatMap(({ problem }) =>
      problem === undefined ? [] : [`state of ${loaded.source}: ${problem}`],
    ),
  );
}

// The same response comes to an API user that has lost the right to view sessions.
const noSession =
  "the appliance lists no session to this API user. Check in the admin panel that the user of the API key may view sessions";

function sessionProblems({ results }: CoverageSources, unexpected: readonly string[]): string[] {
  const failed = results.flatMap((result) =>
    result.outcome === "failed" ? [{ sessionId: result.sessionId, text: result.reason }] : [],
  );
  const notAsked = results.filter(({ outcome }) => outcome === "not-asked").length;
  const text = "not found on the appliance, or not visible to this API user";
  return [
    ...bySession(failed),
    ...(notAsked > 0 ? [`${plural(notAsked, "session")} not requested: the audit stopped early`] : []),
    ...bySession(unexpected.map((sessionId) => ({ sessionId, text }))),
  ];
}

/**
 * The response is the same for a session that was deleted and after a lost right, which would hide every share of the session.
 * So a session must exist that the command line or the appliance's own list names, on which a create has not finished, or of
 * which a share may be live, or was over less than the longest window ago. Later a deleted session is normal.
 */
function unexpectedlyUnknown(sources: CoverageSources): string[] {
  const { results, sessions, visible, entries, states, clock, policy } = sources;
  const unknown = results.filter(({ outcome }) => outcome === "unknown").map(({ sessionId }) => sessionId);
  if (unknown.length === 0) return [];
  const isRecent = ({ seen, to, now }: InventoryEntry) =>
    seen !== "elsewhere" && to + longestWindow(policy.maxDuration) > now;
  const expected = new Set([
    ...sessions,
    ...(visible?.sessions.map(({ id }) => id) ?? []),
    ...openCreates(states, clock, policy.maxDuration).map(({ sessionId }) => sessionId),
    ...entries.filter(isRecent).map(({ sessionId }) => sessionId),
  ]);
  return unknown.filter((sessionId) => expected.has(sessionId));
}

function listProblems({ results, clock }: CoverageSources): string[] {
  const problems = results.flatMap((result) => {
    const ahead = aheadBy(result, clock);
    const texts = result.outcome === "answered" ? result.problems : ahead === undefined ? [] : [skewText(ahead)];
    return texts.map((text) => ({ text, sessionId: result.sessionId }));
  });
  return bySession(problems);
}

interface SessionProblem {
  readonly sessionId: string;
  readonly text: string;
}

/** One problem for each text: the responses for all sessions can have the same problem, which is about one right or one clock. */
function bySession(problems: readonly SessionProblem[]): string[] {
  const withoutId = ({ sessionId, text }: SessionProblem) => text.replaceAll(`/${sessionId}/`, "/ID/");
  return [...Map.groupBy(problems, withoutId)].map(([text, found]) => {
    const ids = found.map(({ sessionId }) => sessionId);
    const [first] = found;
    if (first !== undefined && found.length === 1) return `session ${first.sessionId}: ${first.text}`;
    const more = ids.length > maxNamedSessions ? ` and ${ids.length - maxNamedSessions} more` : "";
    return `${plural(ids.length, "session")} (${ids.slice(0, maxNamedSessions).join(", ")}${more}): ${text}`;
  });
}

/** How many sessions a problem names. */
const maxNamedSessions = 5;

function clockProblems({ results, clock }: CoverageSources): string[] {
  const hasResponse = results.some(({ outcome }) => outcome === "answered" || outcome === "unknown");
  if (!hasResponse || clock.source === "appliance") return [];
  return ["no response has the appliance's time (`Date` header), so the clock of this machine decided what is over"];
}

function encryptedProblems({ entries, policy }: CoverageSources): string[] {
  const encrypted = entries.filter((entry) => neededEncryptedOutputs(entry, policy).length > 0 && entry.to > entry.now);
  return encrypted.length === 0
    ? []
    : [`${plural(encrypted.length, "share")}: the state encrypts values that the audit needs`];
}

function otherApplianceProblems({ entries, origin }: CoverageSources): string[] {
  const elsewhere = entries.filter(({ seen }) => seen === "elsewhere");
  if (elsewhere.length === 0) return [];
  const verb = elsewhere.length > 1 ? "are" : "is";
  return [
    `${plural(elsewhere.length, "declared share")} ${verb} on ${originsOf(elsewhere)}, not on ${origin}: audit that appliance too, and add --skip-other-appliances here`,
  ];
}
