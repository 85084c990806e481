// Scope and completeness: which sessions are asked, what could not be looked at, and what such an audit cannot see. An
// audit that could not look at something says so and never reads as "nothing found". Pure.
import type { SessionListing } from "../../lifecycle/functions/sessions";
import type { Declared } from "../collect/stack-state";
import { unreadableFacts, type Policy } from "./findings";
import type { SessionAnswer } from "../collect/appliance-shares";
import type { Earlier, Entry } from "./inventory";
import type { Report } from "../model/report-schema";
import type { LoadedState } from "../collect/stacks";

export type Completeness = Report["completeness"];

export interface ScopeSources {
  readonly declared: readonly Declared[];
  readonly states: readonly LoadedState[];
  readonly earlier: readonly Earlier[];
  /** Named by the user. */
  readonly sessions: readonly string[];
  readonly visible: SessionListing | undefined;
}

/** Every session to ask, each once: of the stacks, of creations under way, of the earlier report, named, and visible. */
export function sessionsInScope({ declared, states, earlier, sessions, visible }: ScopeSources): string[] {
  const pending = states.flatMap((loaded) => ("state" in loaded ? loaded.state.pendingSessions : []));
  const ids = [declared, earlier, visible?.sessions.map(({ id }) => ({ sessionId: id })) ?? []].flatMap((shares) =>
    shares.map(({ sessionId }) => sessionId),
  );
  return [...new Set([...sessions, ...pending, ...ids])];
}

export interface CompletenessSources extends ScopeSources {
  readonly entries: readonly Entry[];
  readonly answers: readonly SessionAnswer[];
  readonly policy: Policy;
  readonly origin: string;
  /** Shares of the states that live on other appliances and were left out on request. */
  readonly skipped: readonly Declared[];
  /** The appliance's certificate was not verified. */
  readonly unverified: boolean;
}

/** What the report says of its own reach. */
export function completenessOf(sources: CompletenessSources): Completeness {
  const { answers } = sources;
  const count = (outcome: SessionAnswer["outcome"]) => answers.filter((answer) => answer.outcome === outcome).length;
  const problems = problemsOf(sources);
  return {
    complete: problems.length === 0,
    sessions: {
      inScope: answers.length,
      answered: count("answered"),
      unknown: count("unknown"),
      failed: count("failed"),
      notAsked: count("not-asked"),
    },
    problems,
    notes: notesOf(sources),
  };
}

function problemsOf({ states, visible, answers, entries, policy, sessions, origin }: CompletenessSources): string[] {
  const stacks = states.flatMap((loaded) =>
    "problem" in loaded ? [`state of ${loaded.source}: ${loaded.problem}`] : [],
  );
  const nameless = states
    .flatMap((loaded) => ("state" in loaded ? loaded.state.nameless : []))
    .map(({ urn }) => `resource ${urn}: its ID is not <sessionId>/<fingerprint>, so its share cannot be told`);
  const failed = answers.flatMap((answer) =>
    answer.outcome === "failed" ? [`session ${answer.sessionId}: ${answer.reason}`] : [],
  );
  const notAsked = answers.filter(({ outcome }) => outcome === "not-asked").length;
  const unknown = answers.filter(({ sessionId, outcome }) => outcome === "unknown" && sessions.includes(sessionId));
  const encrypted = entries.filter((entry) => unreadableFacts(entry, policy).length > 0 && entry.to > entry.now).length;
  const elsewhere = entries.filter(({ seen }) => seen === "elsewhere");
  const origins = [
    ...new Set(
      elsewhere.flatMap(({ owners, lookedUpBy }) =>
        [...owners, ...lookedUpBy].flatMap(({ appliance }) => appliance ?? []),
      ),
    ),
  ];
  return [
    ...stacks,
    ...nameless,
    ...(visible?.incomplete === undefined ? [] : [visible.incomplete]),
    ...failed,
    ...(notAsked > 0 ? [`${notAsked} session${notAsked > 1 ? "s were" : " was"} not asked: the audit gave up`] : []),
    ...unknown.map(({ sessionId }) => `session ${sessionId}: the appliance knows none, or shows none to this API user`),
    ...(encrypted > 0
      ? [`needed facts of ${encrypted} share${encrypted > 1 ? "s" : ""} are encrypted in the state`]
      : []),
    ...(elsewhere.length > 0
      ? [
          `${elsewhere.length} declared share${elsewhere.length > 1 ? "s live" : " lives"} on ${origins.join(", ")}, not on ${origin}: audit that appliance too, and leave them out here with --skip-other-appliances`,
        ]
      : []),
  ];
}

function notesOf({ visible, answers, skipped, states, unverified }: CompletenessSources): string[] {
  const unknown = answers.filter(({ outcome }) => outcome === "unknown").length;
  const pending = new Set(states.flatMap((loaded) => ("state" in loaded ? loaded.state.pendingSessions : []))).size;
  const origins = [...new Set(skipped.flatMap(({ appliance }) => appliance ?? []))];
  return [
    "The rights of the API user filter what the appliance lists: a share or session that it may not see is not in this report.",
    ...(visible === undefined
      ? [
          "Only the sessions named above were asked: shares on other sessions are not in this report (--all-sessions asks all that are visible).",
        ]
      : []),
    ...(visible === undefined
      ? []
      : [
          "The answers of GET /api/v2/session are not documented: `offset` and `limit` are taken as honoured, and the list as ended by an empty page.",
        ]),
    ...(unknown > 0
      ? [
          `${unknown} session${unknown > 1 ? "s are" : " is"} not known to the appliance, or not shown to this API user.`,
        ]
      : []),
    ...(pending > 0
      ? [
          `A creation was interrupted on ${pending} session${pending > 1 ? "s" : ""}: what it left behind, if anything, is listed as unmanaged.`,
        ]
      : []),
    ...(unverified
      ? [
          "The appliance's certificate was not verified (FUDO_INSECURE_SKIP_VERIFY): whoever stands in between could have told this.",
        ]
      : []),
    ...(skipped.length > 0
      ? [`Left out: ${skipped.length} share${skipped.length > 1 ? "s" : ""} of ${origins.join(", ")}.`]
      : []),
  ];
}
