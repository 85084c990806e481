// What came in and what became of it, for assertions. Keeps references and adds nothing up: it must cost next to nothing.
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/** One request. Times in milliseconds since the epoch, by the machine's clock. */
export interface RequestRecord {
  readonly method: string;
  /** As it came: undecoded, with the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came, secrets and all. */
  readonly authorization: string | undefined;
  body: string;
  readonly receivedAt: number;
  answeredAt?: number;
  /** Left out where no answer was sent, not even the start of one. */
  status?: number;
  /** The whole request, head included, of a client that writes `name: value`. */
  requestBytes?: number;
  /** The body of the answer; of one that was cut, the whole answer as it would have been. */
  answerBytes?: number;
  /** The fault that struck. */
  fault?: string;
  /** Whether the appliance carried it out. */
  carriedOut: boolean;
}

/** A record of a request that has just come in. */
export function recordRequest(request: IncomingMessage): RequestRecord {
  const { method = "", url = "", headers } = request;
  return {
    method,
    path: url,
    headers,
    authorization: headers.authorization,
    body: "",
    receivedAt: Date.now(),
    carriedOut: false,
  };
}

/** The size of a request's head, from the lines it was parsed into. */
export function headBytes({ method = "", url = "", httpVersion, rawHeaders }: IncomingMessage): number {
  const requestLine = `${method} ${url} HTTP/${httpVersion}\r\n`.length;
  return rawHeaders.reduce((sum, part) => sum + part.length + 2, requestLine + 2);
}
