// Chooses the connection for each request: a pool for GET, and for POST only a connection that is new or that answered within
// the last second. A server may close an idle connection at any moment, and a POST that meets this has an unknown outcome.
import type { Dispatcher } from "undici";
import type * as Undici from "undici";
import type { TlsOptions } from "../api";
import { connectorFor } from "../tls/tls";

/** The maximum number of connections of the pool. The transport limits all requests in flight to the same number. */
export const maximumConnections = 16;

/** Milliseconds after its last response in which a connection may carry another POST. */
const freshFor = 1000;

interface ConnectionOptions {
  readonly origin: string;
  readonly tls: TlsOptions;
  readonly timeout: number;
}

/** A connection for one request. */
export interface Lease {
  readonly dispatcher: Dispatcher;
  /** Call it once, when the request has ended. `answered`: the whole response arrived. */
  release(answered: boolean): void;
}

export interface Connections {
  lease(method: "GET" | "POST"): Lease;
  /** Resolves when all requests in flight are complete. */
  close(): Promise<void>;
}

/** The same dispatcher for each request: for tests. */
export function singleDispatcher(dispatcher: Dispatcher): Connections {
  return { lease: () => ({ dispatcher, release: () => undefined }), close: () => dispatcher.close() };
}

/** Throws `config` for an unusable CA certificate. */
export function openConnections({ origin, tls, timeout }: ConnectionOptions): Connections {
  // Loaded with the first request, because undici is slow to load and a run without requests does not need it.
  const { Client, Pool, buildConnector } = require("undici") as typeof Undici;
  const connect = connectorFor(tls, timeout, buildConnector);
  // The transport's timer limits the whole request. undici's own timers would report the same timeout differently.
  const common = { connect, allowH2: false, headersTimeout: 0, bodyTimeout: 0 };
  const pool = new Pool(origin, { ...common, connections: maximumConnections });
  const posts = new FreshClients(() => new Client(origin, { ...common, keepAliveTimeout: freshFor }));
  return {
    lease: (method) => (method === "GET" ? { dispatcher: pool, release: () => undefined } : posts.lease()),
    close: async () => {
      await Promise.all([pool.close(), posts.close()]);
    },
  };
}

/** Clients of one connection each, one request at a time. */
class FreshClients {
  private readonly idle: { readonly client: Undici.Client; readonly answeredAt: number }[] = [];
  private readonly busy = new Set<Undici.Client>();

  constructor(private readonly open: () => Undici.Client) {}

  lease(): Lease {
    const client = this.takeFresh() ?? this.open();
    this.busy.add(client);
    const release = (answered: boolean) => {
      // Deleted by `close` already: the client closes itself.
      if (!this.busy.delete(client)) return;
      if (answered) this.idle.push({ client, answeredAt: performance.now() });
      else void client.destroy();
    };
    return { dispatcher: client, release };
  }

  async close(): Promise<void> {
    const clients = [...this.busy, ...this.idle.map(({ client }) => client)];
    this.busy.clear();
    this.idle.length = 0;
    await Promise.all(clients.map((client) => client.close()));
  }

  /** The client that answered last, if that was within the last second. All older ones are closed. */
  private takeFresh(): Undici.Client | undefined {
    const oldest = performance.now() - freshFor;
    const last = this.idle.at(-1);
    const fresh = last !== undefined && last.answeredAt >= oldest ? this.idle.pop()?.client : undefined;
    const firstFresh = this.idle.findIndex(({ answeredAt }) => answeredAt >= oldest);
    const stale = this.idle.splice(0, firstFresh < 0 ? this.idle.length : firstFresh);
    for (const { client } of stale) void client.destroy();
    return fresh;
  }
}
