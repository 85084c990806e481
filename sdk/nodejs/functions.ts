// The functions getSessionShares and getShareSpec. They run in the program's own process, at each preview and `up`, and
// send GET requests only.
import * as pulumi from "@pulumi/pulumi";
import type { ShareSpec } from "../../provider/client/api";
import type { SessionShareSummary, ShareStatus } from "../../provider/lifecycle/functions/session-shares";
import { callFunction } from "./query";

export type { SessionShareSummary, ShareSpec, ShareStatus };

/** The argument of getSessionShares. */
export interface GetSessionSharesArgs {
  /** The session's decimal ID, as text. */
  readonly sessionId: string;
}

/** The argument of getSessionSharesOutput. */
export interface GetSessionSharesOutputArgs {
  /** The session's decimal ID, as text. */
  readonly sessionId: pulumi.Input<string>;
}

/** The shares of one session. */
export interface GetSessionSharesResult {
  /** The session's decimal ID, as text. */
  readonly sessionId: string;
  /** Without keys and links. A fingerprint identifies a share, but does not open it. */
  readonly shares: readonly SessionShareSummary[];
}

/**
 * The session's shares, as the appliance lists them to this API user. Sends one GET request.
 *
 * @example
 * ```ts
 * import { getSessionShares } from "pulumi-fudo";
 *
 * export const active = getSessionShares({ sessionId: "4665729213955833860" }).then(({ shares }) =>
 *   shares.filter(({ status }) => status === "active").map(({ fingerprint, validTo }) => ({ fingerprint, validTo })),
 * );
 * ```
 */
export async function getSessionShares(args: GetSessionSharesArgs): Promise<GetSessionSharesResult> {
  return callFunction("getSessionShares", args);
}

/**
 * `getSessionShares` with a session ID that comes from another resource.
 *
 * @example
 * ```ts
 * import { getSessionSharesOutput, SessionShare } from "pulumi-fudo";
 *
 * const share = new SessionShare("acme", { sessionId: "4665729213955833860", duration: "PT8H" });
 * export const shares = getSessionSharesOutput({ sessionId: share.sessionId }).shares;
 * ```
 */
export function getSessionSharesOutput(args: GetSessionSharesOutputArgs): pulumi.Output<GetSessionSharesResult> {
  return pulumi.output(args).apply(getSessionShares);
}

/**
 * The appliance's own description of a share's attributes (`GET /api/v2/objspec/session_share`). Texts and names are safe to
 * print: one line without control characters, at most 300 characters.
 *
 * @example
 * ```ts
 * import { getShareSpec } from "pulumi-fudo";
 *
 * export const attributes = getShareSpec().then((spec) => Object.keys(spec));
 * ```
 */
export async function getShareSpec(): Promise<ShareSpec> {
  return callFunction("getShareSpec", {});
}

/**
 * `getShareSpec` as an output.
 *
 * @example
 * ```ts
 * import { getShareSpecOutput } from "pulumi-fudo";
 *
 * export const spec = getShareSpecOutput();
 * ```
 */
export function getShareSpecOutput(): pulumi.Output<ShareSpec> {
  return pulumi.output(getShareSpec());
}
