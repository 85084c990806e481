// Checks an HTTP response: its status first, then the JSON envelope that the appliance puts around every response. The
// schemas check the objects inside.
import type { IncomingHttpHeaders } from "node:http";
import { decodeBody, type DecodedBody } from "./body";
import { FudoError, type ErrorCode, type FudoErrorDetails } from "../errors";
import { printable } from "../redact/redact";
import type { RawResponse } from "./transport";

/** What messages need to know about the request. */
interface RequestInfo {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly origin: string;
  readonly apiKeySource: string;
}

/** A 2xx response with `result: success`. */
export interface SuccessResponse {
  readonly body: Readonly<Record<string, unknown>>;
  /** From the `Date` header: milliseconds since the epoch, whole seconds. */
  readonly applianceTime?: number;
  /** The appliance's time where it is known, else the local time. */
  readonly time: number;
  /** Seconds for which a cache has held the response, from the `Age` header. */
  readonly age?: number;
  /** Makes the error for a body that does not match the schema. */
  invalid(code: "protocol" | "limit", problem: string): FudoError;
}

type MakeError = (code: ErrorCode, text: string, details?: FudoErrorDetails) => FudoError;

/**
 * Throws `FudoError` for a response that is not a success. In it, `executed` says whether the appliance may have executed
 * the request.
 */
export function checkResponse(raw: RawResponse, request: RequestInfo, now: number): SuccessResponse {
  const { status } = raw;
  const makeError = errorMaker(raw, request);
  if (status < 200 || status >= 300) throw statusError(raw, request, now, makeError);
  const possiblyExecuted = request.method === "POST" ? "unknown" : "no";
  const invalid: MakeError = (code, problem) => makeError(code, problem, { executed: possiblyExecuted });
  const decoded = decodeBody(raw);
  if (decoded.isTooLarge) throw invalid("limit", "the decompressed response is larger than 16 MiB");
  const body = jsonObjectIn(decoded);
  if (body === undefined) throw invalid("protocol", `the response is not a JSON object. ${notJsonAdvice(decoded)}`);
  if (body["result"] === undefined) throw invalid("protocol", "the response has no `result`");
  if (body["result"] !== "success") {
    const fromAppliance = body["result"] === "failure";
    throw makeError("rejected", messageIn(body) ?? "`result` is not `success`", {
      fromAppliance,
      executed: fromAppliance ? "no" : possiblyExecuted,
    });
  }
  const applianceTime = dateOf(raw.headers);
  const age = ageOf(raw.headers);
  return {
    body,
    invalid,
    time: applianceTime ?? now,
    ...(applianceTime !== undefined && { applianceTime }),
    ...(age !== undefined && { age }),
  };
}

function notJsonAdvice({ encoding, isDecoded }: DecodedBody): string {
  if (isDecoded) return "Check that fudo:url (or FUDO_URL) is the address of the appliance";
  const name = printable(encoding, 60);
  return `It has the Content-Encoding "${name}", which the provider cannot decode. Check the proxy in front of the appliance`;
}

function errorMaker({ status, statusText, headers }: RawResponse, { method, path }: RequestInfo): MakeError {
  const applianceTime = dateOf(headers);
  return (code, text, details) => {
    const reason = printable(statusText, 60);
    const start = `${method} ${path}: ${status}${reason && ` ${reason}`}`;
    return new FudoError(code, text ? `${start}: ${text}` : start, {
      status,
      ...(applianceTime !== undefined && { applianceTime }),
      ...details,
    });
  };
}

