// Parses the documented query parameters: `fields`, `filter` (in, iin, contains, match), `offset` and `limit`. Ignores
// unknown parameters.
import { ApiError } from "../appliance/api-error";
import type { Attributes } from "../appliance/attributes";

/** A parsed query. `fields` is undefined if the request does not name any; `limit` is Infinity if there is none. */
export interface Query {
  readonly fields: readonly string[] | undefined;
  readonly offset: number;
  readonly limit: number;
  readonly accepts: (attributes: Attributes) => boolean;
}

const condition = /^([a-z_]+)\.(in|iin|contains|match)\(([^()]*)\)(?:,|$)/;

/** Parses the query. If `strict`, an invalid parameter throws an ApiError (400); otherwise it is ignored. */
export function parseQuery(parameters: URLSearchParams, strict: boolean): Query {
  return {
    fields: parameters.get("fields")?.split(","),
    offset: parseNumber(parameters, "offset", 0, strict),
    limit: parseNumber(parameters, "limit", Infinity, strict),
    accepts: parseFilter(parameters.get("filter") ?? "", strict),
  };
}

/** Throws an ApiError if the query names a field that the object does not have. */
export function rejectUnknownFields({ fields = [] }: Query, attributes: Attributes): void {
  if (fields.some((name) => name !== "" && !Object.hasOwn(attributes, name)))
    throw new ApiError(400, "fields: no such attribute.");
}

function parseNumber(parameters: URLSearchParams, name: string, defaultValue: number, strict: boolean): number {
  const text = parameters.get(name);
  if (text === null) return defaultValue;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (strict) throw new ApiError(400, `${name}: not a number.`);
  return defaultValue;
}

function parseFilter(text: string, strict: boolean): Query["accepts"] {
  const conditions: Query["accepts"][] = [];
  for (let rest = text; rest !== "";) {
    const [whole, name, operator, values] = condition.exec(rest) ?? [];
    if (whole === undefined || name === undefined || values === undefined) {
      if (strict) throw new ApiError(400, "filter: invalid.");
      break;
    }
    conditions.push(toPredicate(name, operator, values.split(",")));
    rest = rest.slice(whole.length);
  }
  return (attributes) => conditions.every((accepts) => accepts(attributes));
}

function toPredicate(name: string, operator: string | undefined, values: readonly string[]): Query["accepts"] {
  return (attributes) => {
    const value = attributes[name];
    if (value === undefined || value === null) return false;
    const text = String(value);
    if (operator === "in") return values.includes(text);
    if (operator === "iin") return values.some((wanted) => wanted.toLowerCase() === text.toLowerCase());
    // Appliance: `contains` is documented for arrays only, and no attribute here is an array.
    return operator === "match" && values.some((wanted) => text.includes(wanted));
  };
}
