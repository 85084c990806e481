// Observations of the share that doctor made: when lists show it, which window was granted, and what its end changes. Each
// returns undefined where doctor has not seen what it is about.
import { lengthText } from "../../../lifecycle";
import { parseInstant } from "../../../time/instants";
import type { ApplianceRecord } from "../record";
import {
  booleanOf,
  dateOf,
  entriesOf,
  instantOf,
  listsAroundPost,
  listsOf,
  ownEntry,
  postOf,
  successBody,
  type JsonObject,
  type ListResponse,
} from "./exchanges";
import { documented, handled, toReport, type Observation } from "./observation";

/** So many lists follow the POST without a pause. A share that one of them shows lags by requests, a later one by time. */
export const listsWithoutPause = 5;

/** The first list after the POST that shows the share, and how many did not. Absent where none does. */
export function firstListed(
  record: ApplianceRecord,
): { readonly list: ListResponse; readonly before: number } | undefined {
  const { share } = record;
  const lists = listsAroundPost(record).after;
  const before = lists.findIndex(({ entries }) => entries.some(({ key }) => share !== undefined && key === share.key));
  const list = lists[before];
  return list && { list, before };
}

/** Milliseconds from the response to the POST until a list showed the share. */
export function listedAfter(record: ApplianceRecord): number | undefined {
  const first = firstListed(record);
  const post = postOf(record);
  if (first === undefined || post === undefined || successBody(post) === undefined) return undefined;
  return Math.max(0, Math.round(first.list.exchange.endedAt - post.endedAt));
}

/** For so long after the POST, doctor waits until a list shows the share: milliseconds. */
export const maximumLag = 30_000;

export function listed(record: ApplianceRecord): Observation | undefined {
  const first = firstListed(record);
  if (first === undefined) return neverListed(record);
  const after = listedAfter(record);
  if (after === undefined) return undefined;
  const { before } = first;
  if (before === 0) return documented("the first list shows it", { lagRequests: 0, lagMilliseconds: 0 });
  const how = "the provider warns, and the next refresh completes the outputs";
  if (before < listsWithoutPause)
    return handled(`list ${before + 1} shows it, but no earlier one: ${how}`, {
      lagRequests: before,
      lagMilliseconds: 0,
    });
  return handled(`lists show it after ${lengthText(after)}: ${how}`, { lagRequests: 0, lagMilliseconds: after });
}

function neverListed(record: ApplianceRecord): Observation | undefined {
  const last = listsAroundPost(record).after.at(-1);
  const post = postOf(record);
  if (record.share === undefined || last === undefined || post === undefined) return undefined;
  const time = last.exchange.endedAt - post.endedAt;
  return time < maximumLag ? undefined : toReport(`no list shows it within ${lengthText(time)}`);
}

/** By how many milliseconds the listed window differs from the requested one. Absent where the list has no such window. */
export function windowShift(record: ApplianceRecord): { readonly start: number; readonly end: number } | undefined {
  const entry = ownEntry(record);
  const { share } = record;
  const [since, to] = [instantOf(entry?.["valid_since"]), instantOf(entry?.["valid_to"])];
  if (share === undefined || since === undefined || to === undefined) return undefined;
  return { start: since - share.since, end: to - share.to };
}

export function storedWindow(record: ApplianceRecord): Observation | undefined {
  const { share } = record;
  if (share === undefined || ownEntry(record) === undefined) return undefined;
  const shift = windowShift(record);
  if (shift === undefined) return toReport("the list does not show a start and an end that can be read");
  if (shift.start === 0 && shift.end === 0)
    return documented("stored to the millisecond", { storedWindows: "microseconds" });
  const cuts = ({ unit }: { unit: number }) =>
    shift.start === -(share.since % unit) && shift.end === -(share.to % unit);
  const cut = windowUnits.find(cuts);
  if (cut === undefined) return toReport(`start and end differ by ${shift.start} and ${shift.end} ms from the request`);
  return handled(`cut to the ${cut.name}: the provider compares with what was requested, so there is no diff`, {
    storedWindows: `${cut.name}s`,
  });
}

const windowUnits = [
  { name: "second", unit: 1000 },
  { name: "minute", unit: 60_000 },
];

