// The query of a request as the vendor documents it: `fields`, `filter` with in, iin, contains and match, `offset` and
// `limit`. Unknown parameters are passed over. Knows no object but its attributes.
import { Refusal } from "./response";
import type { Attributes } from "../appliance/attributes";

/** A query read. Without `fields` all attributes are given; without `limit` the list is not cut. */
export interface Query {
  readonly fields: readonly string[] | undefined;
  readonly offset: number;
  readonly limit: number;
  readonly accepts: (attributes: Attributes) => boolean;
}

const condition = /^([a-z_]+)\.(in|iin|contains|match)\(([^()]*)\)(?:,|$)/;

/** Reads the query; what cannot be read is refused with 400, or passed over when not `strict`. */
export function readQuery(parameters: URLSearchParams, strict: boolean): Query {
  return {
    fields: parameters.get("fields")?.split(","),
    offset: wholeNumber(parameters, "offset", 0, strict),
    limit: wholeNumber(parameters, "limit", Infinity, strict),
    accepts: readFilter(parameters.get("filter") ?? "", strict),
  };
}

/** Refuses fields that the object does not have. */
export function refuseUnknownFields({ fields = [] }: Query, known: Attributes): void {
  if (fields.some((name) => name !== "" && !Object.hasOwn(known, name)))
    throw new Refusal(400, "fields: no such attribute.");
}

function wholeNumber(parameters: URLSearchParams, name: string, fallback: number, strict: boolean): number {
  const text = parameters.get(name);
  if (text === null) return fallback;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (strict) throw new Refusal(400, `${name}: not a number.`);
  return fallback;
}

function readFilter(text: string, strict: boolean): Query["accepts"] {
  const conditions: Query["accepts"][] = [];
  for (let rest = text; rest !== "";) {
    const [whole, name, operator, values] = condition.exec(rest) ?? [];
    if (whole === undefined || name === undefined || values === undefined) {
      if (strict) throw new Refusal(400, "filter: cannot be read.");
      break;
    }
    conditions.push(meets(name, operator, values.split(",")));
    rest = rest.slice(whole.length);
  }
  return (attributes) => conditions.every((accepts) => accepts(attributes));
}

function meets(name: string, operator: string | undefined, values: readonly string[]): Query["accepts"] {
  return (attributes) => {
    const value = attributes[name];
    if (value === undefined || value === null) return false;
    const text = String(value);
    if (operator === "in") return values.includes(text);
    if (operator === "iin") return values.some((wanted) => wanted.toLowerCase() === text.toLowerCase());
    // Appliance: contains is documented for arrays only, and no attribute here is one.
    return operator === "match" && values.some((wanted) => text.includes(wanted));
  };
}
