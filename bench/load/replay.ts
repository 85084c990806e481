// A server that gives one answer to every request, and does so little for it that the client is what is measured. A
// process of its own: `replay.ts FILE`, the answer's body is in the file; prints its port.
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";

const body = readFileSync(process.argv[2] ?? "");
const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: ${new Date().toUTCString()}\r\nContent-Length: ${body.length}\r\n\r\n`;
const answer = Buffer.concat([Buffer.from(head), body]);
const end = "\r\n\r\n";

const server = createServer((socket) => {
  let rest = "";
  socket.setNoDelay(true).on("error", () => socket.destroy());
  // Only GETs come: a request ends with its head.
  socket.setEncoding("latin1").on("data", (part: string) => {
    const heads = (rest + part).split(end);
    rest = heads.pop() ?? "";
    for (const _head of heads) socket.write(answer);
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
