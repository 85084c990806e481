// The arguments of getSessions and getSession, and their checks.
import { FudoError } from "../../client/errors";
import { assertKnownArguments } from "./unknown-argument";

/** Selects sessions. All filters that are set must match. */
export interface SessionQuery {
  readonly userId?: string;
  readonly serverId?: string;
  readonly safeId?: string;
  readonly accountId?: string;
  /** The exact name of the user, as the appliance has it. */
  readonly userName?: string;
  /** The exact name of the server. */
  readonly serverName?: string;
  /** The exact name of the account. */
  readonly accountName?: string;
  /** The appliance's name for it: `ssh`, `rdp`, `vnc` … Case does not matter. */
  readonly protocol?: string;
  /** `true`: sessions that are not finished. `false`: finished sessions (recordings). */
  readonly live?: boolean;
  /** The maximum number of sessions; the newest are returned. */
  readonly limit?: number;
  /** `true`: look up the names of users, servers and accounts. */
  readonly names?: boolean;
}

interface ArgumentRule {
  readonly isValid: (value: unknown) => boolean;
  readonly expected: string;
}

const identifierRule: ArgumentRule = {
  isValid: (value) => typeof value === "string" && /^\d{1,19}$/.test(value),
  expected: "a decimal ID as text",
};
const namedRule = (name: string): ArgumentRule => ({
  ...identifierRule,
  expected: `a decimal ID as text. For a name, use ${name}`,
});
const nameRule: ArgumentRule = {
  isValid: (value) => typeof value === "string" && value !== "" && value.length <= 1000,
  expected: "a name as text",
};
const booleanRule: ArgumentRule = { isValid: (value) => typeof value === "boolean", expected: "true or false" };

const argumentRules: Readonly<Record<keyof SessionQuery, ArgumentRule>> = {
  userId: namedRule("userName"),
  serverId: namedRule("serverName"),
  safeId: identifierRule,
  accountId: namedRule("accountName"),
  userName: nameRule,
  serverName: nameRule,
  accountName: nameRule,
  protocol: {
    isValid: (value) => typeof value === "string" && /^[\w-]{1,40}$/.test(value),
    expected: 'a name such as "ssh"',
  },
  live: booleanRule,
  limit: {
    isValid: (value) => Number.isInteger(value) && (value as number) > 0,
    expected: "a whole number greater than zero",
  },
  names: booleanRule,
};

/** False for the arguments that select no sessions. */
export function isFilter(name: string): boolean {
  return name !== "limit" && name !== "names";
}

/** The arguments of the function `called`, checked, without those that are not set. Throws `rejected`. */
export function checkSessionQuery(called: string, args: object): SessionQuery {
  assertKnownArguments(called, args, Object.keys(argumentRules));
  // Null is an argument without a value, for example `serverName:` in a YAML file. Without that filter, other sessions match.
  const given = Object.entries(args).filter(
    ([name, value]) => value !== undefined && (value !== null || isFilter(name)),
  );
  for (const [name, value] of given) {
    const rule = argumentRules[name as keyof SessionQuery];
    if (!rule.isValid(value)) throw new FudoError("rejected", `${called}: ${name} must be ${rule.expected}`);
  }
  return Object.fromEntries(given);
}
