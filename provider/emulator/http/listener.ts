// Listens over HTTP or HTTPS, knows every open line, and can reset or drop it. Knows nothing of what is said on it.
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";

/** Where to listen, and with which certificate (none: plain HTTP). */
export interface Address {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly tls?: { readonly chain: string; readonly privateKey: string } | undefined;
}

/** A server that listens. */
export interface Listener {
  /** The origin: `https://127.0.0.1:40123`. */
  readonly url: string;
  /** Ends the line of this request at once, with a TCP reset. */
  reset(request: IncomingMessage): void;
  /** Stops listening and drops every line. */
  close(): Promise<void>;
}

/** Listens, and hands every request over. Rejects when the address cannot be had. */
export async function listen(
  { host, port, tls }: Address,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Listener> {
  const server = tls
    ? createHttpsServer({ cert: tls.chain, key: tls.privateKey }, onRequest)
    : createHttpServer(onRequest);
  // Longer than any test or pause: a line that the appliance drops while it idles is a fault, to be asked for.
  server.keepAliveTimeout = 600_000;
  const lines = new Map<number, Socket>();
  server.on("connection", (socket: Socket) => {
    const line = socket.remotePort ?? 0;
    lines.set(line, socket);
    socket.on("close", () => lines.delete(line));
    socket.on("error", () => socket.destroy());
  });
  // What a client does wrong in TLS, or by going away, is not ours to report.
  server.on("tlsClientError", (_error: Error, socket: Socket) => socket.destroy());
  server.on("clientError", (_error: Error, socket) => socket.destroy());
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `${tls ? "https" : "http"}://${name}:${address.port}`,
    // A TLS line cannot be reset itself, but the TCP line under it can: they share the client's port.
    reset: (request) => lines.get(request.socket.remotePort ?? 0)?.resetAndDestroy(),
    async close() {
      const closed = new Promise((done) => server.close(done));
      for (const socket of lines.values()) socket.destroy();
      await closed;
    },
  };
}
