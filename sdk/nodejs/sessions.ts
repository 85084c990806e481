// The function getSessions, for programs that must find the session to share. It runs in the program's own process, at
// each preview and `up`, and sends GET requests only.
import * as pulumi from "@pulumi/pulumi";
import type { SessionSummary } from "../../provider/lifecycle/functions/sessions";
import { callFunction } from "./query";

export type { SessionSummary };

/** Filters for getSessions. All filters that are set must match. IDs are decimal text. */
export interface GetSessionsArgs {
  /** Sessions of this user. */
  readonly userId?: string | undefined;
  /** Sessions to this server. */
  readonly serverId?: string | undefined;
  /** Sessions through this safe. */
  readonly safeId?: string | undefined;
  /** Sessions with this account on the server. */
  readonly accountId?: string | undefined;
  /** Sessions of this protocol, by the appliance's name for it: `ssh`, `rdp`, `vnc` … */
  readonly protocol?: string | undefined;
  /** `true`: live sessions only. `false`: recordings only. */
  readonly live?: boolean | undefined;
  /** The maximum number of sessions; the newest are returned. */
  readonly limit?: number | undefined;
}

/** Filters for getSessionsOutput: those of getSessions, also as outputs of other resources. */
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
 * here.
 *
 * @example
 * ```ts
 * import { getSessions, SessionShare } from "pulumi-fudo";
 *
 * export const shares = getSessions({ serverId: "4665729213955833859", live: true, limit: 1 }).then(({ sessions }) =>
 *   sessions.map(({ id }) => new SessionShare(`session-${id}`, { sessionId: id, duration: "PT4H" }).url),
 * );
 * ```
 */
export async function getSessions(args: GetSessionsArgs = {}): Promise<GetSessionsResult> {
  // Loaded here because most programs call no function.
  const { checkSessionsArgs, listAllSessions, selectSessions } =
    require("../../provider/lifecycle/functions/sessions") as typeof import("../../provider/lifecycle/functions/sessions");
  return callFunction({
    name: "getSessions",
    check: () => checkSessionsArgs(args),
    ask: async (client, query): Promise<GetSessionsResult> => {
      const { sessions, incomplete, failure } = await listAllSessions(client);
      if (failure !== undefined) throw failure;
      if (incomplete !== undefined) {
        await pulumi.log.warn(`fudo: getSessions: ${incomplete}. There may be more sessions than this result contains`);
      }
      return { sessions: selectSessions(sessions, query), complete: incomplete === undefined };
    },
  });
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
