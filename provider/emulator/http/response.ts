// The appliance's words: refusals, envelopes, and JSON to the letter of the vendor's samples. Knows no socket and no rule.
import { Buffer } from "node:buffer";

/** An answer before it is written. Either `value` (sent as JSON) or `body`; the rest is there for faults to spoil. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly value?: unknown;
  readonly body?: string | Buffer;
  /** Declared instead of the true length of the body. */
  readonly contentLength?: number;
  /** No length declared at all. */
  readonly chunked?: boolean;
  /** After so many bytes, head included, the line is reset, ended, or left hanging. */
  readonly cut?: { readonly after: number; readonly then: "reset" | "end" | "hang" };
  /** So many bytes at a time, so many milliseconds apart. */
  readonly slow?: { readonly bytes: number; readonly every: number };
}

/** What the appliance refuses, thrown where a rule is broken and answered where HTTP is spoken: the HTTP status, and the text of the failure's `message`. */
export class Refusal extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413,
    message: string,
  ) {
    super(message);
  }
}

/** How JSON is laid out. */
export type Layout = "compact" | "indented";

/** `{"result":"success","<object>":…}`: the envelope of a list, a creation and a specification. */
export function success(object: string, value: unknown, status = 200): Answer {
  return { status, value: { result: "success", [object]: value } };
}

/** `{"result":"failure","message":…}`: the envelope of every refusal. */
export function failure(status: number, message: string): Answer {
  return { status, value: { result: "failure", message } };
}

/** A page of a web server, not of the API. */
export function page(status: number, title: string): Answer {
  const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return { status, headers: { "Content-Type": "text/html; charset=utf-8" }, body };
}

/** The body as it goes out. */
export function bodyOf(answer: Answer, layout: Layout): Buffer {
  if (answer.body !== undefined) return Buffer.from(answer.body);
  return Buffer.from(answer.value === undefined ? "" : jsonText(answer.value, layout));
}

/** JSON with every slash escaped, as the appliance writes it; indented by four as on the vendor's page, or compact. */
export function jsonText(value: unknown, layout: Layout): string {
  // Slashes stand only inside strings, so a plain replacement is exact.
  return JSON.stringify(value, undefined, layout === "indented" ? 4 : 0).replaceAll("/", "\\/");
}