export function pastStart(record: ApplianceRecord): Observation | undefined {
  const before = listsAroundPost(record).before.at(-1);
  const applianceTime = before && dateOf(before.exchange);
  if (record.share === undefined || applianceTime === undefined || record.share.since >= applianceTime)
    return undefined;
  return documented("a start in the past is accepted", { pastValidSince: "accepted" });
}

/** Milliseconds from the `Date` of the response to the POST until `created_at`. */
export function createdAtAfterDate(record: ApplianceRecord): number | undefined {
  const post = postOf(record);
  const date = post && dateOf(post);
  const created = instantOf(ownEntry(record)?.["created_at"]);
  return date === undefined || created === undefined ? undefined : Math.round(created - date);
}

/** What the recovery of a lost response tolerates: whole seconds in `Date`, and the clocks of the nodes of a cluster. */
const tolerance = { before: 2000, after: 3000 };

export function createdAt(record: ApplianceRecord): Observation | undefined {
  const entry = ownEntry(record);
  const post = postOf(record);
  if (entry === undefined || post === undefined) return undefined;
  const value = entry["created_at"] ?? undefined;
  if (value === undefined) return handled("not in lists: a share that lists no longer show is then never missing");
  const created = instantOf(value);
  if (created === undefined) return toReport("created_at is no time that can be read");
  const after = Math.round(created - (dateOf(post) ?? post.endedAt));
  const earliest = -(post.endedAt - post.sentAt) - tolerance.before;
  return after >= earliest && after <= tolerance.after
    ? documented("the time of the request")
    : toReport(`${after} ms after the response: the provider cannot recover a share whose response is lost`);
}

export const timeAttributes = ["valid_since", "valid_to", "created_at", "modified_at"] as const;

const documentedTime = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d){0,2}$/;

export function times(record: ApplianceRecord): Observation | undefined {
  const values = entriesOf(record).flatMap((entry) => timeAttributes.map((name) => entry[name] ?? undefined));
  const given = values.filter((value) => value !== undefined);
  if (given.length === 0) return undefined;
  if (given.some((value) => typeof value !== "string" || parseInstant(value) === undefined))
    return toReport("a time has a form that the provider cannot read");
  return given.every((value) => documentedTime.test(value as string))
    ? documented("date and time with an offset, as in the vendor's samples")
    : handled("another form of ISO 8601, or infinity: the provider reads it");
}

export function afterEnd(record: ApplianceRecord): Observation | undefined {
  const state = stateAfterEnd(record);
  const expired = expiredEntries(record).length > 0 ? { expiredShares: "shown" } : {};
  if (state === "hidden" && firstListed(record) !== undefined)
    return handled("lists hide a share that has ended: the provider reads no such share", { expiredShares: "hidden" });
  if (state === "removed")
    return handled("lists show a share that has ended as removed: the provider reads no such share", expired);
  if (state === "listed" || expired.expiredShares !== undefined)
    return documented("lists show a share that has ended", { expiredShares: "shown" });
  return undefined;
}

/** How the last list shows the share. Absent before the end. */
export function stateAfterEnd(record: ApplianceRecord): "listed" | "removed" | "hidden" | undefined {
  const { share, endedAt } = record;
  const last = listsAroundPost(record).after.at(-1);
  if (share === undefined || endedAt === undefined || last === undefined || last.exchange.sentAt < endedAt)
    return undefined;
  const entry = last.entries.find(({ key }) => key === share.key);
  if (entry === undefined) return "hidden";
  return booleanOf(entry["removed"])?.is === true ? "removed" : "listed";
}

export function scheduled(record: ApplianceRecord): Observation | undefined {
  const isShown = listsOf(record).some(({ exchange, entries }) =>
    entries.some((entry) => (instantOf(entry["valid_since"]) ?? -Infinity) > timeOf(exchange) + 1000),
  );
  return isShown ? documented("lists show a share that starts later", { scheduledShares: "shown" }) : undefined;
}

function expiredEntries(record: ApplianceRecord): JsonObject[] {
  return listsOf(record).flatMap(({ exchange, entries }) =>
    entries.filter((entry) => (instantOf(entry["valid_to"]) ?? Infinity) <= timeOf(exchange)),
  );
}

function timeOf(exchange: ListResponse["exchange"]): number {
  return dateOf(exchange) ?? exchange.endedAt;
}
