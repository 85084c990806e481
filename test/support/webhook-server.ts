// A receiver of webhooks on loopback, by HTTPS with a certificate of its own, or by HTTP. A test scripts its response.
import { once } from "node:events";
import { createServer as createHttp, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { makeCertificate } from "../../provider/emulator";

export interface WebhookServer {
  /** Its path is a credential, as in most chat systems. */
  readonly url: string;
  readonly origin: string;
  /** The part of the address that nothing may show. */
  readonly credential: string;
  /** The certificate to trust. Empty for HTTP. */
  readonly certificate: string;
  readonly requests: { method: string; path: string; headers: IncomingHttpHeaders; body: string }[];
  /** Connections, also those whose handshake failed. */
  readonly connections: () => number;
  respond: (response: ServerResponse) => void;
  close(): Promise<void>;
}

const credential = "T0000WEBHOOK-canary_0123";

export async function startWebhookServer({ https = true } = {}): Promise<WebhookServer> {
  const certificate = https ? makeCertificate({ names: ["127.0.0.1"] }) : undefined;
  const requests: WebhookServer["requests"] = [];
  const script = { respond: (response: ServerResponse) => void response.end("ok") };
  const server =
    certificate === undefined
      ? createHttp()
      : createHttps({ cert: certificate.chain, key: certificate.privateKey, minVersion: "TLSv1.2" });
  let connections = 0;
  server.on("connection", () => (connections += 1));
  server.on("request", (request, response) => {
    const { method = "", url: path = "", headers } = request;
    const record = { method, path, headers, body: "" };
    requests.push(record);
    request.setEncoding("utf8").on("data", (part: string) => (record.body += part));
    request.on("end", () => script.respond(response));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const origin = `${https ? "https" : "http"}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(script, {
    origin,
    url: `${origin}/services/${credential}?token=${credential}`,
    credential,
    certificate: certificate?.root ?? "",
    requests,
    connections: () => connections,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}
