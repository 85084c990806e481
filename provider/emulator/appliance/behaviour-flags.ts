// The behaviour flags: one for each question that the vendor's documentation leaves open, with its values and default.
// A default follows the evidence; where there is no evidence, the strict value is the default.
import { isPlainObject, requireKnown } from "../checks";

interface Choice<V extends string> {
  readonly values: readonly V[];
  readonly defaultValue: V;
  readonly question: string;
}

interface Amount {
  readonly defaultValue: number;
  readonly question: string;
}

/** The first value is the default. */
function choice<const V extends string>(question: string, ...values: readonly [V, ...V[]]): Choice<V> {
  return { values, defaultValue: values[0], question };
}

/** A whole number. The default is 0: no limit, no lag. */
function amount(question: string): Amount {
  return { defaultValue: 0, question };
}

const table = {
  expiredShares: choice("Does a list still show an expired share?", "shown", "hidden"),
  scheduledShares: choice("Does a list show a share before its window starts?", "shown", "hidden"),
  removedShares: choice(
    "Does a list show a revoked share, with or without `removed: true`?",
    "hidden",
    "flagged",
    "unflagged",
  ),
  removedOfLive: choice("Does a list show `removed: false` for a share that is not revoked?", "omitted", "false"),
  hiddenAttributes: choice(
    "Does a response include hidden and protected attributes (`user_id`, `id`) by default?",
    "omitted",
    "shown",
  ),
  expensiveAttributes: choice("Does a response include expensive attributes (`link`) by default?", "shown", "omitted"),
  shownSessionId: choice(
    "Does a list entry show the session ID of the request path? (In the vendor's sample it does not.)",
    "path",
    "other",
  ),
  listOrder: choice("In which order does a list show shares?", "oldest", "newest", "shuffled"),
  shareLimit: amount("How many shares does a list show at most?"),
  lagRequests: amount("Do replicas lag? The next N lists of a session do not show a new share or a revocation."),
  lagMilliseconds: amount("Do replicas lag? For N milliseconds, lists do not show a new share or a revocation."),
  storedWindows: choice(
    "How precisely does the appliance store a window?",
    "microseconds",
    "milliseconds",
    "seconds",
    "minutes",
  ),
  longestWindow: amount("How long can a window be at most, in seconds?"),
  overlongWindow: choice("What does the appliance do with a longer window?", "capped", "refused"),
  pastValidSince: choice("Can the start of a new share be in the past?", "accepted", "refused"),
  pastValidTo: choice("Can the end of a new share be in the past?", "accepted", "refused"),
  reversedWindow: choice("Can a window end at or before its start?", "refused", "accepted"),
  inputTimes: choice(
    "Does the appliance accept any ISO 8601 time with an offset, or only the documented form?",
    "documented",
    "lenient",
  ),
  extraAttributes: choice(
    "What does the appliance do with unknown or read-only attributes in the body, or another `session_id`?",
    "refused",
    "ignored",
  ),
  contentType: choice("Does a POST need `Content-Type: application/json`?", "required", "ignored"),
  identicalShares: choice("Can a session have two shares with the same window and mode?", "created", "refused"),
  finishedSessions: choice("Can a finished session be shared?", "shareable", "refused"),
  postStatus: choice("Which status does a successful POST return?", "200", "201"),
  unknownSession: choice("What does the list of an unknown or removed session return?", "404", "empty"),
  unseenSession: choice(
    "What does the list of a session return if the API user has no right to see the session?",
    "403",
    "404",
    "empty",
  ),
  notFoundBody: choice("What is the body of a 404 response?", "failure", "html", "empty"),
  otherMethods: choice("Which status does a method return that is not documented for the path?", "405", "404"),
  badQuery: choice(
    "What does the appliance do with an invalid filter, field or number in the query?",
    "refused",
    "ignored",
  ),
  sessionPaging: choice(
    "Do the lists of sessions, servers, accounts and users apply `offset` and `limit`?",
    "honoured",
    "ignored",
  ),
  sessionLimit: amount("How many entries does one page of these lists show at most?"),
  namedObjects: choice(
    "What do the lists of servers, accounts and users return: objects, or an error (no right, no such path)?",
    "listed",
    "403",
    "404",
  ),
  objspecFlags: choice(
    "Does objspec include `immutable`, `hidden`, `expensive` and `protected`?",
    "guessed",
    "omitted",
  ),
  healthcheck: choice(
    "Is the health check enabled? (Documented: it is off by default. Not documented: it then returns 404.)",
    "disabled",
    "ok",
    "error",
  ),
  emptyList: choice("Is the list of a session without shares `[]` or null?", "array", "null"),
  booleans: choice(
    "How does JSON show a boolean: as `true`, or as PostgreSQL's `t`, as text, or as 1?",
    "json",
    "letters",
    "words",
    "numbers",
  ),
  jsonLayout: choice("Is JSON compact, or indented as in the vendor's samples?", "compact", "indented"),
};

type Table = typeof table;

/** The name of a behaviour flag. */
export type BehaviourFlagName = keyof Table;

/** A value for every behaviour flag. */
export type BehaviourFlags = {
  -readonly [Name in BehaviourFlagName]: Table[Name] extends Choice<infer V> ? V : number;
};

/** Every behaviour flag: its name, question, default and values. A flag without values is a whole number. */
export const behaviourFlagList: readonly {
  name: BehaviourFlagName;
  question: string;
  defaultValue: string | number;
  values: readonly string[];
}[] = Object.entries(table).map(([name, row]) => ({ name: name as BehaviourFlagName, values: [], ...row }));

/** All flags: the overrides (later ones win), and defaults. Throws a RangeError that names an unknown flag or value. */
export function withDefaultFlags(...overrides: readonly Readonly<Partial<BehaviourFlags>>[]): BehaviourFlags {
  const defaults = Object.fromEntries(
    behaviourFlagList.map(({ name, defaultValue }) => [name, defaultValue]),
  ) as BehaviourFlags;
  return Object.assign(defaults, ...overrides.map(parseBehaviourFlags)) as BehaviourFlags;
}

/** The given flags, with numbers parsed from text. Throws a RangeError that names an unknown flag or value. */
export function parseBehaviourFlags(given: Readonly<Record<string, unknown>>): Partial<BehaviourFlags> {
  if (!isPlainObject(given)) throw new RangeError("behaviour must be an object with a value for each flag");
  return Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, parseValue(name, value)]),
  );
}

/** The same flags for callers of the emulator: an assignment is checked, and a wrong one throws a RangeError. */
export function checkedFlags(flags: BehaviourFlags): BehaviourFlags {
  return new Proxy(Object.seal(flags), {
    set: (target, name, value) => Reflect.set(target, name, parseValue(String(name), value)),
  });
}

function parseValue(name: string, value: unknown): string | number {
  const row = behaviourFlagList.find((candidate) => candidate.name === name);
  if (row === undefined) return requireKnown("behaviour flag", name, Object.keys(table)) as never;
  if (row.values.length > 0) {
    const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
    if (typeof text === "string" && row.values.includes(text)) return text;
    throw new RangeError(`behaviour flag ${name} must be one of ${row.values.join(", ")}`);
  }
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) return number;
  throw new RangeError(`behaviour flag ${name} must be a whole number; 0 means none`);
}
