// Looks up the names of servers, accounts and users, which a session refers to only by their IDs. The audit uses it too.
import type { Client, ObjectKind, PageRequest, RequestOptions, Session } from "../../client/api";
import type { FudoError } from "../../client/errors";
import { printable } from "../../client/redact/redact";
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

/** The names of objects by their IDs, for each kind that was looked up. */
export type KnownNames = ReadonlyMap<ObjectKind, ReadonlyMap<string, string>>;

export function knownNames(listings: readonly NameListing[]): KnownNames {
  return new Map(listings.map(({ kind, names }) => [kind, names]));
}

/** The names of what a session refers to. At most 200 characters on one line, safe to print; absent when not known. */
export interface SessionNames {
  readonly serverName?: string;
  readonly accountName?: string;
  readonly userName?: string;
}

export function namesOf(session: Session, names: KnownNames): SessionNames {
  const all = objectKinds.map((kind) => {
    const name = names.get(kind)?.get(session[`${kind}Id`] ?? "");
    return [`${kind}Name`, name === undefined ? "" : printable(name, 200)] as const;
  });
  return Object.fromEntries(all.filter(([, name]) => name !== ""));
}

/**
 * `servers (403), users (not visible)`: the kinds of which these sessions refer to an object without a known name, and why.
 * Nothing if all names are known.
 */
export function missingNames(sessions: readonly Session[], listings: readonly NameListing[]): string {
  const isNameless = ({ kind, names }: NameListing) =>
    sessions.some(({ [`${kind}Id` as const]: id }) => id !== undefined && !names.has(id));
  const missing = listings.filter(isNameless);
  return missing.map((listing) => `${listing.kind}s (${reasonOf(listing)})`).join(", ");
}

function reasonOf({ incomplete, failure }: NameListing): string {
  if (failure !== undefined) return failureText(failure);
  return incomplete === undefined ? "not visible" : "incomplete list";
}

/** The status of a response that is an error, or else the code. */
export function failureText({ status, code }: FudoError): string {
  return status === undefined || status < 300 ? code : String(status);
}
