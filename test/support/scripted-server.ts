// An appliance that says word for word what a test puts into its mouth: for what no honest emulator would ever answer.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A whole answer: its status, its body as it goes out, and headers of its own. */
export interface Speech {
  readonly status?: number;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Puppet {
  readonly url: string;
  /** What it answers to each request: by default an empty list, and a share with a documented key. */
  answer: (request: IncomingMessage) => Speech;
  /** Method and path of each request, undecoded, and its body. */
  readonly requests: { method: string; path: string; body: string }[];
  close(): Promise<void>;
}

export const puppetKey = "gHJNP5SWFx08lvecW82uotFfxZVYJzOqhIbusRR9q1HmFLF1C7rd5xv7BywSmeOQ";

/** `{"result":"success","session_share":…}`; lone surrogates go out escaped, as JSON allows. */
export const listOf = (entries: unknown): Speech => ({
  body: JSON.stringify({ result: "success", session_share: entries }),
});

const honest = ({ method }: IncomingMessage): Speech => (method === "GET" ? listOf([]) : listOf({ key: puppetKey }));

export async function puppet(): Promise<Puppet> {
  const requests: Puppet["requests"] = [];
  const self = { answer: honest, requests };
  const server = createServer((request, response) => {
    const record = { method: request.method ?? "", path: request.url ?? "", body: "" };
    requests.push(record);
    request.setEncoding("utf8").on("data", (part: string) => (record.body += part));
    request.on("end", () => {
      const { status = 200, body, headers } = self.answer(request);
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(self, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}
