// The status values of a share in a report, and what they mean for access.
import { isLiveStatus } from "../../lifecycle";

export const statuses = ["scheduled", "active", "not-listed", "missing", "removed", "expired"] as const;
/**
 * `scheduled`: the window has not begun. `active`: the window is open. `not-listed`: a valid list does not contain the share,
 * which does not prove that it was revoked. `missing`: the list should contain the share and does not.
 */
export type Status = (typeof statuses)[number];

/** The order in which reports show shares: shares that give access come first. */
export const statusOrder = [
  "active",
  "scheduled",
  "not-listed",
  "missing",
  "removed",
  "expired",
] as const satisfies readonly Status[];

export const presences = ["listed", "absent", "not-looked", "elsewhere"] as const;
/**
 * Whether the session's list contains the share. `not-looked`: the audit could not read the list, or the list
 * does not prove what it does not contain. `elsewhere`: the share
 * is on another appliance, and this appliance does not list it.
 */
export type Presence = (typeof presences)[number];

/** True for a share whose link works now or later, as far as the audit knows. */
export function isLive({ status }: { readonly status: Status }): boolean {
  return status !== "not-listed" && isLiveStatus(status);
}

/** True for a live share, and for one that the list does not contain: its link may still work. */
export function mayGiveAccess({ status }: { readonly status: Status }): boolean {
  return status === "not-listed" || status === "missing" || isLive({ status });
}
