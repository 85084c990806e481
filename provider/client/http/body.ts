// Decodes the body of a response. The client asks for no compression, but a proxy may compress anyway, or send a
// Content-Encoding that is none.
import * as zlib from "node:zlib";
import { decodeText } from "../text";
import type { RawResponse } from "./transport";

const maximumDecompressedSize = 16 * 1024 * 1024;
/** The maximum number of encodings on top of each other. */
const maximumLayers = 4;

export interface DecodedBody {
  /** Without a byte order mark. */
  readonly text: string;
  /** The Content-Encoding header as sent. */
  readonly encoding: string;
  /** False where an encoding is unknown or does not fit: then `text` is the body as it is. */
  readonly isDecoded: boolean;
  readonly isTooLarge: boolean;
}

type Decoder = (bytes: Buffer) => Buffer;

const options = { maxOutputLength: maximumDecompressedSize };
const unzip: Decoder = (bytes) => zlib.unzipSync(bytes, options);
const unchanged: Decoder = (bytes) => bytes;

/** Some servers send raw deflate, without the zlib header that HTTP requires. */
const inflate: Decoder = (bytes) => {
  try {
    return unzip(bytes);
  } catch (error) {
    if (isSizeError(error)) throw error;
    return zlib.inflateRawSync(bytes, options);
  }
};

const decoders: Readonly<Record<string, Decoder>> = {
  gzip: unzip,
  "x-gzip": unzip,
  deflate: inflate,
  "x-deflate": inflate,
  br: (bytes) => zlib.brotliDecompressSync(bytes, options),
  zstd: (bytes) => zlib.zstdDecompressSync(bytes, options),
  // Not compressed, whatever the sender means by it.
  "": unchanged,
  identity: unchanged,
  none: unchanged,
  "utf-8": unchanged,
  utf8: unchanged,
  "aws-chunked": unchanged,
};

export function decodeBody({ headers, body }: Pick<RawResponse, "headers" | "body">): DecodedBody {
  // Node joins several headers with a comma, in the order in which the encodings were applied.
  const header = headers["content-encoding"];
  const encoding = Array.isArray(header) ? header.join(", ") : (header ?? "");
  const layers = encoding
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  const plain = { encoding, isDecoded: false, isTooLarge: false };
  if (layers.length > maximumLayers) return { ...plain, text: decodeText(body) };
  try {
    const bytes = layers.reduceRight((current, name) => decode(name, current), body);
    return { ...plain, text: decodeText(bytes), isDecoded: true };
  } catch (error) {
    return { ...plain, text: decodeText(body), isTooLarge: isSizeError(error) };
  }
}

function decode(name: string, bytes: Buffer): Buffer {
  const decoder = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  // Only a Node.js older than 22.15 has no zstd, and calling what is missing fails too.
  if (decoder === undefined) throw new Error("unknown encoding");
  return decoder(bytes);
}

function isSizeError(error: unknown): boolean {
  return (error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE";
}
