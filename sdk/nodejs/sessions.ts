// Which sessions there are, for programs that must find the one to share. Runs in the program's own process, at each
// preview and up, and never changes anything.
import * as pulumi from "@pulumi/pulumi";
import type { SessionQuery, SessionSummary } from "../../provider/lifecycle/functions/sessions";
import { ask } from "./functions";

export type { SessionSummary };

/** Everything given must hold; IDs are decimal text. */
export interface GetSessionsArgs {
  readonly userId?: string | undefined;
  readonly serverId?: string | undefined;
  readonly safeId?: string | undefined;
  readonly accountId?: string | undefined;
  /** As the appliance spells it: `ssh`, `rdp`, `vnc` … */
  readonly protocol?: string | undefined;
  /** `true`: live sessions only; `false`: recordings only. */
  readonly live?: boolean | undefined;
  /** At most so many, the newest. */
  readonly limit?: number | undefined;
}

export type GetSessionsOutputArgs = { readonly [Name in keyof GetSessionsArgs]: pulumi.Input<GetSessionsArgs[Name]> };

export interface GetSessionsResult {
  /** Newest first, by their start. Only what this API user may see. */
  readonly sessions: SessionSummary[];
  /** False where the appliance's list was not seen to end: then there may be more, and newer, sessions. */
  readonly complete: boolean;
}

/**
 * The sessions that this API user may see. One GET for every 500 of them, and one more: `GET /api/v2/session` is
 * documented as a group with its attributes, its answers are not, so all are read and chosen from here.
 */
export async function getSessions(args: GetSessionsArgs = {}): Promise<GetSessionsResult> {
  const query = checked(args);
  const { listAllSessions, selectSessions } =
    require("../../provider/lifecycle/functions/sessions") as typeof import("../../provider/lifecycle/functions/sessions");
  const { sessions, incomplete } = await ask(async (client) => {
    const listing = await listAllSessions(client);
    if (listing.failure !== undefined) throw listing.failure;
    return listing;
  });
  if (incomplete !== undefined)
    await pulumi.log.warn(`fudo: getSessions: ${incomplete}; there may be more sessions than are given here`);
  return { sessions: selectSessions(sessions, query), complete: incomplete === undefined };
}

/** `getSessions` where what is asked for comes from other resources. */
export function getSessionsOutput(args: GetSessionsOutputArgs = {}): pulumi.Output<GetSessionsResult> {
  return pulumi.output(args).apply((known) => getSessions(known));
}

const identifier = {
  shape: (value: unknown) => typeof value === "string" && /^\d{1,19}$/.test(value),
  wants: "a decimal ID as text",
};
const inputs: Readonly<Record<keyof GetSessionsArgs, { shape: (value: unknown) => boolean; wants: string }>> = {
  userId: identifier,
  serverId: identifier,
  safeId: identifier,
  accountId: identifier,
  protocol: {
    shape: (value) => typeof value === "string" && /^[\w-]{1,40}$/.test(value),
    wants: 'a name such as "ssh"',
  },
  live: { shape: (value) => typeof value === "boolean", wants: "true or false" },
  limit: { shape: (value) => Number.isInteger(value) && (value as number) > 0, wants: "a whole number above zero" },
};

function checked(args: GetSessionsArgs): SessionQuery {
  const given = Object.entries(args).filter(([, value]) => value !== undefined && value !== null);
  for (const [name, value] of given) {
    const input = Object.hasOwn(inputs, name) ? inputs[name as keyof GetSessionsArgs] : undefined;
    // A misspelt filter would choose among all sessions, and share the wrong one.
    if (input === undefined)
      throw new pulumi.RunError(`getSessions: there is no such argument; there are ${Object.keys(inputs).join(", ")}`);
    if (!input.shape(value)) throw new pulumi.RunError(`getSessions: ${name} must be ${input.wants}`);
  }
  return Object.fromEntries(given);
}
