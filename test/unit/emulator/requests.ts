// Plain calls to an emulator, by Node's own clients: nothing between the test and the bytes.
import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { connect } from "node:net";
import type { Emulator } from "../../../provider/emulator";

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
  json: any;
}

export interface Call {
  headers?: OutgoingHttpHeaders;
  body?: string;
  tls?: RequestOptions;
}

/** One call; rejects when no whole answer comes. */
export function call(
  emulator: Emulator,
  method: string,
  path: string,
  { headers, body, tls }: Call = {},
): Promise<Reply> {
  const url = new URL(emulator.url);
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  const all = {
    Authorization: emulator.apiKey,
    ...(body !== undefined && { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const options = {
      hostname: url.hostname.replace(/[[\]]/g, ""),
      port: url.port,
      path,
      method,
      headers: all,
      agent: false,
      ca: emulator.certificate,
      ...tls,
    } as const;
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          bytes,
          text: bytes.toString(),
          json: parsed(bytes),
        });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

/** The vendor's sample body. */
export const sampleBody =
  '{"valid_since": "2025-05-15T13:07:00.000Z","valid_to": "2025-05-15T21:07:00.000Z","readonly": true}';

/** A moment in the middle of the sample's window. */
export const inSampleWindow = Date.parse("2025-05-15T15:00:00.000Z");

export const sharePath = (sessionId: string) => `/api/v2/session/${sessionId}/share`;

export const firstSession = (emulator: Emulator): string => emulator.sessions[0] ?? "";

/** Shares the first session, by the sample's body or another. */
export const share = (emulator: Emulator, changes: object = {}, more: Call = {}): Promise<Reply> =>
  call(emulator, "POST", sharePath(firstSession(emulator)), {
    body: JSON.stringify({ ...(JSON.parse(sampleBody) as object), ...changes }),
    ...more,
  });

/** Lists the first session's shares. */
export const list = (emulator: Emulator, more: Call = {}): Promise<Reply> =>
  call(emulator, "GET", sharePath(firstSession(emulator)), more);

/** What the list shows, by key. */
export const listedKeys = async (emulator: Emulator): Promise<string[]> =>
  ((await list(emulator)).json.session_share as { key: string }[]).map(({ key }) => key);

/** Sends a request as text and reads what comes back, until the line is ended or reset. */
export function raw(emulator: Emulator, text: string): Promise<{ bytes: Buffer; end: "ended" | "reset" }> {
  const { hostname, port } = new URL(emulator.url);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", () => resolve({ bytes: Buffer.concat(chunks), end: "reset" }));
    socket.on("end", () => resolve({ bytes: Buffer.concat(chunks), end: "ended" }));
    socket.write(text);
  });
}

/** A POST of the sample as text, for `raw`. */
export const rawPost = (emulator: Emulator): string =>
  `POST ${sharePath(firstSession(emulator))} HTTP/1.1\r\nHost: appliance\r\nAuthorization: ${emulator.apiKey}\r\nContent-Type: application/json\r\nContent-Length: ${sampleBody.length}\r\n\r\n${sampleBody}`;
