// Sends one HTTP request and receives its whole response, over a few kept-alive connections. It never retries.
import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import type { TlsOptions } from "../api";
import { maximumConnections, openConnections, singleDispatcher, type Connections } from "./connections";
import { timedOut, tooLarge, transportError } from "./transport-errors";

/** The maximum size in bytes of a 2xx response, and of an error response. */
const maximumSuccessSize = 16 * 1024 * 1024;
const maximumErrorSize = 64 * 1024;

export interface TransportRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Called right before the first byte is written. If it throws, the request ends unsent with that error. */
  readonly beforeSend?: () => void;
}

export interface RawResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingHttpHeaders;
  /** As sent. It may be truncated if the status is not 2xx, because then the status is enough. */
  readonly body: Buffer;
}

interface TransportOptions {
  readonly origin: string;
  readonly tls: TlsOptions;
  /** Milliseconds until the last byte of the response. Time in the queue for a connection does not count. */
  readonly timeout: number;
}

export interface Transport {
  /** Throws `FudoError`. `executed` is `no` if no byte of the request was written. */
  send(request: TransportRequest): Promise<RawResponse>;
  /** Resolves when all requests in flight are complete. */
  close(): Promise<void>;
}

/** Throws `config` for an unusable CA certificate. Tests pass their own dispatcher. */
export function openTransport(options: TransportOptions, dispatcher?: Dispatcher): Transport {
  const connections = dispatcher === undefined ? openConnections(options) : singleDispatcher(dispatcher);
  const enqueue = createLimiter(maximumConnections);
  return {
    send: (request) => enqueue(() => sendRequest(connections, request, options)),
    close: () => connections.close(),
  };
}

async function sendRequest(
  connections: Connections,
  request: TransportRequest,
  { origin, timeout, tls }: TransportOptions,
): Promise<RawResponse> {
  const { method, path, headers, body } = request;
  const handler = new ResponseHandler(request.beforeSend);
  const timer = setTimeout(() => handler.abort(errorWithCode(timedOut, "request timed out")), timeout);
  const lease = connections.lease(method);
  try {
    lease.dispatcher.dispatch({ origin, method, path, headers, body: body ?? null }, handler);
    return await handler.response;
  } catch (error) {
    // Only a POST changes anything on the appliance, and only after its first byte was sent.
    const executed = method === "POST" && handler.sent ? "unknown" : "no";
    const label = `${method} ${path}`;
    throw transportError(error, { label, origin, executed, timeout, tls, isUnconnected: !handler.sent });
  } finally {
    clearTimeout(timer);
    lease.release(handler.isComplete);
  }
}

/** Receives undici's events for one request and settles `response` once. */
class ResponseHandler implements Dispatcher.DispatchHandler {
  readonly response: Promise<RawResponse>;
  /** True from the moment at which bytes may have been sent. */
  sent = false;
  /** True when the last byte of the response arrived. */
  isComplete = false;

  private settle!: { resolve: (response: RawResponse) => void; reject: (error: Error) => void };
  private controller: Dispatcher.DispatchController | undefined;
  private abortError: Error | undefined;
  private head: Omit<RawResponse, "body"> | undefined;
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(private readonly beforeSend: (() => void) | undefined) {
    this.response = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
  }

  /** Ends the request from this side: nothing more is sent or read. */
  abort(error: Error): void {
    this.abortError = error;
    this.controller?.abort(error);
    this.fail(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // undici queues a request again when its idle connection breaks. A request must never be written twice.
    if (this.sent) this.abort(errorWithCode("UND_ERR_SOCKET", "the connection broke"));
    if (this.abortError !== undefined) return controller.abort(this.abortError);
    try {
      this.beforeSend?.();
      this.sent = true;
    } catch (error) {
      this.abort(error as Error);
    }
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    statusText = "",
  ): void {
    if (status < 200) return;
    this.head = { status, headers, statusText };
    if (isSuccess(status) && Number(headers["content-length"]) > maximumSuccessSize) this.abort(sizeError());
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > (isSuccess(this.head?.status) ? maximumSuccessSize : maximumErrorSize)) this.abort(sizeError());
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.head === undefined) this.fail(errorWithCode("UND_ERR_SOCKET", "no response"));
    else {
      this.isComplete = true;
      this.settle.resolve({ ...this.head, body: Buffer.concat(this.chunks) });
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  private fail(error: Error): void {
    // Status before body: an error status counts even if its body did not arrive.
    if (this.head === undefined || isSuccess(this.head.status)) this.settle.reject(error);
    else this.settle.resolve({ ...this.head, body: Buffer.concat(this.chunks) });
  }
}

function isSuccess(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300;
}

function sizeError(): Error {
  return errorWithCode(tooLarge, `the limit is ${maximumSuccessSize / 1024 / 1024} MiB`);
}

function errorWithCode(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** Runs at most `limit` pieces of work at a time; the others wait in order. */
function createLimiter(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running < limit) running += 1;
    else await new Promise<void>((proceed) => waiting.push(proceed));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
