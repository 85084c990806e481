// The operations of the vendor's page, each one a request, a verdict and a schema. How a request travels, what an
// answer means and when to try again are in the files beside this one.
import { applianceTimeOf, judge, type Answer } from "./response";
import type { Client, ClientOptions, Share } from "./api";
import { FudoError, isFudoError } from "./errors";
import { openExchange, type Exchange, type RawAnswer } from "./transport";
import { protect } from "./redact";
import { Repetition } from "./repetition";
import { nextDelay } from "./retry";
import type { SessionDirectory } from "./session-schema";
import type * as Sessions from "./session-schema";
import type * as Wire from "./share-schema";
import type { Dispatcher } from "undici";

interface Operation<T> {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly beforeSend?: (() => void) | undefined;
  /** What the operation gives. `judged` throws where the answer is not a good one. */
  readonly read: (judged: () => Answer, raw: RawAnswer) => T;
}

/**
 * A client for one appliance. Nothing is opened, read or checked before the first operation, so this never throws.
 * `dispatcher` replaces the connections, for tests.
 */
export function createClient(options: ClientOptions, dispatcher?: Dispatcher): Client & SessionDirectory {
  protect(options.apiKey);
  const { origin, perform, close } = connection(options, dispatcher);
  const lists = new Repetition<readonly Share[]>();
  return {
    origin,
    close,
    async listShares(sessionId) {
      const list = path("session", decimal(sessionId), "share");
      const read = (judged: () => Answer, raw: RawAnswer) => ({
        shares: lists.of(list, raw, () => wire().readShareList(judged()).shares),
        ...applianceTimeOf(raw),
      });
      return perform({ method: "GET", path: list, read });
    },
    async createShare(sessionId, { validSince, validTo, readonly }, { beforeSend } = {}) {
      const body = { valid_since: validSince, valid_to: validTo, readonly };
      const read = (judged: () => Answer) => wire().readCreatedShare(judged());
      return perform({ method: "POST", path: path("session", decimal(sessionId), "share"), body, beforeSend, read });
    },
    async getShareSpec() {
      return perform({
        method: "GET",
        path: path("objspec", "session_share"),
        read: (judged) => wire().readShareSpec(judged()),
      });
    },
    async listSessions({ offset, limit }) {
      const query = new URLSearchParams({ offset: String(offset), limit: String(limit) });
      const read = (judged: () => Answer) => (require("./session-schema") as typeof Sessions).readSessions(judged());
      return perform({ method: "GET", path: `${path("session")}?${query.toString()}`, read });
    },
  };
}

// The schemas, and zod with them, are loaded with the first answer: a run without calls does not pay for them.
const wire = () => require("./share-schema") as typeof Wire;

function connection(options: ClientOptions, dispatcher: Dispatcher | undefined) {
  const { url, apiKey, apiKeySource, clock } = options;
  const origin = URL.canParse(url) ? new URL(url).origin : url;
  let exchange: Exchange | undefined;
  let heard = false;

  const once = async <T>(operation: Operation<T>): Promise<T> => {
    const { method, path, read } = operation;
    exchange ??= openExchange({ ...options, origin }, dispatcher);
    const raw = await exchange.send(requestOf(operation, apiKey));
    heard = true;
    return read(() => judge(raw, { method, path, origin, apiKeySource }, clock.now()), raw);
  };

  const perform = async <T>(operation: Operation<T>): Promise<T> => {
    demandSendable(apiKey);
    const begun = clock.now();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(operation);
      } catch (error) {
        if (!isFudoError(error)) throw error;
        const elapsed = clock.now() - begun;
        const failure = { method: operation.method, error, attempt, elapsed, heard, random: clock.random() };
        const delay = nextDelay(failure);
        if (delay === undefined) throw attempt === 1 ? error : wearied(error, attempt, elapsed);
        await clock.sleep(delay);
      }
    }
  };

  return { origin, perform, close: async () => exchange?.close() };
}

function requestOf({ method, path, body, beforeSend }: Operation<unknown>, apiKey: string) {
  return {
    method,
    path,
    headers: {
      // Appliance: the key alone, without a scheme.
      authorization: apiKey,
      "accept-encoding": "identity",
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(beforeSend && { beforeSend }),
  };
}

/** The last failure, saying how long it was fought. */
function wearied(error: FudoError, attempts: number, elapsed: number): FudoError {
  const { code, message, status, retryAfter, executed, fromAppliance, cause } = error;
  return new FudoError(code, `${message} (tried ${attempts} times in ${Math.round(elapsed / 1000)} s)`, {
    executed,
    fromAppliance,
    cause,
    ...(status !== undefined && { status }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}

function path(...elements: readonly string[]): string {
  return `/api/v2/${elements.map(encodeURIComponent).join("/")}`;
}

/** Callers check IDs with better words; here the last wall before `..` and the like reach the appliance. */
function decimal(sessionId: string): string {
  if (!/^\d{1,19}$/.test(sessionId))
    throw new FudoError("rejected", "a session ID is a decimal number of at most 19 digits");
  return sessionId;
}

function demandSendable(apiKey: string): void {
  if (!/^[\x21-\x7e]{1,4096}$/.test(apiKey)) {
    throw new FudoError(
      "config",
      "fudo:apiKey (or FUDO_API_KEY) is empty or far too long, or holds a space, a line break or another character that no API key has",
    );
  }
}
