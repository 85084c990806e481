// What an HTTP answer means: the verdict of its status first, then of the envelope that the appliance puts around
// everything. It must not know the objects inside.
import type { IncomingHttpHeaders } from "node:http";
import { unzipSync } from "node:zlib";
import { FudoError, type ErrorCode, type FudoErrorDetails } from "./errors";
import type { RawAnswer } from "./transport";
import { printable } from "./redact";

const largestDecoded = 16 * 1024 * 1024;

/** What was asked, as far as messages need it. */
export interface Question {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly origin: string;
  readonly apiKeySource: string;
}

/** A 2xx answer with `result: success`. */
export interface Answer {
  readonly body: Readonly<Record<string, unknown>>;
  /** From `Date`: milliseconds since the epoch, whole seconds. */
  readonly applianceTime?: number;
  /** The error for a body that is not what was asked for. */
  unfit(code: "protocol" | "limit", reason: string): FudoError;
}

/** Throws `FudoError` by status, then by `result`; `executed` says whether the appliance may have acted. */
export function judge(raw: RawAnswer, question: Question, now: number): Answer {
  const { status } = raw;
  const fail = failing(raw, question);
  if (status < 200 || status >= 300) throw refusal(raw, question, now, fail);
  const possiblyExecuted = question.method === "POST" ? "unknown" : "no";
  const unfit = (code: ErrorCode, reason: string) => fail(code, reason, { executed: possiblyExecuted });
  const body = parse(raw, unfit);
  if (body === undefined) throw unfit("protocol", "the answer is not a JSON object; is that the appliance's address?");
  if (body["result"] === undefined) throw unfit("protocol", "the answer has no `result`");
  if (body["result"] !== "success") {
    const fromAppliance = body["result"] === "failure";
    throw fail("rejected", said(body) ?? "the result is not success", {
      fromAppliance,
      executed: fromAppliance ? "no" : possiblyExecuted,
    });
  }
  return { body, unfit, ...applianceTimeOf(raw) };
}

/** From `Date`: milliseconds since the epoch, whole seconds. */
export function applianceTimeOf({ headers }: RawAnswer): { readonly applianceTime?: number } {
  const time = Date.parse(first(headers.date) ?? "");
  return Number.isFinite(time) ? { applianceTime: time } : {};
}

type Fail = (code: ErrorCode, text: string, details?: FudoErrorDetails) => FudoError;

function failing({ status, statusText }: RawAnswer, { method, path }: Question): Fail {
  return (code, text, details) => {
    const words = printable(statusText, 60);
    const start = `${method} ${path}: ${status}${words && ` ${words}`}`;
    return new FudoError(code, text ? `${start}: ${text}` : start, { status, ...details });
  };
}

function refusal(raw: RawAnswer, question: Question, now: number, fail: Fail): FudoError {
  const { status, headers } = raw;
  if (status < 400) {
    const target = redirection(first(headers.location), question.origin);
    return fail("protocol", `redirected${target}, and redirects are not followed with the API key`, {
      executed: question.method === "GET" ? "no" : "unknown",
    });
  }
  const body = parse(raw);
  const fromAppliance = body?.["result"] === "failure";
  // Somebody in between may refuse the answer to a POST as well as the POST: only 401 and 429 come before everything else.
  const refused = status === 401 || status === 429 || (status < 500 && fromAppliance);
  const executed = question.method === "GET" || refused ? "no" : "unknown";
  const retryAfter = secondsToWait(headers, now);
  const text = [fromAppliance ? said(body) : foreign(raw, body), advice(status, fromAppliance, question)];
  return fail(codeOf(status), text.filter(Boolean).join(". "), {
    executed,
    fromAppliance,
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

function codeOf(status: number): ErrorCode {
  if (status === 401 || status === 403) return "unauthorized";
  if (status === 404) return "not-found";
  if (status === 409) return "conflict";
  if (status === 429 || (status >= 500 && status < 600)) return "unavailable";
  return status < 500 ? "rejected" : "protocol";
}

function advice(status: number, fromAppliance: boolean, { apiKeySource }: Question): string {
  if (status === 401) {
    return `The API key came from ${apiKeySource}: is it complete and current, and is its user neither blocked nor expired?`;
  }
  if (status === 403)
    return `The user of the API key (from ${apiKeySource}) lacks the right; roles and capabilities are set in the admin panel`;
  if (status === 404 && !fromAppliance) {
    return "This is not the appliance's own answer: is fudo:url (or FUDO_URL) right, and is it Fudo Enterprise 5.6 or newer?";
  }
  return "";
}

/** The JSON object in the body; undefined for anything else. `unfit` makes unreadable encodings errors of their own. */
function parse(
  { headers, body }: RawAnswer,
  unfit?: (code: ErrorCode, reason: string) => FudoError,
): Record<string, unknown> | undefined {
  const encoding = first(headers["content-encoding"])?.toLowerCase() ?? "identity";
  try {
    // We ask for `identity`; a proxy in between may compress all the same. unzip reads gzip and deflate.
    const bytes = encoding === "identity" ? body : unzipSync(body, { maxOutputLength: largestDecoded });
    const text = bytes.toString("utf8");
    const value: unknown = JSON.parse(text, longNumber.test(text) ? keepDigits : undefined);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ERR_BUFFER_TOO_LARGE" && unfit) throw unfit("limit", "the answer unpacks to more than 16 MiB");
    // Not kept as a cause: V8 quotes the text, and the text may hold keys.
    return undefined;
  }
}

// Appliance: IDs are 64-bit and documented as strings. Should they come as numbers, their digits are kept.
const longNumber = /id"\s{0,9}:\s{0,9}\d{16}/;
const keepDigits = (_key: string, value: unknown, context?: { source?: string }) =>
  typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)
    ? (context?.source ?? value)
    : value;

/** The appliance's own words. */
function said(body: Record<string, unknown> | undefined): string | undefined {
  const { message, errors } = body ?? {};
  // Without its full stop: ours follows.
  if (typeof message === "string") return printable(message).replace(/[.\s]+$/, "");
  return errors === undefined ? undefined : printable(JSON.stringify(errors));
}

/** What somebody else's error page says, in a few words. */
function foreign({ body }: RawAnswer, json: Record<string, unknown> | undefined): string {
  const text = printable(body.subarray(0, 4096).toString("utf8"), 120);
  if (json === undefined && text.startsWith("<")) return "an HTML page instead of the appliance's JSON";
  return said(json) ?? text;
}

function redirection(location: string | undefined, origin: string): string {
  if (location === undefined || !URL.canParse(location, origin)) return "";
  const { origin: host, pathname } = new URL(location, origin);
  return ` to ${printable(`${host}${pathname}`, 120)}`;
}

/** `Retry-After` in seconds: a count, or a date, which is read by the answering clock where that is known. */
function secondsToWait(headers: IncomingHttpHeaders, now: number): number | undefined {
  const value = first(headers["retry-after"])?.trim();
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const there = Date.parse(first(headers.date) ?? "");
  const seconds = Math.ceil((Date.parse(value) - (Number.isFinite(there) ? there : now)) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