function statusError(raw: RawResponse, request: RequestInfo, now: number, makeError: MakeError): FudoError {
  const { status, headers } = raw;
  const { method } = request;
  if (status < 400) {
    const target = redirectTarget(firstValue(headers.location), request.origin);
    const reason = "The provider does not follow redirects, because each request carries the API key";
    return makeError("protocol", `redirected${target}. ${reason}`, { executed: method === "GET" ? "no" : "unknown" });
  }
  const decoded = decodeBody(raw);
  const body = jsonObjectIn(decoded);
  const fromAppliance = body?.["result"] === "failure";
  // A proxy may block the response to a POST that the appliance executed. Only 401 and 429 come before execution.
  const notExecuted = status === 401 || status === 429 || (status < 500 && fromAppliance);
  const executed = method === "GET" || notExecuted ? "no" : "unknown";
  const retryAfter = secondsToWait(headers, now);
  const text = [
    withoutEcho(fromAppliance ? messageIn(body) : externalText(decoded, body), raw),
    adviceFor(status, fromAppliance, request),
  ];
  return makeError(codeOf(status), text.filter(Boolean).join(". "), {
    executed,
    fromAppliance,
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

/** The text, unless it only repeats the status line, as in "401 Unauthorized: Unauthorized". */
function withoutEcho(text: string | undefined, { status, statusText }: RawResponse): string | undefined {
  const plain = (part: string) => part.toLowerCase().replace(/[^a-z0-9]/g, "");
  const said = [statusText, `${status} ${statusText}`, `error ${status}`, `${status}`].map(plain);
  return text !== undefined && said.includes(plain(text)) ? undefined : text;
}

function codeOf(status: number): ErrorCode {
  if (status === 401 || status === 403) return "unauthorized";
  if (status === 404) return "not-found";
  if (status === 409) return "conflict";
  if (status === 429 || (status >= 500 && status < 600)) return "unavailable";
  return status < 500 ? "rejected" : "protocol";
}

function adviceFor(status: number, fromAppliance: boolean, { apiKeySource }: RequestInfo): string {
  if ((status === 401 || status === 403) && !fromAppliance) {
    return "This response is not from the appliance: a proxy or firewall in front of it refused the request";
  }
  if (status === 401) {
    return `The API key came from ${apiKeySource}. Check that it is complete and current, and that its user is not blocked or expired`;
  }
  if (status === 403) {
    return `The user of the API key (from ${apiKeySource}) does not have permission. Set its role and capabilities in the admin panel`;
  }
  if (status === 404 && !fromAppliance) {
    return "This response is not from the appliance. Check that fudo:url (or FUDO_URL) is correct and that the appliance runs Fudo Enterprise 5.6 or newer";
  }
  return "";
}

/** The JSON object in the body; undefined for anything else. */
function jsonObjectIn({ text }: DecodedBody): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(longId, '$1"$2"'));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    // Never keep this error as a cause: V8 quotes the text in it, and the text may contain keys.
    return undefined;
  }
}

// Appliance: IDs are 64-bit and documented as strings. If they come as numbers, quotes keep every digit. Only the end of an
// attribute's name can be `id"` before a colon, because a quote inside of a string is escaped.
const longId = /(id"\s{0,9}:\s{0,9})(\d{16,19})(?=[\s,}])/g;

/** The error message in a JSON body. */
function messageIn(body: Record<string, unknown> | undefined): string | undefined {
  const { message, errors } = body ?? {};
  // Without its full stop, because ours follows.
  if (typeof message === "string") return printable(message).replace(/[.\s]+$/, "");
  return errors === undefined ? undefined : printable(JSON.stringify(errors));
}

/** A short text from an error page that is not from the appliance. */
function externalText(decoded: DecodedBody, json: Record<string, unknown> | undefined): string {
  const text = decoded.isDecoded ? printable(decoded.text, 120) : "";
  if (json === undefined && text.startsWith("<")) return "an HTML page instead of the appliance's JSON";
  return messageIn(json) ?? text;
}

function redirectTarget(location: string | undefined, origin: string): string {
  if (location === undefined || !URL.canParse(location, origin)) return "";
  const { origin: host, pathname } = new URL(location, origin);
  return ` to ${printable(`${host}${pathname}`, 120)}`;
}

/** Seconds to wait from `Retry-After`: a number, or a date relative to the server's clock (ours if it sent no `Date`). */
function secondsToWait(headers: IncomingHttpHeaders, now: number): number | undefined {
  const value = firstValue(headers["retry-after"])?.trim();
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const seconds = Math.ceil((Date.parse(value) - (dateOf(headers) ?? now)) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

/** The `Date` header in milliseconds since the epoch. */
function dateOf(headers: IncomingHttpHeaders): number | undefined {
  const time = Date.parse(firstValue(headers.date) ?? "");
  return Number.isFinite(time) ? time : undefined;
}

/** The `Age` header in seconds. */
function ageOf(headers: IncomingHttpHeaders): number | undefined {
  const text = firstValue(headers.age)?.trim() ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function firstValue(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
