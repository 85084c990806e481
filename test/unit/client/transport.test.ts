// One request and its whole answer over real sockets: deadlines, limits, what was sent when a line broke.
import type { Server, Socket } from "node:net";
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { Dispatcher } from "undici";
import type { Client } from "../../../provider/client/api";
import { createClient } from "../../../provider/client/client";
import type { SessionDirectory } from "../../../provider/client/session-schema";
import {
  answerOf,
  apiKey,
  failure,
  goodList,
  goodShare,
  listen,
  options,
  rawServer,
  sessionId,
  sharePath,
  window,
} from "./fixture";

type Fudo = Client & SessionDirectory;
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function against(server: Server, timeout = 5000): Promise<{ fudo: Fudo; port: number }> {
  const { port, close } = await listen(server);
  const fudo = createClient(options({ url: `http://127.0.0.1:${port}`, timeout }));
  closing.push(close, () => fudo.close());
  return { fudo, port };
}

const create = (fudo: Fudo) => failure(fudo.createShare(sessionId, window));
const list = (fudo: Fudo) => failure(fudo.listShares(sessionId));
const always = (bytes: string | Buffer) => rawServer((socket) => socket.write(bytes));

describe("what goes over the wire", () => {
  test("the vendor's requests, to the byte", async () => {
    const requests: string[] = [];
    const { fudo, port } = await against(
      rawServer((socket, request) => {
        requests.push(request);
        socket.write(answerOf(request.startsWith("POST") ? goodShare : goodList));
      }),
    );
    await fudo.listShares(sessionId);
    await fudo.createShare(sessionId, window);
    const head = (method: string) =>
      `${method} ${sharePath} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: keep-alive\r\nauthorization: ${apiKey}\r\naccept-encoding: identity\r\n`;
    const body = '{"valid_since":"2025-05-15T13:07:00.000Z","valid_to":"2025-05-15T21:07:00.000Z","readonly":true}';
    expect(requests).toEqual([
      `${head("GET")}\r\n`,
      `${head("POST")}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    ]);
  });

  test("one connection serves many requests, and sixteen are the most", async () => {
    let accepted = 0;
    const server = always(answerOf(goodList)).on("connection", () => (accepted += 1));
    const { fudo } = await against(server);
    for (let i = 0; i < 20; i += 1) await fudo.listShares(sessionId);
    // undici frees a connection one turn of the loop after its answer, so that a hurried caller gets a second one.
    expect(accepted).toBeLessThanOrEqual(2);
    await Promise.all(Array.from({ length: 100 }, () => fudo.listShares(sessionId)));
    expect(accepted).toBeLessThanOrEqual(16);
  });

  test("waiting for a connection's turn is not counted as waiting for the answer", async () => {
    const waiting: Socket[] = [];
    const server = rawServer((socket) => {
      waiting.push(socket);
      if (waiting.length === 16)
        setTimeout(() => waiting.splice(0).forEach((each) => each.write(answerOf(goodList))), 400);
    });
    const { fudo } = await against(server, 1000);
    const lists = await Promise.all(Array.from({ length: 48 }, () => fudo.listShares(sessionId)));
    expect(lists).toHaveLength(48);
  });

  test("proxies of the environment are not used", async () => {
    let asked = 0;
    const proxy = await listen(createServer(() => (asked += 1)));
    closing.push(proxy.close);
    const names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "NODE_USE_ENV_PROXY"];
    const before = names.map((name) => process.env[name]);
    for (const name of names)
      process.env[name] = name === "NODE_USE_ENV_PROXY" ? "1" : `http://127.0.0.1:${proxy.port}`;
    try {
      const { fudo } = await against(always(answerOf(goodList)));
      await fudo.listShares(sessionId);
    } finally {
      names.forEach((name, i) =>
        before[i] === undefined ? delete process.env[name] : (process.env[name] = before[i]),
      );
    }
    expect(asked).toBe(0);
  });

  test("a request that `beforeSend` refuses leaves no byte", async () => {
    let bytes = 0;
    const server = createServer((socket) => socket.on("data", (chunk) => (bytes += chunk.length)));
    const { fudo } = await against(server);
    const refused = () => {
      throw new Error("no engine");
    };
    const error = await failure(fudo.createShare(sessionId, window, { beforeSend: refused }));
    expect(error).toMatchObject({ executed: "no" });
    expect(bytes).toBe(0);
  });
});

describe("was it executed?", () => {
  test("no, when nobody listens", async () => {
    const { port, close } = await listen(createServer());
    await close();
    const error = await create(createClient(options({ url: `http://127.0.0.1:${port}` })));
    expect(error).toMatchObject({ code: "unreachable", executed: "no" });
    expect(error.message).toContain(
      `POST ${sharePath}: http://127.0.0.1:${port} refused the connection (ECONNREFUSED)`,
    );
  });

  test.each([1, 100, 200, 300])(
    "nobody knows, when the connection is reset after byte %d of the request",
    async (k) => {
      const server = createServer({ highWaterMark: k }, (socket) =>
        socket.once("readable", () => {
          socket.read(k);
          socket.resetAndDestroy();
        }),
      );
      const { fudo } = await against(server);
      expect(await create(fudo)).toMatchObject({ code: "unreachable", executed: "unknown" });
    },
  );

  test("at every byte of the answer: nobody knows until the last byte, then yes", async () => {
    const bytes = Buffer.from(answerOf(goodShare));
    let k = 0;
    let requests = 0;
    const server = rawServer((socket) => {
      requests += 1;
      socket.end(bytes.subarray(0, k));
    });
    const { fudo } = await against(server);
    for (; k < bytes.length; k += 1)
      expect(await create(fudo)).toMatchObject({ code: "unreachable", executed: "unknown" });
    expect((await fudo.createShare(sessionId, window)).share.key).toHaveLength(64);
    expect(requests).toBe(bytes.length + 1);
  });

  test("nobody knows, when undici would write a POST a second time: it is not written", async () => {
    const aborted = jest.fn();
    const dispatcher = new (class extends Dispatcher {
      override dispatch(_options: object, handler: Dispatcher.DispatchHandler) {
        const controller = { abort: aborted } as unknown as Dispatcher.DispatchController;
        handler.onRequestStart?.(controller, undefined);
        handler.onRequestStart?.(controller, undefined);
        return true;
      }
    })();
    const beforeSend = jest.fn();
    const error = await failure(createClient(options(), dispatcher).createShare(sessionId, window, { beforeSend }));
    expect(error).toMatchObject({ code: "unreachable", executed: "unknown" });
    expect(beforeSend).toHaveBeenCalledTimes(1);
    expect(aborted).toHaveBeenCalled();
  });

  test("no, once a 4xx status has arrived, even if its body never ends", async () => {
    const cut = answerOf('{"result":"failure"}', "422 Unprocessable Entity", { "content-length": "500" });
    const { fudo } = await against(rawServer((socket) => socket.end(cut)));
    expect(await create(fudo)).toMatchObject({ code: "rejected", status: 422, executed: "no" });
  });
});

describe("the deadline covers the whole exchange", () => {
  test.each<[string, (socket: Socket) => unknown]>([
    ["no answer", () => undefined],
    ["half a head", (socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-")],
    ["half a body", (socket) => socket.write(answerOf(goodShare).slice(0, -5))],
    [
      "bytes that drip",
      (socket) => {
        const bytes = answerOf(goodShare);
        let i = 0;
        const timer = setInterval(() => (i < bytes.length ? socket.write(bytes.charAt(i++)) : undefined), 20);
        socket.on("close", () => clearInterval(timer));
      },
    ],
  ])("%s", async (_what, speak) => {
    const { fudo, port } = await against(
      rawServer((socket) => void speak(socket)),
      150,
    );
    const error = await create(fudo);
    expect(error).toMatchObject({ code: "unreachable", executed: "unknown" });
    expect(error.message).toContain(
      `http://127.0.0.1:${port} gave no complete answer in time (0.15 s; set by fudo:timeout or FUDO_TIMEOUT)`,
    );
  });

  test("a TLS handshake that never ends: nothing was sent", async () => {
    const { port, close } = await listen(createServer());
    const fudo = createClient(options({ url: `https://127.0.0.1:${port}`, timeout: 150 }));
    closing.push(close, () => fudo.close());
    expect(await create(fudo)).toMatchObject({ code: "unreachable", executed: "no" });
  });
});

describe("limits", () => {
  const endless = (head: string, unit: Buffer) =>
    rawServer((socket) => {
      socket.write(head);
      const pour = () => {
        while (!socket.destroyed && socket.write(unit));
      };
      socket.on("drain", pour);
      pour();
    });
  const chunk = Buffer.concat([Buffer.from("10000\r\n"), Buffer.alloc(0x10000, " "), Buffer.from("\r\n")]);

  test("an answer that announces 50 MB is not read", async () => {
    const { fudo } = await against(always(`HTTP/1.1 200 OK\r\ncontent-length: 50000000\r\n\r\n`));
    const error = await create(fudo);
    expect(error).toMatchObject({ code: "limit", executed: "unknown" });
    expect(error.message).toContain("sent more than is accepted (the limit is 16 MiB)");
  });

  test("an answer without an end is cut off", async () => {
    const { fudo } = await against(endless("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", chunk));
    expect(await list(fudo)).toMatchObject({ code: "limit" });
  });

  test("an error page without an end still has a status", async () => {
    const { fudo } = await against(endless("HTTP/1.1 403 Forbidden\r\ntransfer-encoding: chunked\r\n\r\n", chunk));
    expect(await list(fudo)).toMatchObject({ code: "unauthorized", status: 403 });
  });

  test("headers without an end", async () => {
    const { fudo } = await against(endless("HTTP/1.1 200 OK\r\n", Buffer.from("x-more: and more and more\r\n")));
    expect(await list(fudo)).toMatchObject({ code: "limit" });
  });

  test("a bomb of gzip", async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024, " "));
    const answer = Buffer.concat([
      Buffer.from(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`),
      bomb,
    ]);
    const { fudo } = await against(always(answer));
    expect(await list(fudo)).toMatchObject({ code: "limit" });
  });
});

describe("odd but possible answers", () => {
  test("gzip from a proxy is read; bad gzip is not", async () => {
    let body = gzipSync(goodList);
    const { fudo } = await against(
      rawServer((socket) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`);
        socket.write(body);
      }),
    );
    expect(await fudo.listShares(sessionId)).toEqual({ shares: [] });
    body = Buffer.from("no gzip");
    expect(await list(fudo)).toMatchObject({ code: "protocol" });
  });

  test("interim answers are passed over", async () => {
    const { fudo } = await against(always(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${answerOf(goodList)}`));
    expect(await fudo.listShares(sessionId)).toEqual({ shares: [] });
  });

  test("something that does not speak HTTP", async () => {
    const { fudo, port } = await against(always("SSH-2.0-OpenSSH_9.6\r\n"));
    const error = await list(fudo);
    expect(error).toMatchObject({ code: "protocol" });
    expect(error.message).toContain(`what answers at http://127.0.0.1:${port} does not speak HTTP/1.1`);
  });

  test("a list whose answer is longer than announced is read once, and asked for again when it is shorter", async () => {
    const lengths = [String(goodList.length + 9), String(goodList.length)];
    const { fudo } = await against(
      rawServer((socket) =>
        socket.end(
          answerOf(goodList, "200 OK", { "content-length": lengths.shift() ?? "0" }) +
            (lengths.length ? "" : "surplus"),
        ),
      ),
    );
    expect(await fudo.listShares(sessionId)).toEqual({ shares: [] });
    expect(lengths).toEqual([]);
  });

  test("a connection that the appliance closed while idle does not cost a POST", async () => {
    let closed = Promise.resolve();
    const { fudo } = await against(
      rawServer((socket, request) => {
        closed = new Promise((resolve) => socket.on("close", () => resolve()));
        socket.end(answerOf(request.startsWith("POST") ? goodShare : goodList));
      }),
    );
    for (let i = 0; i < 10; i += 1) {
      await fudo.listShares(sessionId);
      await closed;
      await expect(fudo.createShare(sessionId, window)).resolves.toBeDefined();
      await closed;
    }
  });
});
