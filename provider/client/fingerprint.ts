// How a share is named where its key must not stand.
import { createHash } from "node:crypto";

/** The first 16 hex digits of SHA-256 of the key: says which share, opens nothing. */
export function fingerprintOf(key: string): string {
  return createHash("sha256").update(key, "utf8").digest("hex").slice(0, 16);
}
