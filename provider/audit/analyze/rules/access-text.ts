// The parts of a finding's message: until when a link works, and what the resource is called. Pure.
import { lengthText } from "../../../lifecycle";
import { isLive } from "../../model/status";
import { utcText } from "../../model/wording";
import type { InventoryEntry, Successor } from "../inventory/inventory";

/** `The link works until 2026-11-25 14:07 UTC (in 3 h)`, and where the audit knows it from. Without a full stop. */
export function accessText(entry: InventoryEntry): string {
  const { status, seen, since, previous } = entry;
  const from = status === "scheduled" && since !== undefined ? `from ${utcText(since)} ` : "";
  const access = `The link works ${from}${untilEnd(entry)}`;
  if (seen === "listed") return access;
  const source = previous === undefined ? "the state" : "the previous report";
  const now =
    seen === "absent"
      ? "the session's list does not contain the share now"
      : "the audit could not read the whole list of the session";
  return `${access}, according to ${source} (${now})`;
}

const unknownEnds = {
  encrypted: "until an end that is encrypted in the state",
  "not-listed": "until an end that the appliance does not show",
  "not-reported": "until an end that is not known",
} as const;

type End = Pick<InventoryEntry, "to" | "now" | "unknownEnd" | "isEndInDoubt">;

/** `until 2026-11-25 14:07 UTC (in 3 h)`. */
export function untilEnd(entry: End): string {
  if (entry.unknownEnd !== undefined) return unknownEnds[entry.unknownEnd];
  return Number.isFinite(entry.to) ? `until ${endText(entry)}` : "without an end date";
}

/** `2026-11-25 14:07 UTC (in 3 h)`. */
export function endText({ to, now, isEndInDoubt }: Omit<End, "unknownEnd">): string {
  const left = isEndInDoubt
    ? "over by this machine's clock; the appliance's time is not known"
    : `in ${lengthText(to - now)}`;
  return `${utcText(to)} (${left})`;
}

/** `p-week (shop/dev) manages share 0123456789abcdef now, which is live until …`. Without a full stop. */
export function successorText({ stack, urn, share }: Successor): string {
  return `${resourceName(urn)} (${stack}) manages share ${share.fingerprint ?? "?"} now, ${stateText(share)}`;
}

function stateText(share: InventoryEntry): string {
  const { status, since, to } = share;
  if (status === "expired") return `which expired at ${utcText(to)}`;
  if (status === "scheduled" && since !== undefined) return `which is live from ${utcText(since)} ${untilEnd(share)}`;
  if (isLive(share)) return `which is live ${untilEnd(share)}`;
  return status === "removed" ? "which was removed" : "which the session's list does not contain";
}

/** The name of a resource, from its URN. */
function resourceName(urn: string): string {
  return urn.split("::").slice(3).join("::") || urn;
}
