// Each fault over HTTP: what the client gets, and whether the appliance carried the request out.
import { once } from "node:events";
import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import type { Effect, Emulator } from "../../../provider/emulator";
import { effectKinds } from "../../../provider/emulator/http/faults/effects";
import { firstSession, inSampleWindow, list, listedKeys, raw, rawPost, share } from "./requests";
import { stage } from "./fixture";

const code = async (reply: Promise<unknown>): Promise<string> =>
  reply.then(
    () => "answered",
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );

/** An emulator with two shares, and the fault set for the next list. */
async function listFault(effect: Effect): Promise<Emulator> {
  const emulator = await stage();
  for (let count = 0; count < 2; count++) emulator.addShare(firstSession(emulator));
  emulator.fault({ on: "GET", ...effect });
  return emulator;
}

const listed = async (effect: Effect) => list(await listFault(effect));

const stories: Record<Effect["kind"], () => Promise<void>> = {
  async reset() {
    expect(await code(listed({ kind: "reset" }))).toBe("ECONNRESET");
    expect(await code(listed({ kind: "reset", answerBytes: 150 }))).toBe("ECONNRESET");
  },
  async halfClose() {
    const emulator = await listFault({ kind: "halfClose" });
    expect(await raw(emulator, `GET / HTTP/1.1\r\nHost: x\r\n\r\n`)).toEqual({ bytes: Buffer.alloc(0), end: "ended" });
    emulator.fault({ kind: "halfClose", answerBytes: 20 });
    expect(await raw(emulator, `GET / HTTP/1.1\r\nHost: x\r\n\r\n`)).toEqual({
      bytes: Buffer.from("HTTP/1.1 404 Not Fou"),
      end: "ended",
    });
  },
  async hang() {
    const emulator = await listFault({ kind: "hang" });
    const reply = list(emulator);
    // Others are answered meanwhile, and only the end of the emulator ends the hanging one.
    expect((await list(emulator)).status).toBe(200);
    await emulator.close();
    expect(await code(reply)).toBe("ECONNRESET");
  },
  async slow() {
    const emulator = await listFault({ kind: "slow", bytes: 100, every: 5 });
    const start = performance.now();
    const { json, bytes } = await list(emulator);
    expect(performance.now() - start).toBeGreaterThan(Math.floor(bytes.length / 100) * 4);
    expect(json.session_share).toHaveLength(2);
  },
  async truncated() {
    const reply = await listed({ kind: "truncated" });
    expect([reply.status, reply.json, Number(reply.headers["content-length"])]).toEqual([
      200,
      undefined,
      reply.bytes.length,
    ]);
    expect((await listed({ kind: "truncated", bytes: 3 })).text).toBe('{"r');
  },
  async contentLength() {
    expect(await code(listed({ kind: "contentLength", difference: 1 }))).toBe("ECONNRESET");
    const short = await raw(
      await listFault({ kind: "contentLength", difference: -7 }),
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    const [head = "", body = ""] = short.bytes.toString().split("\r\n\r\n");
    expect(Number(/content-length: (\d+)/i.exec(head)?.[1])).toBe(body.length - 7);
  },
  async html() {
    for (const status of [200, 502, 503]) {
      const reply = await listed({ kind: "html", status });
      expect(reply).toMatchObject({
        status,
        headers: { "content-type": "text/html; charset=utf-8" },
        text: expect.stringContaining("<html>"),
      });
    }
  },
  async failure() {
    expect(await listed({ kind: "failure" })).toMatchObject({
      status: 200,
      json: { result: "failure", message: expect.any(String) },
    });
    for (const status of [401, 403, 404, 500])
      expect(await listed({ kind: "failure", status, message: "no" })).toMatchObject({
        status,
        text: '{"result":"failure","message":"no"}',
      });
    expect(await listed({ kind: "failure", status: 429, retryAfter: 3 })).toMatchObject({
      status: 429,
      headers: { "retry-after": "3" },
    });
    const dated = await listed({ kind: "failure", status: 503, retryAfter: 3, retryAfterForm: "date" });
    expect(dated.headers["retry-after"]).toBe(new Date(inSampleWindow + 3000).toUTCString());
  },
  async bare() {
    expect(await listed({ kind: "bare" })).toMatchObject({ status: 404, text: "" });
    expect(
      await listed({ kind: "bare", status: 302, headers: { Location: "https://elsewhere.example/" } }),
    ).toMatchObject({ status: 302, headers: { location: "https://elsewhere.example/" } });
    expect(await listed({ kind: "bare", status: 200, body: '{"result":"success"}' })).toMatchObject({
      status: 200,
      json: { result: "success" },
    });
  },
  async duplicate() {
    const emulator = await listFault({ kind: "duplicate" });
    const [one, two] = emulator.shares().map(({ key }) => key);
    expect(await listedKeys(emulator)).toEqual([one, one, two, two]);
  },
  async shuffle() {
    const emulator = await stage();
    const keys = Array.from({ length: 9 }, () => emulator.addShare(firstSession(emulator)).key);
    emulator.fault({ kind: "shuffle" });
    const shuffled = await listedKeys(emulator);
    expect(shuffled).not.toEqual(keys);
    expect([...shuffled].sort()).toEqual([...keys].sort());
  },
  async without() {
    const names = async (effect: Effect) =>
      ((await listed(effect)).json.session_share as object[]).map((entry) => "key" in entry);
    expect(await names({ kind: "without", attribute: "key" })).toEqual([false, false]);
    expect(await names({ kind: "without", attribute: "key", index: 1 })).toEqual([true, false]);
    const emulator = await stage();
    emulator.fault({ on: "POST", when: "after", kind: "without", attribute: "key" });
    expect((await share(emulator)).json).toEqual({ result: "success", session_share: {} });
  },
  async unknownAttributes() {
    const { json } = await listed({ kind: "unknownAttributes" });
    const known = (await list(await listFault({ kind: "duplicate" }))).json.session_share as object[];
    expect(Object.keys(json as object).length).toBeGreaterThan(2);
    expect(Object.keys((json.session_share as object[])[0] ?? {}).length).toBeGreaterThan(
      Object.keys(known[0] ?? {}).length,
    );
  },
  async huge() {
    const reply = await listed({ kind: "huge" });
    expect([reply.bytes.length, reply.json.session_share.length]).toEqual([50_000_000, 2]);
    const packed = await listed({ kind: "huge", bytes: 9_000_000, gzip: true, chunked: true });
    expect(packed.headers["content-length"]).toBeUndefined();
    expect(gunzipSync(packed.bytes)).toHaveLength(9_000_000);
  },
  async badGzip() {
    const reply = await listed({ kind: "badGzip" });
    expect(reply.headers["content-encoding"]).toBe("gzip");
    expect(() => gunzipSync(reply.bytes)).toThrow();
  },
};

test.each(effectKinds)("the fault %s", (kind) => stories[kind]());

const postable = effectKinds.filter((kind) => !["hang", "huge", "shuffle", "duplicate"].includes(kind));

test.each(postable)("%s before the appliance carries a POST out makes no share, after it makes one", async (kind) => {
  const emulator = await stage();
  const effect = (kind === "without" ? { kind, attribute: "key" } : { kind, every: 0 }) as Effect;
  emulator.fault({ on: "POST", when: "before", ...effect });
  emulator.fault({ on: "POST", when: "after", ...effect });
  const first = await code(share(emulator));
  expect(emulator.shares()).toHaveLength(0);
  expect(await code(share(emulator))).toBe(first);
  expect(emulator.shares()).toHaveLength(1);
  expect(emulator.requests.map(({ fault, carriedOut }) => [fault, carriedOut])).toEqual([
    [kind, false],
    [kind, true],
  ]);
});

test("a reset after k bytes of the request makes a share only when k is all of it", async () => {
  const emulator = await stage();
  const text = rawPost(emulator);
  for (let bytes = 0; bytes <= text.length; bytes++) {
    emulator.fault({ on: "POST", kind: "reset", when: "after", requestBytes: bytes });
    expect(await raw(emulator, text)).toEqual({ bytes: Buffer.alloc(0), end: "reset" });
    expect(emulator.shares()).toHaveLength(bytes < text.length ? 0 : 1);
  }
  expect(new Set(emulator.requests.map(({ requestBytes }) => requestBytes))).toEqual(new Set([text.length]));
});

test("a reset does not wait for bytes that are not to be read, and a request that never ends is not carried out", async () => {
  const emulator = await stage();
  const cut = rawPost(emulator).slice(0, -10);
  emulator.fault({ kind: "reset", requestBytes: cut.length });
  expect(await raw(emulator, cut)).toMatchObject({ end: "reset" });
  const { hostname, port } = new URL(emulator.url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.end(cut);
  await once(socket.resume(), "close");
  expect(emulator.shares()).toEqual([]);
});

test("a reset after k bytes of the answer sends exactly k", async () => {
  const emulator = await stage();
  const text = rawPost(emulator);
  emulator.fault({ kind: "halfClose", answerBytes: 1e6, when: "after" });
  const whole = (await raw(emulator, text)).bytes;
  expect(emulator.requests[0]?.answerBytes).toBe(whole.length);
  for (let bytes = 0; bytes < whole.length; bytes++) {
    emulator.fault({ kind: "reset", answerBytes: bytes, when: "after" });
    expect(await raw(emulator, text)).toMatchObject({ bytes: { length: bytes }, end: "reset" });
  }
  expect(emulator.shares()).toHaveLength(whole.length + 1);
});

describe("the script", () => {
  test("is played in its order, on the requests meant, as often as said, after those to skip", async () => {
    const emulator = await stage();
    const other = emulator.sessions[1] ?? "";
    emulator.fault({ on: "GET", path: other, kind: "failure", status: 500 });
    emulator.fault({ on: "GET", kind: "failure", status: 502, times: 2, skip: 1 });
    emulator.fault({ on: ({ method }) => method === "GET", kind: "failure", status: 503 });
    const statuses = [];
    for (let count = 0; count < 5; count++) statuses.push((await list(emulator)).status);
    expect(statuses).toEqual([503, 502, 502, 200, 200]);
  });

  test("ends when cleared", async () => {
    const emulator = await stage();
    emulator.fault({ kind: "failure", status: 500, times: Infinity });
    expect([(await list(emulator)).status, (await list(emulator)).status]).toEqual([500, 500]);
    emulator.clearFaults();
    expect((await list(emulator)).status).toBe(200);
  });

  test("knows no unknown kinds", async () => {
    const emulator = await stage();
    expect(() => emulator.fault({ kind: "nonsense" } as unknown as Effect)).toThrow(/there is no fault/);
  });
});

describe("random faults", () => {
  const outcomes = async (seed: string) => {
    const emulator = await stage({ faults: { seed, lostPostAnswers: 0.15, lostPosts: 0.05, otherFaults: 0.1 } });
    const lost: (string | undefined)[] = [];
    for (let count = 0; count < 200; count++) {
      await code(share(emulator));
      await code(list(emulator));
      lost.push(...emulator.requests.slice(-2).map(({ fault }) => fault));
    }
    return { emulator, lost };
  };

  test("are the same for the same seed, others for another, and about as frequent as said", async () => {
    const [one, same, other] = [await outcomes("one"), await outcomes("one"), await outcomes("other")];
    expect(one.lost).toEqual(same.lost);
    expect(one.lost).not.toEqual(other.lost);
    const posts = one.emulator.requests.filter(({ method }) => method === "POST");
    const unanswered = posts.filter(({ fault, carriedOut }) => fault !== undefined && carriedOut).length;
    const unexecuted = posts.filter(({ carriedOut }) => !carriedOut).length;
    const faulty = one.emulator.requests.filter(({ method, fault }) => method === "GET" && fault !== undefined).length;
    expect([unanswered, unexecuted, faulty].map((count) => count / 200)).toEqual([
      expect.closeTo(0.15, 1),
      expect.closeTo(0.05, 1),
      expect.closeTo(0.1, 1),
    ]);
    expect(one.emulator.shares()).toHaveLength(200 - unexecuted);
  });

  test("do not depend on what other sessions do meanwhile", async () => {
    const faults = { seed: 1, lostPostAnswers: 0.5 };
    const [alone, busy] = [await stage({ faults }), await stage({ faults })];
    busy.addSession();
    const fates = async (emulator: Emulator, disturb: () => Promise<unknown>) => {
      for (let count = 0; count < 30; count++) {
        await code(share(emulator));
        await disturb();
      }
      return emulator.requests.filter(({ method }) => method === "POST").map(({ fault }) => fault);
    };
    expect(await fates(busy, () => code(list(busy)))).toEqual(await fates(alone, () => Promise.resolve()));
  });

  test("can be switched off and on", async () => {
    const emulator = await stage({ faults: { seed: 1, otherFaults: 1 } });
    emulator.randomFaults(undefined);
    expect((await list(emulator)).status).toBe(200);
    emulator.randomFaults({ seed: 1, otherFaults: 1 });
    await code(list(emulator));
    expect(emulator.requests.at(-1)?.fault).toBeDefined();
  });
});

test("a client that goes away at any moment does no harm", async () => {
  const emulator = await stage();
  emulator.fault({ kind: "slow", every: 0, times: 10 });
  const aborted = Array.from({ length: 40 }, async (_, turn) => {
    const controller = new AbortController();
    const reply = share(emulator, {}, { tls: { signal: controller.signal } });
    if (turn % 2 === 0) await Promise.resolve();
    else await new Promise((tick) => setImmediate(tick));
    controller.abort();
    return code(reply);
  });
  expect(new Set(await Promise.all(aborted))).toEqual(new Set(["ABORT_ERR"]));
  emulator.clearFaults();
  expect((await list(emulator)).status).toBe(200);
});
