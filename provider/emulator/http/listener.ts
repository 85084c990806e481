// Listens over HTTP or HTTPS. Keeps track of every open connection, so that it can reset or close each of them.
import { once } from "node:events";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
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
  /** The origin that a client on this machine uses, for example `https://127.0.0.1:40123`. */
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
  const connections = trackConnections(server);
  // A client that fails in TLS or disconnects is not an error of the emulator: close the connection without a message.
  server.on("tlsClientError", (_error: Error, socket: Socket) => socket.destroy());
  server.on("clientError", (_error: Error, socket) => socket.destroy());
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  const reachable = wildcards[address.address] ?? address.address;
  const name = reachable.includes(":") ? `[${reachable}]` : reachable;
  return {
    url: `${tls ? "https" : "http"}://${name}:${address.port}`,
    reset: (request) => connections.resetBelow(request.socket),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      connections.destroyAll();
      await closed;
    },
  };
}

/** No client can connect to the address that stands for all addresses of the machine. */
const wildcards: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** Every open TCP connection of the server. */
function trackConnections(server: HttpServer | HttpsServer) {
  const open = new Set<Socket>();
  // Two clients can use the same port on two addresses. While a connection is open, all four values together are unique.
  const byEnds = new Map<string, Socket>();
  // A TLS socket cannot be reset, but the TCP socket below it can.
  const below = new WeakMap<Socket, Socket>();
  server.on("connection", (socket: Socket) => {
    const ends = endsOf(socket);
    open.add(socket);
    byEnds.set(ends, socket);
    socket.on("close", () => {
      open.delete(socket);
      if (byEnds.get(ends) === socket) byEnds.delete(ends);
    });
    socket.on("error", () => socket.destroy());
  });
  server.on("secureConnection", (secure: Socket) => {
    const socket = byEnds.get(endsOf(secure));
    if (socket !== undefined) below.set(secure, socket);
  });
  return {
    resetBelow: (socket: Socket) => (below.get(socket) ?? socket).resetAndDestroy(),
    destroyAll: () => {
      for (const socket of open) socket.destroy();
    },
  };
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(" ");
}
