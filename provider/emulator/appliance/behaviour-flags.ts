// What the vendor does not say, as switches: each with its values, the default, and the question it stands for.
// Defaults follow the evidence (fudo-api.md), or are strict where there is none. Knows nothing of how they are obeyed.

interface Choice<V extends string> {
  readonly values: readonly V[];
  readonly fallback: V;
  readonly question: string;
}

interface Amount {
  readonly fallback: number;
  readonly question: string;
}

/** The first value is the default. */
function choice<const V extends string>(question: string, ...values: readonly [V, ...V[]]): Choice<V> {
  return { values, fallback: values[0], question };
}

/** A whole number; 0, the default, switches it off. */
function amount(question: string): Amount {
  return { fallback: 0, question };
}

const table = {
  endedShares: choice("Does a share stay in the list after its end?", "shown", "hidden"),
  scheduledShares: choice("Is a share listed before its start?", "shown", "hidden"),
  removedShares: choice(
    "Is a revoked share listed, and does it say `removed: true`?",
    "hidden",
    "flagged",
    "unflagged",
  ),
  removedOfLive: choice("Does a share that was not revoked say `removed: false`?", "omitted", "false"),
  hiddenAttributes: choice("Are hidden and protected attributes (`user_id`, `id`) given unasked?", "omitted", "shown"),
  expensiveAttributes: choice("Are expensive attributes (`link`) given unasked?", "shown", "omitted"),
  shownSessionId: choice(
    "Do entries carry the session ID of the path? (The vendor's sample does not.)",
    "path",
    "other",
  ),
  listOrder: choice("In what order are shares listed?", "oldest", "newest", "shuffled"),
  shareLimit: amount("How many shares does one list show at most?"),
  lagRequests: amount("Do replicas lag? The next so many lists of a session miss a creation or a revocation."),
  lagMilliseconds: amount("Do replicas lag? Lists miss creations and revocations for so long."),
  storedWindows: choice("How finely is a window kept?", "microseconds", "milliseconds", "seconds", "minutes"),
  longestWindow: amount("Is there a longest window (in seconds)?"),
  overlongWindow: choice("What becomes of a longer one?", "capped", "refused"),
  pastValidSince: choice("May a new share's start be past?", "accepted", "refused"),
  pastValidTo: choice("May a new share's end be past?", "accepted", "refused"),
  reversedWindow: choice("May a share end at or before its start?", "refused", "accepted"),
  inputTimes: choice("Is any ISO 8601 with offset read, or the documented form only?", "documented", "lenient"),
  extraAttributes: choice(
    "What of attributes in the body that are unknown, read-only or a foreign `session_id`?",
    "refused",
    "ignored",
  ),
  contentType: choice("Must a POST say `Content-Type: application/json`?", "required", "ignored"),
  identicalShares: choice("May a window be granted twice on a session with the same mode?", "created", "refused"),
  finishedSessions: choice("May a finished session be shared?", "shareable", "refused"),
  postStatus: choice("Which status does a creation answer?", "200", "201"),
  unknownSession: choice("What does the list of an unknown or removed session answer?", "404", "empty"),
  unseenSession: choice(
    "What does the list of a session answer that this API user may not see?",
    "403",
    "404",
    "empty",
  ),
  notFoundBody: choice("What is in the body of a 404?", "failure", "html", "empty"),
  otherMethods: choice("What do methods answer that are not documented for a path?", "405", "404"),
  badQuery: choice("What of a filter, field or number in the query that cannot be read?", "refused", "ignored"),
  sessionPaging: choice("Are `offset` and `limit` of the session list honoured?", "honoured", "ignored"),
  sessionLimit: amount("How many sessions does one page show at most?"),
  objspecFlags: choice("Does objspec tell immutable, hidden, expensive and protected?", "guessed", "omitted"),
  healthcheck: choice(
    "Is the health check switched on? (Off by default: documented; its 404 is not.)",
    "disabled",
    "ok",
    "error",
  ),
  jsonLayout: choice("Is JSON compact, or indented as in the vendor's samples?", "compact", "indented"),
};

type Table = typeof table;

/** The name of a switch. */
export type SwitchName = keyof Table;

/** A value for every switch. */
export type Switches = { -readonly [Name in SwitchName]: Table[Name] extends Choice<infer V> ? V : number };

/** Every switch in order: name, question, default, and its values (none for an amount). */
export const switchList: readonly {
  name: SwitchName;
  question: string;
  fallback: string | number;
  values: readonly string[];
}[] = Object.entries(table).map(([name, row]) => ({ name: name as SwitchName, values: [], ...row }));

/** All defaults, the given ones replaced. Throws a RangeError that names a switch or value that does not exist. */
export function switchesOf(given: Partial<Switches> = {}): Switches {
  const fallbacks = Object.fromEntries(switchList.map(({ name, fallback }) => [name, fallback])) as Switches;
  return Object.assign(fallbacks, checkedSwitches(given));
}

/** The given switches, amounts read from text too. Throws a RangeError that names a switch or value that does not exist. */
export function checkedSwitches(given: Readonly<Record<string, unknown>>): Partial<Switches> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, checkedValue(name, value)]));
}

function checkedValue(name: string, value: unknown): string | number {
  const row = switchList.find((candidate) => candidate.name === name);
  if (row === undefined)
    throw new RangeError(`there is no switch "${name}"; there are ${switchList.map((known) => known.name).join(", ")}`);
  if (row.values.length > 0) {
    if (row.values.includes(String(value))) return String(value);
    throw new RangeError(`switch ${name} is one of ${row.values.join(", ")}`);
  }
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 0 && value !== "") return number;
  throw new RangeError(`switch ${name} is a whole number, 0 for none`);
}
