// A server that gives one list in another order each time, and does so little for it that the client is what is measured. A
// process of its own: `replay.ts FILE`, the answer's body is in the file; prints its port.
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";

const list = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as { session_share: unknown[] };
const { session_share: shares } = list;
// Each answer differs from the last one, so that nobody can spare itself reading it.
const answers = shares.map((_share, first) =>
  answerOf({ ...list, session_share: [...shares.slice(first), ...shares.slice(0, first)] }),
);
let given = 0;

function answerOf(list: unknown): Buffer {
  // As the appliance writes it: its slashes are escaped.
  const body = Buffer.from(JSON.stringify(list).replaceAll("/", "\\/"));
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: ${new Date().toUTCString()}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

const end = "\r\n\r\n";

const server = createServer((socket) => {
  let rest = "";
  socket.setNoDelay(true).on("error", () => socket.destroy());
  // Only GETs come: a request ends with its head.
  socket.setEncoding("latin1").on("data", (part: string) => {
    const heads = (rest + part).split(end);
    rest = heads.pop() ?? "";
    for (const _head of heads) socket.write(answers[given++ % answers.length] ?? "");
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
