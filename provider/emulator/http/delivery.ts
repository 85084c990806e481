// Writes an answer to the line: whole, slowly, cut short, or with a length that is not true. Knows nothing of its content.
import { Buffer } from "node:buffer";
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { type Answer, bodyOf, type Layout } from "./response";

/** What delivery needs beside the answer. */
export interface Way {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Resets the line of the request. */
  readonly reset: () => void;
  /** Aborts when the emulator closes. */
  readonly signal: AbortSignal;
  readonly layout: Layout;
  /** The appliance's clock, in milliseconds since the epoch. */
  readonly now: number;
}

/** Writes the answer; resolves with the size of the whole of it when it was cut, head included, else with the body's. */
export async function deliver(answer: Answer, way: Way): Promise<number> {
  const { response, now, layout } = way;
  const body = bodyOf(answer, layout);
  const headers: Record<string, string | number> = {
    Date: new Date(now).toUTCString(),
    "Content-Type": "application/json",
    ...answer.headers,
  };
  if (!answer.chunked) headers["Content-Length"] = answer.contentLength ?? body.length;
  if (answer.cut) return await sendCut(answer.cut, Buffer.concat([headText(answer.status, headers), body]), way);
  response.writeHead(answer.status, headers);
  if (answer.slow) await sendSlowly(answer.slow, body, way);
  else response.end(body);
  // The client waits for bytes that never come: only the end of the line tells it.
  if ((answer.contentLength ?? 0) > body.length) response.socket?.end();
  return body.length;
}

async function sendCut(
  { after, then }: NonNullable<Answer["cut"]>,
  whole: Buffer,
  { request, reset }: Way,
): Promise<number> {
  const { socket } = request;
  await new Promise<void>((sent) => socket.write(whole.subarray(0, after), () => sent()));
  if (then === "reset") reset();
  if (then === "end") socket.end();
  return whole.length;
}

async function sendSlowly(
  { bytes, every }: NonNullable<Answer["slow"]>,
  body: Buffer,
  { response, signal }: Way,
): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at += bytes) {
    response.write(body.subarray(at, at + bytes));
    await pause(every, undefined, { signal });
  }
  response.end();
}

function headText(status: number, headers: Record<string, string | number>): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Unknown"}\r\n${lines.join("")}\r\n`);
}
