// Selects requests by method and path: for faults and for gates.
import { METHODS } from "node:http";
import { type Checks, requireKnown, text } from "../checks";

/** The method of a request, and its path with the query. */
export interface RequestLine {
  /** The method in capitals, for example `GET`. */
  readonly method: string;
  /** The path with the query, as received. */
  readonly path: string;
}

/** Which requests a fault or a gate applies to. */
export interface RequestFilter {
  /** A method, `*` for every request (the default), or a predicate. */
  on?: string | ((request: RequestLine) => boolean);
  /** A text that the path must contain, for example a session ID or `objspec`. */
  path?: string;
}

/** The checks of a filter's properties. */
export const requestFilterChecks: Checks<RequestFilter> = {
  on: (name, value) => {
    if (typeof value !== "function") requireKnown(`method for ${name}`, value, ["*", ...METHODS]);
  },
  path: text,
};

/** Whether the filter selects this request. */
export function matches({ on = "*", path = "" }: RequestFilter, request: RequestLine): boolean {
  if (!request.path.includes(path)) return false;
  return typeof on === "function" ? on(request) : on === "*" || on === request.method;
}
