// Reads what the lists of the API have in common: the attribute that holds the entries, their maximum number, and whether the
// response comes from a cache.
import type { SuccessResponse } from "../http/response";

/** The maximum number of entries in one list. */
const maximumEntries = 50_000;
/** `Age` in seconds from which a response counts as cached. Lower values are clock noise of a proxy. */
const maximumAge = 5;

export interface ListEntries {
  readonly entries: readonly unknown[];
  /** False where the response has no list, so that it proves nothing about what is not in it. */
  readonly isList: boolean;
  readonly problems: readonly string[];
}

/**
 * The entries in attribute `name`. Null and `[]` are empty lists, and an object with the attribute `identity` is a list of
 * one. Without the attribute, or with `{}`, the list is empty and proves nothing. Throws `protocol` or `limit`.
 */
export function entriesOf(response: SuccessResponse, name: string, identity: string): ListEntries {
  const list = response.body[name];
  if (list === null) return { entries: [], isList: true, problems: [] };
  if (Array.isArray(list)) {
    if (list.length > maximumEntries) {
      throw response.invalid("limit", `the list has ${list.length} entries; the limit is ${maximumEntries}`);
    }
    return { entries: list, isList: true, problems: [] };
  }
  if (typeof list === "object" && Object.hasOwn(list, identity)) return { entries: [list], isList: true, problems: [] };
  if (list === undefined || (typeof list === "object" && Object.keys(list).length === 0)) {
    const what = list === undefined ? "has no attribute" : "has an empty object as";
    return {
      entries: [],
      isList: false,
      problems: [`the response ${what} \`${name}\`, so it does not show what exists`],
    };
  }
  throw response.invalid("protocol", `the response does not match the API documentation at ${name}: expected a list`);
}

/** One problem if the response comes from a cache. */
export function freshness({ age }: SuccessResponse): string[] {
  return age !== undefined && age > maximumAge
    ? [`the response comes from a cache between here and the appliance and is ${age} s old (\`Age\` header)`]
    : [];
}

/** `2 of 5 entries are <state>`; undefined for zero. */
export function entryProblem(count: number, total: number, what: string): string | undefined {
  return count === 0 ? undefined : `the list has ${count} of ${total} entries ${what}`;
}
