// An HTTP server whose responses a test scripts, for responses that the emulator would never send.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** One response: its status, its exact body, and additional headers. */
interface ScriptedResponse {
  readonly status?: number;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ScriptedServer {
  readonly url: string;
  /** Makes the response to each request. Default: an empty list, and a share with a key of the documented form. */
  respond: (request: IncomingMessage) => ScriptedResponse;
  /** Method, undecoded path and body of each request. */
  readonly requests: { method: string; path: string; body: string }[];
  close(): Promise<void>;
}

export const scriptedKey = "gHJNP5SWFx08lvecW82uotFfxZVYJzOqhIbusRR9q1HmFLF1C7rd5xv7BywSmeOQ";

/** `{"result":"success","session_share":…}`. Lone surrogates are sent escaped, as JSON allows. */
export const listOf = (entries: unknown): ScriptedResponse => ({
  body: JSON.stringify({ result: "success", session_share: entries }),
});

const defaultResponse = ({ method }: IncomingMessage): ScriptedResponse =>
  method === "GET" ? listOf([]) : listOf({ key: scriptedKey });

/** `now` gives the time of the `Date` header, in milliseconds. */
export async function startScriptedServer(now: () => number = Date.now): Promise<ScriptedServer> {
  const requests: ScriptedServer["requests"] = [];
  const script = { respond: defaultResponse, requests };
  const server = createServer((request, response) => {
    const record = { method: request.method ?? "", path: request.url ?? "", body: "" };
    requests.push(record);
    request.setEncoding("utf8").on("data", (part: string) => (record.body += part));
    request.on("end", () => {
      const { status = 200, body, headers } = script.respond(request);
      const date = new Date(now()).toUTCString();
      response.writeHead(status, { date, "content-type": "application/json", ...headers }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(script, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}
