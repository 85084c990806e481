// The kinds of faults, and what each does to a correct response. Which fault applies to which request is in faults.ts.
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import type { Random } from "../../random";
import { type ApiResponse, failure, htmlPage } from "../response";
import { compress, type Compression } from "./compression";
import { compactBody, type Entry, mapEntry, mapLists, maskKey, withAttribute, withoutAttribute } from "./list-changes";

/** Headers that a failed request can carry. */
export interface HeaderOptions {
  /** The value of `Retry-After`, in seconds. */
  retryAfter?: number;
  /** How `Retry-After` is written (seconds). */
  retryAfterForm?: "seconds" | "date";
  /** More headers. */
  headers?: Record<string, string>;
}

/** A kind of fault with its parameters (defaults in parentheses). Byte counts of a response include its head. */
export type FaultEffect =
  /**
   * Resets the connection after this many bytes of the request (the appliance then does not execute it), or of the
   * response (0).
   */
  | { kind: "reset"; requestBytes?: number; responseBytes?: number }
  /** The appliance ends its side of the connection after this many bytes of the response (0). */
  | { kind: "halfClose"; responseBytes?: number }
  /** The appliance sends nothing more after this many bytes of the response (0). */
  | { kind: "hang"; responseBytes?: number }
  /** Sends this many bytes (1) at a time, with a pause of `every` milliseconds (5). */
  | { kind: "slow"; bytes?: number; every?: number }
  /** Cuts the body after this many bytes (half), with a matching `Content-Length`. */
  | { kind: "truncated"; bytes?: number }
  /** Declares a `Content-Length` that is wrong by this many bytes (10). */
  | { kind: "contentLength"; difference?: number }
  /** The HTML page of a proxy (502). */
  | ({ kind: "html"; status?: number } & HeaderOptions)
  /** The appliance's own error response; the status can be 2xx (200). */
  | ({ kind: "failure"; status?: number; message?: string } & HeaderOptions)
  /** A status (404) without a body, or with the given one. */
  | ({ kind: "bare"; status?: number; body?: string } & HeaderOptions)
  /** Lists every entry twice. */
  | { kind: "duplicate" }
  /** Lists the entries in random order. */
  | { kind: "shuffle" }
  /** Omits this attribute from every entry, or only from the entry at the index. */
  | { kind: "without"; attribute: string; index?: number }
  /** Adds undocumented attributes to the envelope and to each entry. */
  | { kind: "unknownAttributes" }
  /** Pads a correct response to this many bytes (50 MB), also without a `Content-Length` or compressed. */
  | { kind: "huge"; bytes?: number; chunked?: boolean; gzip?: boolean }
  /** Declares `Content-Encoding: gzip`, but sends plain text. */
  | { kind: "badGzip" }
  /** Sets this attribute to a JSON value (null) in every entry, or only in the entry at the index. */
  | { kind: "attribute"; attribute: string; value?: unknown; index?: number }
  /** Masks the key (with `********`), in the link too: in every entry, or only in the entry at the index. */
  | { kind: "masked"; mask?: string; index?: number }
  /** Replaces the entry at the index (0) by a JSON value (null). */
  | { kind: "entry"; value?: unknown; index?: number }
  /** Replaces the list by a JSON value, by its first entry alone (`single`), or by nothing (`absent`, the default). */
  | { kind: "list"; as?: "absent" | "single"; value?: unknown }
  /** Puts a byte order mark before the JSON. */
  | { kind: "byteOrderMark" }
  /** Adds or replaces headers of a correct response, for example `Age`, `Date` or `Content-Encoding`. */
  | { kind: "headers"; headers: Record<string, string> }
  /** Compresses bodies that are larger than `over` bytes (0), and declares the encoding. */
  | { kind: "compressed"; encoding?: Compression; over?: number };

/** What an effect depends on, apart from the response. */
export interface FaultContext {
  /** The appliance's clock, in milliseconds since the epoch. */
  readonly now: number;
  readonly random: Random;
}

type Effects = {
  [Kind in FaultEffect["kind"]]: (
    response: ApiResponse,
    effect: Extract<FaultEffect, { kind: Kind }>,
    context: FaultContext,
  ) => ApiResponse;
};

