// The forms of the appliance's responses for a profile: JSON types of documented attributes, counts of the others, and forms of
// times without their digits. Nothing of a value gets through.
import { parseInstant } from "../../../time/instants";
import { documentedAttributes } from "../api-checks";
import type { ApplianceRecord } from "../record";
import {
  bodyForm,
  bounded,
  dateOf,
  entriesOf,
  getsOf,
  impossibleSession,
  isObject,
  listsOf,
  postOf,
  sharePath,
  successBody,
  type JsonObject,
} from "./exchanges";
import { emptyListForm, hasRepeated } from "./lists";
import { createdAtAfterDate, listedAfter, stateAfterEnd, timeAttributes, windowShift } from "./share";
import type { Exchange } from "../../../client";

/** The documented attributes that an object of these has. */
export function attributeNames(objects: readonly JsonObject[]): string[] {
  return documentedAttributes.filter((name) => objects.some((object) => Object.hasOwn(object, name)));
}

function attributeShapes(objects: readonly JsonObject[]) {
  if (objects.length === 0) return undefined;
  const types = (name: string) => [
    ...new Set(objects.filter((object) => Object.hasOwn(object, name)).map((object) => jsonType(object[name]))),
  ];
  const others = new Set(objects.flatMap((object) => Object.keys(object)));
  for (const name of documentedAttributes) others.delete(name);
  return {
    documented: Object.fromEntries(attributeNames(objects).map((name) => [name, types(name).sort()])),
    others: bounded(others.size, maximumCount),
  };
}

const maximumCount = 1_000_000;
const day = 86_400_000;

function jsonType(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

const specTypes = ["string", "datetime", "boolean", "integer", "number"];

function objspecShape(record: ApplianceRecord) {
  const [exchange] = getsOf(record, "/api/v2/objspec/session_share");
  const spec = exchange && successBody(exchange)?.["session_share"];
  if (!isObject(spec)) return undefined;
  const typeOf = (name: string) => {
    const attribute = spec[name];
    return specTypes.find((type) => isObject(attribute) && attribute["type"] === type) ?? "other";
  };
  const names = attributeNames([spec]);
  const others = bounded(Object.keys(spec).length - names.length, maximumCount);
  return { documented: Object.fromEntries(names.map((name) => [name, typeOf(name)])), others };
}

function errorShape(exchange: Exchange | undefined) {
  const response = exchange?.response;
  return response && { status: bounded(response.status, 599, 100), body: bodyForm(response.text) };
}

/** `0000-00-00 00:00:00-00`: a time with a zero for each digit. */
function timeForms(record: ApplianceRecord): string[] | undefined {
  const values = entriesOf(record).flatMap((entry) => timeAttributes.map((name) => entry[name] ?? undefined));
  const given = values.filter((value) => value !== undefined);
  const form = (value: unknown) => {
    const text = typeof value === "string" ? value.slice(0, 50).replace(/\d/g, "0") : "";
    return /^([-+]?infinity|[0TZ :.+-]{1,40})$/.test(text) ? text : "other";
  };
  return given.length === 0 ? undefined : [...new Set(given.map(form))].sort().slice(0, 20);
}

/** `-07:00`, of the newest time in the lists: an older one may have the offset of another season. */
export function utcOffset(record: ApplianceRecord): string | undefined {
  const offsets = entriesOf(record).flatMap((entry) => {
    const text = entry["created_at"] ?? entry["valid_since"];
    const instant = typeof text === "string" ? parseInstant(text) : undefined;
    const [, sign, hours, minutes = "00"] =
      instant === undefined ? [] : (/\d([+-])(0\d|1[0-5])(?::?([0-5]\d))?(?::?[0-5]\d)?$/.exec(text as string) ?? []);
    if (instant !== undefined && /\dZ$/i.test(text as string)) return [{ at: instant.epochMs, offset: "+00:00" }];
    if (instant === undefined || sign === undefined || hours === undefined) return [];
    return [{ at: instant.epochMs, offset: `${sign}${hours}:${minutes}` }];
  });
  return offsets.toSorted((one, other) => one.at - other.at).at(-1)?.offset;
}

export function delaysOf(record: ApplianceRecord) {
  const [after, created] = [listedAfter(record), createdAtAfterDate(record)];
  return defined({
    listedAfter: after === undefined ? undefined : bounded(after, day),
    createdAtAfterDate: created === undefined ? undefined : bounded(created, day, -day),
  });
}

export function shapesOf(record: ApplianceRecord) {
  const post = postOf(record);
  const created = post && successBody(post)?.["session_share"];
  const shift = windowShift(record);
  const entries = entriesOf(record);
  const unknown = getsOf(record, sharePath(impossibleSession)).at(-1);
  return defined({
    times: timeForms(record),
    dateHeader: record.exchanges.some((exchange) => dateOf(exchange) !== undefined),
    postStatus: post?.response && bounded(post.response.status, 599, 100),
    created: isObject(created) ? attributeShapes([created]) : undefined,
    listed: attributeShapes(entries),
    objspec: objspecShape(record),
    wrongKey: errorShape(record.wrongKey),
    unknownSession: errorShape(unknown),
    grantedWindow: shift && { start: bounded(shift.start, day, -day), end: bounded(shift.end, day, -day) },
    emptyList: emptyListForm(record),
    repeatedEntries: entries.length === 0 ? undefined : listsOf(record).some((list) => hasRepeated(list.entries)),
    unidentifiedEntries: entries.length === 0 ? undefined : unidentified(record),
    afterEnd: stateAfterEnd(record),
  });
}

/** Of the list that has most of them: each list shows the same entries again. */
function unidentified(record: ApplianceRecord): number {
  const counts = listsOf(record).map(
    ({ list, entries }) =>
      (Array.isArray(list) ? list.length - entries.length : 0) +
      entries.filter(({ key }) => typeof key !== "string" || key === "").length,
  );
  return bounded(Math.max(0, ...counts), maximumCount);
}

/** The object without the properties that are undefined. */
function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<T>;
}
