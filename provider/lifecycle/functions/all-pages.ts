// Reads all pages of a list of the appliance: of sessions, servers, accounts or users.
import type { PageRequest } from "../../client/api";
import type { FudoError } from "../../client/errors";
import { isFudoError } from "../../client/errors";

/** Entries requested per page. */
const pageSize = 500;
/** The maximum number of entries, because a faulty list may bring new ones on each page. */
const maximumEntries = 100_000;
/** The maximum number of pages, because a faulty list may never end. */
const maximumPages = 2000;

interface Entry {
  readonly id: string;
}

export interface Page<T extends Entry> {
  readonly entries: readonly T[];
  readonly problems: readonly string[];
}

export interface Listing<T extends Entry> {
  readonly entries: readonly T[];
  /** Why the list may be incomplete. Absent when each page continued the page before, up to the end. */
  readonly incomplete?: string;
  /** The error that ended the list, if there was one. */
  readonly failure?: FudoError;
}

/**
 * Every entry of a list. The vendor documents `offset` and `limit` but shows no response, so a short page does not prove the
 * end of the list, and an empty page may be a failure. So each request starts at the last entry of the page before: a page
 * without new entries ends the list, and a page without known ones is a problem. A `FudoError` is returned in the listing,
 * not thrown. `noun` is the plural of what is listed.
 */
export async function listAllPages<T extends Entry>(
  noun: string,
  fetchPage: (page: PageRequest) => Promise<Page<T>>,
  onPage: (found: number) => void = () => undefined,
): Promise<Listing<T>> {
  const found = new Map<string, T>();
  const problems = new Set<string>();
  const listing = (end?: string, failure?: FudoError): Listing<T> => ({
    entries: [...found.values()].slice(0, maximumEntries),
    ...((end !== undefined || problems.size > 0) && {
      incomplete: end ?? `the list of ${noun} is incomplete: ${[...problems].slice(0, 3).join("; ")}`,
    }),
    ...(failure !== undefined && { failure }),
  });
  let previous: readonly T[] = [];
  for (let page = 0; page < maximumPages; page += 1) {
    try {
      const before = found.size;
      const overlaps = hasSeveral(previous);
      const offset = overlaps ? before - 1 : before;
      const { entries, problems: onThisPage } = await fetchPage({ offset, limit: pageSize });
      for (const problem of onThisPage) problems.add(problem);
      if (overlaps && !entries.some(({ id }) => found.has(id))) problems.add(gapBefore(noun));
      const isFirstPage = entries[0]?.id === firstOf(found) && hasSeveral(entries);
      const isEnd = entries.length === 0 || (overlaps && !isFirstPage);
      for (const entry of entries) found.set(entry.id, entry);
      // Entries that were left out shift the offset, so a page can repeat although the appliance supports pagination.
      if (found.size === before) return listing(isEnd || problems.size > 0 ? undefined : samePage(noun));
      onPage(Math.min(found.size, maximumEntries));
      if (found.size > maximumEntries) {
        return listing(`the list of ${noun} is incomplete: reading stopped after ${maximumEntries} ${noun}`);
      }
      previous = entries;
    } catch (error) {
      if (!isFudoError(error)) throw error;
      return listing(`the list of ${noun} is incomplete because a request failed: ${error.message}`, error);
    }
  }
  return listing(`the list of ${noun} does not end: reading stopped after ${maximumPages} pages`);
}

function samePage(noun: string): string {
  return `the appliance does not support pagination: it returned the same page again (list of ${noun})`;
}

function gapBefore(noun: string): string {
  return `a page does not continue the page before, so ${noun} may be missing. Run the command again`;
}

function firstOf(found: ReadonlyMap<string, unknown>): string | undefined {
  for (const id of found.keys()) return id;
  return undefined;
}

/** After such a page, the next one can repeat an entry and still show a new one. */
function hasSeveral(page: readonly Entry[]): boolean {
  return page.some(({ id }) => id !== page[0]?.id);
}
