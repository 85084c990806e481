// A server that sends one list, in a different order each time. It does so little work that the client is what limits the rate.
// Runs as a separate process: `replay.ts FILE`, where the file holds the body of the response; prints its port.
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";

const list = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as { session_share: unknown[] };
const { session_share: shares } = list;
// Each response differs from the previous one, so that a client cannot skip reading it.
const responses = shares.map((_share, first) =>
  responseOf({ ...list, session_share: [...shares.slice(first), ...shares.slice(0, first)] }),
);
let sent = 0;

function responseOf(list: unknown): Buffer {
  // Appliance: it escapes slashes in JSON.
  const body = Buffer.from(JSON.stringify(list).replaceAll("/", "\\/"));
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: ${new Date().toUTCString()}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

const end = "\r\n\r\n";

const server = createServer((socket) => {
  let rest = "";
  socket.setNoDelay(true).on("error", () => socket.destroy());
  // Only GETs arrive: a request ends with its head.
  socket.setEncoding("latin1").on("data", (part: string) => {
    const heads = (rest + part).split(end);
    rest = heads.pop() ?? "";
    for (const _head of heads) socket.write(responses[sent++ % responses.length] ?? "");
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
