// Decides which sessions the audit reads, and describes what it could not read and cannot see. An incomplete audit must
// never look like an audit without findings. Pure.
import { printable } from "../../client";
import type { SessionListing } from "../../lifecycle/functions/sessions";
import type { SessionResult } from "../collect/appliance-shares";
import type { PreviousShare } from "../collect/previous-report";
import type { DeclaredShare } from "../collect/stack-state";
import type { LoadedState } from "../collect/stacks";
import type { Report } from "../model/report-schema";
import { plural } from "../model/wording";
import { neededEncryptedOutputs, type Policy } from "./findings";
import type { InventoryEntry } from "./inventory";

export type Coverage = Report["completeness"];

export interface ScopeSources {
  readonly declared: readonly DeclaredShare[];
  readonly states: readonly LoadedState[];
  readonly previous: readonly PreviousShare[];
  /** Sessions that the command line names. */
  readonly sessions: readonly string[];
  /** Every session that the API user can see; absent without `--all-sessions`. */
  readonly visible: SessionListing | undefined;
}

/** The sessions to read, each once: named, of interrupted creates, of the stacks, of the previous report, and visible. */
export function sessionsInScope({ declared, states, previous, sessions, visible }: ScopeSources): string[] {
  const ids = [declared, previous].flatMap((shares) => shares.map(({ sessionId }) => sessionId));
  const visibleIds = visible?.sessions.map(({ id }) => id) ?? [];
  return [...new Set([...sessions, ...pendingSessionsOf(states), ...ids, ...visibleIds])];
}

export interface CoverageSources extends ScopeSources {
  readonly entries: readonly InventoryEntry[];
  readonly results: readonly SessionResult[];
  readonly policy: Policy;
  readonly origin: string;
  /** Declared shares on other appliances that the user excluded. */
  readonly skipped: readonly DeclaredShare[];
  /** The appliance's certificate was not verified. */
  readonly unverified: boolean;
}

export function coverageOf(sources: CoverageSources): Coverage {
  const { results } = sources;
  const count = (outcome: SessionResult["outcome"]) => results.filter((result) => result.outcome === outcome).length;
  const problems = problemsOf(sources);
  return {
    complete: problems.length === 0,
    sessions: {
      inScope: results.length,
      answered: count("answered"),
      unknown: count("unknown"),
      failed: count("failed"),
      notAsked: count("not-asked"),
    },
    problems: problems.map((text) => printable(text, 1000)),
    notes: notesOf(sources).map((text) => printable(text, 1000)),
  };
}

function problemsOf(sources: CoverageSources): string[] {
  const { states, visible, entries, policy } = sources;
  const unreadable = states.flatMap((loaded) =>
    "problem" in loaded ? [`state of ${loaded.source}: ${loaded.problem}`] : [],
  );
  const partly = states.flatMap((loaded) =>
    "state" in loaded ? loaded.state.problems.map((problem) => `state of ${loaded.source}: ${problem}`) : [],
  );
  const encrypted = entries.filter((entry) => neededEncryptedOutputs(entry, policy).length > 0 && entry.to > entry.now);
  return [
    ...unreadable,
    ...partly,
    ...(visible?.incomplete === undefined ? [] : [visible.incomplete]),
    ...sessionProblems(sources),
    ...listProblems(sources),
    ...(encrypted.length > 0
      ? [`${plural(encrypted.length, "share")}: the state encrypts values that the audit needs`]
      : []),
    ...otherApplianceProblems(sources),
  ];
}

function sessionProblems({ results, sessions }: CoverageSources): string[] {
  const failed = results.flatMap((result) =>
    result.outcome === "failed" ? [`session ${result.sessionId}: ${result.reason}`] : [],
  );
  const notAsked = results.filter(({ outcome }) => outcome === "not-asked").length;
  // A session of a state may have been deleted since; a session on the command line must exist.
  const unknown = results.filter(({ sessionId, outcome }) => outcome === "unknown" && sessions.includes(sessionId));
  return [
    ...failed,
    ...(notAsked > 0 ? [`${plural(notAsked, "session")} not requested: the audit stopped early`] : []),
    ...unknown.map(
      ({ sessionId }) => `session ${sessionId}: not found on the appliance, or not visible to this API user`,
    ),
  ];
}

/** One problem for each text: the lists of all sessions can have the same problem. */
function listProblems({ results }: CoverageSources): string[] {
  const problems = results.flatMap((result) =>
    result.outcome === "answered" ? result.problems.map((text) => ({ text, sessionId: result.sessionId })) : [],
  );
  return [...Map.groupBy(problems, ({ text }) => text)].map(([text, found]) => {
    const ids = found.map(({ sessionId }) => sessionId);
    if (ids.length === 1) return `session ${ids[0]}: ${text}`;
    const more = ids.length > maxNamedSessions ? ` and ${ids.length - maxNamedSessions} more` : "";
    return `${plural(ids.length, "session")} (${ids.slice(0, maxNamedSessions).join(", ")}${more}): ${text}`;
  });
}

/** How many sessions a problem names. */
const maxNamedSessions = 5;

function otherApplianceProblems({ entries, origin }: CoverageSources): string[] {
  const elsewhere = entries.filter(({ seen }) => seen === "elsewhere");
  if (elsewhere.length === 0) return [];
  const origins = originsOf(elsewhere.flatMap(({ managedBy, lookedUpBy }) => [...managedBy, ...lookedUpBy]));
  const verb = elsewhere.length > 1 ? "are" : "is";
  return [
    `${plural(elsewhere.length, "declared share")} ${verb} on ${origins}, not on ${origin}: audit that appliance too, and add --skip-other-appliances here`,
  ];
}

function notesOf({ visible, results, skipped, states, unverified }: CoverageSources): string[] {
  const unknown = results.filter(({ outcome }) => outcome === "unknown").length;
  const pending = new Set(pendingSessionsOf(states)).size;
  return [
    "The appliance lists only what the API user may see: other sessions and shares are not in this report.",
    visible === undefined
      ? "The audit read only the sessions of the stacks, of --session and of the previous report. Shares on other sessions are not in this report; --all-sessions includes them."
      : "The vendor does not document the responses of GET /api/v2/session. The audit assumes that the appliance honours `offset` and `limit`, and that an empty page ends the list.",
    ...(unknown > 0
      ? [`${plural(unknown, "session")}: not found on the appliance, or not visible to this API user.`]
      : []),
    ...(pending > 0
      ? [
          `Pulumi was interrupted while it created shares on ${plural(pending, "session")}. If a share was created, this report lists it as unmanaged.`,
        ]
      : []),
    ...(unverified
      ? [
          "The appliance's certificate was not verified (FUDO_INSECURE_SKIP_VERIFY): this data could have been tampered with in transit.",
        ]
      : []),
    ...(skipped.length > 0
      ? [`Excluded by --skip-other-appliances: ${plural(skipped.length, "share")} on ${originsOf(skipped)}.`]
      : []),
  ];
}

function pendingSessionsOf(states: readonly LoadedState[]): string[] {
  return states
    .flatMap((loaded) => ("state" in loaded ? loaded.state.pendingCreates : []))
    .flatMap(({ sessionId }) => sessionId ?? []);
}

function originsOf(shares: readonly DeclaredShare[]): string {
  return [...new Set(shares.flatMap(({ appliance }) => appliance ?? []))].join(", ");
}
