// Changes that faults make to the lists and entries of a correct response.
import type { Buffer } from "node:buffer";
import { type ApiResponse, bodyOf } from "../response";

/** The attributes of one share or session. */
export type Entry = Record<string, unknown>;

/** The body of a correct response, as compact JSON. */
export function compactBody(response: ApiResponse): Buffer {
  return bodyOf(response, "compact");
}

/**
 * Changes the content of every list; undefined omits it. The single object of a created share counts as a list of one,
 * and `change` can turn it into anything but another list.
 */
export function mapLists(response: ApiResponse, change: (entries: Entry[]) => unknown): ApiResponse {
  const value = response.value as Entry;
  const changed = Object.entries(value ?? {}).map(([name, content]) => {
    // With the behaviour flag `emptyList`, null is an empty list.
    if (Array.isArray(content) || content === null) return [name, change((content ?? []) as Entry[])];
    if (typeof content !== "object") return [name, content];
    const result = change([content as Entry]);
    return [name, Array.isArray(result) ? (result as unknown[])[0] : result];
  });
  return { ...response, value: Object.fromEntries(changed) as Entry };
}

/** Changes every entry, or only the one at the index. */
export function mapEntry(
  response: ApiResponse,
  index: number | undefined,
  change: (entry: Entry) => unknown,
): ApiResponse {
  return mapLists(response, (entries) =>
    entries.map((entry, at) => (index === undefined || index === at ? change(entry) : entry)),
  );
}

/** The entry without this attribute. */
export function withoutAttribute(entry: Entry, attribute: string): Entry {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => name !== attribute));
}

/** The entry with this value of the attribute. */
export function withAttribute(entry: Entry, attribute: string, value: unknown): Entry {
  return { ...entry, [attribute]: value };
}

/** The entry with a mask instead of its key, in the link too. */
export function maskKey(entry: Entry, mask: string): Entry {
  const { key, link } = entry;
  if (typeof key !== "string") return entry;
  return { ...entry, key: mask, ...(typeof link === "string" && { link: link.replaceAll(key, mask) }) };
}
