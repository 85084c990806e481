// Responses before they are sent: the API's envelopes, HTML pages, and JSON byte for byte as in the vendor's samples.
import { Buffer } from "node:buffer";

/** A response to send: `value` (as JSON) or `body`. Faults set the other properties. */
export interface ApiResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly value?: unknown;
  readonly body?: string | Buffer;
  /** The `Content-Length` to declare instead of the actual one. */
  readonly contentLength?: number;
  /** Declare no `Content-Length`. */
  readonly chunked?: boolean;
  /** After this many bytes (including the head), reset the connection, end it, or send nothing more. */
  readonly cut?: { readonly after: number; readonly then: "reset" | "end" | "hang" };
  /** Send this many bytes at a time, with a pause of `every` milliseconds. */
  readonly slow?: { readonly bytes: number; readonly every: number };
}

/** How JSON is formatted. */
export type JsonLayout = "compact" | "indented";

/** `{"result":"success","<object>":…}`: the envelope of a list, a created share and a specification. */
export function success(object: string, value: unknown, status = 200): ApiResponse {
  return { status, value: { result: "success", [object]: value } };
}

/** `{"result":"failure","message":…}`: the envelope of every error response. */
export function failure(status: number, message: string): ApiResponse {
  return { status, value: { result: "failure", message } };
}

/** An HTML page, as a web server or proxy sends it. */
export function htmlPage(status: number, title: string): ApiResponse {
  const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return { status, headers: { "Content-Type": "text/html; charset=utf-8" }, body };
}

/** The bytes of the body. */
export function bodyOf(response: ApiResponse, layout: JsonLayout): Buffer {
  if (response.body !== undefined) return Buffer.from(response.body);
  return Buffer.from(response.value === undefined ? "" : formatJson(response.value, layout));
}

// Appliance: every slash is escaped. Indented JSON uses four spaces, as on the vendor's page.
function formatJson(value: unknown, layout: JsonLayout): string {
  // In JSON, slashes occur only inside strings, so replacing all of them is safe.
  return JSON.stringify(value, undefined, layout === "indented" ? 4 : 0).replaceAll("/", "\\/");
}
