// Finds and reads the exchanges that an observation is about. The client reads what it understands; here is the form in which
// the appliance wrote it. Pure.
import type { Exchange } from "../../../client";
import { parseInstant } from "../../../time/instants";
import type { ApplianceRecord } from "../record";

/** The largest session ID: no appliance has such a session. */
export const impossibleSession = "9223372036854775807";

export type JsonObject = Readonly<Record<string, unknown>>;

/** One response to the list of a session's shares. */
export interface ListResponse {
  readonly exchange: Exchange;
  /** What the response has in the place of the list; undefined if nothing. */
  readonly list: unknown;
  /** The entries that are objects. */
  readonly entries: readonly JsonObject[];
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The body of a response of status 2xx with `result: success`. */
export function successBody(exchange: Exchange): JsonObject | undefined {
  if (!bodies.has(exchange)) bodies.set(exchange, parsedSuccess(exchange));
  return bodies.get(exchange);
}

// Each observation reads all lists again, and a list can have megabytes.
const bodies = new WeakMap<Exchange, JsonObject | undefined>();

function parsedSuccess({ response }: Exchange): JsonObject | undefined {
  if (response === undefined || response.status < 200 || response.status >= 300) return undefined;
  const body = jsonIn(response.text);
  return isObject(body) && body["result"] === "success" ? body : undefined;
}

/** The JSON value in a text; undefined for other text. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The exchanges of GET requests for this path (without the query) that got a response. */
export function getsOf({ exchanges }: ApplianceRecord, path: string): Exchange[] {
  return exchanges.filter(
    (exchange) => exchange.method === "GET" && exchange.path === path && exchange.response !== undefined,
  );
}

/** The last POST of a share that was sent; it may have no response. */
export function postOf({ exchanges }: ApplianceRecord): Exchange | undefined {
  return exchanges.findLast(({ method }) => method === "POST");
}

export function sharePath(session: string): string {
  return `/api/v2/session/${session}/share`;
}

/** The valid responses to the list of this session, oldest first. */
export function listsOf(record: ApplianceRecord, session = record.session): ListResponse[] {
  if (session === undefined) return [];
  return getsOf(record, sharePath(session)).flatMap((exchange) => {
    const body = successBody(exchange);
    if (body === undefined) return [];
    const list = body["session_share"];
    const entries = Array.isArray(list) ? list.filter(isObject) : isObject(list) && "key" in list ? [list] : [];
    return [{ exchange, list, entries }];
  });
}

/** The entries of all lists of the session. */
export function entriesOf(record: ApplianceRecord): JsonObject[] {
  return listsOf(record).flatMap(({ entries }) => entries);
}

/** The newest entry of the share that doctor made. */
export function ownEntry(record: ApplianceRecord): JsonObject | undefined {
  const { share } = record;
  return share && entriesOf(record).findLast(({ key }) => key === share.key);
}

/** The lists before and after the POST. */
export function listsAroundPost(record: ApplianceRecord): {
  readonly before: ListResponse[];
  readonly after: ListResponse[];
} {
  const post = postOf(record);
  if (post === undefined) return { before: [], after: [] };
  const { exchanges } = record;
  const isAfter = ({ exchange }: ListResponse) => exchanges.indexOf(exchange) > exchanges.indexOf(post);
  const lists = listsOf(record);
  return { before: lists.filter((list) => !isAfter(list)), after: lists.filter(isAfter) };
}

/** The `Date` header in milliseconds since the epoch. */
export function dateOf({ response }: Exchange): number | undefined {
  const text = response?.headers["date"];
  const time = typeof text === "string" ? Date.parse(text) : NaN;
  return Number.isFinite(time) ? time : undefined;
}

/** Milliseconds and microseconds as one number of milliseconds; undefined for what cannot be read. */
export function instantOf(value: unknown): number | undefined {
  const instant = typeof value === "string" ? parseInstant(value) : undefined;
  return instant && instant.epochMs + instant.micros / 1000;
}

const booleans: readonly (readonly [form: "json" | "letters" | "words" | "numbers", no: unknown, yes: unknown])[] = [
  ["json", false, true],
  ["letters", "f", "t"],
  ["words", "false", "true"],
  ["numbers", 0, 1],
];

/** The form of a boolean and its value; undefined for another form. */
export function booleanOf(
  value: unknown,
): { readonly form: (typeof booleans)[number][0]; readonly is: boolean } | undefined {
  const row = booleans.find(([, ...values]) => values.includes(value));
  return row && { form: row[0], is: value === row[2] };
}

/** What the body of an error response is. `failure` is the documented `{"result":"failure","message":…}`. */
export function bodyForm(text: string): "failure" | "json" | "html" | "text" | "empty" {
  const value = jsonIn(text);
  if (isObject(value) && value["result"] === "failure") return "failure";
  if (value !== undefined) return "json";
  if (text.trim() === "") return "empty";
  return text.trimStart().startsWith("<") ? "html" : "text";
}
