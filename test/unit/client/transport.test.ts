// One request and its response over real sockets: timeouts, size limits, and whether a broken request was executed.
import { readFileSync } from "node:fs";
import type { Server, Socket } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Dispatcher } from "undici";
import type { Client } from "../../../provider/client/api";
import { createClient } from "../../../provider/client/client";
import {
  responseOf,
  apiKey,
  failure,
  emptyList,
  emptyShareList,
  createdShare,
  listen,
  options,
  rawServer,
  sessionId,
  sharePath,
  window,
} from "./fixture";

const { version } = JSON.parse(readFileSync(join(__dirname, "../../../package.json"), "utf8")) as { version: string };
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function against(server: Server, timeout = 5000): Promise<{ fudo: Client; port: number }> {
  const { port, close } = await listen(server);
  const fudo = createClient(options({ url: `http://127.0.0.1:${port}`, timeout }));
  closing.push(close, () => fudo.close());
  return { fudo, port };
}

const create = (fudo: Client) => failure(fudo.createShare(sessionId, window));
const list = (fudo: Client) => failure(fudo.listShares(sessionId));
const always = (bytes: string | Buffer) => rawServer((socket) => socket.write(bytes));

describe("requests", () => {
  test("every byte of a request is as in the vendor's samples, with the headers that proxies and firewalls need", async () => {
    const requests: string[] = [];
    const { fudo, port } = await against(
      rawServer((socket, request) => {
        requests.push(request);
        socket.write(responseOf(request.startsWith("POST") ? createdShare : emptyList));
      }),
    );
    await fudo.listShares(sessionId);
    await fudo.createShare(sessionId, window);
    const head = (method: string) =>
      `${method} ${sharePath} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: keep-alive\r\nauthorization: ${apiKey}\r\nuser-agent: pulumi-fudo/${version}\r\naccept: application/json\r\naccept-encoding: identity\r\ncache-control: no-cache\r\n`;
    const body = '{"valid_since":"2025-05-15T13:07:00.000Z","valid_to":"2025-05-15T21:07:00.000Z","readonly":true}';
    expect(requests).toEqual([
      `${head("GET")}\r\n`,
      `${head("POST")}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    ]);
  });

  test("one connection serves many requests, and there are at most sixteen", async () => {
    let accepted = 0;
    const server = always(responseOf(emptyList)).on("connection", () => (accepted += 1));
    const { fudo } = await against(server);
    for (let i = 0; i < 20; i += 1) await fudo.listShares(sessionId);
    // undici frees a connection one turn of the event loop after its response, so a fast caller opens a second one.
    expect(accepted).toBeLessThanOrEqual(2);
    await Promise.all(Array.from({ length: 100 }, () => fudo.listShares(sessionId)));
    expect(accepted).toBeLessThanOrEqual(16);
  });

  test("time in the queue for a connection does not count towards the timeout", async () => {
    const waiting: Socket[] = [];
    const server = rawServer((socket) => {
      waiting.push(socket);
      if (waiting.length === 16)
        setTimeout(() => waiting.splice(0).forEach((each) => each.write(responseOf(emptyList))), 400);
    });
    const { fudo } = await against(server, 1000);
    const lists = await Promise.all(Array.from({ length: 48 }, () => fudo.listShares(sessionId)));
    expect(lists).toHaveLength(48);
  });

  test("proxy variables of the environment are not applied", async () => {
    let connections = 0;
    const proxy = await listen(createServer(() => (connections += 1)));
    closing.push(proxy.close);
    const names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "NODE_USE_ENV_PROXY"];
    const before = names.map((name) => process.env[name]);
    for (const name of names)
      process.env[name] = name === "NODE_USE_ENV_PROXY" ? "1" : `http://127.0.0.1:${proxy.port}`;
    try {
      const { fudo } = await against(always(responseOf(emptyList)));
      await fudo.listShares(sessionId);
    } finally {
      names.forEach((name, i) =>
        before[i] === undefined ? delete process.env[name] : (process.env[name] = before[i]),
      );
    }
    expect(connections).toBe(0);
  });

  test("an error from `beforeSend` prevents the request: no byte is sent", async () => {
    let bytes = 0;
    const server = createServer((socket) => socket.on("data", (chunk) => (bytes += chunk.length)));
    const { fudo } = await against(server);
    const beforeSend = () => {
      throw new Error("no engine");
    };
    const error = await failure(fudo.createShare(sessionId, window, { beforeSend }));
    expect(error).toMatchObject({ executed: "no" });
    expect(bytes).toBe(0);
  });
});

describe("whether the request was executed", () => {
  test("no: nothing listens on the port", async () => {
    const { port, close } = await listen(createServer());
    await close();
    const error = await create(createClient(options({ url: `http://127.0.0.1:${port}` })));
    expect(error).toMatchObject({ code: "unreachable", executed: "no" });
    expect(error.message).toContain(`POST ${sharePath}: http://127.0.0.1:${port}: connection refused (ECONNREFUSED)`);
  });

  test.each([1, 100, 200, 300])("unknown: the connection is reset after byte %d of the request", async (k) => {
    const server = createServer({ highWaterMark: k }, (socket) =>
      socket.once("readable", () => {
        socket.read(k);
        socket.resetAndDestroy();
      }),
    );
    const { fudo } = await against(server);
    expect(await create(fudo)).toMatchObject({ code: "unreachable", executed: "unknown" });
  });

  test("unknown until the last byte of the response, then executed", async () => {
    const bytes = Buffer.from(responseOf(createdShare));
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

  test("unknown: undici would send a POST again, and the transport prevents it", async () => {
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

  test("no: the appliance responded with 4xx, even if the body never ends", async () => {
    const cut = responseOf('{"result":"failure"}', "422 Unprocessable Entity", { "content-length": "500" });
    const { fudo } = await against(rawServer((socket) => socket.end(cut)));
    expect(await create(fudo)).toMatchObject({ code: "rejected", status: 422, executed: "no" });
  });
});

describe("the timeout covers the whole request", () => {
  test.each<[string, (socket: Socket) => unknown]>([
    ["no response", () => undefined],
    ["half of the headers", (socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-")],
    ["half of the body", (socket) => socket.write(responseOf(createdShare).slice(0, -5))],
    [
      "a slow response",
      (socket) => {
        const bytes = responseOf(createdShare);
        let i = 0;
        const timer = setInterval(() => (i < bytes.length ? socket.write(bytes.charAt(i++)) : undefined), 20);
        socket.on("close", () => clearInterval(timer));
      },
    ],
  ])("%s", async (_what, respond) => {
    const { fudo, port } = await against(
      rawServer((socket) => void respond(socket)),
      150,
    );
    const error = await create(fudo);
    expect(error).toMatchObject({ code: "unreachable", executed: "unknown" });
    expect(error.message).toContain(
      `http://127.0.0.1:${port}: request timed out after 0.15 s (set \`fudo:timeout\` or FUDO_TIMEOUT to change it)`,
    );
  });

  test("a TLS handshake that never ends: no byte of the request was sent", async () => {
    const { port, close } = await listen(createServer());
    const fudo = createClient(options({ url: `https://127.0.0.1:${port}`, timeout: 150 }));
    closing.push(close, () => fudo.close());
    expect(await create(fudo)).toMatchObject({ code: "unreachable", executed: "no" });
  });
});

describe("size limits", () => {
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

  test("a response with a Content-Length of 50 MB is not read", async () => {
    const { fudo } = await against(always(`HTTP/1.1 200 OK\r\ncontent-length: 50000000\r\n\r\n`));
    const error = await create(fudo);
    expect(error).toMatchObject({ code: "limit", executed: "unknown" });
    expect(error.message).toContain("the response is too large (the limit is 16 MiB)");
  });

  test("an endless response is aborted", async () => {
    const { fudo } = await against(endless("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", chunk));
    expect(await list(fudo)).toMatchObject({ code: "limit" });
  });

  test("an endless error page still has a status", async () => {
    const { fudo } = await against(endless("HTTP/1.1 403 Forbidden\r\ntransfer-encoding: chunked\r\n\r\n", chunk));
    expect(await list(fudo)).toMatchObject({ code: "unauthorized", status: 403 });
  });

  test("endless headers are aborted", async () => {
    const { fudo } = await against(endless("HTTP/1.1 200 OK\r\n", Buffer.from("x-more: and more and more\r\n")));
    expect(await list(fudo)).toMatchObject({ code: "limit" });
  });

  test("a gzip bomb is rejected", async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024, " "));
    const bytes = Buffer.concat([
      Buffer.from(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`),
      bomb,
    ]);
    const { fudo } = await against(always(bytes));
    expect(await list(fudo)).toMatchObject({ code: "limit" });
  });
});

describe("unusual but possible responses", () => {
  test("gzip from a proxy is read, and invalid gzip is a protocol error", async () => {
    let body = gzipSync(emptyList);
    const { fudo } = await against(
      rawServer((socket) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`);
        socket.write(body);
      }),
    );
    expect(await fudo.listShares(sessionId)).toEqual(emptyShareList);
    body = Buffer.from("no gzip");
    expect(await list(fudo)).toMatchObject({ code: "protocol" });
  });

  test("interim responses are ignored", async () => {
    const { fudo } = await against(always(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${responseOf(emptyList)}`));
    expect(await fudo.listShares(sessionId)).toEqual(emptyShareList);
  });

  test("a server that does not speak HTTP", async () => {
    const { fudo, port } = await against(always("SSH-2.0-OpenSSH_9.6\r\n"));
    const error = await list(fudo);
    expect(error).toMatchObject({ code: "protocol" });
    expect(error.message).toContain(`http://127.0.0.1:${port}: the server does not speak HTTP/1.1`);
  });

  test("a list response longer than its Content-Length is read once, a shorter one is requested again", async () => {
    const lengths = [String(emptyList.length + 9), String(emptyList.length)];
    const { fudo } = await against(
      rawServer((socket) =>
        socket.end(
          responseOf(emptyList, "200 OK", { "content-length": lengths.shift() ?? "0" }) +
            (lengths.length ? "" : "surplus"),
        ),
      ),
    );
    expect(await fudo.listShares(sessionId)).toEqual(emptyShareList);
    expect(lengths).toEqual([]);
  });

  test("a POST succeeds after the appliance closed an idle connection", async () => {
    let closed = Promise.resolve();
    const { fudo } = await against(
      rawServer((socket, request) => {
        closed = new Promise((resolve) => socket.on("close", () => resolve()));
        socket.end(responseOf(request.startsWith("POST") ? createdShare : emptyList));
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
