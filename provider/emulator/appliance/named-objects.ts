// The servers, accounts and users that sessions refer to: only their IDs and names.
import { type AttributeValue, makeId } from "./records";

/** The objects that a session refers to, in its attributes `server_id`, `account_id` and `user_id`. */
export const objectKinds = ["server", "account", "user"] as const;
export type ObjectKind = (typeof objectKinds)[number];

/** The names of the objects that a session refers to. */
export interface ObjectNames {
  /** The server's name. Without `server_id`, the session is on the server that has this name, or on a new one. */
  serverName?: string;
  /** The name of the account on the server. Without `account_id`, it is the account that has this name, or a new one. */
  accountName?: string;
  /** The name of the connected user. Without `user_id`, it is the user who has this name, or a new one. */
  userName?: string;
}

const prefixes: Readonly<Record<ObjectKind, number>> = { server: 0x1990, account: 0x1960, user: 0x1ae0 };

/** Every server, account and user with a name. */
export class NamedObjects {
  readonly #names: Readonly<Record<ObjectKind, Map<string, string>>> = {
    server: new Map(),
    account: new Map(),
    user: new Map(),
  };

  /** The user of the API key exists from the start. */
  constructor(apiUser: string) {
    this.#names.user.set(apiUser, "pulumi");
  }

  /** IDs and names, in the order in which they were added. */
  all(kind: ObjectKind): [id: string, name: string][] {
    return [...this.#names[kind]];
  }

  /**
   * Adds the objects of a new session, and returns their IDs as its attributes. An object that the session gives an ID and
   * no name stays without a name; one without both gets the default name.
   */
  add(
    names: ObjectNames,
    attributes: Readonly<Record<string, AttributeValue>>,
    defaults: Required<ObjectNames>,
  ): Record<string, string> {
    const ids = objectKinds.flatMap((kind) => {
      const given = attributes[`${kind}_id`];
      const name = names[`${kind}Name`] ?? (given === undefined ? defaults[`${kind}Name`] : undefined);
      if (name === undefined) return [];
      const id = typeof given === "string" ? given : (this.#idOf(kind, name) ?? this.#newId(kind));
      this.#names[kind].set(id, name);
      return [[`${kind}_id`, id] as const];
    });
    return Object.fromEntries(ids);
  }

  #idOf(kind: ObjectKind, wanted: string): string | undefined {
    return this.all(kind).find(([, name]) => name === wanted)?.[0];
  }

  #newId(kind: ObjectKind): string {
    let count = this.#names[kind].size + 1;
    while (this.#names[kind].has(makeId(prefixes[kind], count))) count++;
    return makeId(prefixes[kind], count);
  }
}
