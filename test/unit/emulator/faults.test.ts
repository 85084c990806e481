// Each fault over HTTP: what the client receives, and whether the appliance executes the request.
import { once } from "node:events";
import { connect } from "node:net";
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";
import type { FaultEffect, Emulator } from "../../../provider/emulator";
import { faultKinds } from "../../../provider/emulator/http/faults/parameters";
import { firstSession, inSampleWindow, list, listedKeys, outcomeOf, rawPost, send, sendRaw, share } from "./requests";
import { startTestEmulator } from "./fixture";

/** An emulator with two shares, and a fault for the next list. */
async function startWithListFault(effect: FaultEffect): Promise<Emulator> {
  const emulator = await startTestEmulator();
  for (let count = 0; count < 2; count++) emulator.addShare(firstSession(emulator));
  emulator.fault({ on: "GET", ...effect });
  return emulator;
}

const listWithFault = async (effect: FaultEffect) => list(await startWithListFault(effect));

const cases: Record<FaultEffect["kind"], () => Promise<void>> = {
  async reset() {
    expect(await outcomeOf(listWithFault({ kind: "reset" }))).toBe("ECONNRESET");
    expect(await outcomeOf(listWithFault({ kind: "reset", responseBytes: 150 }))).toBe("ECONNRESET");
  },
  async halfClose() {
    const emulator = await startWithListFault({ kind: "halfClose" });
    expect(await sendRaw(emulator, `GET / HTTP/1.1\r\nHost: x\r\n\r\n`)).toEqual({
      bytes: Buffer.alloc(0),
      end: "ended",
    });
    emulator.fault({ kind: "halfClose", responseBytes: 20 });
    expect(await sendRaw(emulator, `GET / HTTP/1.1\r\nHost: x\r\n\r\n`)).toEqual({
      bytes: Buffer.from("HTTP/1.1 404 Not Fou"),
      end: "ended",
    });
  },
  async hang() {
    const emulator = await startWithListFault({ kind: "hang" });
    const response = list(emulator);
    // The emulator handles other requests meanwhile. Only closing it ends the hanging one.
    expect((await list(emulator)).status).toBe(200);
    await emulator.close();
    expect(await outcomeOf(response)).toBe("ECONNRESET");
  },
  async slow() {
    const emulator = await startWithListFault({ kind: "slow", bytes: 100, every: 5 });
    const start = performance.now();
    const { json, bytes } = await list(emulator);
    expect(performance.now() - start).toBeGreaterThan(Math.floor(bytes.length / 100) * 4);
    expect(json.session_share).toHaveLength(2);
  },
  async truncated() {
    const response = await listWithFault({ kind: "truncated" });
    expect([response.status, response.json, Number(response.headers["content-length"])]).toEqual([
      200,
      undefined,
      response.bytes.length,
    ]);
    expect((await listWithFault({ kind: "truncated", bytes: 3 })).text).toBe('{"r');
  },
  async contentLength() {
    expect(await outcomeOf(listWithFault({ kind: "contentLength", difference: 1 }))).toBe("ECONNRESET");
    const short = await sendRaw(
      await startWithListFault({ kind: "contentLength", difference: -7 }),
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    const [head = "", body = ""] = short.bytes.toString().split("\r\n\r\n");
    expect(Number(/content-length: (\d+)/i.exec(head)?.[1])).toBe(body.length - 7);
  },
  async html() {
    for (const status of [200, 502, 503]) {
      const response = await listWithFault({ kind: "html", status });
      expect(response).toMatchObject({
        status,
        headers: { "content-type": "text/html; charset=utf-8" },
        text: expect.stringContaining("<html>"),
      });
    }
  },
  async failure() {
    expect(await listWithFault({ kind: "failure" })).toMatchObject({
      status: 200,
      json: { result: "failure", message: expect.any(String) },
    });
    for (const status of [401, 403, 404, 500])
      expect(await listWithFault({ kind: "failure", status, message: "no" })).toMatchObject({
        status,
        text: '{"result":"failure","message":"no"}',
      });
    expect(await listWithFault({ kind: "failure", status: 429, retryAfter: 3 })).toMatchObject({
      status: 429,
      headers: { "retry-after": "3" },
    });
    const dated = await listWithFault({ kind: "failure", status: 503, retryAfter: 3, retryAfterForm: "date" });
    expect(dated.headers["retry-after"]).toBe(new Date(inSampleWindow + 3000).toUTCString());
  },
  async bare() {
    expect(await listWithFault({ kind: "bare" })).toMatchObject({ status: 404, text: "" });
    expect(
      await listWithFault({ kind: "bare", status: 302, headers: { Location: "https://elsewhere.example/" } }),
    ).toMatchObject({ status: 302, headers: { location: "https://elsewhere.example/" } });
    expect(await listWithFault({ kind: "bare", status: 200, body: '{"result":"success"}' })).toMatchObject({
      status: 200,
      json: { result: "success" },
    });
  },
  async duplicate() {
    const emulator = await startWithListFault({ kind: "duplicate" });
    const [one, two] = emulator.shares().map(({ key }) => key);
    expect(await listedKeys(emulator)).toEqual([one, one, two, two]);
  },
  async shuffle() {
    const emulator = await startTestEmulator();
    const keys = Array.from({ length: 9 }, () => emulator.addShare(firstSession(emulator)).key);
    emulator.fault({ kind: "shuffle" });
    const shuffled = await listedKeys(emulator);
    expect(shuffled).not.toEqual(keys);
    expect([...shuffled].sort()).toEqual([...keys].sort());
  },
  async without() {
    const names = async (effect: FaultEffect) =>
      ((await listWithFault(effect)).json.session_share as object[]).map((entry) => "key" in entry);
    expect(await names({ kind: "without", attribute: "key" })).toEqual([false, false]);
    expect(await names({ kind: "without", attribute: "key", index: 1 })).toEqual([true, false]);
    const emulator = await startTestEmulator();
    emulator.fault({ on: "POST", when: "after", kind: "without", attribute: "key" });
    expect((await share(emulator)).json).toEqual({ result: "success", session_share: {} });
  },
  async unknownAttributes() {
    const { json } = await listWithFault({ kind: "unknownAttributes" });
    const known = (await list(await startWithListFault({ kind: "duplicate" }))).json.session_share as object[];
    expect(Object.keys(json as object).length).toBeGreaterThan(2);
    expect(Object.keys((json.session_share as object[])[0] ?? {}).length).toBeGreaterThan(
      Object.keys(known[0] ?? {}).length,
    );
  },
  async huge() {
    const response = await listWithFault({ kind: "huge" });
    expect([response.bytes.length, response.json.session_share.length]).toEqual([50_000_000, 2]);
    const packed = await listWithFault({ kind: "huge", bytes: 9_000_000, gzip: true, chunked: true });
    expect(packed.headers["content-length"]).toBeUndefined();
    expect(gunzipSync(packed.bytes)).toHaveLength(9_000_000);
  },
  async badGzip() {
    const response = await listWithFault({ kind: "badGzip" });
    expect(response.headers["content-encoding"]).toBe("gzip");
    expect(() => gunzipSync(response.bytes)).toThrow();
  },
  async attribute() {
    const valuesOf = async (effect: FaultEffect) =>
      ((await listWithFault(effect)).json.session_share as { removed?: unknown }[]).map(({ removed }) => removed);
    for (const value of ["no", " ", 1, true, ["f"], { at: null }])
      expect(await valuesOf({ kind: "attribute", attribute: "removed", value })).toEqual([value, value]);
    expect(await valuesOf({ kind: "attribute", attribute: "removed" })).toEqual([null, null]);
    expect(await valuesOf({ kind: "attribute", attribute: "removed", value: "t", index: 1 })).toEqual([undefined, "t"]);
    const emulator = await startWithListFault({ kind: "attribute", attribute: "id", value: "\u001b[2J", index: 0 });
    const { json } = await send(emulator, "GET", "/api/v2/session");
    expect((json.session as { id: string }[]).map(({ id }) => id)).toEqual([
      "\u001b[2J",
      ...emulator.sessions.slice(1),
    ]);
  },
  async masked() {
    const emulator = await startWithListFault({ kind: "masked" });
    const keys = emulator.shares().map(({ key }) => key);
    const { json, text } = await list(emulator);
    expect((json.session_share as { key: string }[]).map(({ key }) => key)).toEqual(["********", "********"]);
    expect(keys.filter((key) => text.includes(key))).toEqual([]);
    emulator.fault({ kind: "masked", mask: "[hidden]", index: 0 });
    expect(await listedKeys(emulator)).toEqual(["[hidden]", keys[1]]);
  },
  async entry() {
    const entries = async (effect: FaultEffect) => (await listWithFault(effect)).json.session_share as unknown[];
    expect(await entries({ kind: "entry" })).toEqual([null, expect.objectContaining({ readonly: true })]);
    for (const value of ["text", 7, [], {}])
      expect((await entries({ kind: "entry", value, index: 1 }))[1]).toEqual(value);
  },
  async list() {
    const listed = async (effect: FaultEffect) => (await listWithFault(effect)).json as object;
    expect(await listed({ kind: "list" })).toEqual({ result: "success" });
    for (const value of [null, {}, "none", 0, [[]]])
      expect(await listed({ kind: "list", value })).toEqual({ result: "success", session_share: value });
    expect(await listed({ kind: "list", as: "single" })).toMatchObject({ session_share: { readonly: true } });
  },
  async byteOrderMark() {
    const { bytes } = await listWithFault({ kind: "byteOrderMark" });
    expect([...bytes.subarray(0, 4)]).toEqual([0xef, 0xbb, 0xbf, "{".charCodeAt(0)]);
    expect(JSON.parse(bytes.subarray(3).toString())).toMatchObject({ result: "success" });
  },
  async headers() {
    const headers = { Age: "100", date: "Fri, 31 Dec 9999 23:59:59 GMT", "Content-Encoding": "none" };
    const response = await listWithFault({ kind: "headers", headers });
    expect(response.headers).toMatchObject({ age: "100", date: headers.date, "content-encoding": "none" });
    expect(response.json.session_share).toHaveLength(2);
  },
  async compressed() {
    const unpack = {
      br: ["br", brotliDecompressSync],
      zstd: ["zstd", zstdDecompressSync],
      gzip: ["gzip", gunzipSync],
      deflate: ["deflate", inflateSync],
      rawDeflate: ["deflate", inflateRawSync],
    } as const;
    for (const [encoding, [name, decompress]] of Object.entries(unpack)) {
      const { headers, bytes } = await listWithFault({ kind: "compressed", encoding: encoding as keyof typeof unpack });
      expect(headers["content-encoding"]).toBe(name);
      expect(JSON.parse(decompress(bytes).toString())).toMatchObject({ result: "success" });
    }
    const short = await listWithFault({ kind: "compressed", over: 100_000 });
    expect(short.headers["content-encoding"]).toBeUndefined();
    expect(short.json.session_share).toHaveLength(2);
  },
};

test.each(faultKinds)("the fault %s", (kind) => cases[kind]());

const postable = faultKinds.filter((kind) => !["hang", "huge", "shuffle", "duplicate"].includes(kind));
const parameters: Partial<Record<FaultEffect["kind"], object>> = {
  without: { attribute: "key" },
  attribute: { attribute: "key", value: 7 },
  slow: { every: 0 },
  headers: { headers: { Age: "1" } },
};

test.each(postable)(
  "%s before the appliance executes a POST creates no share, and after it creates one",
  async (kind) => {
    const emulator = await startTestEmulator();
    const effect = { kind, ...parameters[kind] } as FaultEffect;
    emulator.fault({ on: "POST", when: "before", ...effect });
    emulator.fault({ on: "POST", when: "after", ...effect });
    const first = await outcomeOf(share(emulator));
    expect(emulator.shares()).toHaveLength(0);
    expect(await outcomeOf(share(emulator))).toBe(first);
    expect(emulator.shares()).toHaveLength(1);
    expect(emulator.requests.map(({ fault, executed }) => [fault, executed])).toEqual([
      [kind, false],
      [kind, true],
    ]);
  },
);

test("a reset after k bytes of the request creates a share only if k is the complete request", async () => {
  const emulator = await startTestEmulator();
  const text = rawPost(emulator);
  for (let bytes = 0; bytes <= text.length; bytes++) {
    emulator.fault({ on: "POST", kind: "reset", when: "after", requestBytes: bytes });
    expect(await sendRaw(emulator, text)).toEqual({ bytes: Buffer.alloc(0), end: "reset" });
    expect(emulator.shares()).toHaveLength(bytes < text.length ? 0 : 1);
  }
  expect(new Set(emulator.requests.map(({ requestBytes }) => requestBytes))).toEqual(new Set([text.length]));
});

test("a reset does not wait for more bytes, and the appliance does not execute an incomplete request", async () => {
  const emulator = await startTestEmulator();
  const cut = rawPost(emulator).slice(0, -10);
  emulator.fault({ kind: "reset", requestBytes: cut.length });
  expect(await sendRaw(emulator, cut)).toMatchObject({ end: "reset" });
  const { hostname, port } = new URL(emulator.url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.end(cut);
  await once(socket.resume(), "close");
  expect(emulator.shares()).toEqual([]);
});

test("a reset after k bytes of the response sends exactly k bytes", async () => {
  const emulator = await startTestEmulator();
  const text = rawPost(emulator);
  emulator.fault({ kind: "halfClose", responseBytes: 1e6, when: "after" });
  const whole = (await sendRaw(emulator, text)).bytes;
  expect(emulator.requests[0]?.responseBytes).toBe(whole.length);
  for (let bytes = 0; bytes < whole.length; bytes++) {
    emulator.fault({ kind: "reset", responseBytes: bytes, when: "after" });
    expect(await sendRaw(emulator, text)).toMatchObject({ bytes: { length: bytes }, end: "reset" });
  }
  expect(emulator.shares()).toHaveLength(whole.length + 1);
});

describe("scripted faults", () => {
  test("apply in order to the matching requests, `times` times, after `skip` requests", async () => {
    const emulator = await startTestEmulator();
    const other = emulator.sessions[1] ?? "";
    emulator.fault({ on: "GET", path: other, kind: "failure", status: 500 });
    emulator.fault({ on: "GET", kind: "failure", status: 502, times: 2, skip: 1 });
    emulator.fault({ on: ({ method }) => method === "GET", kind: "failure", status: 503 });
    const statuses = [];
    for (let count = 0; count < 5; count++) statuses.push((await list(emulator)).status);
    expect(statuses).toEqual([503, 502, 502, 200, 200]);
  });

  test("can be cleared", async () => {
    const emulator = await startTestEmulator();
    emulator.fault({ kind: "failure", status: 500, times: Infinity });
    expect([(await list(emulator)).status, (await list(emulator)).status]).toEqual([500, 500]);
    emulator.clearFaults();
    expect((await list(emulator)).status).toBe(200);
  });

  test.each([
    [{ kind: "nonsense" }, /unknown fault "nonsense"/],
    [{ kind: "compressed", encoding: "lz4" }, /encoding must be one of br, .*, not "lz4"/],
    [{ kind: "attribute", attribute: 7 }, /attribute must be text/],
    [{ kind: "headers", headers: { Age: "1\n2" } }, /Invalid character/],
    [{ kind: "bare", headers: { "A B": "1" } }, /must be a valid HTTP token/],
  ])("%j is refused", async (fault, message) => {
    const emulator = await startTestEmulator();
    expect(() => emulator.fault(fault as unknown as FaultEffect)).toThrow(message);
  });
});

describe("random faults", () => {
  const outcomes = async (seed: string) => {
    const emulator = await startTestEmulator({
      faults: { seed, lostPostResponses: 0.15, lostPosts: 0.05, otherFaults: 0.1 },
    });
    const lost: (string | undefined)[] = [];
    for (let count = 0; count < 200; count++) {
      await outcomeOf(share(emulator));
      await outcomeOf(list(emulator));
      lost.push(...emulator.requests.slice(-2).map(({ fault }) => fault));
    }
    return { emulator, lost };
  };

  test("depend on the seed only, and occur with about the given probability", async () => {
    const [one, same, other] = [await outcomes("one"), await outcomes("one"), await outcomes("other")];
    expect(one.lost).toEqual(same.lost);
    expect(one.lost).not.toEqual(other.lost);
    const posts = one.emulator.requests.filter(({ method }) => method === "POST");
    const lostResponses = posts.filter(({ fault, executed }) => fault !== undefined && executed).length;
    const lostPosts = posts.filter(({ executed }) => !executed).length;
    const faulty = one.emulator.requests.filter(({ method, fault }) => method === "GET" && fault !== undefined).length;
    expect([lostResponses, lostPosts, faulty].map((count) => count / 200)).toEqual([
      expect.closeTo(0.15, 1),
      expect.closeTo(0.05, 1),
      expect.closeTo(0.1, 1),
    ]);
    expect(one.emulator.shares()).toHaveLength(200 - lostPosts);
  });

  test("do not depend on requests on other sessions", async () => {
    const faults = { seed: 1, lostPostResponses: 0.5 };
    const [alone, busy] = [await startTestEmulator({ faults }), await startTestEmulator({ faults })];
    busy.addSession();
    const faultsOf = async (emulator: Emulator, disturb: () => Promise<unknown>) => {
      for (let count = 0; count < 30; count++) {
        await outcomeOf(share(emulator));
        await disturb();
      }
      return emulator.requests.filter(({ method }) => method === "POST").map(({ fault }) => fault);
    };
    expect(await faultsOf(busy, () => outcomeOf(list(busy)))).toEqual(await faultsOf(alone, () => Promise.resolve()));
  });

  test("can be turned off and on", async () => {
    const emulator = await startTestEmulator({ faults: { seed: 1, otherFaults: 1 } });
    emulator.randomFaults(undefined);
    expect((await list(emulator)).status).toBe(200);
    emulator.randomFaults({ seed: 1, otherFaults: 1 });
    await outcomeOf(list(emulator));
    expect(emulator.requests.at(-1)?.fault).toBeDefined();
  });
});

test("a client can disconnect at any time without breaking the emulator", async () => {
  const emulator = await startTestEmulator();
  emulator.fault({ kind: "slow", every: 0, times: 10 });
  const aborted = Array.from({ length: 40 }, async (_, index) => {
    const controller = new AbortController();
    const response = share(emulator, {}, { tls: { signal: controller.signal } });
    if (index % 2 === 0) await Promise.resolve();
    else await new Promise((tick) => setImmediate(tick));
    controller.abort();
    return outcomeOf(response);
  });
  expect(new Set(await Promise.all(aborted))).toEqual(new Set(["ABORT_ERR"]));
  emulator.clearFaults();
  expect((await list(emulator)).status).toBe(200);
});
