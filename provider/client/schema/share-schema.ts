// Reads the responses about shares, and decides which deviations from the documentation are tolerated. Entries and attributes
// are read one by one: what cannot be read is reported in `unreadable` and `problems`, and never hides the rest.
import { parseInstant } from "../../time/instants";
import type { CreatedShare, Share, ShareList, ShareSpec } from "../api";
import { readBoolean, readBound, readId, readInstant, readKey, readRemoval, readText, unreadable } from "./attributes";
import { entriesOf, entryProblem, freshness } from "./list-envelope";
import { printable, registerSecret } from "../redact/redact";
import type { SuccessResponse } from "../http/response";

/** How each attribute of an entry is read, and its name in `Share`. */
const attributes = [
  ["id", "id", readId],
  ["session_id", "sessionId", readId],
  ["user_id", "userId", readId],
  ["key", "key", readKey],
  ["valid_since", "validSince", readBound("-infinity")],
  ["valid_to", "validTo", readBound("infinity")],
  ["readonly", "readonly", readBoolean],
  ["link", "link", readText],
  ["created_at", "createdAt", readInstant],
  ["modified_at", "modifiedAt", readInstant],
] as const;

/** `GET /api/v2/session/<id>/share`. Throws `protocol` or `limit`. */
export function readShareList(response: SuccessResponse): ShareList {
  const { entries, problems, isList } = entriesOf(response, "session_share", "key");
  const cached = freshness(response);
  const shares = entries.map((entry) => toShare(entry, response.time));
  return {
    shares,
    ...timeOf(response),
    provesAbsence: isList && cached.length === 0,
    problems: [...problems, ...cached, ...shareProblems(shares)],
  };
}

/**
 * `POST /api/v2/session/<id>/share`. Reads only the key, because a key proves that the share exists, whatever the other
 * attributes are. Throws `protocol` if the key is missing.
 */
export function readCreatedShare(response: SuccessResponse): CreatedShare {
  const share = response.body["session_share"];
  const key = isObject(share) ? readKey(share["key"]) : undefined;
  if (typeof key !== "string") throw response.invalid("protocol", "the response has no readable session_share.key");
  registerUnusualKey(key);
  return { share: { key, removed: false }, ...timeOf(response) };
}

/** `GET /api/v2/objspec/session_share`. Throws `protocol`; the message names the place and never the value. */
export function readShareSpec(response: SuccessResponse): ShareSpec {
  const spec = response.body["session_share"];
  const invalid = (place: string) =>
    response.invalid("protocol", `the response does not match the API documentation at ${place}: expected an object`);
  if (!isObject(spec)) throw invalid("session_share");
  for (const [name, properties] of Object.entries(spec)) {
    if (!isObject(properties)) throw invalid(printable(`session_share.${name}`, 80));
  }
  return spec as ShareSpec;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// The redactor recognises a key of the documented form. A key of another form must be registered.
function registerUnusualKey(key: string): void {
  if (key.length < 32 || !/^[A-Za-z0-9]+$/.test(key)) registerSecret(key);
}

function timeOf({ applianceTime }: SuccessResponse): { applianceTime?: number } {
  return applianceTime === undefined ? {} : { applianceTime };
}

/** `now` is the appliance's time where it is known, else the local time. */
function toShare(entry: unknown, now: number): Share {
  if (!isObject(entry)) return { removed: false, unreadable: ["key"] };
  const result: Record<string, unknown> = {};
  const failed: string[] = [];
  for (const [wireName, name, read] of attributes) {
    const value = read(entry[wireName]);
    if (value === unreadable) failed.push(wireName);
    else if (value !== undefined) result[name] = value;
  }
  const removed = isRemoved(entry["removed"], now);
  if (removed === unreadable) failed.push("removed");
  if (typeof result["key"] === "string") registerUnusualKey(result["key"]);
  return { ...result, removed: removed === true, ...(failed.length > 0 && { unreadable: failed }) };
}

/**
 * True for a word that means so, and for an instant in the past. An instant in the future is `unreadable`: nobody knows what
 * the appliance means by it, and a share must never count as removed by mistake.
 */
export function isRemoved(value: unknown, now: number): boolean | typeof unreadable {
  const removal = readRemoval(value);
  if (typeof removal !== "string") return removal ?? false;
  const time = parseInstant(removal)?.epochMs;
  return time !== undefined && time <= now ? true : unreadable;
}

function shareProblems(shares: readonly Share[]): string[] {
  const counts = new Map<string, number>();
  let unidentified = 0;
  let unbounded = 0;
  for (const { key, validSince, validTo, unreadable: names = [] } of shares) {
    if (key === undefined) unidentified += 1;
    if (validSince === "-infinity" || validTo === "infinity") unbounded += 1;
    for (const name of names) if (name !== "key") counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const total = shares.length;
  const byName = Array.from(counts, ([name, count]) =>
    entryProblem(count, total, `with a \`${name}\` that cannot be read`),
  );
  return [
    entryProblem(unidentified, total, "without a readable key"),
    ...byName,
    entryProblem(unbounded, total, "with a start or an end that is infinite or outside the years 0 to 9999"),
  ].filter((problem) => problem !== undefined);
}
