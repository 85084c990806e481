// Shared by the client's tests: a fake clock, client options, raw TCP servers and the vendor's samples.
import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ClientOptions } from "../../../provider/client/api";
import type { Clock } from "../../../provider/time/clock";
import { FudoError } from "../../../provider/client/errors";

export const sessionId = "4665729213955833860";
export const sharePath = `/api/v2/session/${sessionId}/share`;
export const apiKey = "sgfeea6jsaz4mum9su8w6";
export const origin = "https://fudo.example";
export const window = { validSince: "2025-05-15T13:07:00.000Z", validTo: "2025-05-15T21:07:00.000Z", readonly: true };

export class FakeClock implements Clock {
  readonly slept: number[] = [];
  constructor(
    private time = Date.parse("2025-05-15T13:07:00Z"),
    private readonly chance = 0.5,
  ) {}
  now = () => this.time;
  random = () => this.chance;
  sleep = (ms: number, signal?: AbortSignal) => {
    if (signal?.aborted) return Promise.reject(new Error("aborted"));
    this.slept.push(ms);
    this.time += ms;
    return Promise.resolve();
  };
}

export function options(more: Partial<ClientOptions> = {}): ClientOptions {
  return {
    url: origin,
    apiKey,
    apiKeySource: "the environment variable FUDO_API_KEY",
    tls: {},
    timeout: 5000,
    clock: new FakeClock(),
    ...more,
  };
}

/** A JSON sample of the vendor as text. */
export function vendor(name: string): string {
  return readFileSync(join(__dirname, "../../fixtures/vendor", `${name}.json`), "utf8");
}

/** The `FudoError` that a promise rejects with. Fails for any other outcome. */
export async function failure(promise: Promise<unknown>): Promise<FudoError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(FudoError);
  return outcome as FudoError;
}

/** Starts a server on the loopback address. `close` also closes all its connections. */
export async function listen(server: Server, port = 0): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { port: (server.address() as AddressInfo).port, close };
}

/** A server of raw bytes. It calls `respond` with each complete request (head and body) of a connection. */
export function rawServer(respond: (socket: Socket, request: string) => void): Server {
  return createServer((socket) => {
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      const head = received.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (head < 0 || received.length < head + 4 + length) return;
      const request = received;
      received = "";
      respond(socket, request);
    });
  });
}

export const emptyList = '{"result":"success","session_share":[]}';
/** What the client makes of `emptyList`. */
export const emptyShareList = { shares: [], provesAbsence: true, problems: [] };
export const createdShare =
  '{"result":"success","session_share":{"key":"gHJNP5SWFx08lvecW82uotFfxZVYJzOqhIbusRR9q1HmFLF1C7rd5xv7BywSmeOQ"}}';

/** The text of an HTTP/1.1 response. */
export function responseOf(body: string, status = "200 OK", headers: Record<string, string> = {}): string {
  const lines = Object.entries({
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    ...headers,
  });
  return `HTTP/1.1 ${status}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}
