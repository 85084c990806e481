// The request log that tests read: each request, and how the emulator responded. It only stores references, so that
// benchmarks can leave it on.
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { realNow } from "../real-time";

/** One request. Times in milliseconds since the epoch, by the clock of the machine (not the appliance's clock). */
export interface RequestRecord {
  /** The method in capitals, for example `GET`. */
  readonly method: string;
  /** As received: not decoded, with the query. */
  readonly path: string;
  /** The headers, with names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** As received, including the API key. */
  readonly authorization: string | undefined;
  /** The body as text. */
  body: string;
  /** When the head of the request had arrived. */
  readonly receivedAt: number;
  /** When the emulator began to send the response. */
  respondedAt?: number;
  /** Absent if the emulator sent no byte of a response. */
  status?: number;
  /** The size of head and body, for a client that writes headers as `name: value`. */
  requestBytes?: number;
  /** The size of the response body. For a response that was cut: the size of the complete head and body. */
  responseBytes?: number;
  /** The kind of the fault that was applied. */
  fault?: string;
  /** Whether the appliance executed the request. */
  executed: boolean;
}

const maxRecords = 20_000;
const maxBodyCharacters = 64_000_000;

/** The last 20,000 requests, with at most 64 MB of bodies: an emulator that runs for weeks must not fill the memory. */
export class RequestLog {
  readonly records: RequestRecord[] = [];
  #bodyCharacters = 0;

  /** Adds a record for a request whose head was just received. */
  add(request: IncomingMessage): RequestRecord {
    const record = recordRequest(request);
    this.records.push(record);
    this.#trim();
    return record;
  }

  /** Stores a body that was read. The log may have dropped its record meanwhile. */
  setBody(record: RequestRecord, body: string): void {
    record.body = body;
    if (body === "" || this.records.lastIndexOf(record) < 0) return;
    this.#bodyCharacters += body.length;
    this.#trim();
  }

  #trim(): void {
    while (this.records.length > maxRecords || this.#bodyCharacters > maxBodyCharacters)
      this.#bodyCharacters -= this.records.shift()?.body.length ?? 0;
  }
}

function recordRequest(request: IncomingMessage): RequestRecord {
  const { method = "", url = "", headers } = request;
  return {
    method,
    path: url,
    headers,
    authorization: headers.authorization,
    body: "",
    receivedAt: realNow(),
    executed: false,
  };
}

/** The size of a request's head, computed from its parsed parts. */
export function headBytes({ method = "", url = "", httpVersion, rawHeaders }: IncomingMessage): number {
  const requestLine = `${method} ${url} HTTP/${httpVersion}\r\n`.length;
  return rawHeaders.reduce((sum, part) => sum + part.length + 2, requestLine + 2);
}
