// Which connection a POST goes on: a new one, or one that answered within the last second. GETs share a pool.
import type { Socket } from "node:net";
import type { Client } from "../../../provider/client/api";
import { createClient } from "../../../provider/client/client";
import { createdShare, emptyList, failure, listen, options, rawServer, responseOf, sessionId, window } from "./fixture";

const closing: (() => Promise<unknown>)[] = [];
let later = 0;

beforeEach(() => {
  later = 0;
  const real = performance.now.bind(performance);
  jest.spyOn(performance, "now").mockImplementation(() => real() + later);
});

afterEach(async () => {
  jest.restoreAllMocks();
  for (const close of closing.splice(0).reverse()) await close();
});

interface Running {
  readonly fudo: Client;
  /** For each request, its method and the number of its connection. */
  readonly log: string[];
  readonly open: () => number;
}

type Answer = (socket: Socket, request: string, position: number) => void;

const answer: Answer = (socket, request) =>
  socket.write(responseOf(request.startsWith("POST") ? createdShare : emptyList));

/** `respond` gets the position of the request on its connection, from 1. */
async function start(respond: Answer = answer): Promise<Running> {
  const log: string[] = [];
  const sockets = new Map<Socket, { readonly number: number; requests: number }>();
  const server = rawServer((socket, request) => {
    const known = sockets.get(socket) ?? { number: sockets.size + 1, requests: 0 };
    sockets.set(socket, known);
    known.requests += 1;
    log.push(`${request.slice(0, request.indexOf(" "))} ${known.number}`);
    respond(socket, request, known.requests);
  });
  const { port, close } = await listen(server);
  const fudo = createClient(options({ url: `http://127.0.0.1:${port}` }));
  // A test may have closed it already.
  closing.push(close, () => fudo.close().catch(() => undefined));
  return { fudo, log, open: () => [...sockets.keys()].filter((socket) => !socket.destroyed).length };
}

/** Closing a socket takes a few turns of the event loop. */
async function until(isDone: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5000 && !isDone(); turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(isDone()).toBe(true);
}

const post = (fudo: Client) => fudo.createShare(sessionId, window);

test.each([0, 900])("a POST %d ms after an answer reuses that connection", async (ms) => {
  const { fudo, log } = await start();
  await post(fudo);
  later += ms;
  await post(fudo);
  expect(log).toEqual(["POST 1", "POST 1"]);
});

test.each([1000, 1100, 60_000])("a POST %d ms after the last answer gets a new connection", async (ms) => {
  const { fudo, log } = await start();
  await post(fudo);
  later += ms;
  await post(fudo);
  expect(log).toEqual(["POST 1", "POST 2"]);
});

test("each answer renews the second", async () => {
  const { fudo, log } = await start();
  for (let i = 0; i < 5; i += 1) {
    await post(fudo);
    later += 700;
  }
  expect(new Set(log)).toEqual(new Set(["POST 1"]));
});

const resetsTheSecond: Answer = (socket, request, position) =>
  position === 1 ? answer(socket, request, position) : socket.resetAndDestroy();

test("a server that resets the second request on a connection: a POST after more than a second is executed", async () => {
  const { fudo, log } = await start(resetsTheSecond);
  for (let i = 0; i < 3; i += 1) {
    expect((await post(fudo)).share.key).toHaveLength(64);
    later += 1100;
  }
  expect(log).toEqual(["POST 1", "POST 2", "POST 3"]);
});

test("a server that resets the second request on a connection: within a second the outcome is unknown, then a new one is made", async () => {
  const { fudo, log } = await start(resetsTheSecond);
  await post(fudo);
  expect(await failure(post(fudo))).toMatchObject({ code: "unreachable", executed: "unknown" });
  expect((await post(fudo)).share.key).toHaveLength(64);
  expect(log).toEqual(["POST 1", "POST 1", "POST 2"]);
});

test("a POST never goes on a connection of a GET, and a GET keeps its idle connection", async () => {
  const { fudo, log } = await start();
  await fudo.listShares(sessionId);
  await post(fudo);
  later += 1100;
  await fudo.listShares(sessionId);
  expect(log).toEqual(["GET 1", "POST 2", "GET 1"]);
});

test("a connection is not used again after a failure, an early end or `Connection: close`", async () => {
  const answers: Answer[] = [
    (socket) => socket.write(responseOf("<html>", "502 Bad Gateway", { connection: "close" })),
    (socket) => socket.write(responseOf("", "403 Forbidden", { "content-length": "9" })) && socket.end(),
    (socket) => socket.end(),
    answer,
  ];
  const { fudo, log } = await start((socket, request, position) => answers.shift()?.(socket, request, position));
  for (let i = 0; i < 3; i += 1) await failure(post(fudo));
  await post(fudo);
  expect(log).toEqual(["POST 1", "POST 2", "POST 3", "POST 4"]);
});

test("at most sixteen requests are in flight together, GETs and POSTs counted together", async () => {
  const waiting: (() => void)[] = [];
  let most = 0;
  const { fudo } = await start((socket, request, position) => {
    waiting.push(() => answer(socket, request, position));
    most = Math.max(most, waiting.length);
    if (waiting.length === 16) setImmediate(() => waiting.splice(0).forEach((respond) => respond()));
  });
  await Promise.all(Array.from({ length: 80 }, (_, i) => (i % 2 ? post(fudo) : fudo.listShares(sessionId))));
  expect(most).toBe(16);
});

test("old connections are closed at the next POST, and all of them at the end", async () => {
  const { fudo, open } = await start();
  await Promise.all(Array.from({ length: 10 }, () => post(fudo)));
  expect(open()).toBe(10);
  later += 1100;
  await post(fudo);
  await until(() => open() === 1);
  await fudo.close();
  await until(() => open() === 0);
});

test("closing waits for a POST in flight", async () => {
  const { fudo } = await start((socket, request, position) => setImmediate(() => answer(socket, request, position)));
  const sent = post(fudo);
  await new Promise<void>((resolve) => setImmediate(resolve));
  await Promise.all([expect(sent).resolves.toBeDefined(), fudo.close()]);
});
