// Reads the body of a request, up to a limit: no client can make the emulator use more memory than that.
import type { IncomingMessage } from "node:http";

/** The largest body that the emulator reads, in bytes. */
export const maxBodyBytes = 1_000_000;

/**
 * Reads the body until it has at least `limit` bytes, and discards what follows. Returns undefined if the client
 * disconnects before.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      if (size >= limit) return;
      chunks.push(chunk);
      size += chunk.length;
      if (size >= limit) resolve(Buffer.concat(chunks));
    });
    request.on("end", () => resolve(Buffer.concat(chunks)));
    request.on("close", () => resolve(undefined));
    request.on("error", () => resolve(undefined));
  });
}

/** Whether a `Content-Type` is JSON, with or without parameters such as `charset`. */
export function isJson(contentType: string | undefined): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType ?? "");
}
