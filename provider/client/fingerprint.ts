// How a share is named where its key must not stand.
import { hash } from "node:crypto";

/** The first 16 hex digits of SHA-256 of the key: says which share, opens nothing. */
export function fingerprintOf(key: string): string {
  return hash("sha256", key, "hex").slice(0, 16);
}
