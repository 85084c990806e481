// Computes the fingerprint, which identifies a share in IDs, messages and reports without its key.
import { hash } from "node:crypto";

/** The first 16 hex digits of SHA-256 of the key: identifies the share, but does not open it. */
export function fingerprintOf(key: string): string {
  return hash("sha256", key, "hex").slice(0, 16);
}
