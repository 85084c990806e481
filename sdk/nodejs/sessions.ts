// The functions getSessions and getSession, for programs that must find the session to share. They run in the program's own
// process, at each preview and `up`, and send GET requests only.
import * as pulumi from "@pulumi/pulumi";
import type { SessionSummary } from "../../provider/lifecycle/functions/sessions";
import { callFunction } from "./query";

export type { SessionSummary };

/** Filters for getSessions and getSession. All filters that are set must match. IDs are decimal text, names are exact. */
export interface GetSessionsArgs {
  /** Sessions of this user. */
  readonly userId?: string | undefined;
  /** Sessions to this server. */
  readonly serverId?: string | undefined;
  /** Sessions through this safe. */
  readonly safeId?: string | undefined;
  /** Sessions with this account on the server. */
  readonly accountId?: string | undefined;
  /** Sessions of the user with this name. An error if the API user may not read users, or sees none with this name. */
  readonly userName?: string | undefined;
  /** Sessions to the server with this name. An error if the API user may not read servers, or sees none with this name. */
  readonly serverName?: string | undefined;
  /** Sessions with the account with this name. An error if the API user may not read accounts, or sees none with this name. */
  readonly accountName?: string | undefined;
  /** Sessions of this protocol, by the appliance's name for it: `ssh`, `rdp`, `vnc` … */
  readonly protocol?: string | undefined;
  /** `true`: live sessions only. `false`: recordings only. */
  readonly live?: boolean | undefined;
  /** The maximum number of sessions; the newest are returned. */
  readonly limit?: number | undefined;
  /** `true`: the result also has the names of user, server and account, where the API user may read them. */
  readonly names?: boolean | undefined;
}

/** Filters for getSessionsOutput and getSessionOutput: those of getSessions, also as outputs of other resources. */
export type GetSessionsOutputArgs = { readonly [Name in keyof GetSessionsArgs]: pulumi.Input<GetSessionsArgs[Name]> };

/** The sessions that match the filters. */
export interface GetSessionsResult {
  /** Newest first, by their start. Only sessions that this API user can see. */
  readonly sessions: SessionSummary[];
  /** False if the end of the appliance's list was not reached: then there may be more, and newer, sessions. */
  readonly complete: boolean;
}

/**
 * The sessions that this API user can see. Sends one GET request for every 499 sessions, and one more. The vendor
 * documents the attributes of `GET /api/v2/session` but shows no response, so the function reads all sessions and selects
 * here. A filter by name, or `names: true`, reads the list of users, servers or accounts in the same way.
 *
 * @example
 * ```ts
 * import { getSessions, SessionShare } from "pulumi-fudo";
 *
 * export const shares = getSessions({ serverName: "db-01", live: true, limit: 1 }).then(({ sessions }) =>
 *   sessions.map(({ id }) => new SessionShare(`session-${id}`, { sessionId: id, duration: "PT4H" }).url),
 * );
 * ```
 */
export async function getSessions(args: GetSessionsArgs = {}): Promise<GetSessionsResult> {
  return callFunction("getSessions", args);
}

/**
 * `getSessions` with filters that come from other resources.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { getSessionsOutput } from "pulumi-fudo";
 *
 * const serverId = new pulumi.StackReference("servers").requireOutput("serverId");
 * export const ids = getSessionsOutput({ serverId }).sessions.apply((sessions) => sessions.map(({ id }) => id));
 * ```
 */
export function getSessionsOutput(args: GetSessionsOutputArgs = {}): pulumi.Output<GetSessionsResult> {
  return pulumi.output(args).apply((known) => getSessions(known));
}

/**
 * The one session that matches the filters; `limit: 1` takes the newest one. If none matches, or several do, the program
 * fails. The error lists the sessions that match with server, account and user, and names the arguments that tell them
 * apart. It also fails if the appliance's list is incomplete, because then another session may match. Sends the requests of
 * `getSessions`.
 *
 * @example
 * ```ts
 * import { getSession, SessionShare } from "pulumi-fudo";
 *
 * export const url = getSession({ serverName: "db-01", userName: "ACME Support", live: true }).then(
 *   ({ id }) => new SessionShare("acme", { sessionId: id, duration: "PT4H" }).url,
 * );
 * ```
 */
export async function getSession(args: GetSessionsArgs = {}): Promise<SessionSummary> {
  return callFunction("getSession", args);
}

/**
 * `getSession` as an output, with filters that may come from other resources.
 *
 * @example
 * ```ts
 * import { getSessionOutput, SessionShare } from "pulumi-fudo";
 *
 * const session = getSessionOutput({ serverName: "db-01", live: true });
 * export const { url } = new SessionShare("acme", { sessionId: session.id, duration: "PT4H" });
 * ```
 */
export function getSessionOutput(args: GetSessionsOutputArgs = {}): pulumi.Output<SessionSummary> {
  return pulumi.output(args).apply((known) => getSession(known));
}
