// The compressions of the fault `compressed`: each with the name that `Content-Encoding` declares.
import type { Buffer } from "node:buffer";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";

const compressions = {
  br: { name: "br", of: (body: Buffer): Buffer => brotliCompressSync(body) },
  zstd: { name: "zstd", of: (body: Buffer): Buffer => zstdCompressSync(body) },
  gzip: { name: "gzip", of: (body: Buffer): Buffer => gzipSync(body) },
  deflate: { name: "deflate", of: (body: Buffer): Buffer => deflateSync(body) },
  // Some servers call the raw format `deflate` too, against RFC 9110.
  rawDeflate: { name: "deflate", of: (body: Buffer): Buffer => deflateRawSync(body) },
};

/** A compression that the fault can apply. */
export type Compression = keyof typeof compressions;

/** All compressions. */
export const compressionNames: readonly string[] = Object.keys(compressions);

/** The compressed body, and the name of its encoding. */
export function compress(body: Buffer, compression: Compression): { bytes: Buffer; name: string } {
  const { name, of } = compressions[compression];
  return { bytes: of(body), name };
}
