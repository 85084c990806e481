// What can go wrong with an answer: each fault turns a good answer into a bad one. Knows neither when faults strike
// (faults.ts) nor how bytes are written (delivery.ts).
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { bodyOf, failure, page, type Answer } from "../response";
import type { Random } from "../../appliance/random";

/** When to come back, in a `Retry-After` header. */
interface Refused {
  /** Seconds. */
  retryAfter?: number;
  retryAfterForm?: "seconds" | "date";
  headers?: Record<string, string>;
}

/** A fault's kind with its parameters; byte counts of an answer include its head. */
export type Effect =
  /** Reset after so many bytes of the request have been read (it is then not carried out), or of the answer been sent (none). */
  | { kind: "reset"; requestBytes?: number; answerBytes?: number }
  /** The appliance ends its side of the line, after so many bytes of the answer (none). */
  | { kind: "halfClose"; answerBytes?: number }
  /** Nothing more comes, after so many bytes of the answer (none). */
  | { kind: "hang"; answerBytes?: number }
  /** So many bytes (1) at a time, so many milliseconds (5) apart. */
  | { kind: "slow"; bytes?: number; every?: number }
  /** The body ends early (at half), its length declared as if that were all. */
  | { kind: "truncated"; bytes?: number }
  /** The declared length is off by so many bytes (10 too many). */
  | { kind: "contentLength"; difference?: number }
  /** A proxy's page (502). */
  | ({ kind: "html"; status?: number } & Refused)
  /** The appliance's own failure, also with a 2xx (200). */
  | ({ kind: "failure"; status?: number; message?: string } & Refused)
  /** A status (404) with no body, or with the given one. */
  | ({ kind: "bare"; status?: number; body?: string } & Refused)
  /** Every entry of a list twice. */
  | { kind: "duplicate" }
  | { kind: "shuffle" }
  /** Entries, or only the one at the index, without this attribute. */
  | { kind: "without"; attribute: string; index?: number }
  /** Attributes that nobody documented, in the envelope and in each entry. */
  | { kind: "unknownAttributes" }
  /** A good answer grown to so many bytes (50 MB); without a declared length; or packed by gzip. */
  | { kind: "huge"; bytes?: number; chunked?: boolean; gzip?: boolean }
  /** Said to be gzip, but it is not. */
  | { kind: "badGzip" };

/** What an effect may look at. */
export interface Circumstances {
  /** The appliance's clock, in milliseconds since the epoch. */
  readonly now: number;
  readonly random: Random;
}

type Entry = Record<string, unknown>;
type Spoilers = {
  [Kind in Effect["kind"]]: (
    answer: Answer,
    effect: Extract<Effect, { kind: Kind }>,
    circumstances: Circumstances,
  ) => Answer;
};

const spoilers: Spoilers = {
  reset: (answer, { answerBytes = 0 }) => ({ ...answer, cut: { after: answerBytes, then: "reset" } }),
  halfClose: (answer, { answerBytes = 0 }) => ({ ...answer, cut: { after: answerBytes, then: "end" } }),
  hang: (answer, { answerBytes = 0 }) => ({ ...answer, cut: { after: answerBytes, then: "hang" } }),
  slow: (answer, { bytes = 1, every = 5 }) => ({ ...answer, slow: { bytes, every } }),
  truncated: (answer, { bytes }) => {
    const body = compact(answer);
    return { ...answer, body: body.subarray(0, bytes ?? Math.floor(body.length / 2)) };
  },
  contentLength: (answer, { difference = 10 }) => ({
    ...answer,
    contentLength: Math.max(0, compact(answer).length + difference),
    body: compact(answer),
  }),
  html: (_answer, { status = 502, ...refused }, { now }) =>
    withHeaders(page(status, `${status} from a proxy`), refused, now),
  failure: (_answer, { status = 200, message = "The request failed.", ...refused }, { now }) =>
    withHeaders(failure(status, message), refused, now),
  bare: (_answer, { status = 404, body = "", ...refused }, { now }) => withHeaders({ status, body }, refused, now),
  duplicate: (answer) => withEntries(answer, (entries) => entries.flatMap((entry) => [entry, entry])),
  shuffle: (answer, _effect, { random }) => withEntries(answer, (entries) => random.shuffled(entries)),
  without: (answer, { attribute, index }) =>
    withEntries(answer, (entries) =>
      entries.map((entry, at) => (index === undefined || index === at ? withoutAttribute(entry, attribute) : entry)),
    ),
  unknownAttributes: (answer) => {
    const value = withEntries(answer, (entries) =>
      entries.map((entry) => ({ watermark: { colour: "red" }, ...entry, viewers: [1, null] })),
    ).value;
    return { ...answer, value: { warnings: [], ...(value as Entry), total_count: 1 } };
  },
  huge: (answer, { bytes = 50_000_000, chunked = false, gzip = false }) => {
    const body = compact(answer);
    const padded = Buffer.concat([
      body.subarray(0, 1),
      Buffer.alloc(Math.max(0, bytes - body.length), " "),
      body.subarray(1),
    ]);
    return {
      ...answer,
      chunked,
      body: gzip ? gzipSync(padded) : padded,
      headers: { ...answer.headers, ...(gzip && { "Content-Encoding": "gzip" }) },
    };
  },
  badGzip: (answer) => ({ ...answer, headers: { ...answer.headers, "Content-Encoding": "gzip" } }),
};

/** The kinds there are. */
export const effectKinds = Object.keys(spoilers) as Effect["kind"][];

/** The answer, spoiled. */
export function spoiled(answer: Answer, effect: Effect, circumstances: Circumstances): Answer {
  const spoil = spoilers[effect.kind] as (answer: Answer, effect: Effect, circumstances: Circumstances) => Answer;
  return spoil(answer, effect, circumstances);
}

function compact(answer: Answer): Buffer {
  return bodyOf(answer, "compact");
}

function withHeaders(
  answer: Answer,
  { retryAfter, retryAfterForm = "seconds", headers }: Refused,
  now: number,
): Answer {
  const after =
    retryAfter === undefined
      ? {}
      : {
          "Retry-After":
            retryAfterForm === "date" ? new Date(now + retryAfter * 1000).toUTCString() : String(retryAfter),
        };
  return { ...answer, headers: { ...answer.headers, ...after, ...headers } };
}

/** Changes the entries of a list, or the one object of a creation as a list of one. */
function withEntries(answer: Answer, change: (entries: Entry[]) => Entry[]): Answer {
  const value = answer.value as Entry;
  const changed = Object.entries(value ?? {}).map(([name, content]) => {
    if (Array.isArray(content)) return [name, change(content as Entry[])];
    if (typeof content === "object" && content !== null) return [name, change([content as Entry])[0]];
    return [name, content];
  });
  return { ...answer, value: Object.fromEntries(changed) as Entry };
}

function withoutAttribute(entry: Entry, attribute: string): Entry {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => name !== attribute));
}
