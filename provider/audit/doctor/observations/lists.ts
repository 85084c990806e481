// Observations of the lists of a session's shares: their form, their order, and which attributes an entry has. Each returns
// undefined where doctor has not seen what it is about.
import type { ApplianceRecord } from "../record";
import { booleanOf, entriesOf, impossibleSession, instantOf, isObject, listsOf, type JsonObject } from "./exchanges";
import { documented, handled, toReport, type Observation } from "./observation";

export function listForm(record: ApplianceRecord): Observation | undefined {
  const lists = listsOf(record).filter(({ entries }) => entries.length > 0);
  if (lists.length === 0) return undefined;
  return lists.every(({ list }) => Array.isArray(list))
    ? documented("a JSON array")
    : handled("a single share is an object and no array: the provider reads it as a list of one");
}

/** The form of a list that shows no share; undefined where doctor has seen none. */
export function emptyListForm(record: ApplianceRecord): "array" | "null" | "absent" | "object" | "other" | undefined {
  const lists = [...listsOf(record), ...listsOf(record, impossibleSession)];
  const empty = lists.find(({ list, entries }) => entries.length === 0 && !(Array.isArray(list) && list.length > 0));
  if (empty === undefined) return undefined;
  const { list } = empty;
  if (list === undefined) return "absent";
  if (list === null) return "null";
  if (Array.isArray(list)) return "array";
  return isObject(list) && Object.keys(list).length === 0 ? "object" : "other";
}

export function emptyList(record: ApplianceRecord): Observation | undefined {
  const form = emptyListForm(record);
  if (form === undefined) return undefined;
  if (form === "array") return documented("an empty array", { emptyList: form });
  if (form === "null") return handled("null: the provider reads it as an empty list", { emptyList: form });
  if (form === "other") return toReport("neither a list, null, nothing nor an empty object");
  const what = form === "absent" ? "no list at all" : "an empty object";
  return handled(`${what}: a share can be created, but such a list never proves that a share is absent`);
}

export function listOrder(record: ApplianceRecord): Observation | undefined {
  const lists = listsOf(record).map(({ entries }) => entries);
  const times = lists.map((entries) => entries.flatMap(({ created_at }) => createdMillisecond(created_at)));
  const distinct = times.filter((list) => new Set(list).size > 1);
  if (distinct.length === 0) return undefined;
  if (distinct.every((list) => isSorted(list))) return documented("oldest first", { listOrder: "oldest" });
  const how = "the provider finds a share by its key, in any order";
  if (distinct.every((list) => isSorted(list.toReversed())))
    return handled(`newest first: ${how}`, { listOrder: "newest" });
  const orders = lists.map((entries) => entries.map(({ key }) => key));
  if (orders.some((order) => orders.some((other) => differs(order, other))))
    return handled(`another order in each list: ${how}`, { listOrder: "shuffled" });
  return handled(`neither by age nor at random: ${how}`);
}

/** Shares of one millisecond have no order. */
function createdMillisecond(createdAt: unknown): number[] {
  const instant = instantOf(createdAt);
  return instant === undefined ? [] : [Math.floor(instant)];
}

function isSorted(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value >= (values[index - 1] ?? -Infinity));
}

/** True where two lists have common keys in another order. */
function differs(order: readonly unknown[], other: readonly unknown[]): boolean {
  const [one, two] = [order.filter((key) => other.includes(key)), other.filter((key) => order.includes(key))];
  return one.some((key, index) => key !== two[index]);
}

export function repeatedEntries(record: ApplianceRecord): Observation | undefined {
  const lists = listsOf(record).filter(({ entries }) => entries.length > 0);
  if (lists.length === 0) return undefined;
  return lists.some(({ entries }) => hasRepeated(entries))
    ? handled("a list shows a share more than once: the provider merges the entries, and removed wins")
    : documented("each share once");
}