const effects: Effects = {
  reset: (response, { responseBytes = 0 }) => ({ ...response, cut: { after: responseBytes, then: "reset" } }),
  halfClose: (response, { responseBytes = 0 }) => ({ ...response, cut: { after: responseBytes, then: "end" } }),
  hang: (response, { responseBytes = 0 }) => ({ ...response, cut: { after: responseBytes, then: "hang" } }),
  slow: (response, { bytes = 1, every = 5 }) => ({ ...response, slow: { bytes, every } }),
  truncated: (response, { bytes }) => {
    const body = compactBody(response);
    return { ...response, body: body.subarray(0, bytes ?? Math.floor(body.length / 2)) };
  },
  contentLength: (response, { difference = 10 }) => ({
    ...response,
    contentLength: Math.max(0, compactBody(response).length + difference),
    body: compactBody(response),
  }),
  html: (_response, { status = 502, ...options }, { now }) =>
    withHeaders(htmlPage(status, `${status} from a proxy`), options, now),
  failure: (_response, { status = 200, message = "The request failed.", ...options }, { now }) =>
    withHeaders(failure(status, message), options, now),
  bare: (_response, { status = 404, body = "", ...options }, { now }) => withHeaders({ status, body }, options, now),
  duplicate: (response) => mapLists(response, (entries) => entries.flatMap((entry) => [entry, entry])),
  shuffle: (response, _effect, { random }) => mapLists(response, (entries) => random.shuffled(entries)),
  without: (response, { attribute, index }) => mapEntry(response, index, (entry) => withoutAttribute(entry, attribute)),
  unknownAttributes: (response) => {
    const value = mapLists(response, (entries) =>
      entries.map((entry) => ({ watermark: { colour: "red" }, ...entry, viewers: [1, null] })),
    ).value;
    return { ...response, value: { warnings: [], ...(value as Entry), total_count: 1 } };
  },
  huge: (response, { bytes = 50_000_000, chunked = false, gzip = false }) => {
    const body = compactBody(response);
    const padded = Buffer.concat([
      body.subarray(0, 1),
      Buffer.alloc(Math.max(0, bytes - body.length), " "),
      body.subarray(1),
    ]);
    return {
      ...response,
      chunked,
      body: gzip ? gzipSync(padded) : padded,
      headers: { ...response.headers, ...(gzip && { "Content-Encoding": "gzip" }) },
    };
  },
  badGzip: (response) => withHeaders(response, { headers: { "Content-Encoding": "gzip" } }),
  attribute: (response, { attribute, value = null, index }) =>
    mapEntry(response, index, (entry) => withAttribute(entry, attribute, value)),
  masked: (response, { mask = "********", index }) => mapEntry(response, index, (entry) => maskKey(entry, mask)),
  entry: (response, { value = null, index = 0 }) => mapEntry(response, index, () => value),
  list: (response, { as = "absent", ...effect }) => {
    if ("value" in effect) return mapLists(response, () => effect.value);
    return mapLists(response, (entries) => (as === "single" ? entries[0] : undefined));
  },
  byteOrderMark: (response) => ({ ...response, body: Buffer.concat([byteOrderMark, compactBody(response)]) }),
  headers: (response, { headers }) => withHeaders(response, { headers }),
  compressed: (response, { encoding = "br", over = 0 }) => {
    const body = compactBody(response);
    if (body.length <= over) return response;
    const { bytes, name } = compress(body, encoding);
    return { ...withHeaders(response, { headers: { "Content-Encoding": name } }), body: bytes };
  },
};

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Applies a fault to a correct response. */
export function applyFault(response: ApiResponse, effect: FaultEffect, context: FaultContext): ApiResponse {
  const apply = effects[effect.kind] as (
    response: ApiResponse,
    effect: FaultEffect,
    context: FaultContext,
  ) => ApiResponse;
  return apply(response, effect, context);
}

function withHeaders(
  response: ApiResponse,
  { retryAfter, retryAfterForm = "seconds", headers }: HeaderOptions,
  now = 0,
): ApiResponse {
  const after =
    retryAfter === undefined
      ? {}
      : {
          "Retry-After":
            retryAfterForm === "date" ? new Date(now + retryAfter * 1000).toUTCString() : String(retryAfter),
        };
  return { ...response, headers: { ...response.headers, ...after, ...headers } };
}
