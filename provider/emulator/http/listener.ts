// Listens over HTTP or HTTPS. Keeps track of every open connection, so that it can reset or close each of them.
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";

/** Handles one request. */
export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/** Where to listen, and with which certificate (none: plain HTTP). */
export interface ListenOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly tls?: { readonly chain: string; readonly privateKey: string } | undefined;
}

/** A listening server. */
export interface Listener {
  /** The origin, for example `https://127.0.0.1:40123`. */
  readonly url: string;
  /** Ends the request's connection immediately, with a TCP reset. */
  reset(request: IncomingMessage): void;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

/** Starts to listen. Rejects if the address is not available. */
export async function listen({ host, port, tls }: ListenOptions, onRequest: RequestListener): Promise<Listener> {
  const server = tls
    ? createHttpsServer({ cert: tls.chain, key: tls.privateKey }, onRequest)
    : createHttpServer(onRequest);
  // Longer than any test or pause: the server must not close an idle connection unless a test requests this as a fault.
  server.keepAliveTimeout = 600_000;
  const connections = new Map<number, Socket>();
  server.on("connection", (socket: Socket) => {
    const clientPort = socket.remotePort ?? 0;
    connections.set(clientPort, socket);
    socket.on("close", () => connections.delete(clientPort));
    socket.on("error", () => socket.destroy());
  });
  // A client that fails in TLS or disconnects is not an error of the emulator: close the connection without a message.
  server.on("tlsClientError", (_error: Error, socket: Socket) => socket.destroy());
  server.on("clientError", (_error: Error, socket) => socket.destroy());
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `${tls ? "https" : "http"}://${name}:${address.port}`,
    // A TLS socket cannot be reset, but the TCP socket below it can. Both have the same client port.
    reset: (request) => connections.get(request.socket.remotePort ?? 0)?.resetAndDestroy(),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of connections.values()) socket.destroy();
      await closed;
    },
  };
}
