// The functions that programs call, by name: how each one checks its arguments and what it asks the appliance. They send GET
// requests only. The SDK calls them in the program's process, the plugin in its own.
import type { Client, ShareSpec } from "../../client/api";
import { printableValue } from "../../client/redact/redact";
import { findSession, findSessions } from "./find-sessions";
import { checkSessionQuery, type SessionQuery } from "./session-arguments";
import { checkSessionSharesArgs, summarizeShares, type SessionShareSummary } from "./session-shares";
import type { SessionSummary } from "./sessions";
import { assertKnownArguments } from "./unknown-argument";

/** Prints messages. A function waits until it has sent them. */
export interface FunctionLog {
  warn(text: string): Promise<void> | void;
  info(text: string): Promise<void> | void;
}

export interface ApplianceFunction<Args, Result> {
  /** The arguments without those that are not set. Throws `rejected`. */
  check(args: object): Args;
  /** Throws `FudoError`. */
  ask(client: Client, args: Args, log: FunctionLog): Promise<Result>;
}

interface SessionsResult {
  readonly sessions: SessionSummary[];
  readonly complete: boolean;
}

interface SessionSharesResult {
  readonly sessionId: string;
  readonly shares: readonly SessionShareSummary[];
}

/** An unreadable list may have many problems; fudo-audit names them all. */
const maxWarnings = 5;

const getSessions: ApplianceFunction<SessionQuery, SessionsResult> = {
  check: (args) => checkSessionQuery("getSessions", args),
  ask: async (client, query, log) => {
    const { sessions, incomplete, namesNote } = await findSessions(client, query);
    if (incomplete !== undefined) {
      await log.warn(`fudo: getSessions: ${incomplete}. There may be more sessions than this result contains`);
    }
    if (namesNote !== undefined) await log.info(`fudo: getSessions: ${namesNote}`);
    return { sessions, complete: incomplete === undefined };
  },
};

const getSession: ApplianceFunction<SessionQuery, SessionSummary> = {
  check: (args) => checkSessionQuery("getSession", args),
  ask: async (client, query, log) => {
    const { session, namesNote } = await findSession(client, query);
    if (namesNote !== undefined) await log.info(`fudo: getSession: ${namesNote}`);
    return session;
  },
};

const getSessionShares: ApplianceFunction<{ sessionId: string }, SessionSharesResult> = {
  check: checkSessionSharesArgs,
  ask: async (client, { sessionId }, log) => {
    const { shares, applianceTime, problems } = await client.listShares(sessionId);
    for (const problem of problems.slice(0, maxWarnings))
      await log.warn(`fudo: getSessionShares: session ${sessionId}: ${problem}`);
    return { sessionId, shares: summarizeShares(shares, applianceTime ?? Date.now()) };
  },
};

const getShareSpec: ApplianceFunction<object, ShareSpec> = {
  check: (args) => {
    assertKnownArguments("getShareSpec", args, []);
    return {};
  },
  ask: async (client) => printableValue(await client.getShareSpec()) as ShareSpec,
};

/** Each function by its name in programs. */
export const applianceFunctions = { getSession, getSessions, getSessionShares, getShareSpec };
