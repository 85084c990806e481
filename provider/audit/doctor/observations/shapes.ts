// The forms of the appliance's responses for a profile: JSON types of documented attributes, counts of the others, and forms of
// times without their digits. Nothing of a value gets through.
import { clockSkew } from "../../model/clock-skew";
import type { ApplianceRecord } from "../record";
import {
  bodyForm,
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

const documentedAttributes = [
  "id",
  "session_id",
  "user_id",
  "key",
  "valid_since",
  "valid_to",
  "readonly",
  "link",
  "created_at",
  "modified_at",
  "removed",
];

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

function bounded(value: number, maximum: number, minimum = 0): number {
  return Math.round(Math.min(maximum, Math.max(minimum, value)));
}

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

/** `-07:00`, from the newest time in the lists. */
export function utcOffset(record: ApplianceRecord): string | undefined {
  const offsets = entriesOf(record).flatMap((entry) => {
    const text = entry["created_at"] ?? entry["valid_since"];
    const [, sign, hours, minutes = "00"] =
      typeof text === "string" ? (/\d([+-])(0\d|1[0-5])(?::?([0-5]\d))?(?::?[0-5]\d)?$/.exec(text) ?? []) : [];
    if (typeof text === "string" && /\dZ$/i.test(text)) return ["+00:00"];
    return sign === undefined || hours === undefined ? [] : [`${sign}${hours}:${minutes}`];
  });
  return offsets.at(-1);
}

/** How far the appliance's clock is ahead in whole seconds. Absent without a `Date` header. */
export function clockSkewSeconds({ exchanges }: ApplianceRecord): number | undefined {
  const skews = exchanges.flatMap((exchange) => {
    const date = dateOf(exchange);
    return date === undefined ? [] : [clockSkew(date, exchange.sentAt, exchange.endedAt)];
  });
  const last = skews.at(-1);
  const hundredYears = 3_155_760_000;
  return last === undefined ? undefined : bounded(last / 1000, hundredYears, -hundredYears) + 0;
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
