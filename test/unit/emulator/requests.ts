// Sends requests to an emulator with the clients of Node.js, so that tests see exactly the bytes of the response.
import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { connect } from "node:net";
import type { Emulator } from "../../../provider/emulator";

export interface ReceivedResponse {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
  json: any;
}

export interface RequestParts {
  headers?: OutgoingHttpHeaders;
  body?: string;
  tls?: RequestOptions;
}

/** Sends one request. Rejects if the response is not complete. */
export function send(
  emulator: Emulator,
  method: string,
  path: string,
  { headers, body, tls }: RequestParts = {},
): Promise<ReceivedResponse> {
  const url = new URL(emulator.url);
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  const allHeaders = {
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
      headers: allHeaders,
      agent: false,
      ca: emulator.certificate,
      ...tls,
    } as const;
    const outgoing = request(options, (response) => {
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
          json: parseJson(bytes),
        });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** `responded`, or the error code of a request that failed. */
export const outcomeOf = async (response: Promise<unknown>): Promise<string> =>
  response.then(
    () => "responded",
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

/** The body of the vendor's sample request. */
export const sampleBody =
  '{"valid_since": "2025-05-15T13:07:00.000Z","valid_to": "2025-05-15T21:07:00.000Z","readonly": true}';

/** A time in the middle of the sample's window. */
export const inSampleWindow = Date.parse("2025-05-15T15:00:00.000Z");

export const sharePath = (sessionId: string) => `/api/v2/session/${sessionId}/share`;

export const firstSession = (emulator: Emulator): string => emulator.sessions[0] ?? "";

/** Shares the first session: the vendor's sample body with these changes. */
export const share = (emulator: Emulator, changes: object = {}, parts: RequestParts = {}): Promise<ReceivedResponse> =>
  send(emulator, "POST", sharePath(firstSession(emulator)), {
    body: JSON.stringify({ ...(JSON.parse(sampleBody) as object), ...changes }),
    ...parts,
  });

/** Lists the shares of the first session. */
export const list = (emulator: Emulator, parts: RequestParts = {}): Promise<ReceivedResponse> =>
  send(emulator, "GET", sharePath(firstSession(emulator)), parts);

/** The keys in the list of the first session. */
export const listedKeys = async (emulator: Emulator): Promise<string[]> =>
  ((await list(emulator)).json.session_share as { key: string }[]).map(({ key }) => key);

/** Sends a request as text, and reads the response until the connection is ended or reset. */
export function sendRaw(emulator: Emulator, text: string): Promise<{ bytes: Buffer; end: "ended" | "reset" }> {
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

/** The vendor's sample request as text, for `sendRaw`. */
export const rawPost = (emulator: Emulator): string =>
  `POST ${sharePath(firstSession(emulator))} HTTP/1.1\r\nHost: appliance\r\nAuthorization: ${emulator.apiKey}\r\nContent-Type: application/json\r\nContent-Length: ${sampleBody.length}\r\n\r\n${sampleBody}`;
