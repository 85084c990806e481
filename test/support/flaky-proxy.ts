// A line to the appliance that breaks at a chosen byte of the next POST exchange, in either direction. Knows no HTTP but
// how a POST begins; what passes before and after the cut passes unchanged.
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface Cut {
  /** Which bytes are counted: those of the request, or of its answer. */
  readonly of: "request" | "answer";
  /** So many pass, then the line breaks on both sides. */
  readonly after: number;
  /** A TCP reset, or an orderly end in the middle. */
  readonly how: "reset" | "end";
}

export interface CuttingLine {
  /** The origin to use instead of the appliance's. */
  readonly url: string;
  /** For the next POST. */
  cut: Cut | undefined;
  /** Bytes of the last POST that passed whole, and of its answer. */
  readonly passed: { request: number; answer: number };
  close(): Promise<void>;
}

export async function cuttingLine(to: string): Promise<CuttingLine> {
  const port = Number(new URL(to).port);
  const sockets = new Set<Socket>();
  const line = { cut: undefined as Cut | undefined, passed: { request: 0, answer: 0 } };
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const socket of [near, far]) sockets.add(socket.on("error", () => undefined));
    pass(line, near, far);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(line, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

function pass(line: Pick<CuttingLine, "cut" | "passed">, near: Socket, far: Socket): void {
  let cut: Cut | undefined;
  let inPost = false;
  const end = () => [near, far].forEach((socket) => (cut?.how === "reset" ? socket.resetAndDestroy() : socket.end()));
  const forward = (to: Socket, part: "request" | "answer", chunk: Buffer) => {
    const left = inPost && cut?.of === part ? cut.after - line.passed[part] : Infinity;
    if (inPost) line.passed[part] += chunk.length;
    if (chunk.length < left) return void to.write(chunk);
    near.removeAllListeners("data");
    far.removeAllListeners("data");
    to.write(chunk.subarray(0, left), end);
  };
  near.on("data", (chunk) => {
    const begins = chunk.subarray(0, 5).toString("latin1");
    if (begins === "POST ")
      Object.assign(line, { passed: { request: 0, answer: 0 }, cut: ((cut = line.cut), undefined) });
    if (begins === "POST " || begins === "GET /") inPost = begins === "POST ";
    // Nothing of the request passes: the line breaks when its first byte comes.
    if (inPost && cut?.of === "request" && cut.after === 0) return end();
    forward(far, "request", chunk);
  });
  far.on("data", (chunk) => forward(near, "answer", chunk));
  near.on("close", () => far.destroy());
  far.on("close", () => near.destroy());
}
