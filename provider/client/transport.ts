// The one place of I/O: one HTTP request and its whole answer, over a few kept-alive connections. It must not know what
// is asked, nor try anything twice.
import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import type * as Undici from "undici";
import type { TlsOptions } from "./api";
import { deadline, failureOf, tooLarge } from "./transport-errors";
import { connectorFor } from "./tls";

/** Connections, and so requests under way, at most. */
const connections = 16;
/** Bytes of a successful answer, and of one that only carries an error message. */
const largestAnswer = 16 * 1024 * 1024;
const largestFailure = 64 * 1024;

export interface ExchangeRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Called right before the first byte is written; what it throws ends the request unsent. */
  readonly beforeSend?: () => void;
}

export interface RawAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingHttpHeaders;
  /** As sent; cut off for answers other than 2xx, whose status says enough. */
  readonly body: Buffer;
}

export interface ExchangeOptions {
  readonly origin: string;
  readonly tls: TlsOptions;
  /** Milliseconds from getting a connection's turn to the last byte of the answer. */
  readonly timeout: number;
}

export interface Exchange {
  /** Throws `FudoError`; `executed` is `no` where no byte of the request was written. */
  send(request: ExchangeRequest): Promise<RawAnswer>;
  /** Resolves when the requests under way have ended. */
  close(): Promise<void>;
}

/** Throws `config` for an unusable CA certificate. Tests bring their own dispatcher. */
export function openExchange(options: ExchangeOptions, dispatcher: Dispatcher = openPool(options)): Exchange {
  const turn = atMost(connections);
  return { send: (request) => turn(() => converse(dispatcher, request, options)), close: () => dispatcher.close() };
}

function openPool({ origin, tls, timeout }: ExchangeOptions): Dispatcher {
  // Loaded on the first request: it costs more than everything else here together.
  const { Pool, buildConnector } = require("undici") as typeof Undici;
  const connect = connectorFor(tls, timeout, buildConnector);
  // The deadline below bounds the whole exchange; undici's own timers would only add a second answer to one question.
  return new Pool(origin, { connections, connect, allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
}

async function converse(
  dispatcher: Dispatcher,
  request: ExchangeRequest,
  { origin, timeout }: ExchangeOptions,
): Promise<RawAnswer> {
  const { method, path, headers, body } = request;
  const listener = new Listener(request.beforeSend);
  const timer = setTimeout(() => listener.end(coded(deadline, `${timeout / 1000} s`)), timeout);
  try {
    dispatcher.dispatch({ origin, method, path, headers, body: body ?? null }, listener);
    return await listener.answer;
  } catch (error) {
    // Only a POST executes anything, and only one of which bytes have left.
    const executed = method === "POST" && listener.sent ? "unknown" : "no";
    throw failureOf(error, { label: `${method} ${path}`, origin, executed });
  } finally {
    clearTimeout(timer);
  }
}

/** Follows one request through undici and settles once. */
class Listener implements Dispatcher.DispatchHandler {
  readonly answer: Promise<RawAnswer>;
  /** True from the moment at which bytes may have left. */
  sent = false;

  private settle!: { resolve: (answer: RawAnswer) => void; reject: (error: Error) => void };
  private controller: Dispatcher.DispatchController | undefined;
  private ended: Error | undefined;
  private head: Omit<RawAnswer, "body"> | undefined;
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(private readonly beforeSend: (() => void) | undefined) {
    this.answer = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
  }

  /** Ends the exchange from this side: nothing more is sent or read. */
  end(error: Error): void {
    this.ended = error;
    this.controller?.abort(error);
    this.fail(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // undici puts a request whose idle connection broke back into its queue: ours is written once or not at all.
    if (this.sent) this.end(coded("UND_ERR_SOCKET", "the connection broke"));
    if (this.ended !== undefined) return controller.abort(this.ended);
    try {
      this.beforeSend?.();
      this.sent = true;
    } catch (error) {
      this.end(error as Error);
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
    if (isSuccess(status) && Number(headers["content-length"]) > largestAnswer) this.end(overLimit());
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > (isSuccess(this.head?.status) ? largestAnswer : largestFailure)) this.end(overLimit());
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.head === undefined) this.fail(coded("UND_ERR_SOCKET", "no answer"));
    else this.settle.resolve({ ...this.head, body: Buffer.concat(this.chunks) });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  private fail(error: Error): void {
    // Status before body: what a refusal says beside its status may be missing.
    if (this.head === undefined || isSuccess(this.head.status)) this.settle.reject(error);
    else this.settle.resolve({ ...this.head, body: Buffer.concat(this.chunks) });
  }
}

function isSuccess(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300;
}

function overLimit(): Error {
  return coded(tooLarge, `the limit is ${largestAnswer / 1024 / 1024} MiB`);
}

function coded(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function atMost(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
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