export function hasRepeated(entries: readonly JsonObject[]): boolean {
  const keys = entries.map(({ key }) => key).filter((key) => typeof key === "string");
  return new Set(keys).size < keys.length;
}

/** Whether all, some or none of the entries have a value for this attribute. Undefined without entries. */
function presence(record: ApplianceRecord, name: string): "all" | "some" | "none" | undefined {
  const entries = entriesOf(record);
  if (entries.length === 0) return undefined;
  const count = entries.filter((entry) => isPresent(entry[name])).length;
  return count === entries.length ? "all" : count === 0 ? "none" : "some";
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

export function hiddenAttributes(record: ApplianceRecord): Observation | undefined {
  const [id, userId] = [presence(record, "id"), presence(record, "user_id")];
  if (id === undefined) return undefined;
  if (id === "none" && userId === "none")
    return documented("not in lists: id, user_id", { hiddenAttributes: "omitted" });
  const how = "they become the outputs shareId and userId";
  return id === "all" && userId === "all"
    ? handled(`lists show id and user_id: ${how}`, { hiddenAttributes: "shown" })
    : handled(`lists show only one of id and user_id, or not in each entry: ${how}`);
}

export function expensiveAttributes(record: ApplianceRecord): Observation | undefined {
  const link = presence(record, "link");
  if (link === undefined) return undefined;
  if (link === "all") return documented("in lists", { expensiveAttributes: "shown" });
  const how = "the provider builds a link as the vendor documents it";
  return link === "none"
    ? handled(`not in lists: ${how}`, { expensiveAttributes: "omitted" })
    : handled(`not in each entry of a list: ${how}`);
}

export function shownSessionId(record: ApplianceRecord): Observation | undefined {
  const entries = entriesOf(record);
  if (entries.length === 0) return undefined;
  const shown = entries.map(({ session_id: id }) => id).filter(isPresent);
  const how = "the provider uses the ID of the request";
  if (shown.length === 0) return handled(`not in lists: ${how}`);
  const isPath = (id: unknown) => String(id) === record.session || id === Number(record.session);
  if (shown.every(isPath)) return documented("the one of the request", { shownSessionId: "path" });
  return handled(`lists show another one than the request: ${how}`, {
    ...(shown.every((id) => !isPath(id)) && { shownSessionId: "other" }),
  });
}

export function removed(record: ApplianceRecord): Observation | undefined {
  const entries = entriesOf(record);
  if (entries.length === 0) return undefined;
  const given = entries.filter(({ removed }) => isPresent(removed));
  const values = given.map(({ removed }) => booleanOf(removed)?.is);
  const revoked = values.includes(true) ? { removedShares: "flagged" } : {};
  if (values.includes(undefined)) return toReport("the attribute `removed` has a form that is no boolean", revoked);
  if (values.includes(false))
    return handled("`removed: false` for a share that works: the provider reads both forms", {
      ...revoked,
      removedOfLive: "false",
    });
  // Where every entry is of a revoked share, nothing shows how a share that works looks.
  const isLiveSeen = given.length < entries.length;
  return documented("in lists only where a share was revoked", {
    ...revoked,
    ...(isLiveSeen && { removedOfLive: "omitted" }),
  });
}

export function booleans(record: ApplianceRecord): Observation | undefined {
  const values = entriesOf(record).flatMap(({ readonly, removed }) => [readonly, removed].filter(isPresent));
  if (values.length === 0) return undefined;
  const forms = [...new Set(values.map((value) => booleanOf(value)?.form))];
  const [form] = forms;
  if (forms.includes(undefined)) return toReport("an attribute that is a boolean has another form");
  if (forms.length > 1 || form === undefined) return handled("several forms: the provider reads all of them");
  if (form === "json") return documented("true and false", { booleans: form });
  return handled(`not true and false but ${wordsOf[form]}: the provider reads them`, { booleans: form });
}

const wordsOf = { letters: '"t" and "f"', words: '"true" and "false"', numbers: "1 and 0" };
