// Looks up the names of servers, accounts and users, which a session refers to only by their IDs. The audit uses it too.
import type { Client, ObjectKind, PageRequest, RequestOptions } from "../../client/api";
import type { FudoError } from "../../client/errors";
import { listAllPages } from "./all-pages";

export const objectKinds: readonly ObjectKind[] = ["server", "account", "user"];

/** The names of all objects of one kind that the API user can see. */
export interface NameListing {
  readonly kind: ObjectKind;
  /** By ID. */
  readonly names: ReadonlyMap<string, string>;
  /** Why names may be missing. */
  readonly incomplete?: string;
  /** The error that ended the list, if there was one: 403 without the right to read these objects. */
  readonly failure?: FudoError;
}

/**
 * The names of these kinds of objects. Many API users may not read them, so a `FudoError` is returned in the listing, not
 * thrown. An object that gets another name while the list is read has no name: none of the two would be sure.
 */
export function listNames(
  client: Pick<Client, "listNames">,
  kinds: readonly ObjectKind[],
  options?: RequestOptions,
): Promise<NameListing[]> {
  return Promise.all(kinds.map((kind) => listNamesOf(kind, (page) => client.listNames(kind, page, options))));
}

async function listNamesOf(
  kind: ObjectKind,
  fetchPage: (page: PageRequest) => ReturnType<Client["listNames"]>,
): Promise<NameListing> {
  const names = new Map<string, string>();
  const renamed = new Set<string>();
  const { incomplete, failure } = await listAllPages(`${kind}s`, async (page) => {
    const { objects, problems } = await fetchPage(page);
    for (const { id, name } of objects) {
      if ((names.get(id) ?? name) !== name) renamed.add(id);
      names.set(id, name);
    }
    const doubt =
      renamed.size > 0 ? [`the list of ${kind}s shows two names for the same ID. Run the command again`] : [];
    return { entries: objects, problems: [...problems, ...doubt] };
  });
  for (const id of renamed) names.delete(id);
  return { kind, names, ...(incomplete !== undefined && { incomplete }), ...(failure !== undefined && { failure }) };
}

/** `servers (403), users (incomplete list)`: the kinds whose names are not all known, and why. Nothing if they are. */
export function missingNames(listings: readonly NameListing[]): string {
  const missing = listings.filter(({ incomplete }) => incomplete !== undefined);
  return missing.map(({ kind, failure }) => `${kind}s (${reasonOf(failure)})`).join(", ");
}

function reasonOf(failure: FudoError | undefined): string {
  if (failure === undefined) return "incomplete list";
  return failure.status === undefined || failure.status < 300 ? failure.code : String(failure.status);
}
