// A TCP proxy to the appliance that breaks the connection at a chosen byte of the next POST or of its response. It passes
// all other bytes unchanged.
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface Cut {
  /** Which bytes are counted. */
  readonly of: "request" | "response";
  /** This many bytes pass, then the connection breaks on both sides. */
  readonly after: number;
  /** A TCP reset, or an orderly end in the middle. */
  readonly how: "reset" | "end";
}

export interface FlakyProxy {
  /** The origin to use instead of the appliance's origin. */
  readonly url: string;
  /** Applies to the next POST. */
  cut: Cut | undefined;
  /** How many bytes of the last POST and of its response passed. */
  readonly passed: { request: number; response: number };
  close(): Promise<void>;
}

export async function startFlakyProxy(to: string): Promise<FlakyProxy> {
  const port = Number(new URL(to).port);
  const sockets = new Set<Socket>();
  const proxy = { cut: undefined as Cut | undefined, passed: { request: 0, response: 0 } };
  const server = createServer((client) => {
    const appliance = connect(port, "127.0.0.1");
    for (const socket of [client, appliance]) sockets.add(socket.on("error", () => undefined));
    forwardBetween(proxy, client, appliance);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

function forwardBetween(proxy: Pick<FlakyProxy, "cut" | "passed">, client: Socket, appliance: Socket): void {
  let cut: Cut | undefined;
  let inPost = false;
  const end = () =>
    [client, appliance].forEach((socket) => (cut?.how === "reset" ? socket.resetAndDestroy() : socket.end()));
  const forward = (to: Socket, part: "request" | "response", chunk: Buffer) => {
    const left = inPost && cut?.of === part ? cut.after - proxy.passed[part] : Infinity;
    if (inPost) proxy.passed[part] += chunk.length;
    if (chunk.length < left) return void to.write(chunk);
    client.removeAllListeners("data");
    appliance.removeAllListeners("data");
    to.write(chunk.subarray(0, left), end);
  };
  client.on("data", (chunk) => {
    const start = chunk.subarray(0, 5).toString("latin1");
    if (start === "POST ") {
      cut = proxy.cut;
      Object.assign(proxy, { passed: { request: 0, response: 0 }, cut: undefined });
    }
    if (start === "POST " || start === "GET /") inPost = start === "POST ";
    // No byte of the request passes: the connection breaks when the first one arrives.
    if (inPost && cut?.of === "request" && cut.after === 0) return end();
    forward(appliance, "request", chunk);
  });
  appliance.on("data", (chunk) => forward(client, "response", chunk));
  client.on("close", () => appliance.destroy());
  appliance.on("close", () => client.destroy());
}
