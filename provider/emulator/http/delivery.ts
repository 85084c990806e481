// Sends a response: complete, slowly, cut short, or with a wrong `Content-Length`.
import { Buffer } from "node:buffer";
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import { pause } from "../real-time";
import { type ApiResponse, bodyOf, type JsonLayout } from "./response";

/** The connection to send a response on, and how to format the response. */
export interface DeliveryOptions {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Resets the connection. */
  readonly reset: () => void;
  /** Aborts when the emulator closes. */
  readonly signal: AbortSignal;
  readonly layout: JsonLayout;
  /** The appliance's clock, in milliseconds since the epoch. */
  readonly now: number;
}

/** Sends the response. Returns the size of the body; for a response that was cut, the size of head and body. */
export async function deliver(apiResponse: ApiResponse, options: DeliveryOptions): Promise<number> {
  const { response, now, layout } = options;
  const body = bodyOf(apiResponse, layout);
  const headers: Record<string, string | number> = replaceHeaders(
    { Date: new Date(now).toUTCString(), "Content-Type": "application/json" },
    apiResponse.headers ?? {},
  );
  if (!apiResponse.chunked) headers["Content-Length"] = apiResponse.contentLength ?? body.length;
  if (apiResponse.cut) {
    return await sendCut(apiResponse.cut, Buffer.concat([formatHead(apiResponse.status, headers), body]), options);
  }
  response.writeHead(apiResponse.status, headers);
  if (apiResponse.slow) await sendSlowly(apiResponse.slow, body, options);
  else response.end(body);
  // The client waits for bytes that never come. Without this, it would wait until its timeout.
  if ((apiResponse.contentLength ?? 0) > body.length) response.socket?.end();
  return body.length;
}

/** The defaults and the given headers. A given header replaces the default one in any case of its letters. */
function replaceHeaders(
  defaults: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  return {
    ...Object.fromEntries(Object.entries(defaults).filter(([name]) => !names.has(name.toLowerCase()))),
    ...given,
  };
}

async function sendCut(
  { after, then }: NonNullable<ApiResponse["cut"]>,
  bytes: Buffer,
  { request, reset }: DeliveryOptions,
): Promise<number> {
  const { socket } = request;
  await new Promise<void>((sent) => socket.write(bytes.subarray(0, after), () => sent()));
  if (then === "reset") reset();
  if (then === "end") socket.end();
  return bytes.length;
}

async function sendSlowly(
  { bytes, every }: NonNullable<ApiResponse["slow"]>,
  body: Buffer,
  { response, signal }: DeliveryOptions,
): Promise<void> {
  for (let offset = 0; offset < body.length && !response.destroyed; offset += bytes) {
    response.write(body.subarray(offset, offset + bytes));
    await pause(every, signal);
  }
  response.end();
}

function formatHead(status: number, headers: Record<string, string | number>): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Unknown"}\r\n${lines.join("")}\r\n`);
}
