// Sends the operations of the vendor's API: builds each request, retries it if that is safe, and parses the response.
import type { Client, ClientOptions } from "./api";
import { FudoError, isFudoError } from "./errors";
import { registerSecret } from "./redact/redact";
import { observed } from "./http/observed";
import { checkResponse, type SuccessResponse } from "./http/response";
import { nextDelay } from "./retry";
import type * as NameSchema from "./schema/name-schema";
import type * as SessionSchema from "./schema/session-schema";
import type * as ShareSchema from "./schema/share-schema";
import { openTransport, type Transport, type TransportRequest } from "./http/transport";
import { packageVersion } from "./version";
import type { Dispatcher } from "undici";

interface Operation<T> {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly beforeSend?: () => void;
  readonly beforeRetry?: () => void;
  readonly signal?: AbortSignal | undefined;
  /** Throws `FudoError` if the response does not match the schema. */
  readonly parse: (response: SuccessResponse) => T;
}

/**
 * A client for one appliance. It opens, reads and checks nothing before the first operation, so this function never
 * throws. Tests pass a `dispatcher` to replace the connections.
 */
export function createClient(options: ClientOptions, dispatcher?: Dispatcher): Client {
  registerSecret(options.apiKey);
  const { origin, execute, close } = createExecutor(options, dispatcher);
  return {
    origin,
    close,
    async listShares(sessionId, { signal } = {}) {
      const parse = (response: SuccessResponse) => shareSchema().readShareList(response);
      return execute({ method: "GET", path: sharePath(sessionId), signal, parse });
    },
    async createShare(sessionId, { validSince, validTo, readonly }, options = {}) {
      const body = { valid_since: validSince, valid_to: validTo, readonly };
      const parse = (response: SuccessResponse) => shareSchema().readCreatedShare(response);
      return execute({ ...options, method: "POST", path: sharePath(sessionId), body, parse });
    },
    async getShareSpec({ signal } = {}) {
      const parse = (response: SuccessResponse) => shareSchema().readShareSpec(response);
      return execute({ method: "GET", path: apiPath("objspec", "session_share"), signal, parse });
    },
    async getHealth() {
      const parse = (response: SuccessResponse) => {
        const { status } = response.body;
        if (status === "ok" || status === "error") return status;
        throw response.invalid("protocol", "the response has no readable status");
      };
      return execute({ method: "GET", path: apiPath("healthcheck"), parse });
    },
    async listSessions({ offset, limit, ids }, { signal } = {}) {
      const filter = ids === undefined ? "" : `&filter=id.in(${ids.join(",")})`;
      const path = `${apiPath("session")}?offset=${offset}&limit=${limit}${filter}`;
      const parse = (response: SuccessResponse) => sessionSchema().readSessions(response);
      return execute({ method: "GET", path, signal, parse });
    },
    async listNames(kind, { offset, limit }, { signal } = {}) {
      const path = `${apiPath(kind)}?fields=id,name&offset=${offset}&limit=${limit}`;
      const parse = (response: SuccessResponse) => nameSchema().readNames(response, kind);
      return execute({ method: "GET", path, signal, parse });
    },
  };
}

// Loaded with the first response, because a run without requests does not need them.
const shareSchema = () => require("./schema/share-schema") as typeof ShareSchema;
const nameSchema = () => require("./schema/name-schema") as typeof NameSchema;
const sessionSchema = () => require("./schema/session-schema") as typeof SessionSchema;

function createExecutor(options: ClientOptions, dispatcher: Dispatcher | undefined) {
  const { url, apiKey, apiKeySource, clock, observe } = options;
  const origin = URL.canParse(url) ? new URL(url).origin : url;
  let transport: Transport | undefined;
  let hasResponded = false;

  const sendOnce = async <T>(operation: Operation<T>): Promise<T> => {
    const { method, path, parse } = operation;
    transport ??= openTransport({ ...options, origin }, dispatcher);
    const request = requestOf(operation, apiKey);
    const raw = await (observe === undefined
      ? transport.send(request)
      : observed(transport, request, { observe, clock }));
    hasResponded = true;
    return parse(checkResponse(raw, { method, path, origin, apiKeySource }, clock.now()));
  };

  const execute = async <T>(operation: Operation<T>): Promise<T> => {
    assertSendableKey(apiKey);
    const startedAt = clock.now();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await sendOnce(operation);
      } catch (error) {
        if (!isFudoError(error)) throw error;
        const elapsed = clock.now() - startedAt;
        const { method } = operation;
        const delay = nextDelay({ method, error, attempt, elapsed, hasResponded, random: clock.random() });
        const tries = { attempts: attempt, elapsed, hasResponded };
        if (delay === undefined) throw attempt === 1 ? error : withAttempts(error, tries);
        operation.beforeRetry?.();
        await clock.sleep(delay, operation.signal).catch(() => {
          throw withAttempts(error, tries);
        });
      }
    }
  };

  return { origin, execute, close: async () => transport?.close() };
}

let userAgent: string | undefined;

function requestOf({ method, path, body, beforeSend }: Operation<unknown>, apiKey: string): TransportRequest {
  return {
    method,
    path,
    headers: {
      // Appliance: the key alone, without a scheme.
      authorization: apiKey,
      // Some firewalls refuse requests without these two.
      "user-agent": (userAgent ??= `pulumi-fudo/${packageVersion()}`),
      accept: "application/json",
      "accept-encoding": "identity",
      // A cached list would hide a share that exists.
      "cache-control": "no-cache",
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(beforeSend && { beforeSend }),
  };
}

interface Tries {
  readonly attempts: number;
  readonly elapsed: number;
  readonly hasResponded: boolean;
}

/** The last failure, with the number of attempts and the time they took, and what to check if nothing ever responded. */
function withAttempts(error: FudoError, { attempts, elapsed, hasResponded }: Tries): FudoError {
  const { code, message, status, retryAfter, executed, fromAppliance, applianceTime, cause } = error;
  const tried = `(tried ${attempts} times in ${Math.round(elapsed / 1000)} s)`;
  const mayBeWrongAddress = code === "unreachable" && !hasResponded;
  const advice = mayBeWrongAddress
    ? ". Check fudo:url (or FUDO_URL), and that this machine can reach that address"
    : "";
  return new FudoError(code, `${message} ${tried}${advice}`, {
    executed,
    fromAppliance,
    cause,
    ...(status !== undefined && { status }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(applianceTime !== undefined && { applianceTime }),
  });
}

function apiPath(...elements: readonly string[]): string {
  return `/api/v2/${elements.map(encodeURIComponent).join("/")}`;
}

function sharePath(sessionId: string): string {
  // Callers check the ID and report it in more detail. This is the last check before `..` and the like leave the process.
  if (!/^\d{1,19}$/.test(sessionId)) {
    throw new FudoError("rejected", "a session ID must be a decimal number of at most 19 digits");
  }
  return apiPath("session", sessionId, "share");
}

function assertSendableKey(apiKey: string): void {
  if (!/^[\x21-\x7e]{1,4096}$/.test(apiKey)) {
    throw new FudoError(
      "config",
      "fudo:apiKey (or FUDO_API_KEY) is empty or too long, or contains a character that no API key has (for example a space or a line break)",
    );
  }
}
