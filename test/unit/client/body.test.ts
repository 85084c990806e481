// Content-Encoding: what is read although nobody asked for it, and what the message says about the rest.
import * as zlib from "node:zlib";
import { decodeBody } from "../../../provider/client/http/body";
import { isFudoError, type FudoError } from "../../../provider/client/errors";
import { checkResponse } from "../../../provider/client/http/response";

const json = '{"result":"success","session_share":null}';
const request = { method: "POST", path: "/x", origin: "https://fudo.example", apiKeySource: "here" } as const;
const raw = (encoding: string, body: Buffer | string, status = 200) => ({
  status,
  statusText: "OK",
  headers: { "content-encoding": encoding },
  body: Buffer.from(body),
});
const check = (...args: Parameters<typeof raw>) => checkResponse(raw(...args), request, 0);

function failureOf(...args: Parameters<typeof raw>): FudoError {
  try {
    check(...args);
  } catch (error) {
    if (isFudoError(error)) return error;
  }
  throw new Error("no FudoError");
}

test.each<[string, Buffer | string]>([
  ["gzip", zlib.gzipSync(json)],
  ["x-gzip", zlib.gzipSync(json)],
  ["GZIP", zlib.gzipSync(json)],
  ["deflate", zlib.deflateSync(json)],
  ["deflate", zlib.deflateRawSync(json)],
  ["br", zlib.brotliCompressSync(json)],
  ["zstd", zlib.zstdCompressSync(json)],
  ["gzip, br", zlib.brotliCompressSync(zlib.gzipSync(json))],
  ["aws-chunked, gzip", zlib.gzipSync(json)],
  ["gzip,", zlib.gzipSync(json)],
  ["", json],
  ["identity", json],
  ["none", json],
  ["None", json],
  ["utf-8", json],
  ["UTF8", json],
  ["aws-chunked", json],
  // Plain JSON despite the header.
  ["gzip", json],
  ["br", json],
  ["zstd", json],
  ["deflate", json],
  ["binary", json],
  ["amz-1.0", json],
  ["a, b, c, d, e, f", json],
])("%j is read", (encoding, body) => expect(check(encoding, body).body).toEqual(JSON.parse(json)));

test.each<[string, Buffer | string]>([
  ["compress", "\x1f\x9d\x90"],
  ["constructor", "garbage"],
  ["br", zlib.gzipSync(json)],
  ["zstd", "garbage"],
  ["gzip", zlib.gzipSync(json).subarray(0, 20)],
])("%j of another content: the message names the encoding", (encoding, body) => {
  const error = failureOf(encoding, body);
  expect(error).toMatchObject({ code: "protocol", executed: "unknown" });
  expect(error.message).toContain(`It has the Content-Encoding "${encoding}", which the provider cannot decode`);
});

test("a hostile name of an encoding is printed safely", () => {
  const { message } = failureOf(`\u001b[2J${"x".repeat(20)}`.repeat(50), "garbage");
  expect(message).not.toContain("\u001b");
  expect(message.length).toBeLessThan(400);
});

test("HTML without an encoding is not the encoding's fault", () =>
  expect(failureOf("", "<html>").message).toContain(
    "Check that fudo:url (or FUDO_URL) is the address of the appliance",
  ));

test.each<[string, (zeros: Buffer) => Buffer]>([
  ["gzip", zlib.gzipSync],
  ["deflate", zlib.deflateSync],
  ["deflate", zlib.deflateRawSync],
  ["br", (zeros) => zlib.brotliCompressSync(zeros, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ["zstd", zlib.zstdCompressSync],
])("a bomb in %s exceeds the limit", (encoding, compress) => {
  const error = failureOf(encoding, compress(Buffer.alloc(17 * 1024 * 1024, " ")));
  expect(error).toMatchObject({ code: "limit", executed: "unknown" });
});

test("the text of a compressed error page is read, and a broken one is left out", () => {
  expect(failureOf("br", zlib.brotliCompressSync("<html>"), 502).message).toContain("an HTML page instead of");
  expect(failureOf("br", Buffer.from([0xff, 0x41, 0x42]), 502).message).toBe("POST /x: 502 OK");
});

test("a body without a header is text as it is", () =>
  expect(decodeBody({ headers: {}, body: Buffer.from("x") })).toMatchObject({ text: "x", isDecoded: true }));
